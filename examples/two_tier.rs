//! A two-tier network with a command line: public subnets behind an internet gateway and private ones behind a NAT
//! gateway, in any number of zones.
//!
//! `cargo run --example two_tier -- plan` shows it, `-- apply` makes it, `-- --help` lists the other commands.

use std::process::ExitCode;

use landform::{
    Cidr, Stack, aws,
    cli::{Tool, clap},
};

/// The options of this tool, in addition to those of every tool.
#[derive(clap::Args)]
struct Arguments {
    /// The zones, such as us-east-2a,us-east-2b.
    #[arg(long, global = true, value_delimiter = ',', default_value = "us-east-2a,us-east-2b")]
    zones: Vec<String>,
}

fn main() -> ExitCode {
    Tool::new("two-tier")
        .about("A network with a public and a private tier")
        .arguments::<Arguments>()
        .run(|context| declare(context.new_stack(), &context.arguments.zones))
}

fn declare(mut stack: Stack, zones: &[String]) -> Result<Stack, Box<dyn std::error::Error + Send + Sync>> {
    let everywhere: Cidr = "0.0.0.0/0".parse()?;
    let vpc = stack.add("main", aws::Vpc::new("10.40.0.0/16".parse::<Cidr>()?));
    let gateway = stack.add("main", aws::InternetGateway::new(&vpc));
    let public = stack.add("public", aws::RouteTable::new(&vpc));
    stack.add("public", aws::Route::ipv4(&public, everywhere).gateway_id(gateway.id()));

    for (number, zone) in zones.iter().enumerate() {
        let block = |third: usize| format!("10.40.{third}.0/24").parse::<Cidr>();
        let outside = aws::Subnet::ipv4(&vpc, block(number)?).availability_zone(zone.clone());
        let outside = stack.add(&format!("public-{zone}"), outside);
        stack.add(&format!("public-{zone}"), aws::RouteTableAssociation::new(&outside, &public));

        let address = stack.add(zone, aws::Eip::new());
        let nat = stack.add(zone, aws::NatGateway::public(&outside, &address));
        let table = stack.add(&format!("private-{zone}"), aws::RouteTable::new(&vpc));
        stack.add(&format!("private-{zone}"), aws::Route::ipv4(&table, everywhere).nat_gateway_id(nat.id()));
        let inside = aws::Subnet::ipv4(&vpc, block(128 + number)?).availability_zone(zone.clone());
        let inside = stack.add(&format!("private-{zone}"), inside);
        stack.add(&format!("private-{zone}"), aws::RouteTableAssociation::new(&inside, &table));
    }
    stack.output("vpc_id", vpc.id());
    Ok(stack)
}
