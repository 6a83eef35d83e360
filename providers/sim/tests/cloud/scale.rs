//! Ten thousand resources cost ten thousand times as much as one.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::demo::{User, builder};

/// Debug builds on a loaded machine; a quadratic cloud takes minutes.
const GENEROUS: Duration = Duration::from_secs(60);

#[tokio::test]
async fn ten_thousand_in_one_network() {
    let directory = tempfile::tempdir().unwrap();
    let user = User::new(builder(directory.path()));
    let network = user.make("demo_network", json!({ "range": "10.0.0.0/8" })).await;
    let start = Instant::now();
    let mut parts = Vec::new();
    for number in 0..10_000u32 {
        let range = format!("10.{}.{}.0/28", number / 256, number % 256);
        let arguments = json!({ "network": network.id, "range": range });
        parts.push(user.make("demo_part", arguments).await);
    }
    let created = start.elapsed();
    let again = User::new(builder(directory.path()));
    let opened = start.elapsed() - created;
    for part in parts.iter().rev() {
        again.delete("demo_part", part).await.unwrap();
    }
    let deleted = start.elapsed() - created - opened;
    println!("created in {created:?}, opened in {opened:?}, deleted in {deleted:?}");
    assert_eq!(user.cloud.objects().unwrap().len(), 1);
    assert!(start.elapsed() < GENEROUS, "{created:?}, {opened:?}, {deleted:?}");
    assert!(user.cloud.created().unwrap().values().all(|made| *made == 1));
}
