//! Rules of the flags of Kubernetes' own components, and of the cluster's DNS.

use super::Report;
use crate::spec::values::{Duration, text};
use crate::spec::{AuthorizationMode, Cloud, ClusterSpec, KubeApiServer, KubeDns, Kubelet};
use std::path::Path;

pub(super) fn check(cluster: &ClusterSpec, report: &mut Report) {
    if let Some(flags) = &cluster.kube_api_server {
        check_api_server(cluster, flags, report);
    }
    check_controller_manager(cluster, report);
    if cluster.kube_scheduler.as_ref().is_some_and(|flags| flags.use_policy_config_map.is_some()) {
        let detail = "kube-scheduler no longer has the flag: remove the field, and add a KubeSchedulerConfiguration object to the file";
        report.forbidden("spec.kubeScheduler.usePolicyConfigMap", detail);
    }
    check_proxy(cluster, report);
    for (field, flags) in [("kubelet", &cluster.kubelet), ("masterKubelet", &cluster.master_kubelet)] {
        if let Some(flags) = flags {
            check_kubelet(&format!("spec.{field}"), flags, report);
        }
    }
    if let Some(settings) = &cluster.kube_dns {
        check_dns(cluster, settings, report);
    }
}

fn check_api_server(cluster: &ClusterSpec, flags: &KubeApiServer, report: &mut Report) {
    let path = "spec.kubeAPIServer";
    let of_oidc = flags.oidc_issuer_url.is_some()
        || flags.oidc_client_id.is_some()
        || flags.oidc_username_claim.is_some()
        || flags.oidc_username_prefix.is_some()
        || flags.oidc_groups_claim.is_some()
        || flags.oidc_groups_prefix.is_some()
        || !flags.oidc_required_claim.is_empty();
    if !flags.authentication_config_file.is_empty() && of_oidc {
        let detail = "expected either this file or the fields oidc…: the file replaces them";
        report.forbidden(format!("{path}.authenticationConfigFile"), detail);
    }
    if flags.enable_bootstrap_token_auth == Some(true) {
        let detail = "nodes do not join by tokens: remove the field";
        report.forbidden(format!("{path}.enableBootstrapTokenAuth"), detail);
    }
    if !flags.admission_control.is_empty() {
        report.forbidden(format!("{path}.admissionControl"), "expected enableAdmissionPlugins, its new name");
    }
    if flags.enable_admission_plugins.iter().any(|plugin| plugin == "PodSecurityPolicy") {
        let detail = "Kubernetes no longer has PodSecurityPolicy: remove it";
        report.forbidden(format!("{path}.enableAdmissionPlugins"), detail);
    }
    let pair = [
        ("proxyClientKeyFile", &flags.proxy_client_key_file, "proxyClientCertFile"),
        ("proxyClientCertFile", &flags.proxy_client_cert_file, "proxyClientKeyFile"),
    ];
    if flags.proxy_client_cert_file.is_some() != flags.proxy_client_key_file.is_some() {
        for (missing, _, given) in pair.iter().filter(|(_, file, _)| file.is_none()) {
            report.required(format!("{path}.{missing}"), format!("expected a file, since {given} is given"));
        }
    }
    check_authorization(cluster, flags, report);
    let webhook = format!("{path}.auditWebhookConfigFile");
    if !flags.audit_webhook_config_file.is_empty() {
        let folder = |file: &str| Path::new(file).parent().map(Path::to_owned);
        if flags.audit_policy_file.is_empty() {
            report.invalid(webhook, "expected auditPolicyFile, too: it selects the events for the webhook");
        } else if folder(&flags.audit_policy_file) != folder(&flags.audit_webhook_config_file) {
            report.invalid(webhook, "expected a file in the same folder as auditPolicyFile");
        }
    }
    let range = &cluster.service_cluster_ip_range;
    if let Some(own) = &flags.service_cluster_ip_range
        && range.as_deref() != Some(&**own)
    {
        let range = text(range);
        let detail = format!("{own}: expected the cluster's own serviceClusterIPRange, {range:?}");
        report.forbidden(format!("{path}.serviceClusterIPRange"), detail);
    }
}

fn check_authorization(cluster: &ClusterSpec, flags: &KubeApiServer, report: &mut Report) {
    let Some(modes) = &flags.authorization_mode else { return };
    let path = "spec.kubeAPIServer.authorizationMode";
    if modes.contains(AuthorizationMode::Webhook) && flags.authorization_webhook_config_file.is_none() {
        let field = "spec.kubeAPIServer.authorizationWebhookConfigFile";
        report.required(field, "authorizationMode Webhook needs the file that says where the webhook is");
    }
    let always = cluster
        .authorization
        .as_ref()
        .is_some_and(|authorization| authorization.always_allow.is_some() && authorization.rbac.is_none());
    if always {
        return;
    }
    let authorizes_nodes = modes.contains(AuthorizationMode::Node) && modes.contains(AuthorizationMode::Rbac);
    if cluster.is_on(Cloud::Aws) && !authorizes_nodes {
        report.required(path, "expected Node and RBAC among the modes, such as Node,RBAC");
    }
}

fn check_controller_manager(cluster: &ClusterSpec, report: &mut Report) {
    let Some(flags) = &cluster.kube_controller_manager else { return };
    let path = "spec.kubeControllerManager";
    if flags.experimental_cluster_signing_duration.is_some() {
        let field = format!("{path}.experimentalClusterSigningDuration");
        report.forbidden(field, "expected clusterSigningDuration, its new name");
    }
    if let (Some(range), Some(around)) = (&flags.cluster_cidr, &cluster.non_masquerade_cidr)
        && !around.contains(&**range)
    {
        let detail = format!("{range} is not inside nonMasqueradeCIDR {around}");
        report.forbidden(format!("{path}.clusterCIDR"), detail);
    }
}

fn check_proxy(cluster: &ClusterSpec, report: &mut Report) {
    let Some(flags) = &cluster.kube_proxy else { return };
    let is_on = flags.enabled != Some(false);
    let calico = cluster.networking.as_ref().and_then(|plugins| plugins.calico.as_ref());
    let replacing = [
        ("kuberouter", cluster.has_plugin(|plugins| plugins.kuberouter.is_some())),
        ("cilium with enableNodePort", cluster.cilium().is_some_and(|cilium| cilium.enable_node_port)),
        ("calico with bpfEnabled", calico.is_some_and(|calico| calico.bpf_enabled)),
    ];
    for (plugin, _) in replacing.into_iter().filter(|(_, replaces)| *replaces && is_on) {
        let detail = format!("expected false: {plugin} takes the place of kube-proxy");
        report.forbidden("spec.kubeProxy.enabled", detail);
    }
}

fn check_kubelet(path: &str, flags: &Kubelet, report: &mut Report) {
    let gone = "the kubelet no longer has the flag: remove the field";
    let given = [
        ("configureCbr0", flags.configure_cbr0.is_some(), gone),
        ("apiServers", !flags.api_servers.is_empty(), gone),
        (
            "podInfraContainerImage",
            !flags.pod_infra_container_image.is_empty(),
            "the kubelet no longer has the flag: expected containerd.sandboxImage of the cluster",
        ),
        ("requireKubeconfig", flags.require_kubeconfig.is_some(), gone),
        (
            "experimentalAllowedUnsafeSysctls",
            !flags.experimental_allowed_unsafe_sysctls.is_empty(),
            "expected allowedUnsafeSysctls, its new name",
        ),
        (
            "bootstrapKubeconfig",
            !flags.bootstrap_kubeconfig.is_empty(),
            "nodes do not join by tokens: remove the field",
        ),
        ("enableCadvisorJsonEndpoints", flags.enable_cadvisor_json_endpoints.is_some(), gone),
        ("cpuCFSQuotaPeriod", flags.cpu_cfs_quota_period.is_some(), gone),
        ("networkPluginName", flags.network_plugin_name.is_some(), gone),
        ("networkPluginMTU", flags.network_plugin_mtu.is_some(), gone),
        ("nonMasqueradeCIDR", flags.non_masquerade_cidr.is_some(), gone),
    ];
    for (field, _, detail) in given.into_iter().filter(|(_, given, _)| *given) {
        report.forbidden(format!("{path}.{field}"), detail);
    }
    if let Some(critical) = flags.shutdown_grace_period_critical_pods {
        let field = format!("{path}.shutdownGracePeriodCriticalPods");
        match flags.shutdown_grace_period {
            None => report.forbidden(field, "expected shutdownGracePeriod, too: this time is a part of it"),
            Some(whole) if whole < critical => {
                report.invalid(field, format!("{critical}: expected at most shutdownGracePeriod {whole}"));
            }
            Some(_) => {}
        }
    }
    if let Some(period) = flags.crash_loop_back_off_max_container_restart_period
        && !(Duration::seconds(1)..=Duration::seconds(300)).contains(&period)
    {
        let field = format!("{path}.crashLoopBackOffMaxContainerRestartPeriod");
        report.invalid(field, format!("{period}: expected 1s to 300s"));
    }
}

fn check_dns(cluster: &ClusterSpec, settings: &KubeDns, report: &mut Report) {
    let path = "spec.kubeDNS";
    if let (Some(server), Some(services)) = (&settings.server_ip, &cluster.service_cluster_ip_range)
        && !services.contains(&**server)
    {
        let detail = format!("{server} is not inside serviceClusterIPRange {services}");
        report.forbidden(format!("{path}.serverIP"), detail);
    }
    for (domain, _) in settings.stub_domains.iter().filter(|(_, servers)| servers.is_empty()) {
        let field = format!("{path}.stubDomains.{domain}");
        report.invalid(field, "expected the addresses of the domain's name servers");
    }
}
