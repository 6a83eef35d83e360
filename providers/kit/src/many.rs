//! Looking at many: for services that take one id at a time, and for those that answer in pages.

use futures::{StreamExt, TryStreamExt, stream};
use landform_core::{ErrorKind, Result};

/// How many calls one look makes at a time, where a service takes one id a call.
const AT_A_TIME: usize = 8;

/// Looks at each id by a call of its own, some at a time. NotFound leaves one out; `None` does too.
///
/// # Errors
/// The first other error.
///
/// # Cancel safety
/// Dropping the future drops the calls that are under way; looking has no effect.
pub async fn each<I, T, F>(ids: impl IntoIterator<Item = I>, look: impl Fn(I) -> F) -> Result<Vec<T>>
where
    F: Future<Output = Result<Option<T>>>,
{
    // Collected first, so that the future is `Send` whatever the iterator is.
    let calls: Vec<F> = ids.into_iter().map(look).collect();
    let answers = stream::iter(calls).buffer_unordered(AT_A_TIME).map(|answer| match answer {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        other => other,
    });
    answers.try_filter_map(async |found| Ok(found)).try_collect().await
}

/// Asks for page after page. `ask` gets the token of the page, none for the first, and answers its items and the token
/// of the next one; an empty token means that there is none.
///
/// # Errors
/// The first of a page.
///
/// # Cancel safety
/// Dropping the future drops the call that is under way; what was read so far is lost, and nothing else.
pub async fn in_pages<T, F>(mut ask: impl FnMut(Option<String>) -> F) -> Result<Vec<T>>
where
    F: Future<Output = Result<(Vec<T>, Option<String>)>>,
{
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        let (items, following) = ask(next).await?;
        all.extend(items);
        match following.filter(|token| !token.is_empty()) {
            Some(token) => next = Some(token),
            None => return Ok(all),
        }
    }
}

/// Looks at many by one call, for services that refuse the whole where one does not exist: asks then for each half by
/// itself. Where few are missing, few calls more find them.
///
/// # Errors
/// The first that is not NotFound.
///
/// # Cancel safety
/// Looking changes nothing: what was found is forgotten.
pub async fn in_halves<'a, T, F>(ids: &'a [&'a str], look: impl Fn(&'a [&'a str]) -> F) -> Result<Vec<T>>
where
    F: Future<Output = Result<Vec<T>>>,
{
    let (mut all, mut open) = (Vec::new(), vec![ids]);
    while let Some(ids) = open.pop() {
        match look(ids).await {
            Ok(found) => all.extend(found),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if ids.len() > 1 {
                    let (one, other) = ids.split_at(ids.len() / 2);
                    open.extend([one, other]);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}
