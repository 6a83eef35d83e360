//! A failing store: lost answers, temporary unavailability, no space.

use super::*;

#[tokio::test]
async fn a_lost_answer_is_neither_a_loss_nor_a_double() {
    let inner = MemoryStore::new();
    let store = FaultyStore::counting(inner.clone()).lose_answers(3);
    let writer = write(Arc::new(store)).await;
    for name in ["a", "b", "c"] {
        writer.append(Record::observed(key(name), object(name))).await.unwrap();
    }
    let state = writer.close().await.unwrap();
    assert_eq!(read(&inner).await.unwrap().state(), &state);
    assert_eq!(inner.list().await.unwrap().segments, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn a_store_that_is_unavailable_for_a_while_is_waited_for() {
    let store = FaultyStore::counting(MemoryStore::new()).fail_appends(StoreErrorKind::Unavailable, 2);
    write(Arc::new(store)).await.close().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_ends_the_writer_and_the_next_goes_on() {
    let inner = MemoryStore::new();
    let store = Arc::new(FaultyStore::crashing(inner.clone(), 3, CrashPoint::Before));
    let writer = write(store.clone()).await;
    writer.append(Record::observed(key("a"), object("a"))).await.unwrap();
    let error = writer.append(Record::observed(key("b"), object("b"))).await.unwrap_err();
    assert!(matches!(error, JournalError::Store(_)), "{error}");
    assert!(writer.append(Record::observed(key("c"), object("c"))).await.is_err(), "no second chance");
    assert!(writer.flush().await.is_err() && writer.close().await.is_err());
    assert_eq!(read(&inner).await.unwrap().state().len(), 1);
}
