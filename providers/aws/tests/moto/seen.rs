//! What another client sees: boto3 reads each new resource, and every attribute is as declared. The table names the
//! call and the place of each declared attribute in its answer, as a JMESPath expression.

use std::process::Command;

use landform_core::{Address, Call, Provider, Token};
use serde_json::{Value as Json, json};

use super::settled;
use landform_testkit::moto::Moto;

/// One type: the service, the call, its arguments (`$id` stands for the id, `$/name` for a declared attribute), and the
/// rows. A row has a declared attribute as a JSON pointer, or a literal after `=`, and its place in the answer.
struct Look {
    type_name: &'static str,
    call: (&'static str, &'static str),
    arguments: &'static str,
    rows: &'static [(&'static str, &'static str)],
}

const LOOKS: &[Look] = &[
    Look {
        type_name: "aws_instance",
        call: ("ec2", "describe_instances"),
        arguments: r#"{"InstanceIds": ["$id"]}"#,
        rows: &[
            ("/ami", "Reservations[0].Instances[0].ImageId"),
            ("/instance_type", "Reservations[0].Instances[0].InstanceType"),
            ("/subnet_id", "Reservations[0].Instances[0].SubnetId"),
            ("/vpc_security_group_ids", "Reservations[0].Instances[0].SecurityGroups[].GroupId"),
            ("/source_dest_check", "Reservations[0].Instances[0].SourceDestCheck"),
            ("=disabled", "Reservations[0].Instances[0].Monitoring.State"),
            ("/metadata_options/http_tokens", "Reservations[0].Instances[0].MetadataOptions.HttpTokens"),
            ("/tags/Name", "Reservations[0].Instances[0].Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_placement_group",
        call: ("ec2", "describe_placement_groups"),
        arguments: r#"{"GroupNames": ["$id"]}"#,
        rows: &[
            ("/name", "PlacementGroups[0].GroupName"),
            ("/strategy", "PlacementGroups[0].Strategy"),
            ("/spread_level", "PlacementGroups[0].SpreadLevel"),
            ("/tags/Name", "PlacementGroups[0].Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_main_route_table_association",
        call: ("ec2", "describe_route_tables"),
        arguments: r#"{"RouteTableIds": ["$/route_table_id"]}"#,
        rows: &[
            ("/vpc_id", "RouteTables[0].VpcId"),
            ("=true", "RouteTables[0].Associations[?Main].Main | [0]"),
        ],
    },
    Look {
        type_name: "aws_security_group_rule",
        call: ("ec2", "describe_security_group_rules"),
        arguments: r#"{"Filters": [{"Name": "group-id", "Values": ["$/security_group_id"]}]}"#,
        rows: &[
            ("/cidr_blocks", "SecurityGroupRules[?FromPort==`8000` && CidrIpv4].CidrIpv4"),
            ("/ipv6_cidr_blocks", "SecurityGroupRules[?FromPort==`8000` && CidrIpv6].CidrIpv6"),
            (
                "/source_security_group_id",
                "SecurityGroupRules[?FromPort==`8000` && ReferencedGroupInfo].ReferencedGroupInfo.GroupId | [0]",
            ),
            ("/to_port", "SecurityGroupRules[?FromPort==`8000`].ToPort | [0]"),
            ("=tcp", "SecurityGroupRules[?FromPort==`8000`].IpProtocol | [0]"),
            ("=false", "SecurityGroupRules[?FromPort==`8000`].IsEgress | [0]"),
            ("/description", "SecurityGroupRules[?FromPort==`8000` && CidrIpv4].Description | [0]"),
        ],
    },
    Look {
        type_name: "aws_vpc_security_group_ingress_rule",
        call: ("ec2", "describe_security_group_rules"),
        arguments: r#"{"SecurityGroupRuleIds": ["$id"]}"#,
        rows: &[
            ("/security_group_id", "SecurityGroupRules[0].GroupId"),
            ("/ip_protocol", "SecurityGroupRules[0].IpProtocol"),
            ("/from_port", "SecurityGroupRules[0].FromPort"),
            ("/to_port", "SecurityGroupRules[0].ToPort"),
            ("/cidr_ipv4", "SecurityGroupRules[0].CidrIpv4"),
            ("/description", "SecurityGroupRules[0].Description"),
            ("=false", "SecurityGroupRules[0].IsEgress"),
            ("/tags/Name", "SecurityGroupRules[0].Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_vpc_security_group_egress_rule",
        call: ("ec2", "describe_security_group_rules"),
        arguments: r#"{"SecurityGroupRuleIds": ["$id"]}"#,
        rows: &[
            ("/ip_protocol", "SecurityGroupRules[0].IpProtocol"),
            ("/cidr_ipv4", "SecurityGroupRules[0].CidrIpv4"),
            ("=true", "SecurityGroupRules[0].IsEgress"),
        ],
    },
    Look {
        type_name: "aws_launch_template",
        call: ("ec2", "describe_launch_template_versions"),
        arguments: r#"{"LaunchTemplateId": "$id", "Versions": ["$Latest"]}"#,
        rows: &[
            ("/name", "LaunchTemplateVersions[0].LaunchTemplateName"),
            ("/description", "LaunchTemplateVersions[0].VersionDescription"),
            ("/image_id", "LaunchTemplateVersions[0].LaunchTemplateData.ImageId"),
            ("/instance_type", "LaunchTemplateVersions[0].LaunchTemplateData.InstanceType"),
            ("/key_name", "LaunchTemplateVersions[0].LaunchTemplateData.KeyName"),
            ("/user_data", "LaunchTemplateVersions[0].LaunchTemplateData.UserData"),
            ("/ebs_optimized", "LaunchTemplateVersions[0].LaunchTemplateData.EbsOptimized"),
            (
                "/block_device_mappings/0/ebs/volume_size",
                "LaunchTemplateVersions[0].LaunchTemplateData.BlockDeviceMappings[0].Ebs.VolumeSize",
            ),
            (
                "/block_device_mappings/0/ebs/encrypted",
                "LaunchTemplateVersions[0].LaunchTemplateData.BlockDeviceMappings[0].Ebs.Encrypted",
            ),
            (
                "/block_device_mappings/1/virtual_name",
                "LaunchTemplateVersions[0].LaunchTemplateData.BlockDeviceMappings[1].VirtualName",
            ),
            (
                "/network_interfaces/0/security_groups",
                "LaunchTemplateVersions[0].LaunchTemplateData.NetworkInterfaces[0].Groups",
            ),
            (
                "/network_interfaces/0/associate_public_ip_address",
                "LaunchTemplateVersions[0].LaunchTemplateData.NetworkInterfaces[0].AssociatePublicIpAddress",
            ),
            (
                "/iam_instance_profile/name",
                "LaunchTemplateVersions[0].LaunchTemplateData.IamInstanceProfile.Name",
            ),
            (
                "/credit_specification/cpu_credits",
                "LaunchTemplateVersions[0].LaunchTemplateData.CreditSpecification.CpuCredits",
            ),
            (
                "/instance_market_options/spot_options/max_price",
                "LaunchTemplateVersions[0].LaunchTemplateData.InstanceMarketOptions.SpotOptions.MaxPrice",
            ),
            (
                "/metadata_options/http_tokens",
                "LaunchTemplateVersions[0].LaunchTemplateData.MetadataOptions.HttpTokens",
            ),
            ("/monitoring/enabled", "LaunchTemplateVersions[0].LaunchTemplateData.Monitoring.Enabled"),
            ("/placement/tenancy", "LaunchTemplateVersions[0].LaunchTemplateData.Placement.Tenancy"),
            (
                "/tag_specifications/0/tags/Name",
                "LaunchTemplateVersions[0].LaunchTemplateData.TagSpecifications[?ResourceType=='instance'].Tags[] | [?Key=='Name'].Value | [0]",
            ),
        ],
    },
    Look {
        type_name: "aws_autoscaling_group",
        call: ("autoscaling", "describe_auto_scaling_groups"),
        arguments: r#"{"AutoScalingGroupNames": ["$id"]}"#,
        rows: &[
            ("/min_size", "AutoScalingGroups[0].MinSize"),
            ("/max_size", "AutoScalingGroups[0].MaxSize"),
            ("/desired_capacity", "AutoScalingGroups[0].DesiredCapacity"),
            ("/vpc_zone_identifier", "split(AutoScalingGroups[0].VPCZoneIdentifier)"),
            (
                "/mixed_instances_policy/launch_template/launch_template_specification/launch_template_id",
                "AutoScalingGroups[0].MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId",
            ),
            (
                "/mixed_instances_policy/launch_template/override/1/instance_type",
                "AutoScalingGroups[0].MixedInstancesPolicy.LaunchTemplate.Overrides[1].InstanceType",
            ),
            (
                "/mixed_instances_policy/instances_distribution/on_demand_percentage_above_base_capacity",
                "AutoScalingGroups[0].MixedInstancesPolicy.InstancesDistribution.OnDemandPercentageAboveBaseCapacity",
            ),
            ("/enabled_metrics", "AutoScalingGroups[0].EnabledMetrics[].Metric"),
            ("/health_check_grace_period", "AutoScalingGroups[0].HealthCheckGracePeriod"),
            ("/health_check_type", "AutoScalingGroups[0].HealthCheckType"),
            ("/default_cooldown", "AutoScalingGroups[0].DefaultCooldown"),
            ("/capacity_rebalance", "AutoScalingGroups[0].CapacityRebalance"),
            ("/protect_from_scale_in", "AutoScalingGroups[0].NewInstancesProtectedFromScaleIn"),
            ("/suspended_processes", "AutoScalingGroups[0].SuspendedProcesses[].ProcessName"),
            ("/termination_policies", "AutoScalingGroups[0].TerminationPolicies"),
            ("/target_group_arns", "AutoScalingGroups[0].TargetGroupARNs"),
            ("/load_balancers", "AutoScalingGroups[0].LoadBalancerNames"),
            ("/warm_pool/min_size", "AutoScalingGroups[0].WarmPoolConfiguration.MinSize"),
            ("/warm_pool/pool_state", "AutoScalingGroups[0].WarmPoolConfiguration.PoolState"),
            ("=a", "AutoScalingGroups[0].Tags[?Key=='Name'].Value | [0]"),
            ("=true", "AutoScalingGroups[0].Tags[?Key=='Name'].PropagateAtLaunch | [0]"),
            ("=false", "AutoScalingGroups[0].Tags[?Key=='Old'].PropagateAtLaunch | [0]"),
        ],
    },
    Look {
        type_name: "aws_autoscaling_attachment",
        call: ("autoscaling", "describe_load_balancer_target_groups"),
        arguments: r#"{"AutoScalingGroupName": "$/autoscaling_group_name"}"#,
        rows: &[("/lb_target_group_arn", "LoadBalancerTargetGroups[0].LoadBalancerTargetGroupARN")],
    },
    Look {
        type_name: "aws_autoscaling_lifecycle_hook",
        call: ("autoscaling", "describe_lifecycle_hooks"),
        arguments: r#"{"AutoScalingGroupName": "$/autoscaling_group_name", "LifecycleHookNames": ["$/name"]}"#,
        rows: &[
            ("/lifecycle_transition", "LifecycleHooks[0].LifecycleTransition"),
            ("/default_result", "LifecycleHooks[0].DefaultResult"),
            ("/heartbeat_timeout", "LifecycleHooks[0].HeartbeatTimeout"),
        ],
    },
    Look {
        type_name: "aws_lb",
        call: ("elbv2", "describe_load_balancers"),
        arguments: r#"{"LoadBalancerArns": ["$id"]}"#,
        rows: &[
            ("/name", "LoadBalancers[0].LoadBalancerName"),
            ("/load_balancer_type", "LoadBalancers[0].Type"),
            ("=internal", "LoadBalancers[0].Scheme"),
            ("/subnets", "LoadBalancers[0].AvailabilityZones[].SubnetId"),
            ("/security_groups", "LoadBalancers[0].SecurityGroups"),
        ],
    },
    Look {
        type_name: "aws_lb",
        call: ("elbv2", "describe_load_balancer_attributes"),
        arguments: r#"{"LoadBalancerArn": "$id"}"#,
        rows: &[
            ("/access_logs/bucket", "Attributes[?Key=='access_logs.s3.bucket'].Value | [0]"),
            ("/access_logs/prefix", "Attributes[?Key=='access_logs.s3.prefix'].Value | [0]"),
            ("/access_logs/enabled", "Attributes[?Key=='access_logs.s3.enabled'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_lb",
        call: ("elbv2", "describe_tags"),
        arguments: r#"{"ResourceArns": ["$id"]}"#,
        rows: &[("/tags/Name", "TagDescriptions[0].Tags[?Key=='Name'].Value | [0]")],
    },
    Look {
        type_name: "aws_lb_listener",
        call: ("elbv2", "describe_listeners"),
        arguments: r#"{"ListenerArns": ["$id"]}"#,
        rows: &[
            ("/load_balancer_arn", "Listeners[0].LoadBalancerArn"),
            ("/port", "Listeners[0].Port"),
            ("/protocol", "Listeners[0].Protocol"),
            ("/default_action/0/type", "Listeners[0].DefaultActions[0].Type"),
            ("/default_action/0/target_group_arn", "Listeners[0].DefaultActions[0].TargetGroupArn"),
        ],
    },
    Look {
        type_name: "aws_lb_listener_rule",
        call: ("elbv2", "describe_rules"),
        arguments: r#"{"RuleArns": ["$id"]}"#,
        rows: &[
            ("/priority", "Rules[0].Priority"),
            ("/action/0/target_group_arn", "Rules[0].Actions[0].TargetGroupArn"),
            (
                "/condition/0/host_header/values",
                "Rules[0].Conditions[?Field=='host-header'].HostHeaderConfig.Values | [0]",
            ),
            (
                "/condition/1/path_pattern/values",
                "Rules[0].Conditions[?Field=='path-pattern'].PathPatternConfig.Values | [0]",
            ),
        ],
    },
    Look {
        type_name: "aws_lb_target_group_attachment",
        call: ("elbv2", "describe_target_health"),
        arguments: r#"{"TargetGroupArn": "$/target_group_arn"}"#,
        rows: &[
            ("/target_id", "TargetHealthDescriptions[?Target.Port==`8080`].Target.Id | [0]"),
            ("/port", "TargetHealthDescriptions[?Target.Id=='10.0.0.9'].Target.Port | [0]"),
        ],
    },
    Look {
        type_name: "aws_elb",
        call: ("elb", "describe_load_balancers"),
        arguments: r#"{"LoadBalancerNames": ["$id"]}"#,
        rows: &[
            ("=internal", "LoadBalancerDescriptions[0].Scheme"),
            ("=[80, 443]", "LoadBalancerDescriptions[0].ListenerDescriptions[].Listener.LoadBalancerPort"),
            ("=[8080, 8080]", "LoadBalancerDescriptions[0].ListenerDescriptions[].Listener.InstancePort"),
            ("/subnets", "LoadBalancerDescriptions[0].Subnets"),
            ("/security_groups", "LoadBalancerDescriptions[0].SecurityGroups"),
            ("/health_check/target", "LoadBalancerDescriptions[0].HealthCheck.Target"),
            ("/health_check/interval", "LoadBalancerDescriptions[0].HealthCheck.Interval"),
            ("/health_check/healthy_threshold", "LoadBalancerDescriptions[0].HealthCheck.HealthyThreshold"),
        ],
    },
    Look {
        type_name: "aws_elb",
        call: ("elb", "describe_load_balancer_attributes"),
        arguments: r#"{"LoadBalancerName": "$id"}"#,
        rows: &[
            ("/idle_timeout", "LoadBalancerAttributes.ConnectionSettings.IdleTimeout"),
            ("=true", "LoadBalancerAttributes.CrossZoneLoadBalancing.Enabled"),
            ("/connection_draining", "LoadBalancerAttributes.ConnectionDraining.Enabled"),
        ],
    },
    Look {
        type_name: "aws_vpc_dhcp_options",
        call: ("ec2", "describe_dhcp_options"),
        arguments: r#"{"DhcpOptionsIds": ["$id"]}"#,
        rows: &[
            ("/domain_name", "DhcpOptions[0].DhcpConfigurations[?Key=='domain-name'].Values[0].Value | [0]"),
            (
                "/domain_name_servers",
                "DhcpOptions[0].DhcpConfigurations[?Key=='domain-name-servers'].Values[].Value",
            ),
            ("/ntp_servers", "DhcpOptions[0].DhcpConfigurations[?Key=='ntp-servers'].Values[].Value"),
        ],
    },
    Look {
        type_name: "aws_vpc_dhcp_options_association",
        call: ("ec2", "describe_vpcs"),
        arguments: r#"{"VpcIds": ["$/vpc_id"]}"#,
        rows: &[("/dhcp_options_id", "Vpcs[0].DhcpOptionsId")],
    },
    Look {
        type_name: "aws_network_acl",
        call: ("ec2", "describe_network_acls"),
        arguments: r#"{"NetworkAclIds": ["$id"]}"#,
        rows: &[
            ("/vpc_id", "NetworkAcls[0].VpcId"),
            ("/subnet_ids", "NetworkAcls[0].Associations[].SubnetId"),
            ("/tags/Name", "NetworkAcls[0].Tags[?Key=='Name'].Value | [0]"),
        ],
    },
    Look {
        type_name: "aws_network_acl_rule",
        call: ("ec2", "describe_network_acls"),
        arguments: r#"{"NetworkAclIds": ["$/network_acl_id"]}"#,
        rows: &[
            ("/cidr_block", "NetworkAcls[0].Entries[?RuleNumber==`100`].CidrBlock | [0]"),
            ("/rule_action", "NetworkAcls[0].Entries[?RuleNumber==`100`].RuleAction | [0]"),
            ("=6", "NetworkAcls[0].Entries[?RuleNumber==`100`].Protocol | [0]"),
            ("/from_port", "NetworkAcls[0].Entries[?RuleNumber==`100`].PortRange.From | [0]"),
            ("/to_port", "NetworkAcls[0].Entries[?RuleNumber==`100`].PortRange.To | [0]"),
        ],
    },
    Look {
        type_name: "aws_vpc_endpoint",
        call: ("ec2", "describe_vpc_endpoints"),
        arguments: r#"{"VpcEndpointIds": ["$id"]}"#,
        rows: &[
            ("/vpc_id", "VpcEndpoints[0].VpcId"),
            ("/service_name", "VpcEndpoints[0].ServiceName"),
            ("=Gateway", "VpcEndpoints[0].VpcEndpointType"),
            ("/route_table_ids", "VpcEndpoints[0].RouteTableIds"),
            ("/policy", "VpcEndpoints[0].PolicyDocument"),
        ],
    },
    Look {
        type_name: "aws_vpc_peering_connection",
        call: ("ec2", "describe_vpc_peering_connections"),
        arguments: r#"{"VpcPeeringConnectionIds": ["$id"]}"#,
        rows: &[
            ("/vpc_id", "VpcPeeringConnections[0].RequesterVpcInfo.VpcId"),
            ("/peer_vpc_id", "VpcPeeringConnections[0].AccepterVpcInfo.VpcId"),
            ("=active", "VpcPeeringConnections[0].Status.Code"),
        ],
    },
];

/// Reads `[[name, service, call, arguments, [[what, path, expected]…]]…]` and prints the differences.
const SCRIPT: &str = r#"
import boto3, jmespath, json, os, sys

def plain(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return sorted(plain(item) for item in value)
    if isinstance(value, str) and value[:1] in "{[":
        return json.dumps(json.loads(value), sort_keys=True)
    return "" if value is None else str(value)

checked = 0
for name, service, call, arguments, rows in json.load(sys.stdin):
    client = boto3.client(service, region_name=os.environ["AWS_REGION"])
    answer = getattr(client, call)(**arguments)
    for what, path, expected in rows:
        split = path.startswith("split(")
        found = jmespath.search(path[6:-1] if split else path, answer)
        found = found.split(",") if split else found
        checked += 1
        if plain(found) != plain(expected):
            print(f"{name} {what}: boto3 sees {found!r}, expected {expected!r}")
print(f"checked {checked}", file=sys.stderr)
"#;

/// Creates every sample in the table, and lets boto3 compare them.
pub async fn compare(moto: &Moto, provider: &Provider, samples: &[(&'static str, Json, Json)]) {
    let (mut asked, mut broken) = (Vec::new(), Vec::new());
    let known = LOOKS.iter().filter(|look| !samples.iter().any(|sample| sample.0 == look.type_name));
    assert_eq!(known.count(), 0, "the table names a type that has no sample");
    for (type_name, arguments, _) in samples {
        if !LOOKS.iter().any(|look| look.type_name == *type_name) {
            continue;
        }
        let driver = provider.driver(type_name).unwrap();
        let address = Address::new(&type_name.parse().unwrap(), "seen").unwrap();
        let token: Token = format!("seen-{}", type_name.replace('_', "-")).parse().unwrap();
        let call = Call::new(&address, &token);
        let made = match driver.create(call, arguments).await {
            Ok(begun) => settled(&**driver, call, begun, arguments).await,
            Err(error) => Err(error.to_string()),
        };
        let id = match made {
            Ok(id) => id,
            Err(problem) => {
                broken.push(problem);
                continue;
            }
        };
        for look in LOOKS.iter().filter(|look| look.type_name == *type_name) {
            let rows = look.rows.iter().map(|(what, path)| json!([what, path, expected(what, arguments)]));
            let rows: Vec<Json> = rows.collect();
            let filled = filled(look.arguments, &id, arguments);
            asked.push(json!([type_name, look.call.0, look.call.1, filled, rows]));
        }
    }
    let input = tempfile(&Json::from(asked));
    let mut python = Command::new(moto.python());
    python.args(["-c", SCRIPT]).envs(moto.environment()).stdin(std::fs::File::open(&input).unwrap());
    let output = python.output().unwrap();
    let [out, errors] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(output.status.success(), "{errors}");
    broken.extend(out.lines().map(str::to_owned));
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(errors.contains("checked "), "{errors}");
}

/// The expected value of a row: a literal, or the declared attribute.
fn expected(what: &str, arguments: &Json) -> Json {
    match what.strip_prefix('=') {
        Some(literal) => serde_json::from_str(literal).unwrap_or_else(|_| literal.into()),
        None => arguments.pointer(what).unwrap_or_else(|| panic!("no {what} in {arguments}")).clone(),
    }
}

/// The arguments of a call with its placeholders filled.
fn filled(text: &str, id: &str, arguments: &Json) -> Json {
    let mut text = text.replace("$id", id);
    while let Some(at) = text.find("$/") {
        let end = at + text[at..].find('"').unwrap();
        let value = arguments.pointer(&text[at + 1..end]).unwrap().as_str().unwrap().to_owned();
        text.replace_range(at..end, &value);
    }
    serde_json::from_str(&text).unwrap()
}

fn tempfile(content: &Json) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("landform-seen-{}.json", std::process::id()));
    std::fs::write(&path, content.to_string()).unwrap();
    path
}
