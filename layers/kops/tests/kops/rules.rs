//! kops's rules for single fields and for several fields. The layer refuses what kops refuses, with the field's name
//! and what to write instead. It accepts what kops accepts.

use crate::{KEY, stack_with, text};
use landform_core::Stack;
use landform_kops::{FixedLookup, MissingAddons, Options, Problem, Spec};

pub fn problems(text: &str) -> Vec<Problem> {
    match stack_with(text, MissingAddons::LeftOut) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.as_slice().to_vec(),
    }
}

/// Adds lines to the `Cluster` document. They replace the section of the public cluster with the same name.
pub fn cluster(lines: &str) -> String {
    let text = text("public");
    let name = lines.split(':').next().unwrap();
    let (head, rest) = text.split_once("\n---\n").unwrap();
    let mut kept: Vec<&str> = Vec::new();
    let mut skipping = false;
    for line in head.lines() {
        let starts = line.starts_with("  ") && !line.starts_with("   ") && !line.starts_with("  -");
        if starts {
            skipping = line.trim_start().split(':').next() == Some(name);
        } else if !line.starts_with("  ") {
            skipping = false;
        }
        if !skipping {
            kept.push(line);
        }
    }
    let head = kept.join("\n").replacen("spec:", &format!("spec:\n  {}", lines.replace('\n', "\n  ")), 1);
    format!("{head}\n---\n{rest}")
}

/// Adds lines to the group of nodes.
pub fn group(lines: &str) -> String {
    let text = text("public");
    let added = format!("role: Node\n  {}", lines.replace('\n', "\n  "));
    assert!(text.contains("role: Node"));
    text.replacen("role: Node", &added, 1)
}

/// Asserts that a problem with the key is among those of a text, and that its message has the words.
fn refused(text: &str, key: &str, words: &str) {
    let problems = problems(text);
    let shown = problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n");
    let found = problems.iter().find(|problem| problem.key() == key);
    let Some(found) = found else { panic!("{key}: not among\n{shown}\n{text}") };
    assert!(found.to_string().contains(words), "{found}");
    assert!(found.at.as_ref().is_some_and(|at| at.line > 0), "{found}");
}

#[test]
fn flags_of_components() {
    for (lines, key, words) in [
        ("kubernetesVersion: 1.31.4", "Invalid::spec.kubernetesVersion", "expected 1.32.0 or newer"),
        ("kubernetesVersion: 1.5.3", "Invalid::spec.kubernetesVersion", "one minor version at a time"),
        ("kubernetesVersion: 1.34", "WrongType::spec.kubernetesVersion", "1.34: expected text, in quotes"),
        ("kubernetesVersion: 1.30", "WrongType::spec.kubernetesVersion", "1.30: expected text, in quotes"),
        ("kubelet: {maxPods: many}", "WrongType::spec.kubelet.maxPods", "expected a whole number"),
        ("kubelet: {anonymousAuth: \"false\"}", "WrongType::spec.kubelet.anonymousAuth", "true or false"),
        ("kubelet: {networkPluginMTU: 9000}", "Forbidden::spec.kubelet.networkPluginMTU", "remove the field"),
        (
            "kubelet: {topologyManagerPolicy: best}",
            "NotSupported::spec.kubelet.topologyManagerPolicy",
            "best-effort",
        ),
        (
            "kubelet: {shutdownGracePeriodCriticalPods: 10s}",
            "Forbidden::spec.kubelet.shutdownGracePeriodCriticalPods",
            "shutdownGracePeriod",
        ),
        (
            "masterKubelet: {shutdownGracePeriod: 5s, shutdownGracePeriodCriticalPods: 10s}",
            "Invalid::spec.masterKubelet.shutdownGracePeriodCriticalPods",
            "at most shutdownGracePeriod 5s",
        ),
        ("kubelet: {logFormat: xml}", "NotSupported::spec.kubelet.logFormat", "text, json"),
        (
            "kubelet: {memorySwapBehavior: All}",
            "NotSupported::spec.kubelet.memorySwapBehavior",
            "LimitedSwap",
        ),
        (
            "kubelet: {crashLoopBackOffMaxContainerRestartPeriod: 10m}",
            "Invalid::spec.kubelet.crashLoopBackOffMaxContainerRestartPeriod",
            "1s to 300s",
        ),
        ("kubelet: {cloudProvider: azure}", "NotSupported::spec.kubelet.cloudProvider", "external"),
        (
            "kubeAPIServer: {admissionControl: [NodeRestriction]}",
            "Forbidden::spec.kubeAPIServer.admissionControl",
            "enableAdmissionPlugins",
        ),
        (
            "kubeAPIServer: {authorizationMode: RBAC}",
            "Required::spec.kubeAPIServer.authorizationMode",
            "Node,RBAC",
        ),
        (
            "kubeAPIServer: {authorizationMode: 'Node,RBAC,Webhook'}",
            "Required::spec.kubeAPIServer.authorizationWebhookConfigFile",
            "file",
        ),
        ("kubeAPIServer: {logFormat: xml}", "NotSupported::spec.kubeAPIServer.logFormat", "text, json"),
        (
            "kubeAPIServer: {proxyClientCertFile: /a}",
            "Required::spec.kubeAPIServer.proxyClientKeyFile",
            "proxyClientCertFile is given",
        ),
        (
            "kubeAPIServer: {auditWebhookConfigFile: /a}",
            "Invalid::spec.kubeAPIServer.auditWebhookConfigFile",
            "auditPolicyFile",
        ),
        (
            "kubeAPIServer: {serviceClusterIPRange: 10.0.0.0/8}",
            "Forbidden::spec.kubeAPIServer.serviceClusterIPRange",
            "serviceClusterIPRange",
        ),
        (
            "kubeAPIServer: {authenticationConfigFile: /a, oidcClientID: b}",
            "Forbidden::spec.kubeAPIServer.authenticationConfigFile",
            "oidc",
        ),
        (
            "kubeControllerManager: {clusterCIDR: 10.0.0.0/8}",
            "Forbidden::spec.kubeControllerManager.clusterCIDR",
            "not inside nonMasqueradeCIDR",
        ),
        (
            "kubeScheduler: {usePolicyConfigMap: true}",
            "Forbidden::spec.kubeScheduler.usePolicyConfigMap",
            "KubeSchedulerConfiguration",
        ),
        (
            "kubeProxy: {ipvsExcludeCidrs: [a]}",
            "Invalid::spec.kubeProxy.ipvsExcludeCidrs[0]",
            "address range",
        ),
        ("kubeProxy: {master: api}", "Invalid::spec.kubeProxy.master", "https://"),
        ("kubeDNS: {serverIP: 10.0.0.10}", "Forbidden::spec.kubeDNS.serverIP", "not inside"),
        (
            "kubeDNS: {upstreamNameservers: [dns]}",
            "Invalid::spec.kubeDNS.upstreamNameservers[0]",
            "IP address",
        ),
        ("kubeDNS: {stubDomains: {a.b: []}}", "Invalid::spec.kubeDNS.stubDomains.a.b", "name servers"),
        ("networking: {kuberouter: {}}", "Forbidden::spec.kubeProxy.enabled", "expected false"),
    ] {
        refused(&cluster(lines), key, words);
    }
}

#[test]
fn unknown_words_and_broken_rules_appear_together() {
    let text = cluster("networking: {cilium: {tunnel: gre, enableEncryption: false, encryptionType: ipsec}}");
    refused(&text, "NotSupported::spec.networking.cilium.tunnel", "vxlan, geneve, disabled");
    refused(
        &text,
        "Forbidden::spec.networking.cilium.encryptionType",
        "expected enableEncryption: true, too",
    );
}

#[test]
fn plugins_and_add_ons() {
    for (lines, key, words) in [
        ("networking: {cilium: {version: v1.12.1}}", "Invalid::spec.networking.cilium.version", "1.18"),
        ("networking: {cilium: {tunnel: gre}}", "NotSupported::spec.networking.cilium.tunnel", "vxlan"),
        ("networking: {cilium: {etcdManaged: true}}", "Required::spec.etcdClusters", "named cilium"),
        (
            "networking: {cilium: {hubble: {enabled: true}}}",
            "Forbidden::spec.networking.cilium.hubble.enabled",
            "certManager",
        ),
        (
            "networking: {calico: {encapsulationMode: none}}",
            "Forbidden::spec.networking.calico.encapsulationMode",
            "IPv6",
        ),
        (
            "networking: {calico: {ipv4AutoDetectionMethod: guess}}",
            "Invalid::spec.networking.calico.ipv4AutoDetectionMethod",
            "first-found",
        ),
        (
            "networking: {flannel: {backend: gre}}",
            "NotSupported::spec.networking.flannel.backend",
            "udp, vxlan",
        ),
        (
            "networking: {calico: {bpfLogLevel: Off}}",
            "WrongType::spec.networking.calico.bpfLogLevel",
            ": Off: expected text, in quotes",
        ),
        (
            "clusterAutoscaler: {expander: best}",
            "NotSupported::spec.clusterAutoscaler.expander",
            "least-waste",
        ),
        ("clusterAutoscaler: {expander: price}", "Forbidden::spec.clusterAutoscaler.expander", "GCE"),
        ("externalDns: {watchNamespace: web}", "Forbidden::spec.externalDns.watchNamespace", "kube-system"),
        ("externalDns: {provider: bind}", "NotSupported::spec.externalDns.provider", "dns-controller"),
        ("metricsServer: {enabled: true}", "Forbidden::spec.metricsServer.insecure", "cert-manager"),
        ("snapshotController: {enabled: true}", "Forbidden::spec.snapshotController.enabled", "cert-manager"),
        ("podIdentityWebhook: {enabled: true}", "Forbidden::spec.podIdentityWebhook.enabled", "cert-manager"),
        (
            "awsLoadBalancerController: {enabled: true}",
            "Forbidden::spec.awsLoadBalancerController.enabled",
            "cert-manager",
        ),
        (
            "karpenter: {enabled: true}",
            "Forbidden::spec.karpenter.enabled",
            "iam.useServiceAccountExternalPermissions",
        ),
        (
            "certManager: {enabled: true, hostedZoneIDs: [Z1]}",
            "Forbidden::spec.certManager.hostedZoneIDs",
            "iam.useServiceAccountExternalPermissions",
        ),
        (
            "nodeTerminationHandler: {enabled: true, enableSpotInterruptionDraining: false}",
            "Forbidden::spec.nodeTerminationHandler.enableSpotInterruptionDraining",
            "expected true",
        ),
        (
            "cloudConfig: {awsEBSCSIDriver: {enabled: false}}",
            "Forbidden::spec.cloudConfig.awsEBSCSIDriver.enabled",
            "managed: false",
        ),
        (
            "cloudConfig: {nlbSecurityGroupMode: Own}",
            "NotSupported::spec.cloudConfig.nlbSecurityGroupMode",
            "Managed",
        ),
        (
            "authentication: {aws: {identityMappings: [{arn: me}]}}",
            "Invalid::spec.authentication.aws.identityMappings[0].arn",
            "ARN",
        ),
        ("addons: [{manifest: \"file:///a\"}]", "Invalid::spec.addons[0].manifest", "store"),
        (
            "assets: {containerProxy: a.example.com, containerRegistry: b.example.com}",
            "Forbidden::spec.assets.containerProxy",
            "either",
        ),
        ("assets: {fileRepository: files}", "Invalid::spec.assets.fileRepository", "https"),
        (
            "additionalPolicies: {nodes: '[]'}",
            "NotSupported::spec.additionalPolicies.nodes",
            "\"nodes\" (did you mean node?); expected one of: master, control-plane, node, bastion, apiserver",
        ),
        (
            "additionalPolicies: {node: '[{\"Action\": \"s3:Get\"}]'}",
            "Invalid::spec.additionalPolicies.node",
            "Allow or Deny",
        ),
        (
            "externalPolicies: {node: ['arn:aws:iam::1:role/a']}",
            "Invalid::spec.externalPolicies.node[0]",
            "policy",
        ),
        (
            "externalPolicies: {master: [], control-plane: []}",
            "Forbidden::spec.externalPolicies.master",
            "one of them",
        ),
    ] {
        refused(&cluster(lines), key, words);
    }
}

#[test]
fn machines() {
    for (lines, key, words) in [
        ("hooks: [{name: a}]", "Required::spec.hooks[0]", "manifest"),
        ("hooks: [{name: a, execContainer: {}}]", "Required::spec.hooks[0].execContainer.image", "image"),
        (
            "hooks: [{manifest: a, useRawManifest: true, before: [b]}]",
            "Forbidden::spec.hooks[0].before",
            "in the manifest",
        ),
        ("fileAssets: [{name: a}]", "Required::spec.fileAssets[0].content", "written"),
        ("sysctlParameters: [a]", "Invalid::spec.sysctlParameters[0]", "name=value"),
        ("containerd: {version: 1.7.0}", "Invalid::spec.containerd.version", "2.1.0"),
        (
            "containerd: {packages: {urlAmd64: \"https://a\"}}",
            "Required::spec.containerd.packages.hashAmd64",
            "SHA-256",
        ),
        ("rollingUpdate: {maxUnavailable: -1}", "Invalid::spec.rollingUpdate.maxUnavailable", "not negative"),
        ("rollingUpdate: {maxSurge: some}", "Invalid::spec.rollingUpdate.maxSurge", "percentage"),
        (
            "rollingUpdate: {maxSurge: 0, maxUnavailable: 0}",
            "Forbidden::spec.rollingUpdate.maxSurge",
            "more than 0",
        ),
        ("warmPool: {minSize: 3, maxSize: 2}", "Invalid::spec.warmPool.maxSize", "at least minSize 3"),
    ] {
        refused(&group(lines), key, words);
        refused(&cluster(lines), key, words);
    }
    for (lines, key, words) in [
        ("warmPool: {}\nmaxPrice: \"0.1\"", "Forbidden::spec.warmPool", "spot"),
        ("spotDurationInMinutes: 90", "NotSupported::spec.spotDurationInMinutes", "60"),
        (
            "mixedInstancesPolicy: {spotAllocationStrategy: cheap}",
            "NotSupported::spec.mixedInstancesPolicy.spotAllocationStrategy",
            "lowest-price",
        ),
        (
            "additionalUserData: [{name: a, content: b, type: c}]",
            "NotSupported::spec.additionalUserData[0].type",
            "text/",
        ),
        (
            "volumeMounts: [{device: a, path: b, filesystem: ntfs}]",
            "NotSupported::spec.volumeMounts[0].filesystem",
            "ext4",
        ),
        ("taints: [a=b:NoSchedule, a=b:NoSchedule]", "Duplicate::spec.taints[1]", "twice"),
        ("nodeLabels: {a/b/c: d}", "Invalid::spec.nodeLabels.a/b/c", "one slash"),
        ("instanceType: t3.large", "UnknownField::spec.instanceType", "expected machineType"),
        ("volumeSize: 20", "UnknownField::spec.volumeSize", "expected rootVolumeSize"),
    ] {
        refused(&group(lines), key, words);
    }
}

#[test]
fn network_access_and_names() {
    let balancer = |more: &str| format!("api: {{loadBalancer: {{type: Public, {more}}}}}");
    for (lines, key, words) in [
        ("kubernetesVersion: latest", "Invalid::spec.kubernetesVersion", "such as 1.34.0"),
        ("subnets: []", "Required::spec.subnets", "at least one subnet"),
        (
            "subnets: [{name: a, zone: us-test-1a, type: Public}, {name: a, zone: us-test-1b, type: Public}]",
            "Duplicate::spec.subnets[1].name",
            "another subnet",
        ),
        (
            "subnets: [{name: a, zone: us-test-1a, type: Public, id: subnet-1}, {name: b, zone: us-test-1b, type: Public}]",
            "Forbidden::spec.subnets[1].id",
            "cannot be mixed",
        ),
        ("subnets: [{name: a, zone: us-test-1a}]", "Required::spec.subnets[0].type", "Public, Private"),
        ("subnets: [{name: a, type: Public}]", "Required::spec.subnets[0].zone", "such as us-east-2a"),
        (
            "subnets: [{name: a, zone: us-test-1a, type: Private, egress: door}]",
            "Invalid::spec.subnets[0].egress",
            "expected nat-",
        ),
        ("sshAccess: ['']", "Invalid::spec.sshAccess[0]", "an address range"),
        (
            "nodePortAccess: [\"2001:db8::/32\", \"2001:DB8::/32\"]",
            "Duplicate::spec.nodePortAccess[1]",
            "twice",
        ),
        ("podCIDR: 10.0.0.0/8", "Forbidden::spec.podCIDR", "not inside nonMasqueradeCIDR"),
        ("serviceClusterIPRange: 172.20.0.0/16", "Forbidden::spec.subnets[0].cidr", "serviceClusterIPRange"),
        ("cloudLabels: {Name: mine}", "Forbidden::spec.cloudLabels.Name", "kops sets this tag"),
        ("updatePolicy: sometimes", "NotSupported::spec.updatePolicy", "automatic"),
        ("etcdClusters: []", "Required::spec.etcdClusters", "main and events"),
        (&balancer("class: Gateway"), "NotSupported::spec.api.loadBalancer.class", "Network"),
        (
            &balancer("class: Network, sslCertificate: mine"),
            "Invalid::spec.api.loadBalancer.sslCertificate",
            "ARN",
        ),
        (
            &balancer("class: Classic, subnets: [{name: a, allocationId: eipalloc-1}]"),
            "Forbidden::spec.api.loadBalancer.subnets[0].allocationId",
            "class Network only",
        ),
        (
            &balancer("class: Network, securityGroupOverride: mine"),
            "Invalid::spec.api.loadBalancer.securityGroupOverride",
            "sg-",
        ),
    ] {
        refused(&cluster(lines), key, words);
    }
    refused(
        &group("cloudLabels: {kops.k8s.io/instancegroup: other}"),
        "Invalid::spec.cloudLabels.kops.k8s.io/instancegroup",
        "own name",
    );
    let control =
        |lines: &str| text("public").replacen("role: Master", &format!("role: Master\n  {lines}"), 1);
    refused(&control("minSize: 3\n  maxSize: 3"), "Invalid::spec.maxSize", "one machine");
    let second = "---\napiVersion: kops.k8s.io/v1alpha2\nkind: InstanceGroup\nmetadata: {name: control-b}\nspec: \
                  {role: Master, subnets: [a]}\n";
    refused(&(text("public") + second), "Forbidden::metadata.name", "no member of etcd cluster main");
}

#[test]
fn an_image_that_is_not_there() {
    let text = group("image: maker/linux");
    let spec = Spec::parse("cluster.yaml", &text).unwrap();
    let mut lookup = FixedLookup::kops_suite();
    let image = lookup.image.take().unwrap();
    lookup.images = lookup.default_images.values().map(|name| (name.clone(), image.clone())).collect();
    let options = Options { ssh_public_key: Some(KEY.into()), ..Options::default() };
    let problems = landform_kops::cluster(&mut Stack::new("x"), &spec, &options, &lookup).unwrap_err();
    let [problem] = problems.as_slice() else { panic!("{problems}") };
    assert_eq!(problem.key(), "NotFound::spec.image");
    assert!(
        problem.at.is_some() && problem.detail.contains("there is no image \"maker/linux\""),
        "{problem}"
    );
}
