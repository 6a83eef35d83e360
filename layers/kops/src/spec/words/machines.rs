//! The words of groups of machines.

words! {
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

    /// Whether machines share their hardware with other customers of AWS.
    pub enum Tenancy {
        /// They share it.
        Default = "default",
        /// They run on hardware of one customer.
        Dedicated = "dedicated",
        /// They run on a host that the customer reserved.
        Host = "host",
    }

    /// The file system of a mounted volume.
    pub enum Filesystem {
        /// Btrfs, in the spelling of kops.
        Btfs = "btfs",
        /// ext4.
        Ext4 = "ext4",
        /// XFS.
        Xfs = "xfs",
    }

    /// A kind of user data that cloud-init knows.
    pub enum UserDataType {
        /// URLs whose contents are read at the first boot only.
        IncludeOnceUrl = "text/x-include-once-url",
        /// URLs whose contents are read.
        IncludeUrl = "text/x-include-url",
        /// A list of cloud-configs.
        CloudConfigArchive = "text/cloud-config-archive",
        /// A job of Upstart.
        UpstartJob = "text/upstart-job",
        /// A cloud-config.
        CloudConfig = "text/cloud-config",
        /// A handler of further kinds.
        PartHandler = "text/part-handler",
        /// A shell script.
        ShellScript = "text/x-shellscript",
        /// A script that runs early at every boot.
        CloudBoothook = "text/cloud-boothook",
    }
}
