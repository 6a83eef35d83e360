//! The table of a provider's types. The provider declares every listed type, and manages it if a client is compiled in.

/// Lists the types of one service, once. The list generates the re-exports, `types()`, and `drivers(…)`, which adds the
/// managed types to a provider with a [`Kit`](crate::Kit).
///
/// ```text
/// types! {
///     with "ec2" Client;             // the Cargo feature and the client it brings
///     managed subnet::Subnet;
///     managed vpc::Vpc;
///     declared key_pair::KeyPair;    // no calls yet
///     data ami::Ami;                 // a data source
/// }
/// ```
///
/// A table may have parts that need different SDKs, each behind its feature. The first feature (`all`) is the one that
/// every SDK needs. Without it there is no client:
///
/// ```text
/// types! {
///     with Client, all "sdk";
///     "ec2" { data ami::Ami; }
///     "sts" { data caller_identity::CallerIdentity; }
/// }
/// ```
#[macro_export]
macro_rules! types {
    ($(declared $module:ident::$type:ident;)*) => {
        $crate::types!(@ list $($module::$type;)*);
    };
    (with $feature:literal $client:ty; $($how:ident $module:ident::$type:ident;)*) => {
        $crate::types!(@ list $($module::$type;)*);

        /// Adds the managed types and the data sources of this service to the provider.
        #[cfg(feature = $feature)]
        pub(crate) fn drivers(
            provider: $crate::core::Provider,
            kit: &::std::sync::Arc<$crate::Kit<$client>>,
        ) -> $crate::core::Provider {
            $( let provider = $crate::types!(@ $how provider, kit, $module::$type); )*
            provider
        }
    };
    (with $client:ty, all $sdk:literal; $($feature:literal { $($how:ident $module:ident::$type:ident;)* })*) => {
        $crate::types!(@ list $($($module::$type;)*)*);

        /// Adds the managed types and the data sources of this table whose SDKs are compiled in to the provider.
        #[cfg(feature = $sdk)]
        pub(crate) fn drivers(
            provider: $crate::core::Provider,
            kit: &::std::sync::Arc<$crate::Kit<$client>>,
        ) -> $crate::core::Provider {
            let _ = kit;
            $( $(
                #[cfg(feature = $feature)]
                let provider = $crate::types!(@ $how provider, kit, $module::$type);
            )* )*
            provider
        }
    };
    (@ list $($module:ident::$type:ident;)*) => {
        $( pub use $module::*; )*

        /// The types of this service as data, in the order of the table.
        pub(crate) fn types() -> ::std::vec::Vec<$crate::__Type> {
            ::std::vec![$( $crate::__type::<$module::$type>() ),*]
        }
    };
    (@ managed $provider:ident, $kit:ident, $type:path) => { $provider.with::<$type, _>($kit) };
    (@ data $provider:ident, $kit:ident, $type:path) => { $provider.with_data::<$type, _>($kit.client()) };
    (@ declared $provider:ident, $kit:ident, $type:path) => {{ let _ = $kit; $provider }};
}
