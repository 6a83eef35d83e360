//! The words of network plugins.

words! {
    /// When Cilium enforces policies.
    pub enum PolicyEnforcement {
        /// For pods that a policy selects.
        Default = "default",
        /// For all pods.
        Always = "always",
        /// For no pod.
        Never = "never",
    }

    /// How Cilium carries packets between nodes.
    pub enum Tunnel {
        /// In VXLAN.
        Vxlan = "vxlan",
        /// In Geneve.
        Geneve = "geneve",
        /// Without a tunnel.
        Disabled = "disabled",
    }

    /// How much Cilium summarises what it monitors.
    pub enum MonitorAggregation {
        /// A little.
        Low = "low",
        /// By connection and interval.
        Medium = "medium",
        /// As much as possible.
        Maximum = "maximum",
    }

    /// Where Cilium stores identities.
    pub enum IdentityStore {
        /// In objects of Kubernetes.
        Crd = "crd",
        /// In etcd.
        Kvstore = "kvstore",
    }

    /// How Cilium chooses the backend of a connection.
    pub enum LoadBalancingAlgorithm {
        /// Any backend.
        Random = "random",
        /// By a consistent hash.
        Maglev = "maglev",
    }

    /// How Cilium encrypts traffic between nodes.
    pub enum Encryption {
        /// By IPsec.
        Ipsec = "ipsec",
        /// By WireGuard.
        Wireguard = "wireguard",
    }

    /// Where Cilium gets the addresses of pods.
    pub enum Ipam {
        /// From a range of each node.
        HostScope = "hostscope",
        /// From the range that Kubernetes gives to each node.
        Kubernetes = "kubernetes",
        /// From objects of Kubernetes.
        Crd = "crd",
        /// From network interfaces of AWS.
        Eni = "eni",
    }

    /// Whether the ingresses of Cilium share a load balancer.
    pub enum IngressMode {
        /// All share one.
        Shared = "shared",
        /// Each has its own.
        Dedicated = "dedicated",
    }

    /// What Calico does with the check of AWS that a packet's source or target is the machine.
    pub enum SourceCheck {
        /// It turns the check on.
        Enable = "Enable",
        /// It turns the check off.
        Disable = "Disable",
        /// It leaves the check as it is.
        DoNothing = "DoNothing",
    }

    /// How Calico's eBPF mode answers clients outside of the cluster.
    pub enum ExternalServiceMode {
        /// Through the node that got the request.
        Tunnel = "Tunnel",
        /// Directly from the node of the pod.
        Dsr = "DSR",
    }

    /// How much Calico's eBPF programs log.
    pub enum BpfLogLevel {
        /// Nothing.
        Off = "Off",
        /// What is of interest.
        Info = "Info",
        /// Everything.
        Debug = "Debug",
    }

    /// Where Calico puts its rules into the chains of iptables.
    pub enum ChainInsertMode {
        /// Before the other rules.
        Insert = "insert",
        /// After the other rules.
        Append = "append",
    }

    /// How Calico carries packets between nodes.
    pub enum Encapsulation {
        /// In IP.
        Ipip = "ipip",
        /// In VXLAN.
        Vxlan = "vxlan",
        /// Without a tunnel.
        None = "none",
    }

    /// Between which nodes Calico uses an encapsulation.
    pub enum EncapsulationScope {
        /// Between all nodes.
        Always = "Always",
        /// Between nodes in different subnets.
        CrossSubnet = "CrossSubnet",
        /// Between no nodes.
        Never = "Never",
    }

    /// The variant of iptables that Calico uses.
    pub enum IptablesBackend {
        /// The one that it detects.
        Auto = "Auto",
        /// The legacy one.
        Legacy = "Legacy",
        /// The one over nftables.
        Nft = "NFT",
    }

    /// How flannel carries packets between nodes.
    pub enum FlannelBackend {
        /// In UDP.
        Udp = "udp",
        /// In VXLAN.
        Vxlan = "vxlan",
    }
}
