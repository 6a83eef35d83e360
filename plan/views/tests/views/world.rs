//! A small world for the views: realistic resource types, a provider in memory, and two versions of a stack whose
//! difference has every kind of change.

mod memory;
mod types;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

pub use memory::Broken;
pub use types::*;

use landform_core::{
    Cidr, Handle, Input, Object, Provider, Resource, ResourceType, Scope, Stack, expr::Expr, input,
};
use landform_engine::{Engine, Plan, PlanOptions};
use landform_state::store::MemoryStore;
use memory::Memory;
use serde_json::{Value as Json, json};

/// The cloud and an engine on it.
pub struct World {
    pub engine: Engine,
    objects: Arc<Mutex<HashMap<String, Object>>>,
    broken: Arc<Mutex<Option<Broken>>>,
}

/// The secrets that no view may show.
pub const SECRETS: [&str; 5] =
    ["hunter2", "correct-horse", "battery-staple", "tok-attribute-in-the-clear", "$sealed"];

impl World {
    pub fn new() -> Self {
        Self::of(vec![
            Network::resource_type(),
            Subnet::resource_type(),
            Gateway::resource_type(),
            Role::resource_type(),
            Template::resource_type(),
            Group::resource_type(),
        ])
    }

    /// A world that has these types.
    pub fn of(types: Vec<&Arc<ResourceType>>) -> Self {
        let objects: Arc<Mutex<HashMap<String, Object>>> = Arc::default();
        let broken: Arc<Mutex<Option<Broken>>> = Arc::default();
        let provider = types.into_iter().fold(Provider::new("demo"), |provider, resource_type| {
            provider.with_driver(Arc::new(Memory {
                resource_type: resource_type.clone(),
                objects: objects.clone(),
                broken: broken.clone(),
            }))
        });
        let provider = provider.with_data::<Image, _>(&Arc::new(Images));
        let west = provider.clone().named(&"demo.west".parse().unwrap());
        let engine = Engine::builder()
            .provider(provider)
            .provider(west)
            .store(Arc::new(MemoryStore::new()))
            .open()
            .unwrap();
        Self { engine, objects, broken }
    }

    /// Sets a fault from now on.
    pub fn breaks(&self, what: Option<Broken>) {
        *self.broken.lock().unwrap() = what;
    }

    /// Changes an argument without the engine.
    pub fn meddle(&self, id: &str, argument: &str, value: Json) {
        let mut objects = self.objects.lock().unwrap();
        objects.get_mut(id).unwrap().arguments[argument] = value;
    }

    /// Deletes an object without the engine.
    pub fn lose(&self, id: &str) {
        self.objects.lock().unwrap().remove(id).unwrap();
    }

    /// Adds an object that no state knows.
    pub fn put(&self, id: &str, arguments: Json) {
        let object = Object::new(id, arguments, json!({ "id": id }));
        self.objects.lock().unwrap().insert(id.into(), object);
    }
}

fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}

/// A script of many lines, one of which is given.
fn script(line: &str) -> String {
    let steps: Vec<String> = (1..=30).map(|step| format!("step {step}")).collect();
    format!("#!/bin/sh\nset -e\n{}\n{line}\nexec machine --ready", steps.join("\n"))
}

/// The first version of the stack.
pub fn before() -> Stack {
    let mut stack = Stack::new("demo");
    let main = stack.add("main", Network::new(cidr("10.0.0.0/16")).tag("Name", "main").tag("team", "core"));
    let a = stack.add("a", Subnet::new(&main, cidr("10.0.1.0/24")).tag("demo.io/role", "private"));
    let b = stack.add("b", Subnet::new(&main, cidr("10.0.2.0/24")));
    let gone = stack.add("gone", Subnet::new(&main, cidr("10.0.3.0/24")));
    stack.add("out", Gateway::new(&a).key("hunter2"));
    stack.add("old", Gateway::new(&gone).key("hunter2"));
    stack.add("kept", Role::new("kept", "{}"));
    stack.add("lost", Role::new("lost", "{}"));
    stack.add("renamed_from", Role::new("renamed", "{}"));
    stack.add("forgotten", Role::new("forgotten", "{}"));
    let statement =
        |action: &str| json!({ "Effect": "Allow", "Action": [action, "net:List"], "Resource": "*" });
    let policy =
        json!({ "Version": "2012-10-17", "Statement": [statement("net:Get"), statement("disk:Get")] });
    stack.add("nodes", Role::new("nodes", policy.to_string()));
    let template = stack.add(
        "nodes",
        Template::new("nodes")
            .user_data(input::base64(script("mode=old")))
            .disk([Disk::new("/dev/a", 64u32).key("correct-horse"), Disk::new("/dev/b", 128u32)]),
    );
    let group = Group::new("nodes", &template, 1u32, 3u32).subnets([a.id(), b.id()]).note("short");
    stack.add("nodes", group);
    stack.output("network", main.id());
    stack.output("size", Expr::Literal(3.into()));
    stack.output("goes", Expr::Literal("a value".into()));
    stack
}

/// The second version of the stack.
pub fn after() -> Stack {
    let mut stack = Stack::new("demo");
    let main = stack.add("main", Network::new(cidr("10.0.0.0/16")).tag("Name", "main").tag("owner", "net"));
    let a = stack.add("a", Subnet::new(&main, cidr("10.0.1.0/24")).tag("demo.io/role", "private"));
    // An immutable argument differs. Nodes in it are replaced too.
    let b = stack.add("b", Subnet::new(&main, cidr("10.0.8.0/24")));
    stack.adjust(&b, |node| node.lifecycle.create_before_destroy = true);
    let c = stack
        .add("c", Subnet::new(&main, cidr("10.0.9.0/24")).tag("Name", "c").tag("demo.io/role", "public"));
    stack.add("out", Gateway::new(&a).key("battery-staple"));
    let new = stack.add("new", Gateway::new(&c).key("battery-staple"));
    stack.add("kept", Role::new("kept", "{}"));
    stack.add("lost", Role::new("lost", "{}"));
    stack.add("renamed_to", Role::new("renamed", "{}"));
    stack.moved("demo_role.renamed_from".parse().unwrap(), "demo_role.renamed_to".parse().unwrap());
    stack.removed("demo_role.forgotten".parse().unwrap());
    let found = stack.add("found", Role::new("found", "{}"));
    stack.adjust(&found, |node| node.lifecycle.import = Some("found".into()));
    let statement =
        |action: &str| json!({ "Effect": "Allow", "Action": [action, "net:List"], "Resource": "*" });
    let policy = json!({ "Version": "2012-10-17", "Statement": [statement("net:Get"), statement("disk:*")] });
    stack.add("nodes", Role::new("nodes", policy.to_string()));
    let arn: Input<String> = input::concat(["net/".into(), c.id().into()]);
    let statement =
        Expr::map([("Effect".into(), "Allow".into()), ("Resource".into(), arn.into_expr())].into());
    stack.add("gateways", Role::new("gateways", input::json_encode(statement)));
    let template = stack.add(
        "nodes",
        Template::new("nodes")
            .user_data(input::base64(script("mode=new")))
            .disk([Disk::new("/dev/a", 80u32).key("correct-horse"), Disk::new("/dev/b", 128u32)])
            .metadata(Metadata::new(true)),
    );
    let fresh = stack.add(
        "fresh",
        Template::new("fresh")
            .user_data(input::base64(input::format(
                "address={}\nnetwork={}\n",
                [new.public_ip().into(), main.id().into()],
            )))
            .disk([Disk::new("/dev/a", 64u32).key("correct-horse"), Disk::new("/dev/b", 128u32)])
            .metadata(Metadata::new(true).hops(2u32)),
    );
    let newest = stack.read("newest", Image::new("linux"));
    stack.ensure(&newest, input::equal::<String>(newest.architecture(), "arm64"), "machines are of arm64");
    let mirrored = stack.read("mirrored", Image::new("linux").near(new.public_ip()));
    stack.ensure(&new, input::matches(new.public_ip(), "public_ip-of-.*"), "the gateway has an address");
    let images = images(&mut stack, &newest, &mirrored);
    stack.require(
        &images,
        input::all([
            input::contains(new.public_ip(), "gateway"),
            input::at_most::<u64>(input::length(vec!["a".to_owned()]), 3u64),
        ]),
        "the gateway is known by its name",
    );
    let west = Scope::new().provider("demo.west".parse().unwrap());
    stack.within(west, |stack| stack.add("west", Role::new("west", "{}")));
    let group = Group::new("nodes", &template, 3u32, 30u32).subnets([a.id(), b.id(), c.id()]).note(
        "a note that is far too long for a line: it goes on and on about nothing in particular, and then some, only to \
         be cut or broken where the line ends, as a long text without any line break has to be in the end",
    );
    let group = stack.add("nodes", group);
    stack.adjust(&group, |node| node.lifecycle.ignore_changes.push("template".parse().unwrap()));
    let spare = stack.add("spare", Group::new("spare", &fresh, 0u32, 1u32).subnets([c.id()]));
    stack.adjust(&spare, |node| node.lifecycle.prevent_destroy = true);
    stack.depend(&spare, [new.address().clone()]);
    stack.output("network", main.id());
    stack.output("gateway", new.public_ip());
    let by_name = [("here", a.id()), ("there", b.id()), ("yonder", c.id())];
    let by_name = by_name.map(|(name, id)| (name.to_owned(), Expr::from(id)));
    stack.output("subnets", Expr::map(by_name.into()));
    let ranges: Vec<String> = (0..16).map(|range| format!("10.1.{range}.0/24")).collect();
    stack.output("ranges", Expr::Literal(json!(ranges)));
    stack.output("size", Expr::Literal(30.into()));
    stack.output("password", Input::<String>::from("hunter2").secret().into_expr());
    stack
}

/// A role that refers to a data source.
fn images(stack: &mut Stack, newest: &Handle<Image>, mirrored: &Handle<Image>) -> Handle<Role> {
    let ids = [newest.id().into(), mirrored.id().into(), newest.key().into()];
    stack.add("images", Role::new("images", input::format("known {}, mirrored {}, opened by {}", ids)))
}

/// A network of zones with groups of machines in them. A later edition has some differences.
pub fn wide(zones: usize, groups: usize, edition: usize) -> Stack {
    let mut stack = Stack::new(format!("wide-{zones}"));
    let main = stack.add("main", Network::new(cidr("10.0.0.0/8")).tag("Name", "main"));
    let mut private = Vec::new();
    for zone in 0..zones {
        let block = |kind: usize| cidr(&format!("10.{zone}.{kind}.0/24"));
        let public = stack.add(&format!("public-{zone}"), Subnet::new(&main, block(0)));
        stack.add(&format!("egress-{zone}"), Gateway::new(&public).key("hunter2"));
        let last = if edition > 0 && zone == 1 { 9 } else { 2 };
        for (kind, name) in [(1, "working"), (last, "production")] {
            let subnet = Subnet::new(&main, block(kind)).tag("demo.io/role", name);
            private.push(stack.add(&format!("private-{name}-{zone}"), subnet));
        }
    }
    for group in 0..groups {
        if edition == 0 && group % 13 == 12 {
            continue;
        }
        let name = format!("nodes-{group}-of-a-cluster-with-a-long-name.example.com").replace('.', "-");
        let policy = json!({ "Statement": [{ "Action": "disk:Get", "Resource": format!("group/{group}") }] });
        stack.add(&name, Role::new(name.clone(), policy.to_string()));
        for version in 0..3 {
            if edition > 0 && group % 17 == 3 && version == 1 {
                continue;
            }
            let name = format!("{name}-{version}");
            let role = Handle::<Role>::named(name.trim_end_matches(char::is_numeric).trim_end_matches('-'));
            let data = input::format("role={}\nversion={}\n", [role.id().into(), version.to_string().into()]);
            let template = stack.add(&name, Template::new(name.clone()).user_data(input::base64(data)));
            if version == 0 {
                let size = if edition > 0 && group % 5 == 0 { 30u32 } else { 3 };
                let subnets = private.iter().skip(group % 2).step_by(2).map(|subnet| subnet.id());
                stack.add(&name, Group::new(name.clone(), &template, 1u32, size).subnets(subnets));
            }
        }
    }
    stack.output("network", main.id());
    stack
}

/// A world in which the first stack is applied, and then somebody changed objects.
pub async fn meddled() -> World {
    let world = World::new();
    let plan = world.engine.plan(&before()).await.unwrap();
    assert!(world.engine.apply(&plan).await.unwrap().is_complete());
    world.meddle("subnet-a", "tags", json!({ "demo.io/role": "public" }));
    world.lose("role-lost");
    world.put("found", json!({ "name": "found", "policy": "{\"old\":true}" }));
    world
}

/// The plan from the first stack to the second, after somebody changed objects.
pub async fn everything(world: &World) -> Plan {
    let options = PlanOptions { replace: vec!["demo_role.kept".parse().unwrap()], ..PlanOptions::default() };
    world.engine.plan_with(&after(), &options).await.unwrap()
}
