//! Types that one call both creates and changes: [`Put`].

use async_trait::async_trait;
use landform_core::{Observed, Resource, Result};

use crate::{Cloud, Next, Seen, Which};

/// The calls of a type that one call both creates and updates, as S3's `PutBucketPolicy` does.
/// [`calls_by_put!`](crate::calls_by_put) implements [`Calls`](crate::Calls) for it.
///
/// - **Assumptions**: the id follows from the arguments. The kit finds an attempt by this id.
/// - **Caveats**: a creation overwrites an existing setting, even one that somebody else made.
#[async_trait]
pub trait Put<C: Cloud>: Resource {
    /// Like [`Calls::RESETS`](crate::Calls::RESETS).
    const RESETS: bool = false;

    /// The id, as [`Calls::look`](crate::Calls::look) reports it.
    fn identity(&self) -> String;

    /// Like [`Calls::look`](crate::Calls::look).
    ///
    /// # Errors
    /// The errors of [`Calls::look`](crate::Calls::look).
    async fn look(client: &C, which: Which<'_, Self>) -> Result<Vec<Seen<Self>>>;

    /// Creates or replaces it. The kit may repeat the same call.
    ///
    /// # Errors
    /// The call failed. It changed nothing unless the error's effect is unknown.
    async fn put(&self, client: &C) -> Result<()>;

    /// Like [`Calls::remove`](crate::Calls::remove).
    ///
    /// # Errors
    /// The errors of [`Calls::remove`](crate::Calls::remove).
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
