//! The names of resources in kops: short names with a hash, and names in Terraform.
//!
//! Follows kops `pkg/truncate`, `pkg/model/names.go` and `upup/pkg/fi/cloudup/terraformWriter`.

pub mod gce;

/// Shortens a name to at most `max` bytes, with a hash of the whole at its end. A name that fits is unchanged.
pub fn truncate(name: &str, max: usize) -> String {
    if name.len() <= max { name.to_string() } else { with_hash(name, max) }
}

/// Shortens a name to at most `max` bytes, with a hash of the whole at its end. Even a name that fits gets the hash, so
/// all names have the same form.
pub fn with_hash(name: &str, max: usize) -> String {
    let hash = hash(name);
    let mut end = name.len().min(max.saturating_sub(hash.len() + 1));
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}-{hash}", &name[..end])
}

/// FNV-32a of a text in base32hex, lower case, without the last character: six characters.
pub fn hash(text: &str) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    let bits = u64::from(fnv(text)) << 8;
    (0..6).map(|index| ALPHABET[(bits >> (35 - 5 * index) & 31) as usize] as char).collect()
}

/// FNV-32a of a text.
pub fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The name of a load balancer or target group: `<prefix>-<cluster>` in 32 characters, always with a hash.
pub fn load_balancer(prefix: &str, cluster: &str) -> String {
    with_hash(&format!("{prefix}-{}", cluster.replace('.', "-")), 32)
}

/// The local name of a resource in Terraform.
pub fn terraform(name: &str) -> String {
    let name = name.replace('.', "-").replace('/', "--").replace(':', "_");
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("prefix_{name}") } else { name }
}

/// The names of one cluster's resources.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The cluster's name.
    pub cluster: &'a str,
}

impl Names<'_> {
    /// `<prefix>.<cluster>`.
    pub fn of(&self, prefix: &str) -> String {
        format!("{prefix}.{}", self.cluster)
    }

    /// The name of a group's autoscaling group and launch template.
    pub fn group(&self, group: &str, role: crate::spec::Role) -> String {
        use crate::spec::Role;
        match role {
            Role::ControlPlane => self.of(&format!("{group}.masters")),
            Role::ApiServer => self.of(&format!("{group}.apiservers")),
            Role::Node | Role::Bastion => self.of(group),
        }
    }

    /// The name of a role's security group. API servers share that of the control plane.
    pub fn security_group(&self, role: crate::spec::Role) -> String {
        use crate::spec::Role;
        self.of(match role {
            Role::ControlPlane | Role::ApiServer => "masters",
            Role::Node => "nodes",
            Role::Bastion => "bastion",
        })
    }

    /// The name of a role's IAM role and instance profile, at most 64 characters.
    pub fn iam(&self, role: crate::spec::Role) -> String {
        use crate::spec::Role;
        let name = self.of(match role {
            Role::ControlPlane => "masters",
            Role::ApiServer => "apiservers",
            Role::Node => "nodes",
            Role::Bastion => "bastions",
        });
        truncate(&name, 64)
    }

    /// The name of a service account's IAM role, at most 64 characters.
    pub fn service_account(&self, namespace: &str, name: &str) -> String {
        let namespace = namespace.replace('*', "wildcard");
        truncate(&self.of(&format!("{name}.{namespace}.sa")), 64)
    }

    /// The name of the queue of the node termination handler.
    pub fn queue(&self) -> String {
        format!("{}-nth", truncate(&self.cluster.replace('.', "-"), 75))
    }

    /// The name of an event rule of the node termination handler.
    pub fn event_rule(&self, event: &str) -> String {
        format!("{}-{event}", truncate(self.cluster, 40))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Names as in kops's golden output.
    #[test]
    fn load_balancers_always_carry_a_hash() {
        assert_eq!(load_balancer("api", "privatecalico.example.com"), "api-privatecalico-example-0uch4k");
        assert_eq!(load_balancer("tcp", "complex.example.com"), "tcp-complex-example-com-vpjolq");
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(truncate("short", 5), "short");
        let long = truncate(&"x".repeat(70), 64);
        assert_eq!(long.len(), 64);
        assert!(long.starts_with(&"x".repeat(57)) && long.as_bytes()[57] == b'-');
        assert_eq!(with_hash("ééééé", 12).len(), 11);
    }

    #[test]
    fn policies_are_told_apart_by_number() {
        assert_eq!(fnv("arn:aws-test:iam::123456789012:policy/UsersManageOwnCredentials"), 3_197_825_879);
    }

    #[test]
    fn terraform_names() {
        assert_eq!(terraform("us-test-1a.minimal.example.com"), "us-test-1a-minimal-example-com");
        assert_eq!(terraform("route-private-us-test-1a-0.0.0.0/0"), "route-private-us-test-1a-0-0-0-0--0");
        assert_eq!(terraform("::/0"), "__--0");
        assert_eq!(terraform("1.etcd"), "prefix_1-etcd");
    }
}
