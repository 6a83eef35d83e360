//! The subjects of the benchmarks: stacks of N resources on the embedded cloud.

use std::path::Path;

use landform::{Cidr, Engine, Stack, aws, sim::Cloud, sim::Latency};

/// A stack of a VPC with N subnets, N at most 4,096.
///
/// # Panics
/// N is larger.
pub fn stack(subnets: usize) -> Stack {
    assert!(subnets <= 4_096, "a /16 has room for 4,096 subnets of /28");
    let mut stack = Stack::new("bench");
    let vpc = stack.add("main", aws::Vpc::new(block(0, 16)));
    for number in 0..subnets {
        let subnet = aws::Subnet::ipv4(&vpc, block(number, 28)).tag("Name", format!("subnet-{number}"));
        stack.add(&format!("s{number}"), subnet);
    }
    stack
}

/// A stack of N networks, before or after a rename of each of them.
///
/// # Panics
/// A name is invalid, which never happens.
pub fn renamed(networks: usize, after: bool) -> Stack {
    let mut stack = Stack::new("renamed");
    for number in 0..networks {
        let (old, new) = (format!("old{number}"), format!("new{number}"));
        stack.add(if after { &new } else { &old }, aws::Vpc::new(block(0, 16)));
        if after {
            let at = |name: &str| match format!("aws_vpc.{name}").parse() {
                Ok(address) => address,
                Err(error) => unreachable!("{error}"),
            };
            stack.moved(at(&old), at(&new));
        }
    }
    stack
}

/// An engine on an embedded cloud without latency.
///
/// # Errors
/// The directory is not writable.
pub fn engine(directory: &Path) -> Result<Engine, Box<dyn std::error::Error>> {
    let cloud = Cloud::open(directory.join("cloud")).types(aws::types()).latency(Latency::none()).page(1_000);
    let provider = cloud.build()?.provider("aws");
    Ok(Engine::builder().provider(provider).state_dir(directory.join("state")).open()?)
}

fn block(number: usize, prefix: u8) -> Cidr {
    let address = 0x0a00_0000_u32 + ((number as u32) << 4);
    let network = std::net::Ipv4Addr::from_bits(address);
    match format!("{network}/{prefix}").parse() {
        Ok(cidr) => cidr,
        Err(error) => unreachable!("{error}"),
    }
}
