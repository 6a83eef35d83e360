//! The names of a cluster's resources on Google: lower-case letters, digits and dashes, at most 63 characters.
//!
//! Follows kops `upup/pkg/fi/cloudup/gce` (`utils.go`, `labels.go`, `instancegroups.go`).

use super::truncate;
use crate::spec::Role;
use std::fmt::Write as _;

/// The greatest length of most names.
const LONGEST: usize = 63;
/// The greatest length of a service account's name.
const LONGEST_ACCOUNT: usize = 30;
/// The greatest length of the constant start of an instance template's name. The rest tells versions apart.
const LONGEST_PREFIX: usize = 32;

/// A cluster's name without dots, of any length.
pub fn cluster(cluster: &str) -> String {
    cluster.replace('.', "-")
}

/// The name of a cluster's network.
pub fn network(name: &str) -> String {
    truncate(&cluster(name), LONGEST)
}

/// `<what>-<cluster>`. Only the cluster's part is cut.
pub fn suffixed(what: &str, cluster_name: &str) -> String {
    with_suffix(what, cluster_name, LONGEST)
}

fn with_suffix(what: &str, cluster_name: &str, max: usize) -> String {
    format!("{what}-{}", truncate(&cluster(cluster_name), max.saturating_sub(what.len() + 1)))
}

/// The name of a service account for machines.
pub fn service_account(account: &str, cluster_name: &str) -> String {
    with_suffix(account, cluster_name, LONGEST_ACCOUNT)
}

/// The local name of a group's instance template, of any length.
pub fn template(group: &str, cluster_name: &str) -> String {
    cluster(&format!("{group}-{cluster_name}"))
}

/// The constant start of the names of a group's instance templates, without a dash at its end.
pub fn template_prefix(group: &str, cluster_name: &str) -> String {
    truncate(&template(group, cluster_name), LONGEST_PREFIX)
}

/// The name of a group's instances in one zone. The whole name is cut.
pub fn group_manager(zone: &str, group: &str, cluster_name: &str) -> String {
    let zone = zone.rsplit('-').next().unwrap_or(zone);
    truncate(&cluster(&format!("{zone}-{group}-{cluster_name}")), LONGEST)
}

/// The name of the disk of an etcd cluster's member. It begins with a letter.
pub fn etcd_disk(member: &str, etcd: &str, cluster_name: &str) -> String {
    let what = format!("{member}-etcd-{etcd}").replace('.', "-");
    let letter =
        if what.starts_with(|first: char| first.is_ascii_digit() || first == '-') { "d" } else { "" };
    suffixed(&format!("{letter}{what}"), cluster_name)
}

/// The network tag of a role's machines, by which firewall rules select them.
pub fn role_tag(cluster_name: &str, role: &str) -> String {
    let suffix = format!("-k8s-io-role-{role}");
    truncate(&cluster(cluster_name), LONGEST.saturating_sub(suffix.len())) + &suffix
}

/// The word for a role in tags and labels.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::ControlPlane => "control-plane",
        Role::ApiServer => "apiserver",
        Role::Node => "node",
        Role::Bastion => "bastion",
    }
}

/// The key of the label with which etcd-manager finds the disks of an etcd cluster.
pub fn etcd_label(etcd: &str) -> String {
    format!("k8s-io-etcd-{etcd}")
}

/// A text as the value of a label: all but lower-case letters and digits becomes a dash and two hexadecimal digits.
pub fn label(text: &str) -> String {
    text.bytes().fold(String::new(), |mut label, byte| {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' => label.push(byte.into()),
            other => drop(write!(label, "-{other:02x}")),
        }
        label
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "minimal-gce-with-a-very-very-very-very-very-long-name.example.com";

    // Names as in kops's golden output.
    #[test]
    fn only_the_clusters_part_is_cut() {
        assert_eq!(suffixed("api", "minimal-gce.example.com"), "api-minimal-gce-example-com");
        assert_eq!(
            suffixed("nodeport-external-to-node-ipv6", "minimal-gce-ilb-cilium-etcd.example.com"),
            "nodeport-external-to-node-ipv6-minimal-gce-ilb-cilium-et-eqdptu"
        );
        assert_eq!(network(LONG), "minimal-gce-with-a-very-very-very-very-very-long-name-ex-96dqvi");
        assert_eq!(
            service_account("control-plane", "minimal-gce.example.com"),
            "control-plane-minimal-g-fu1mg6"
        );
        assert_eq!(
            role_tag(LONG, "master"),
            "minimal-gce-with-a-very-very-very-ver-96dqvi-k8s-io-role-master"
        );
    }

    #[test]
    fn groups_and_templates() {
        assert_eq!(
            group_manager("us-test1-a", "nodes", LONG),
            "a-nodes-minimal-gce-with-a-very-very-very-very-very-long-qk78uj"
        );
        assert_eq!(template_prefix("nodes", LONG), "nodes-minimal-gce-with-a--k0ql96");
        assert_eq!(template_prefix("nodes", "minimal-gce.example.com"), "nodes-minimal-gce-example-com");
    }

    #[test]
    fn disks_begin_with_a_letter() {
        assert_eq!(etcd_disk("a", "main", "k8s.example.com"), "a-etcd-main-k8s-example-com");
        assert_eq!(etcd_disk("1", "main", "k8s.example.com"), "d1-etcd-main-k8s-example-com");
        assert_eq!(label("a/a"), "a-2fa");
        assert_eq!(label("A_1"), "-41-5f1");
    }
}
