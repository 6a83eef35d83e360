//! The stack of a cluster's spec, by the layer's function for its cloud. Asks no cloud.

use std::collections::BTreeMap;

use landform::kops::{FixedLookup, Lookup, MissingAddons, Options, Problems, Spec, names};
use landform::{Address, Stack, kops};

use super::is_on_google;
use crate::Failure;
use crate::selection::Declared;

/// The stack of a cluster.
pub fn stack(spec: &Spec, lookup: &FixedLookup) -> Result<Stack, Failure> {
    Ok(declared(spec, lookup)?.stack)
}

/// What is declared for a cluster.
pub fn declared(spec: &Spec, lookup: &FixedLookup) -> Result<Declared, Failure> {
    if spec.ssh_keys.is_empty() && spec.cluster.spec.ssh_key_name.is_none() {
        let name = spec.name();
        return Err(format!(
            "{name} has no public key for SSH: create secret --name {name} sshpublickey admin -i ~/.ssh/id_ed25519.pub, or set \
             spec.sshKeyName to \"\" for none"
        )
        .into());
    }
    for field in kops::unused(spec) {
        eprintln!("warning: {field}");
    }
    let mut stack = Stack::new(spec.name());
    let groups = declare(&mut stack, spec, MissingAddons::Refused, lookup)?;
    stack.check()?;
    // Some groups have no template of their own.
    let groups = groups.into_iter().map(|(group, parts)| {
        let known = parts.iter().filter_map(|part| stack.node(part)).map(|node| node.address.clone());
        (group, known.collect::<Vec<Address>>())
    });
    let groups = groups.collect();
    Ok(Declared { stack, groups })
}

/// Declares a cluster in a stack. Returns the addresses that each group of machines may have, by the group's name: a
/// group's user data has the digest of the machines' own document, so all of them change together.
pub fn declare(
    stack: &mut Stack,
    spec: &Spec,
    missing_addons: MissingAddons,
    lookup: &impl Lookup,
) -> Result<BTreeMap<String, Vec<String>>, Problems> {
    let document = |of_type: &str, group: &str| format!("{of_type}.nodeupconfig-{group}");
    if is_on_google(spec) {
        let options = Options { missing_addons, ..Options::default() };
        let handles = kops::gce::cluster(stack, spec, &options, lookup)?;
        let parts = handles.groups.into_iter().map(|(group, managers)| {
            let mut parts: Vec<String> =
                managers.values().map(|manager| manager.address().to_string()).collect();
            parts.extend(handles.templates.get(&group).map(|template| template.address().to_string()));
            parts.push(document("google_storage_bucket_object", &group));
            (group, parts)
        });
        return Ok(parts.collect());
    }
    let options = Options { missing_addons, ..Options::default() };
    let handles = kops::cluster(stack, spec, &options, lookup)?;
    let parts = handles.groups.into_iter().map(|(group, handle)| {
        let parts = vec![
            handle.address().to_string(),
            format!("aws_launch_template.{}", handle.address().name()),
            document("aws_s3_object", &group),
        ];
        (group, parts)
    });
    Ok(parts.collect())
}

/// The addresses at which users reach the load balancer of a cluster's API. `None` if there is none yet.
pub fn api_addresses<'a>(spec: &Spec, lookup: &'a FixedLookup) -> Option<&'a Vec<String>> {
    let name = spec.name();
    let mut balancers = match is_on_google(spec) {
        false => vec![format!("api.{name}")],
        true => vec![names::gce::suffixed("api", name)],
    };
    if is_on_google(spec) {
        // The one inside the network.
        let inside = spec.cluster.spec.subnets.iter().map(|subnet| format!("api-{}", subnet.name));
        balancers.extend(inside.map(|what| names::gce::suffixed(&what, name)));
    }
    balancers.iter().find_map(|balancer| lookup.balancer_addresses.get(balancer))
}
