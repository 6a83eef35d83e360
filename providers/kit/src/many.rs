//! Looks at many resources: for services that take one id a call, and for services that answer in pages.

use futures::{StreamExt, TryStreamExt, stream};
use landform_core::{ErrorKind, Result};

/// How many calls one look makes at the same time, if a service takes one id a call.
const AT_A_TIME: usize = 8;

/// Looks at each id by a separate call, several at a time. Leaves out an id whose call answers NotFound or `None`.
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
    let answers = stream::iter(calls).buffer_unordered(AT_A_TIME);
    let answers = answers.map(|answer| existing(answer).map(Option::flatten));
    answers.try_filter_map(async |found| Ok(found)).try_collect().await
}

/// The answer of a call. `None` if the service says that there is no such thing.
///
/// # Errors
/// Every error of the call but NotFound.
///
/// ```
/// use landform_core::{Error, ErrorKind};
/// use landform_kit::existing;
///
/// let none: Result<(), Error> = Err(Error::new(ErrorKind::NotFound, "no such network"));
/// assert!(existing(none).unwrap().is_none());
/// assert!(existing::<()>(Err(Error::new(ErrorKind::Denied, "no"))).is_err());
/// ```
pub fn existing<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Asks for page after page. `ask` takes the token of a page (`None` for the first page) and answers the items of the
/// page and the token of the next one. An empty token means that there is no next page.
///
/// # Errors
/// The first error of a page.
///
/// # Cancel safety
/// Dropping the future drops the call that is under way. The pages read so far are lost, nothing else.
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

/// Looks at many resources by one call, for services that refuse the whole call if one resource does not exist. In that
/// case it asks for each half separately. If few resources are missing, a few more calls find the others.
///
/// # Errors
/// The first error that is not NotFound.
///
/// # Cancel safety
/// Dropping the future drops the call that is under way. Looking has no effect.
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
