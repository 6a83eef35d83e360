//! The changes whose plans are compared.

use landform_core::{Address, Handle, Input, Stack, expr::Expr, input};
use landform_engine::{PlanOptions, Refresh};
use serde_json::json;

use crate::{
    terraform::{Data, any},
    world::Broken,
};

pub(super) const SECRET: &str = "hunter2";

fn at(name: &str) -> Address {
    format!("terraform_data.{name}").parse().unwrap()
}

/// A reference to a path in a node.
fn of(name: &str, path: &str) -> Expr {
    Expr::reference(Handle::<Data>::named(name), path.parse().unwrap())
}

fn text(name: &str, path: &str) -> Input<String> {
    Input::from_expr(of(name, path))
}

/// The previous state, the new declarations, and Terraform's options.
pub(super) struct Case {
    pub(super) before: Vec<(Stack, Option<Broken>)>,
    pub(super) after: Stack,
    pub(super) options: PlanOptions,
    pub(super) arguments: Vec<&'static str>,
    /// Objects that exist and are in no state.
    pub(super) exists: Vec<&'static str>,
}

impl Case {
    fn new(before: Stack, after: Stack) -> Self {
        let options = PlanOptions::default();
        Self { before: vec![(before, None)], after, options, arguments: Vec::new(), exists: Vec::new() }
    }
}

/// Nodes with every kind of dependency.
fn chain(last: &str) -> Stack {
    let mut stack = Stack::new("beside");
    stack.add("z", Data::new().input(any("z")));
    stack.add("a", Data::new().input(any(Expr::map([("k".to_owned(), of("z", "id"))].into()))));
    let parts = vec![
        of("z", "output"),
        of("a", "input.k"),
        input::concat([text("z", "output"), "-x".into()]).into_expr(),
    ];
    stack.add("b", Data::new().input(any(Expr::list(parts))));
    stack.add("c", Data::new().input(any(Expr::list(vec![of("b", "input[1]"), last.into()]))));
    stack.add("n", Data::new().input(any(of("a", "input.k"))));
    stack.output("n", of("n", "input"));
    stack.output("same", Expr::Literal(json!({ "a": [1, null, {}] })));
    stack
}

pub(super) fn updates() -> Case {
    let mut before = chain("1");
    before.add("gone", Data::new().input(any(of("b", "output"))));
    before.output("goes", Expr::from("goes"));
    before.output("changes", of("c", "output"));
    let mut after = chain("2");
    after.output("changes", of("c", "output"));
    after.output("new", Expr::list(vec![of("a", "id"), of("c", "output[0]"), "x".into()]));
    Case::new(before, after)
}

pub(super) fn replacements() -> Case {
    let stack = |edition: &str, aside: &str, tainted: bool| {
        let mut stack = Stack::new("beside");
        stack.add("z", Data::new().input(any("z")));
        stack.add("a", Data::new().input(any(of("z", "id"))));
        let asked = stack.add("asked", Data::new().input(any("t")));
        stack.adjust(&asked, |node| node.lifecycle.create_before_destroy = true);
        stack.add("both", Data::new().input(any("t")).triggers_replace(any(edition)));
        stack.add("cause", Data::new().input(any(edition)).triggers_replace(any(json!([edition]))));
        let caused = stack.add("caused", Data::new().input(any(of("cause", "id"))));
        stack.adjust(&caused, |node| node.lifecycle.replace_triggered_by = vec![at("cause")]);
        let aside = Data::new().input(any(of("z", "output"))).triggers_replace(any(aside));
        let aside = stack.add("aside", aside);
        stack.adjust(&aside, |node| node.lifecycle.create_before_destroy = true);
        if tainted {
            let trigger = any(of("a", "input"));
            stack.add("tainted", Data::new().input(any(edition)).triggers_replace(trigger));
        }
        stack
    };
    let mut case = Case::new(stack("1", "1", false), stack("2", "2", true));
    case.before.push((stack("1", "1", true), Some(Broken::Creations)));
    case.before.push((stack("1", "2", true), Some(Broken::Deletions)));
    case.options.replace = vec![at("asked"), at("both")];
    case.arguments = vec!["-replace=terraform_data.asked", "-replace=terraform_data.both"];
    case
}

pub(super) fn addresses() -> Case {
    let mut before = chain("1");
    before.add("gone", Data::new().input(any("g")));
    before.add("left", Data::new().input(any("l")));
    let mut after = Stack::new("beside");
    after.add("z", Data::new().input(any("z")));
    after.add("aa", Data::new().input(any(Expr::map([("k".to_owned(), of("z", "id"))].into()))));
    after.moved(at("a"), at("aa"));
    let parts = vec![
        of("z", "output"),
        of("aa", "input.k"),
        input::concat([text("z", "output"), "-x".into()]).into_expr(),
    ];
    after.add("b", Data::new().input(any(Expr::list(parts))));
    after.add("c", Data::new().input(any(Expr::list(vec![of("b", "input[1]"), "1".into()]))));
    after.add("n", Data::new().input(any(of("aa", "input.k"))));
    after.moved(at("gone"), at("gone_too"));
    after.removed(at("left"));
    after.add("taken", Data::new().input(any("t")));
    after.add("taken_as_it_is", Data::new());
    let ids = ["taken", "taken_as_it_is"].map(|name| (at(name), format!("id-of-{name}")));
    after.import(ids);
    after.output("n", of("n", "input"));
    let mut case = Case::new(before, after);
    case.exists = vec!["id-of-taken", "id-of-taken_as_it_is"];
    case
}

pub(super) fn targets() -> Case {
    let mut after = chain("2");
    after.add("new", Data::new().input(any("x")));
    let mut case = Case::new(chain("1"), after);
    case.options.targets = vec![at("c")];
    case.arguments = vec!["-target=terraform_data.c"];
    case
}

pub(super) fn destruction() -> Case {
    let mut case = replacements();
    case.options = PlanOptions { destroy: true, ..PlanOptions::default() };
    case.arguments = vec!["-destroy"];
    case
}

pub(super) fn refresh() -> Case {
    let mut case = Case::new(chain("1"), chain("1"));
    case.options.refresh = Refresh::Only;
    case.arguments = vec!["-refresh-only"];
    case
}

fn secret(value: impl Into<Expr>) -> Expr {
    Expr::Secret(Box::new(value.into()))
}

/// Known and unknown secrets: declared ones, and values derived from them.
pub(super) fn secrets() -> Case {
    let mut stack = Stack::new("beside");
    stack.add("new", Data::new().input(any("n")));
    let list = vec![secret(SECRET), of("new", "id"), secret(of("new", "id"))];
    let mixed = [
        ("known", secret(SECRET)),
        ("later", secret(of("new", "id"))),
        ("open", of("new", "id")),
        ("list", Expr::list(list)),
        ("text", input::concat(["a-".into(), text("new", "id").secret()]).into_expr()),
    ];
    let mixed = mixed.map(|(key, value)| (key.to_owned(), value));
    stack.add("mixed", Data::new().input(any(Expr::map(mixed.into()))));
    // A value derived from another node's secret argument is also a secret.
    let parts = vec![of("mixed", "input.later"), of("mixed", "input.open"), of("mixed", "input.known")];
    stack.add("made", Data::new().input(any(Expr::list(parts))));
    stack.output("known", secret(SECRET));
    stack.output("later", secret(of("new", "id")));
    stack.output("made", of("mixed", "input.text"));
    stack.output("open", of("mixed", "input.open"));
    stack.output("part", Expr::list(vec!["x".into(), of("made", "input[0]")]));
    let mut case = Case::new(Stack::new("beside"), stack);
    case.before.clear();
    case
}

/// A public value becomes a secret.
pub(super) fn turned() -> Case {
    let stack = |value: Expr| {
        let mut stack = Stack::new("beside");
        stack.add("turns", Data::new().input(any(value.clone())));
        stack.add("inside", Data::new().input(any(Expr::list(vec!["a".into(), value.clone()]))));
        stack.add("replaced", Data::new().input(any("r")).triggers_replace(any(value)));
        stack
    };
    Case::new(stack("open".into()), stack(secret(SECRET)))
}

pub(super) fn first() -> Case {
    let mut case = Case::new(Stack::new("beside"), chain("1"));
    case.before.clear();
    case
}

pub(super) fn nothing() -> Case {
    Case::new(chain("1"), chain("1"))
}
