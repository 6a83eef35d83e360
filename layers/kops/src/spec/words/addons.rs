//! The words of add-ons.

words! {
    /// How the cluster autoscaler chooses the group that grows.
    pub enum Expander {
        /// The group that leaves the least idle capacity.
        LeastWaste = "least-waste",
        /// Any group.
        Random = "random",
        /// The group that fits the most pods.
        MostPods = "most-pods",
        /// The cheapest group.
        Price = "price",
        /// The group with the highest priority.
        Priority = "priority",
    }

    /// What answers for the names of the cluster.
    pub enum DnsServer {
        /// CoreDNS.
        CoreDns = "CoreDNS",
        /// kube-dns.
        KubeDns = "KubeDNS",
    }

    /// The controller that publishes DNS records.
    pub enum DnsPublisher {
        /// kops's dns-controller.
        DnsController = "dns-controller",
        /// external-dns.
        ExternalDns = "external-dns",
        /// No controller.
        None = "none",
    }
}
