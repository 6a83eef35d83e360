//! The declarations on Google Cloud: the base network, and groups of machines that use it. The cluster layer declares
//! clusters on AWS only, so a group of machines stands where a cluster would.

use landform::{
    Stack, gce,
    vpc::{self, gce::BaseNetwork},
};

use crate::{Failure, project::STACK};

/// A group of machines in all zones of a region. It has a subnetwork of its own, in the addresses kept for a cluster.
/// The machines have no public addresses. They reach the internet through the Cloud NAT of the region.
pub struct Workers {
    /// The name of the group and of everything that belongs to it.
    pub name: &'static str,
    /// The number of the block of addresses.
    pub block: usize,
    /// How many machines it has.
    pub size: u32,
}

/// The image of the machines' disks.
const IMAGE: &str = "projects/debian-cloud/global/images/family/debian-12";

/// Declares a base network, and groups of machines in its first region.
pub fn stack(description: &BaseNetwork, workers: &[Workers]) -> Result<Stack, Failure> {
    let mut stack = Stack::new(STACK);
    let network = vpc::base(&mut stack, description)?;
    for group in workers {
        declare(&mut stack, &network, group)?;
    }
    stack.check()?;
    Ok(stack)
}

fn declare(stack: &mut Stack, network: &vpc::gce::Network, group: &Workers) -> Result<(), Failure> {
    let Workers { name, block, size } = *group;
    let region = network.regions().next().ok_or("the network has no region")?;
    let block = network.cluster_block(block)?;
    let secondary = [("pods", block.pods), ("services", block.services)];
    let secondary = secondary.map(|(name, range)| gce::SecondaryRange::new(name, range));
    let subnetwork = gce::Subnetwork::new(name, &network.vpc, block.private).region(region);
    let subnetwork = stack.add(name, subnetwork.private_ip_google_access(true).secondary_ip_range(secondary));

    let disk = gce::TemplateDisk::new().source_image(IMAGE).boot(true);
    let interface = gce::TemplateInterface::new().subnetwork(&subnetwork);
    let template = gce::InstanceTemplate::new(name, "e2-small").disk([disk]).network_interface([interface]);
    let template = stack.add(name, template);

    let version = gce::RegionGroupVersion::new(template.id());
    let machines = gce::RegionInstanceGroupManager::new(name, name).region(region).target_size(size);
    let machines = stack.add(name, machines.version([version]));
    // They need the way out from their first moment to their last.
    stack.depend(&machines, [&network.nat_gateway(region)]);
    Ok(())
}
