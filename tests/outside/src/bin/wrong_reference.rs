//! The README promises that a reference of the wrong type does not compile.

use landform::{Cidr, Stack, aws};

fn main() {
    let mut stack = Stack::new("base");
    let block: Cidr = "10.20.0.0/24".parse().unwrap();
    let vpc = stack.add("main", aws::Vpc::new(block));
    let public = stack.add("public-a", aws::Subnet::ipv4(&vpc, block));
    let eip = stack.add("nat-a", aws::Eip::new());
    let nat = stack.add("nat-a", aws::NatGateway::public(&public, &eip));
    let table = stack.add("private-a", aws::RouteTable::new(&vpc));
    stack.add("egress-a", aws::Route::ipv4(&table, block).nat_gateway_id(nat.public_ip()));
}
