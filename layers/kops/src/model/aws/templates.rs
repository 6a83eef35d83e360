//! Launch templates: what a machine of a group is like (kops `autoscalinggroup.go`).

use super::Model;
use super::groups::Parts;
use crate::populate::Group;
use crate::spec::values::{SecurityGroupId, VolumeType};
use crate::spec::{HttpTokens, InterruptionBehavior, Role, Volume};
use landform_aws as aws;
use landform_core::input::base64;
use landform_core::{Handle, Id, Input};

/// The operations per second and the MiB per second that a gp3 volume has at no extra cost.
const GP3: (u32, u32) = (3000, 125);
/// The least operations per second of an io1 or io2 volume.
const PROVISIONED: u32 = 100;

impl Model<'_> {
    pub(super) fn template(&mut self, group: &Group, parts: &Parts) -> Handle<aws::LaunchTemplate> {
        let name = self.names.group(&group.name, group.role);
        let tags = self.group_tags(group);
        let spec = &group.spec;
        let specifications = ["instance", "volume", "network-interface"]
            .map(|kind| aws::TagSpecification::new(kind).tags(tags.clone()));
        let ipv6 = self.has_ipv6(group);
        let metadata = spec.instance_metadata.clone().unwrap_or_default();
        let options = aws::MetadataOptions::new()
            .http_endpoint("enabled")
            .http_tokens(metadata.http_tokens.unwrap_or(HttpTokens::Required).as_str())
            .http_put_response_hop_limit(metadata.http_put_response_hop_limit.unwrap_or(1))
            .http_protocol_ipv6(if ipv6 { "enabled" } else { "disabled" });
        let interface = aws::NetworkInterface::new()
            .associate_public_ip_address(self.has_public_address(group))
            .delete_on_termination(true)
            .ipv6_address_count(u32::from(ipv6))
            .security_groups(self.group_security(group, parts));
        let mut devices = vec![root_device(group)];
        let mut further: Vec<&Volume> = spec.volumes.iter().collect();
        further.sort_by(|a, b| a.device.cmp(&b.device));
        devices.extend(further.into_iter().map(device));
        devices.extend((0..group.machine.ephemeral_disks.min(23)).map(|index| {
            let device = format!("/dev/sd{}", char::from(b'c' + index));
            aws::BlockDeviceMapping::new(device).virtual_name(format!("ephemeral{index}"))
        }));
        let machine_type = spec.first_machine_type();
        let template = aws::LaunchTemplate::new(name.as_str())
            .image_id(group.image.id.as_str())
            .instance_type(machine_type)
            .block_device_mappings(devices)
            .network_interfaces([interface])
            .metadata_options(options)
            .monitoring(aws::Monitoring::new(spec.detailed_instance_monitoring == Some(true)))
            .tag_specifications(specifications)
            .tags(tags)
            .with(self.profile(group, parts), |template, profile| {
                template.iam_instance_profile(aws::IamInstanceProfileSpecification::named(profile))
            })
            .with(parts.boot.get(&group.name), |template, data| template.user_data(base64(data.as_str())))
            .with(parts.key.as_ref(), |template, key| template.key_name(key))
            .with(spec.root_volume_optimization, |template, yes| template.ebs_optimized(yes))
            .with(spec.cpu_credits, |template, credits| {
                template.credit_specification(aws::CreditSpecification::new(credits.as_str()))
            })
            .with(spot_options(group), |template, options| {
                template
                    .instance_market_options(aws::InstanceMarketOptions::new("spot").spot_options(options))
            })
            .with(spec.tenancy, |template, tenancy| {
                template.placement(aws::Placement::new().tenancy(tenancy.as_str()))
            });
        let template = self.add(&name, template);
        // A group that is in use needs its old template until it has the new one.
        self.ground.adjust(&template, |node| node.lifecycle.create_before_destroy = true);
        template
    }

    /// The instance profile: an existing one by its name, or the profile of the role.
    fn profile(&self, group: &Group, parts: &Parts) -> Option<Input<Id<aws::IamInstanceProfile>>> {
        match group.spec.iam.as_ref().and_then(|iam| iam.profile.as_ref()) {
            Some(arn) => Some(arn.name().into()),
            None => parts.iam.profiles.get(&group.role).map(Input::from),
        }
    }

    fn group_security(&self, group: &Group, parts: &Parts) -> Vec<Input<Id<aws::SecurityGroup>>> {
        let own = parts
            .security
            .of(group.role, group.spec.security_group_override.as_ref().map(SecurityGroupId::as_str));
        let mut groups: Vec<Input<Id<aws::SecurityGroup>>> =
            own.map(|own| own.id.clone()).into_iter().collect();
        let behind = self.populated.balancer.as_ref().filter(|balancer| {
            group.role.serves_api() && balancer.class == Some(crate::spec::LoadBalancerClass::Network)
        });
        let shared =
            behind.map(|balancer| balancer.spec.additional_security_groups.as_slice()).unwrap_or_default();
        groups
            .extend(shared.iter().chain(&group.spec.additional_security_groups).map(|id| id.as_str().into()));
        groups
    }

    fn has_public_address(&self, group: &Group) -> bool {
        let first = group.spec.subnets.first().and_then(|name| self.populated.spec.subnet(name));
        first.is_some_and(|subnet| subnet.kind().is_public())
            && group.spec.associate_public_ip.unwrap_or(true)
    }

    fn has_ipv6(&self, group: &Group) -> bool {
        let mut subnets = group.spec.subnets.iter().filter_map(|name| self.populated.spec.subnet(name));
        subnets.any(|subnet| subnet.ipv6_cidr.is_some())
    }
}

/// The request for spot machines. `None` for a group with several types of machine: its policy holds the price.
fn spot_options(group: &Group) -> Option<aws::SpotOptionsBuilder> {
    let spec = &group.spec;
    let price = spec.max_price.as_ref().filter(|_| spec.mixed_instances_policy.is_none())?;
    let behavior = spec.instance_interruption_behavior.map(InterruptionBehavior::as_str);
    let options = aws::SpotOptions::new()
        .max_price(price.as_str())
        .with(spec.spot_duration_in_minutes, |options, minutes| options.block_duration_minutes(minutes))
        .with(behavior, |options, behavior| options.instance_interruption_behavior(behavior));
    Some(options)
}

fn root_device(group: &Group) -> aws::BlockDeviceMappingBuilder {
    let spec = &group.spec;
    let size = match group.role {
        Role::ControlPlane => 64,
        Role::Node | Role::ApiServer => 128,
        Role::Bastion => 32,
    };
    let kind = spec.root_volume_type.as_ref().unwrap_or(&VolumeType::Gp3);
    let encrypted = spec.root_volume_encryption.unwrap_or(true);
    let key =
        spec.root_volume_encryption_key.as_deref().filter(|_| spec.root_volume_encryption == Some(true));
    let at_least = |value: Option<u32>, least: u32| value.unwrap_or(least).max(least);
    let (iops, throughput) = match kind {
        VolumeType::Gp3 => {
            (Some(at_least(spec.root_volume_iops, GP3.0)), Some(at_least(spec.root_volume_throughput, GP3.1)))
        }
        VolumeType::Io1 | VolumeType::Io2 => (Some(at_least(spec.root_volume_iops, PROVISIONED)), None),
        _ => (None, None),
    };
    let volume = aws::Ebs::new()
        .delete_on_termination(true)
        .encrypted(encrypted)
        .volume_size(spec.root_volume_size.filter(|size| *size > 0).unwrap_or(size))
        .volume_type(kind.as_ref());
    let volume = with_performance(volume, iops, throughput, key);
    aws::BlockDeviceMapping::new(group.image.root_device.as_str()).ebs(volume)
}

fn device(volume: &Volume) -> aws::BlockDeviceMappingBuilder {
    let kind = volume.r#type.as_ref().unwrap_or(&VolumeType::Gp3);
    let (iops, throughput) = match kind {
        VolumeType::Gp3 => (Some(volume.iops.unwrap_or(GP3.0)), Some(volume.throughput.unwrap_or(GP3.1))),
        VolumeType::Io1 | VolumeType::Io2 => (Some(volume.iops.unwrap_or(PROVISIONED)), volume.throughput),
        _ => (None, volume.throughput),
    };
    let ebs = aws::Ebs::new()
        .delete_on_termination(volume.delete_on_termination.unwrap_or(true))
        .encrypted(volume.encrypted.unwrap_or(true))
        .volume_size(volume.size)
        .volume_type(kind.as_ref());
    let ebs = with_performance(ebs, iops, throughput, volume.key.as_deref());
    aws::BlockDeviceMapping::new(volume.device.as_str()).ebs(ebs)
}

fn with_performance(
    volume: aws::EbsBuilder,
    iops: Option<u32>,
    throughput: Option<u32>,
    key: Option<&str>,
) -> aws::EbsBuilder {
    volume
        .with(iops, |volume, iops| volume.iops(iops))
        .with(throughput, |volume, throughput| volume.throughput(throughput))
        .with(key, |volume, key| volume.kms_key_id(key))
}
