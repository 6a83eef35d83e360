//! The load balancer in front of the API, class Classic (kops 1.36 `api_loadbalancer.go`; later releases of kops do not
//! make it).

use super::Model;
use super::balancer::{Joins, Made};
use super::network::Network;
use crate::names::load_balancer;
use crate::populate::Balancer;
use crate::spec::values::CertificateArn;
use landform_aws as aws;
use landform_core::{Id, Input};

impl Model<'_> {
    pub(super) fn classic_balancer(
        &mut self,
        balancer: &Balancer,
        network: &Network,
        groups: Vec<Input<Id<aws::SecurityGroup>>>,
    ) -> Made {
        let spec = &balancer.spec;
        let certificate = spec.ssl_certificate.as_ref().map(CertificateArn::as_str);
        let protocol = if certificate.is_some() { "SSL" } else { "TCP" };
        let listener = aws::ElbListener::new(443_u16, protocol, 443_u16, protocol);
        let listener = listener.with(certificate, |listener, arn| listener.ssl_certificate_id(arn));
        let subnets: Vec<_> = if spec.subnets.is_empty() {
            self.subnet_per_zone(balancer.internal)
                .into_iter()
                .map(|index| network.subnets[index].clone())
                .collect()
        } else {
            let named = |name: &str| self.cluster().subnets.iter().position(|subnet| subnet.name == name);
            spec.subnets
                .iter()
                .filter_map(|subnet| Some(network.subnets[named(&subnet.name)?].clone()))
                .collect()
        };
        let name = self.names.of("api");
        let resource = aws::Elb::new(load_balancer("api", self.names.cluster), [listener])
            .subnets(subnets)
            .security_groups(groups)
            .internal(balancer.internal)
            .health_check(aws::ElbHealthCheck::new("SSL:443", 10_u32, 5_u32, 2_u32, 2_u32))
            .cross_zone_load_balancing(balancer.cross_zone)
            .idle_timeout(spec.idle_timeout_seconds.unwrap_or(300))
            .connection_draining(true)
            .connection_draining_timeout(300)
            .with(spec.access_log.as_ref(), |elb, log| {
                let logs = aws::ElbAccessLogs::new(log.bucket.as_deref().unwrap_or_default())
                    .enabled(true)
                    .with(log.interval.filter(|minutes| *minutes > 0), |logs, minutes| logs.interval(minutes))
                    .with(log.bucket_prefix.as_deref(), |logs, prefix| logs.bucket_prefix(prefix));
                elb.access_logs(logs)
            })
            .tags(self.tags(&name));
        let made = self.add(&name, resource);
        Made {
            dns_name: made.dns_name().into(),
            zone_id: made.zone_id().into(),
            joins: Joins::Classic((&made).into()),
        }
    }
}
