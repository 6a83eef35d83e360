//! Adopts kops's style where Terraform has several forms for one value: quotes around some values, a local for the
//! network's IPv6 range, and files for scripts. It changes no meaning on AWS; [`google`] has one exception.

mod google;

use serde_json::{Value, json};

/// The attributes that kops puts in quotes. Terraform treats `"30"` and `30` as equal there.
const QUOTED: [(&str, &str); 2] =
    [("aws_lb_target_group", "connection_termination"), ("aws_lb_target_group", "deregistration_delay")];

/// The start and the end of the expression for the network's IPv6 range in the export.
const NETWORK: (&str, &str) = ("aws_vpc.", ".ipv6_cidr_block");

/// Rewrites a configuration in Terraform's JSON syntax.
pub fn rewrite(main: &mut Value) {
    for (of_type, field) in QUOTED {
        let Some(resources) = main["resource"].get_mut(of_type).and_then(Value::as_object_mut) else {
            continue;
        };
        for value in resources.values_mut().filter_map(|resource| resource.get_mut(field)) {
            if !value.is_string() {
                *value = value.to_string().into();
            }
        }
    }
    network_range(main);
    scripts(main);
    google::rewrite(main);
}

/// Lets Terraform read the scripts of machines from files in one step.
fn scripts(main: &mut Value) {
    let Some(templates) = main["resource"].get_mut("aws_launch_template").and_then(Value::as_object_mut)
    else {
        return;
    };
    for data in templates.values_mut().filter_map(|template| template.get_mut("user_data")) {
        let file =
            data.as_str().and_then(|text| text.strip_prefix("${base64encode(file(")?.strip_suffix("))}"));
        if let Some(file) = file {
            *data = format!("${{filebase64({file})}}").into();
        }
    }
}

/// Adds locals for the network's IPv6 range and its length, from which the blocks of subnets are counted.
fn network_range(main: &mut Value) {
    let Some(subnets) = main["resource"].get_mut("aws_subnet").and_then(Value::as_object_mut) else { return };
    let mut network = None;
    for block in subnets.values_mut().filter_map(|subnet| subnet.get_mut("ipv6_cidr_block")) {
        let Some((range, number)) = block.as_str().and_then(counted) else { continue };
        network = Some(range.to_owned());
        let length = "64 - local.vpc_ipv6_cidr_length";
        *block = format!("${{cidrsubnet(local.vpc_ipv6_cidr_block, {length}, {number})}}").into();
    }
    if let Some(range) = network {
        main["locals"] = json!({
            "vpc_ipv6_cidr_block": format!("${{{range}}}"),
            "vpc_ipv6_cidr_length": format!("${{tonumber(split(\"/\", {range})[1])}}"),
        });
    }
}

/// The network's range and the number of the block, if an expression counts blocks of prefix length 64.
fn counted(expression: &str) -> Option<(&str, &str)> {
    let inner = expression.strip_prefix("${cidrsubnet(")?.strip_suffix(")}")?;
    let (range, rest) = inner.split_once(", 64 - ")?;
    let (_, number) = rest.rsplit_once(", ")?;
    (range.starts_with(NETWORK.0) && range.ends_with(NETWORK.1)).then_some((range, number))
}
