//! Specs that the layer accepts, as kops does, and fields that it ignores or does not know.

use crate::rules::{cluster, group, problems};
use crate::text;
use landform_kops::{Problem, Spec};

#[test]
fn what_kops_accepts_is_accepted() {
    for text in [
        cluster("kubelet:"),
        cluster("kubelet: {}"),
        cluster("sshAccess: []"),
        cluster("networking: {kuberouter: {}}\nkubeProxy: {enabled: false}"),
        cluster("updatePolicy:"),
        cluster("networkCIDR: ''"),
        cluster("kubeAPIServer: {serviceNodePortRange: '', bindAddress: ''}"),
        cluster("externalDns: {provider: ''}"),
        cluster("kubeDNS: {provider: ''}"),
        group("kubelet: {maxPods: 20}"),
        group("rollingUpdate: {maxSurge: 25%}"),
        group("warmPool: {maxSize: 0}\nmaxPrice: \"0.1\""),
        text("public") + "\nstatus: {}\n",
        text("public") + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n",
    ] {
        let problems = problems(&text);
        let shown = problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n");
        assert!(problems.is_empty(), "{shown}\n{text}");
    }
}

#[test]
fn the_users_spelling_is_kept() {
    let text = cluster("kubernetesVersion: v1.34.0\nnodePortAccess: [\"2001:DB8:0::/48\"]");
    let written = Spec::parse("cluster.yaml", &text).unwrap().to_yaml();
    for spelling in ["kubernetesVersion: v1.34.0\n", "- 2001:DB8:0::/48\n"] {
        assert!(written.contains(spelling), "{spelling}: {written}");
    }
}

#[test]
fn all_unknown_fields_are_told_at_once() {
    let text = group("instanceType: t3.large\nvolumeSize: 20\nmaxSiz: 3");
    let keys: Vec<_> = problems(&text).iter().map(Problem::key).collect();
    for field in ["instanceType", "volumeSize", "maxSiz"] {
        assert!(keys.contains(&format!("UnknownField::spec.{field}")), "{keys:?}");
    }
}

#[test]
fn fields_without_an_effect_are_told() {
    let text = group("zones: [us-test-1a]\nrootVolumeDeleteOnTermination: true");
    let text = text.replacen(
        "spec:\n",
        "spec:\n  masterInternalName: api.internal\n  topology: {masters: public}\n",
        1,
    );
    let spec = Spec::parse("cluster.yaml", &text).unwrap();
    let told = landform_kops::unused(&spec);
    let keys: Vec<_> = told.iter().map(Problem::key).collect();
    let expected = ["masterInternalName", "topology.masters", "zones", "rootVolumeDeleteOnTermination"];
    assert_eq!(keys, expected.map(|field| format!("Unused::spec.{field}")));
    assert!(told.iter().all(|field| field.at.is_some()));
    assert!(landform_kops::unused(&Spec::parse("a", &crate::text("public")).unwrap()).is_empty());
}
