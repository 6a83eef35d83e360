use landform_core::{Id, Stack, attributes, resource};

/// A NAT gateway.
#[resource("demo_nat_gateway")]
pub struct NatGateway {
    /// Its name.
    pub name: Option<String>,
}

/// What is computed.
#[attributes]
pub struct NatGatewayAttributes {
    /// The id.
    pub id: Id<NatGateway>,
    /// Its name in the world.
    pub arn: String,
}

/// A route.
#[resource("demo_route")]
pub struct Route {
    /// The gateway.
    pub nat_gateway_id: Option<Id<NatGateway>>,
}

/// What is computed.
#[attributes]
pub struct RouteAttributes {
    /// The id.
    pub id: Id<Route>,
}

fn main() {
    let mut stack = Stack::new("demo");
    let nat = stack.add("nat", NatGateway::new());
    let egress = stack.add("egress", Route::new().nat_gateway_id(nat.id()));
    stack.add("wrong", Route::new().nat_gateway_id(nat.arn()));
    stack.add("wrong", Route::new().nat_gateway_id(egress.id()));
    stack.add("wrong", Route::new().nat_gateway_id(&egress));
}
