//! Small add-ons: the default requests of pods, access to kubelets, and storage classes.

use super::Objects;
use crate::objects::{SYSTEM, account, meta, pairs, role_ref, rule, text, user};
use k8s_openapi::api::core::v1::{LimitRange, LimitRangeItem, LimitRangeSpec};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use k8s_openapi::api::storage::v1::StorageClass;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

/// The default requests of a container in the default namespace.
pub(super) fn limit_range(objects: &mut Objects) {
    let item = LimitRangeItem {
        default_request: Some([("cpu".into(), Quantity("100m".into()))].into()),
        type_: "Container".into(),
        ..LimitRangeItem::default()
    };
    objects.add(LimitRange {
        metadata: meta("limits").in_namespace("default").done(),
        spec: Some(LimitRangeSpec { limits: vec![item] }),
    });
}

/// Lets the API server call kubelets.
pub(super) fn kubelet_api(objects: &mut Objects) {
    objects.add(ClusterRoleBinding {
        metadata: meta("kops:system:kubelet-api-admin").done(),
        role_ref: role_ref("ClusterRole", "system:kubelet-api-admin"),
        subjects: Some(vec![user("kubelet-api")]),
    });
}

/// The storage classes on AWS, oldest first. The last one is the default.
pub(super) fn aws_storage(objects: &mut Objects) {
    const DEFAULT: &str = "storageclass.kubernetes.io/is-default-class";
    objects.add(StorageClass {
        metadata: meta("default").done(),
        parameters: pairs(&[("type", "gp2")]),
        provisioner: "kubernetes.io/aws-ebs".into(),
        ..StorageClass::default()
    });
    objects.add(StorageClass {
        metadata: meta("gp2").annotations(&[(DEFAULT, "false")]).done(),
        parameters: pairs(&[("type", "gp2")]),
        provisioner: "kubernetes.io/aws-ebs".into(),
        ..StorageClass::default()
    });
    for (name, is_default, kind, provisioner) in [
        ("kops-ssd-1-17", "false", "gp2", "kubernetes.io/aws-ebs"),
        ("kops-csi-1-21", "true", "gp3", "ebs.csi.aws.com"),
    ] {
        objects.add(StorageClass {
            allow_volume_expansion: Some(true),
            metadata: meta(name).annotations(&[(DEFAULT, is_default)]).done(),
            parameters: pairs(&[("encrypted", "true"), ("type", kind)]),
            provisioner: provisioner.into(),
            volume_binding_mode: text("WaitForFirstConsumer"),
            ..StorageClass::default()
        });
    }
    objects.add(ClusterRole {
        metadata: meta("system:aws-cloud-provider").done(),
        rules: Some(vec![
            rule(&[""], &["nodes"], &["get", "list", "patch"]),
            rule(&[""], &["events"], &["create", "patch", "update"]),
        ]),
        ..ClusterRole::default()
    });
    objects.add(ClusterRoleBinding {
        metadata: meta("system:aws-cloud-provider").done(),
        role_ref: role_ref("ClusterRole", "system:aws-cloud-provider"),
        subjects: Some(vec![account(SYSTEM, "aws-cloud-provider")]),
    });
}
