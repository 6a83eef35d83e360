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
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ::serde::Deserialize, ::serde::Serialize)]
        pub enum $name {$(
            $(#[$of])*
            #[serde(rename = $word)]
            $variant,
        )*}

        impl $name {
            /// The word, as in the spec.
            pub fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }
        }
    )*};
}

words! {
    /// Who updates the software of machines.
    pub enum UpdatePolicy {
        /// The machines themselves.
        Automatic = "automatic",
        /// Someone else.
        External = "external",
    }

    /// What happens when a burstable machine has used up its CPU credits.
    pub enum CpuCredits {
        /// It becomes slower.
        Standard = "standard",
        /// It keeps its speed, at a price.
        Unlimited = "unlimited",
    }

    /// What happens to an interrupted spot machine.
    pub enum InterruptionBehavior {
        /// It hibernates.
        Hibernate = "hibernate",
        /// It stops.
        Stop = "stop",
        /// It is terminated.
        Terminate = "terminate",
    }

    /// Whether the metadata service of a machine asks for a session token.
    pub enum HttpTokens {
        /// It answers with or without a token.
        Optional = "optional",
        /// It answers only with a token.
        Required = "required",
    }

    /// How AWS chooses the pools of spot machines.
    pub enum SpotAllocationStrategy {
        /// The pools with the lowest price.
        LowestPrice = "lowest-price",
        /// All pools evenly.
        Diversified = "diversified",
        /// The pools with the most free capacity.
        CapacityOptimized = "capacity-optimized",
        /// The pools with the most free capacity, in the order of the machine types where possible.
        CapacityOptimizedPrioritized = "capacity-optimized-prioritized",
        /// The pools with free capacity and a low price.
        PriceCapacityOptimized = "price-capacity-optimized",
    }

    /// Who manages the security groups of network load balancers for services.
    pub enum NlbSecurityGroupMode {
        /// The cloud's controller.
        Managed = "Managed",
    }
}
