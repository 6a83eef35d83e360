//! The field names of every section that is kept as [`Settings`](super::Settings).

use super::Section;

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident: [$($field:literal),* $(,)?];)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {}

        impl Section for $name {
            const FIELDS: &'static [&'static str] = &[$($field),*];
        }
    )*};
}

sections! {
    /// Flags of the kubelet, for the cluster or one group.
    Kubelet: [
        "apiServers", "anonymousAuth", "authorizationMode", "bootstrapKubeconfig", "clientCaFile",
        "tlsCertFile", "tlsPrivateKeyFile", "tlsCipherSuites", "tlsMinVersion", "kubeconfigPath",
        "requireKubeconfig", "logFormat", "logLevel", "podManifestPath", "hostnameOverride",
        "podInfraContainerImage", "seccompDefault", "seccompProfileRoot", "allowPrivileged",
        "enableDebuggingHandlers", "registerNode", "nodeStatusUpdateFrequency", "clusterDomain",
        "clusterDNS", "networkPluginName", "cloudProvider", "kubeletCgroups", "runtimeCgroups",
        "readOnlyPort", "systemCgroups", "cgroupRoot", "configureCbr0", "hairpinMode", "babysitDaemons",
        "maxPods", "nvidiaGPUs", "podCIDR", "resolvConf", "reconcileCIDR", "registerSchedulable",
        "serializeImagePulls", "nodeLabels", "nonMasqueradeCIDR", "enableCustomMetrics",
        "networkPluginMTU", "imageMinimumGCAge", "imageMaximumGCAge", "maxParallelImagePulls",
        "imageGCHighThresholdPercent", "imageGCLowThresholdPercent", "imagePullProgressDeadline",
        "evictionHard", "evictionSoft", "evictionSoftGracePeriod", "evictionPressureTransitionPeriod",
        "evictionMaxPodGracePeriod", "evictionMinimumReclaim", "volumePluginDirectory", "taints",
        "featureGates", "kernelMemcgNotification", "kubeReserved", "kubeReservedCgroup",
        "systemReserved", "systemReservedCgroup", "enforceNodeAllocatable", "runtimeRequestTimeout",
        "volumeStatsAggPeriod", "failSwapOn", "experimentalAllowedUnsafeSysctls",
        "allowedUnsafeSysctls", "streamingConnectionIdleTimeout", "dockerDisableSharedPID", "rootDir",
        "authenticationTokenWebhook", "authenticationTokenWebhookCacheTtl", "cpuCFSQuota",
        "cpuCFSQuotaPeriod", "cpuManagerPolicy", "registryPullQPS", "registryBurst",
        "topologyManagerPolicy", "rotateCertificates", "protectKernelDefaults", "cgroupDriver",
        "housekeepingInterval", "eventQPS", "eventBurst", "containerLogMaxSize", "containerLogMaxFiles",
        "enableCadvisorJsonEndpoints", "podPidsLimit", "experimentalAllocatableIgnoreEviction",
        "shutdownGracePeriod", "shutdownGracePeriodCriticalPods", "memorySwapBehavior",
        "crashLoopBackOffMaxContainerRestartPeriod", "kubeAPIQPS", "eventRecordQPS",
        "nodeLeaseDurationSeconds"
    ];
    /// Flags of kube-apiserver.
    KubeApiServer: [
        "image", "disableBasicAuth", "logFormat", "logLevel", "cloudProvider", "compactionInterval",
        "securePort", "insecurePort", "address", "advertiseAddress", "bindAddress",
        "insecureBindAddress", "enableBootstrapTokenAuth", "enableAggregatorRouting",
        "admissionControl", "appendAdmissionPlugins", "enableAdmissionPlugins",
        "disableAdmissionPlugins", "admissionControlConfigFile", "serviceClusterIPRange",
        "serviceNodePortRange", "etcdServers", "etcdServersOverrides", "etcdCaFile", "etcdCertFile",
        "etcdKeyFile", "basicAuthFile", "clientCAFile", "tlsCertFile", "tlsPrivateKeyFile",
        "tlsCipherSuites", "tlsMinVersion", "tokenAuthFile", "allowPrivileged", "apiServerCount",
        "runtimeConfig", "kubeletClientCertificate", "kubeletCertificateAuthority", "kubeletClientKey",
        "anonymousAuth", "kubeletPreferredAddressTypes", "storageBackend", "oidcUsernameClaim",
        "oidcUsernamePrefix", "oidcGroupsClaim", "oidcGroupsPrefix", "oidcIssuerURL", "oidcClientID",
        "oidcRequiredClaim", "oidcCAFile", "authenticationConfigFile", "proxyClientCertFile",
        "proxyClientKeyFile", "auditLogFormat", "auditLogPath", "auditLogMaxAge", "auditLogMaxBackups",
        "auditLogMaxSize", "auditPolicyFile", "auditWebhookBatchBufferSize", "auditWebhookBatchMaxSize",
        "auditWebhookBatchMaxWait", "auditWebhookBatchThrottleBurst", "auditWebhookBatchThrottleEnable",
        "auditWebhookBatchThrottleQps", "auditWebhookConfigFile", "auditWebhookInitialBackoff",
        "auditWebhookMode", "authenticationTokenWebhookConfigFile",
        "authenticationTokenWebhookCacheTtl", "authorizationMode", "authorizationWebhookConfigFile",
        "authorizationWebhookCacheAuthorizedTtl", "authorizationWebhookCacheUnauthorizedTtl",
        "authorizationRbacSuperUser", "encryptionProviderConfig",
        "experimentalEncryptionProviderConfig", "requestheaderUsernameHeaders",
        "requestheaderGroupHeaders", "requestheaderExtraHeaderPrefixes", "requestheaderClientCAFile",
        "requestheaderAllowedNames", "featureGates", "goawayChance", "maxRequestsInflight",
        "maxMutatingRequestsInflight", "http2MaxStreamsPerConnection", "etcdQuorumRead",
        "requestTimeout", "storageInitializationTimeout", "minRequestTimeout", "watchCache",
        "watchCacheSizes", "serviceAccountKeyFile", "serviceAccountSigningKeyFile",
        "serviceAccountIssuer", "additionalServiceAccountIssuers", "serviceAccountJWKSURI",
        "apiAudiences", "cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit", "eventTTL",
        "auditDynamicConfiguration", "enableProfiling", "enableContentionProfiling",
        "corsAllowedOrigins", "strictTransportSecurityDirectives", "defaultNotReadyTolerationSeconds",
        "defaultUnreachableTolerationSeconds", "deleteCollectionWorkers", "env"
    ];
    /// Flags of kube-controller-manager.
    KubeControllerManager: [
        "master", "logFormat", "logLevel", "serviceAccountPrivateKeyFile", "image", "cloudProvider",
        "clusterName", "clusterCIDR", "allocateNodeCIDRs", "nodeCIDRMaskSize", "configureCloudRoutes",
        "controllers", "cidrAllocatorType", "rootCAFile", "leaderElection",
        "attachDetachReconcileSyncPeriod", "disableAttachDetachReconcileSync",
        "terminatedPodGCThreshold", "nodeMonitorPeriod", "nodeMonitorGracePeriod", "podEvictionTimeout",
        "useServiceAccountCredentials", "horizontalPodAutoscalerSyncPeriod",
        "horizontalPodAutoscalerDownscaleDelay", "horizontalPodAutoscalerDownscaleStabilization",
        "horizontalPodAutoscalerUpscaleDelay", "horizontalPodAutoscalerInitialReadinessDelay",
        "horizontalPodAutoscalerCpuInitializationPeriod", "horizontalPodAutoscalerTolerance",
        "horizontalPodAutoscalerUseRestClients", "experimentalClusterSigningDuration",
        "ClusterSigningDuration", "featureGates", "tlsCertFile", "tlsCipherSuites", "tlsMinVersion",
        "tlsPrivateKeyFile", "minResyncPeriod", "kubeAPIQPS", "kubeAPIBurst",
        "concurrentDeploymentSyncs", "concurrentEndpointSyncs", "concurrentNamespaceSyncs",
        "concurrentReplicasetSyncs", "concurrentServiceSyncs", "concurrentResourceQuotaSyncs",
        "concurrentServiceaccountTokenSyncs", "concurrentRcSyncs",
        "concurrentHorizontalPodAustoscalerSyncs", "concurrentJobSyncs", "authenticationKubeconfig",
        "authorizationKubeconfig", "authorizationAlwaysAllowPaths", "externalCloudVolumePlugin",
        "endpointUpdatesBatchPeriod", "endpointSliceUpdatesBatchPeriod", "enableProfiling",
        "enableContentionProfiling", "enableLeaderMigration", "cpuRequest", "cpuLimit", "memoryRequest",
        "memoryLimit"
    ];
    /// Flags of kube-scheduler.
    KubeScheduler: [
        "master", "logFormat", "logLevel", "image", "leaderElection", "usePolicyConfigMap",
        "featureGates", "maxPersistentVolumes", "qps", "burst", "kubeAPIQPS", "kubeAPIBurst",
        "authenticationKubeconfig", "authorizationKubeconfig", "authorizationAlwaysAllowPaths",
        "enableProfiling", "enableContentionProfiling", "tlsCertFile", "tlsPrivateKeyFile",
        "cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit"
    ];
    /// Flags of kube-proxy.
    KubeProxy: [
        "image", "cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit", "logLevel", "clusterCIDR",
        "hostnameOverride", "bindAddress", "master", "metricsBindAddress", "enabled", "proxyMode",
        "ipvsExcludeCidrs", "ipvsMinSyncPeriod", "ipvsScheduler", "ipvsSyncPeriod", "featureGates",
        "conntrackMaxPerCore", "conntrackMin"
    ];
    /// Flags of the cloud controller manager.
    CloudControllerManager: [
        "master", "logLevel", "image", "cloudProvider", "clusterName", "allowUntaggedCloud",
        "clusterCIDR", "allocateNodeCIDRs", "configureCloudRoutes", "controllers", "cidrAllocatorType",
        "leaderElection", "useServiceAccountCredentials", "enableLeaderMigration", "cpuRequest",
        "nodeStatusUpdateFrequency", "concurrentNodeSyncs", "azureNodeManagerImage"
    ];
    /// Settings of containerd.
    Containerd: [
        "address", "configAdditions", "configOverride", "logLevel", "packages", "registryMirrors",
        "root", "skipInstall", "state", "version", "nvidiaGPU", "gvisor", "runc", "selinuxEnabled",
        "nri", "useECRCredentialsForMirrors", "installCriCtl", "installNerdCtl", "sandboxImage"
    ];
    /// Settings of the cluster's DNS service.
    KubeDns: [
        "cacheMaxSize", "cacheMaxConcurrent", "tolerations", "affinity", "coreDNSImage", "cpaImage",
        "domain", "externalCoreFile", "image", "replicas", "provider", "serverIP", "stubDomains",
        "upstreamNameservers", "memoryRequest", "cpuRequest", "memoryLimit", "nodeLocalDNS",
        "podAnnotations"
    ];
    /// Settings of the cloud provider's integration.
    CloudConfig: [
        "manageStorageClasses", "multizone", "nodeTags", "nodeInstancePrefix", "nodeIPFamilies",
        "gceServiceAccount", "gceUseStartupScript", "disableSecurityGroupIngress", "elbSecurityGroup",
        "nlbSecurityGroupMode", "useIPBasedNodeNames", "vSphereUsername", "vSpherePassword",
        "vSphereServer", "vSphereDatacenter", "vSphereResourcePool", "vSphereDatastore",
        "vSphereCoreDNSServer", "spotinstProduct", "spotinstOrientation", "openstack", "azure",
        "awsEBSCSIDriver", "gcpPDCSIDriver"
    ];
    /// Settings of the controller that publishes DNS records.
    ExternalDns: [
        "disable", "watchIngress", "watchNamespace", "provider", "priorityClassName"
    ];
    /// Settings of time synchronisation.
    Ntp: [
        "managed"
    ];
    /// The node termination handler add-on.
    NodeTerminationHandler: [
        "deleteSQSMsgIfNodeNotFound", "enabled", "enableSpotInterruptionDraining",
        "enableScheduledEventDraining", "enableRebalanceMonitoring", "enableRebalanceDraining",
        "enableOutOfServiceTaint", "prometheusEnable", "enableSQSTerminationDraining",
        "excludeFromLoadBalancers", "managedASGTag", "podTerminationGracePeriod", "taintNode",
        "memoryLimit", "memoryRequest", "cpuRequest", "version", "webhookTemplate", "webhookURL"
    ];
    /// The node problem detector add-on.
    NodeProblemDetector: [
        "enabled", "image", "memoryRequest", "cpuRequest", "memoryLimit", "cpuLimit"
    ];
    /// The metrics server add-on.
    MetricsServer: [
        "enabled", "image", "insecure"
    ];
    /// The cert-manager add-on.
    CertManager: [
        "enabled", "managed", "image", "defaultIssuer", "nameservers", "hostedZoneIDs", "featureGates"
    ];
    /// The AWS load balancer controller add-on.
    LoadBalancerController: [
        "enabled", "version", "enableWAF", "enableWAFv2", "enableShield", "cpuRequest", "cpuLimit",
        "memoryRequest", "memoryLimit"
    ];
    /// The cluster autoscaler add-on.
    ClusterAutoscaler: [
        "enabled", "expander", "balanceSimilarNodeGroups", "emitPerNodegroupMetrics",
        "awsUseStaticInstanceList", "ignoreDaemonSetsUtilization", "scaleDownUtilizationThreshold",
        "skipNodesWithCustomControllerPods", "skipNodesWithSystemPods", "skipNodesWithLocalStorage",
        "newPodScaleUpDelay", "scaleDownDelayAfterAdd", "scaleDownUnneededTime", "scaleDownUnreadyTime",
        "cordonNodeBeforeTerminating", "image", "memoryRequest", "cpuRequest", "maxNodeProvisionTime",
        "podAnnotations", "createPriorityExpanderConfig", "customPriorityExpanderConfig"
    ];
    /// The volume snapshot controller add-on.
    SnapshotController: [
        "enabled", "installDefaultClass"
    ];
    /// The Karpenter add-on.
    Karpenter: [
        "enabled", "logEncoding", "logLevel", "image", "featureGates", "memoryLimit", "memoryRequest",
        "cpuRequest"
    ];
    /// The pod identity webhook add-on.
    PodIdentityWebhook: [
        "enabled", "replicas"
    ];
    /// Settings of Docker, which kops no longer supports.
    Docker: [
        "authorizationPlugins", "bridge", "bridgeIP", "dataRoot", "defaultUlimit", "defaultRuntime",
        "dns", "execOpt", "execRoot", "experimental", "healthCheck", "hosts", "ipMasq", "ipTables",
        "insecureRegistry", "insecureRegistries", "liveRestore", "logDriver", "logLevel", "logOpt",
        "maxConcurrentDownloads", "maxConcurrentUploads", "maxDownloadAttempts", "metricsAddress",
        "mtu", "packages", "registryMirrors", "runtimes", "selinuxEnabled", "skipInstall", "storage",
        "storageOpts", "userNamespaceRemap", "version"
    ];
    /// Calico networking.
    Calico: [
        "registry", "version", "allowIPForwarding", "awsSrcDstCheck", "bpfEnabled",
        "bpfExternalServiceMode", "bpfKubeProxyIptablesCleanupEnabled", "bpfLogLevel",
        "chainInsertMode", "cpuRequest", "crossSubnet", "encapsulationMode", "ipipMode",
        "ipv4AutoDetectionMethod", "ipv6AutoDetectionMethod", "iptablesBackend", "logSeverityScreen",
        "mtu", "nftablesMode", "prometheusMetricsEnabled", "prometheusMetricsPort",
        "prometheusGoMetricsEnabled", "prometheusProcessMetricsEnabled", "majorVersion",
        "typhaPrometheusMetricsEnabled", "typhaPrometheusMetricsPort", "typhaReplicas", "vxlanMode",
        "wireguardEnabled"
    ];
    /// Cilium networking.
    Cilium: [
        "registry", "version", "memoryRequest", "cpuRequest", "accessLog", "agentLabels",
        "agentPrometheusPort", "metrics", "allowLocalhost", "autoIpv6NodeRoutes", "bpfRoot",
        "chainingMode", "containerRuntime", "containerRuntimeEndpoint", "debug", "debugVerbose",
        "device", "disableConntrack", "disableEndpointCRD", "disableIpv4", "disableK8sServices",
        "enablePolicy", "enableL7Proxy", "enableLocalRedirectPolicy", "enableBPFMasquerade",
        "enableEndpointHealthChecking", "enableHostFirewall", "enableTracing",
        "enablePrometheusMetrics", "enableEncryption", "encryptionType", "nodeEncryption", "envoyLog",
        "identityAllocationMode", "identityChangeGracePeriod", "ipv4ClusterCidrMaskSize", "ipv4Node",
        "ipv4Range", "ipv4ServiceRange", "ipv6ClusterAllocCidr", "ipv6Node", "ipv6Range",
        "ipv6ServiceRange", "k8sApiServer", "k8sKubeconfigPath", "keepBpfTemplates", "keepConfig",
        "labelPrefixFile", "labels", "lb", "libDir", "logDriver", "logOpt", "logstash", "logstashAgent",
        "logstashProbeTimer", "disableMasquerade", "nat46Range", "agentPodAnnotations",
        "operatorPodAnnotations", "pprof", "prefilterDevice", "prometheusServeAddr", "restore",
        "singleClusterRoute", "socketPath", "stateDir", "tracePayloadlen", "tunnel", "enableipv6",
        "enableipv4", "monitorAggregation", "bpfCTGlobalTCPMax", "bpfCTGlobalAnyMax", "bpfLBAlgorithm",
        "bpfLBMaglevTableSize", "bpfNATGlobalMax", "bpfNeighGlobalMax", "bpfPolicyMapMax",
        "bpfLBMapMax", "bpfLBSock", "bpfLBSockHostNSOnly", "preallocateBPFMaps",
        "sidecarIstioProxyImage", "clusterName", "clusterID", "toFqdnsDnsRejectResponseCode",
        "toFqdnsEnablePoller", "containerRuntimeLabels", "ipam", "IPTablesRulesNoinstall",
        "autoDirectNodeRoutes", "enableHostReachableServices", "enableNodePort", "etcdManaged",
        "enableRemoteNodeIdentity", "enableUnreachableRoutes", "cniExclusive", "hubble",
        "removeCbrBridge", "restartPods", "reconfigureKubelet", "nodeInitBootstrapFile", "cniBinPath",
        "disableCNPStatusUpdates", "enableServiceTopology", "ingress", "gatewayAPI", "extraConfig"
    ];
    /// Flannel networking.
    Flannel: [
        "backend", "disableTxChecksumOffloading", "iptablesResyncSeconds"
    ];
    /// Amazon VPC networking.
    AmazonVpc: [
        "imageName", "initImageName", "networkPolicyAgentImage", "env"
    ];
    /// Weave networking.
    Weave: [
        "mtu", "connLimit", "noMasqLocal", "memoryRequest", "cpuRequest", "memoryLimit", "cpuLimit",
        "netExtraArgs", "npcMemoryRequest", "npcCPURequest", "npcMemoryLimit", "npcCPULimit",
        "npcExtraArgs", "version"
    ];
    /// Canal networking.
    Canal: [
        "chainInsertMode", "cpuRequest", "defaultEndpointToHostAction", "disableFlannelForwardRules",
        "disableTxChecksumOffloading", "iptablesBackend", "logSeveritySys", "mtu",
        "prometheusGoMetricsEnabled", "prometheusMetricsEnabled", "prometheusMetricsPort",
        "prometheusProcessMetricsEnabled", "typhaPrometheusMetricsEnabled",
        "typhaPrometheusMetricsPort", "typhaReplicas"
    ];
    /// kube-router networking.
    KubeRouter: [
        "useNFTablesForNetpol"
    ];
    /// Romana networking.
    Romana: [
        "daemonServiceIP", "etcdServiceIP"
    ];
    /// A network plugin that the user installs.
    Cni: [
        "usesSecondaryIP"
    ];
    /// kindnet networking.
    Kindnet: [
        "version", "networkPolicies", "adminNetworkPolicies", "baselineAdminNetworkPolicies",
        "dnsCaching", "nat64", "fastPathThreshold", "masquerade", "logLevel"
    ];
    /// Networking by GCE alias addresses.
    Gce: [];
    /// Lyft VPC networking.
    LyftVpc: [
        "subnetTags"
    ];
    /// How users are authenticated.
    Authentication: [
        "kopeio", "aws"
    ];
    /// Node authorization, which kops no longer supports.
    NodeAuthorization: [
        "nodeAuthorizer"
    ];
}
