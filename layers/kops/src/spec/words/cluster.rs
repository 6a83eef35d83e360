//! The words of a cluster as a whole.

words! {
    /// A cloud that kops knows.
    pub enum Cloud {
        /// Amazon Web Services.
        Aws = "aws",
        /// Google Cloud.
        Gce = "gce",
        /// Microsoft Azure.
        Azure = "azure",
        /// DigitalOcean.
        DigitalOcean = "digitalocean",
        /// Hetzner.
        Hetzner = "hetzner",
        /// Linode.
        Linode = "linode",
        /// OpenStack.
        OpenStack = "openstack",
        /// Scaleway.
        Scaleway = "scaleway",
        /// The user's own machines.
        Metal = "metal",
    }

    /// Who updates the software of machines.
    pub enum UpdatePolicy {
        /// The machines themselves.
        Automatic = "automatic",
        /// Someone else.
        External = "external",
    }

    /// Whether machines of early releases have public addresses.
    pub enum Visibility {
        /// They have public addresses.
        Public = "public",
        /// They have private addresses only.
        Private = "private",
    }

    /// A role whose machines get further policies.
    pub enum PolicyRole {
        /// The control plane, by its old name.
        Master = "master",
        /// The control plane.
        ControlPlane = "control-plane",
        /// The machines of the users' workloads.
        Node = "node",
        /// The bastion.
        Bastion = "bastion",
        /// The machines that are only API servers.
        ApiServer = "apiserver",
    }

    /// An etcd cluster, by what it stores.
    #[derive(Default)]
    pub enum EtcdName {
        /// The objects of Kubernetes.
        #[default]
        Main = "main",
        /// The events of Kubernetes.
        Events = "events",
        /// The leases of Kubernetes.
        Leases = "leases",
        /// The state of Cilium.
        Cilium = "cilium",
    }

    /// What runs etcd.
    pub enum EtcdProvider {
        /// etcd-manager.
        Manager = "Manager",
    }

    /// A network plugin, by the name of its section.
    pub enum NetworkPlugin {
        /// Classic networking.
        Classic = "classic",
        /// Routes in the cloud.
        Kubenet = "kubenet",
        /// Someone else's networking.
        External = "external",
        /// A plugin that the user installs.
        Cni = "cni",
        /// kopeio.
        Kopeio = "kopeio",
        /// Weave.
        Weave = "weave",
        /// Flannel.
        Flannel = "flannel",
        /// Calico.
        Calico = "calico",
        /// Canal.
        Canal = "canal",
        /// kube-router.
        KubeRouter = "kuberouter",
        /// Romana.
        Romana = "romana",
        /// The Amazon VPC plugin.
        AmazonVpc = "amazonvpc",
        /// Cilium.
        Cilium = "cilium",
        /// The Lyft VPC plugin.
        LyftVpc = "lyftvpc",
        /// Alias addresses on Google Cloud.
        Gce = "gce",
        /// kindnet.
        Kindnet = "kindnet",
    }
}

impl NetworkPlugin {
    /// Whether Kubernetes still runs with it.
    pub fn is_supported(self) -> bool {
        !matches!(
            self,
            Self::Classic | Self::External | Self::Weave | Self::Canal | Self::Romana | Self::LyftVpc
        )
    }

    /// Whether it runs on clusters with IPv6 addresses only.
    pub fn supports_ipv6(self) -> bool {
        !matches!(self, Self::Kubenet | Self::Kopeio | Self::KubeRouter | Self::AmazonVpc)
    }
}
