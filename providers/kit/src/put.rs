//! Types that one call both creates and changes: [`Put`].

use async_trait::async_trait;
use landform_core::{Observed, Resource, Result};

use crate::{Cloud, Next, Seen, Which};

/// The calls of a type that one call both creates and changes: it replaces what is there, as S3's `PutBucketPolicy`
/// does. [`calls_by_put!`](crate::calls_by_put) makes [`Calls`](crate::Calls) of it.
///
/// The id follows from the arguments, and an attempt is found by it. A creation replaces what somebody else put there.
#[async_trait]
pub trait Put<C: Cloud>: Resource {
    /// As [`Calls::RESETS`](crate::Calls::RESETS).
    const RESETS: bool = false;

    /// The id.
    fn identity(&self) -> String;

    /// As [`Calls::look`](crate::Calls::look).
    ///
    /// # Errors
    /// As there.
    async fn look(client: &C, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>>;

    /// Creates it, or replaces what is there. The same call may come twice.
    ///
    /// # Errors
    /// Nothing was put, unless the error's effect is unknown.
    async fn put(&self, client: &C) -> Result<()>;

    /// As [`Calls::remove`](crate::Calls::remove).
    ///
    /// # Errors
    /// As there.
    async fn remove(client: &C, prior: &Observed<Self>) -> Result<Next>;
}

/// Implements [`Calls`](crate::Calls) for types by their [`Put`](crate::Put): `calls_by_put!(Client; Lock);`.
#[macro_export]
macro_rules! calls_by_put {
    ($client:ty; $($type:ty),+ $(,)?) => { $(
        #[$crate::async_trait]
        impl $crate::Calls<$client> for $type {
            const RESETS: bool = <$type as $crate::Put<$client>>::RESETS;

            async fn look(
                client: &$client,
                which: $crate::Which<'_, Self>,
            ) -> $crate::core::Result<::std::vec::Vec<$crate::Seen<Self>>> {
                <Self as $crate::Put<$client>>::look(client, which).await
            }

            async fn make(
                &self,
                client: &$client,
                _: &$crate::Attempt<'_>,
            ) -> $crate::core::Result<$crate::Made<Self>> {
                $crate::Put::put(self, client).await?;
                ::core::result::Result::Ok($crate::Made::id($crate::Put::<$client>::identity(self)))
            }

            async fn change(
                &self,
                client: &$client,
                _: &$crate::Seen<Self>,
                _: &$crate::Due<'_>,
            ) -> $crate::core::Result<$crate::Next> {
                $crate::Put::put(self, client).await?;
                ::core::result::Result::Ok($crate::Next::Changed)
            }

            async fn remove(
                client: &$client,
                prior: &$crate::core::Observed<Self>,
                _: &$crate::Attempt<'_>,
            ) -> $crate::core::Result<$crate::Next> {
                <Self as $crate::Put<$client>>::remove(client, prior).await
            }
        }
    )+ };
}
