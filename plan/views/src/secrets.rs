//! Which of the unknown values will be secrets.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
};

use landform_core::{
    Path, Stack,
    expr::{Expr, Glance, Reference},
    path::Step,
};

/// The targets of the references in a stack.
pub(super) struct Secrets<'a> {
    stack: &'a Stack,
    /// Earlier results for references.
    known: RefCell<HashMap<Reference, bool>>,
}

impl<'a> Secrets<'a> {
    pub fn of(stack: &'a Stack) -> Self {
        Self { stack, known: RefCell::default() }
    }

    /// An expression with a mark on everything that will be a secret.
    pub fn marked(&self, value: &Expr) -> Expr {
        match value {
            Expr::List(items) => Expr::List(items.iter().map(|item| self.marked(item)).collect()),
            Expr::Map(fields) => {
                Expr::Map(fields.iter().map(|(key, field)| (key.clone(), self.marked(field))).collect())
            }
            Expr::Ref(_) | Expr::Call(..) if self.is_secret(value) => Expr::Secret(Box::new(value.clone())),
            Expr::Literal(_) | Expr::Ref(_) | Expr::Call(..) | Expr::Secret(_) => value.clone(),
        }
    }

    /// Whether an expression contains a secret, or is made from one.
    pub fn is_secret(&self, value: &Expr) -> bool {
        if holds_mark(value) {
            return true;
        }
        let mut found = false;
        value.each_reference(&mut |_, reference| found = found || self.leads_to_one(reference));
        found
    }

    /// Whether a reference leads to a secret, also through arguments of other nodes.
    fn leads_to_one(&self, start: &Reference) -> bool {
        // Each visited reference, and the one from which it was visited.
        let mut met: BTreeMap<&Reference, Option<&Reference>> = BTreeMap::from([(start, None)]);
        let mut open = vec![start];
        let mut known = self.known.borrow_mut();
        while let Some(reference) = open.pop() {
            let declared = self.stack.node(reference.node.as_str()).map(|node| &node.arguments);
            let declared = declared.and_then(|arguments| source(arguments, &reference.path));
            let is_one = known
                .get(reference)
                .copied()
                .unwrap_or_else(|| self.is_secret_place(reference) || declared.is_some_and(holds_mark));
            if is_one {
                let mut way = Some(reference);
                while let Some(step) = way {
                    known.insert(step.clone(), true);
                    way = met.get(step).copied().flatten();
                }
                return true;
            }
            if let (Some(declared), None) = (declared, known.get(reference)) {
                declared.each_reference(&mut |_, next| {
                    met.entry(next).or_insert_with(|| {
                        open.push(next);
                        Some(reference)
                    });
                });
            }
        }
        known.extend(met.into_keys().map(|reference| (reference.clone(), false)));
        false
    }

    fn is_secret_place(&self, reference: &Reference) -> bool {
        let node = self.stack.node(reference.node.as_str());
        let place = node.and_then(|node| node.resource_type()?.place(&reference.path));
        place.is_some_and(|place| place.any(&mut |inside| inside.is_secret()))
    }
}

/// The expression behind the value at a path of declared arguments: the value itself, or the open expression around it.
/// `None` for plain values.
fn source<'a>(arguments: &'a Expr, path: &Path) -> Option<&'a Expr> {
    let mut value = Glance::at(arguments);
    for step in path.steps() {
        value = match (value, step) {
            (Glance::Expr(open @ (Expr::Ref(_) | Expr::Call(..) | Expr::Secret(_))), _) => return Some(open),
            (value, Step::Key(key)) => value.get(key)?,
            (value, Step::Index(index)) => value.item(*index as usize)?,
        };
    }
    match value {
        Glance::Expr(value) => Some(value),
        Glance::Json(_) => None,
    }
}

/// Whether any part of an expression is marked as a secret.
fn holds_mark(value: &Expr) -> bool {
    match value {
        Expr::Secret(_) => true,
        Expr::List(items) | Expr::Call(_, items) => items.iter().any(holds_mark),
        Expr::Map(fields) => fields.values().any(holds_mark),
        Expr::Literal(_) | Expr::Ref(_) => false,
    }
}
