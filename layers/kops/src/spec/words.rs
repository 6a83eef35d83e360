//! The words that some fields choose from, one type for each choice. Data only.

/// Declares a choice: each variant with its word in the spec.
macro_rules! words {
    ($(
        $(#[$about:meta])*
        pub enum $name:ident {$(
            $(#[$of:meta])*
            $variant:ident = $word:literal,
        )*}
    )*) => {$(
        $(#[$about])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Deserialize, ::serde::Serialize,
        )]
        pub enum $name {$(
            $(#[$of])*
            #[serde(rename = $word)]
            $variant,
        )*}

        impl $name {
            /// Every word, in the order in which messages list them.
            pub const WORDS: &'static [&'static str] = &[$( $word, )*];

            /// The choice of a word. `None` if the word is none of [`WORDS`](Self::WORDS).
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )* _ => None }
            }

            /// The word, as in the spec.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}

mod addons;
mod cluster;
mod components;
mod machines;
mod plugins;

pub use addons::{DnsPublisher, DnsServer, Expander};
pub use cluster::{Cloud, EtcdName, EtcdProvider, NetworkPlugin, PolicyRole, UpdatePolicy, Visibility};
pub use components::{
    AuthorizationMode, AuthorizationModes, KubeletCloud, LogFormat, MemorySwapBehavior, NlbSecurityGroupMode,
    TopologyManagerPolicy,
};
pub use machines::{
    CpuCredits, Filesystem, HttpTokens, InterruptionBehavior, SpotAllocationStrategy, Tenancy, UserDataType,
};
pub use plugins::{
    BpfLogLevel, ChainInsertMode, Encapsulation, EncapsulationScope, Encryption, ExternalServiceMode,
    FlannelBackend, IdentityStore, IngressMode, Ipam, IptablesBackend, LoadBalancingAlgorithm,
    MonitorAggregation, PolicyEnforcement, SourceCheck, Tunnel,
};
