//! Compares two states of one history. Knows no schema and no cloud.

use std::{collections::BTreeMap, fmt, sync::Arc};

use landform_core::{Canonical, Printable};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{JournalError, ObjectKey, ObjectState, State};

/// The differences between an earlier and a later state. Secrets stay sealed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Difference {
    /// Objects only in the later state, with their ids in the cloud.
    pub added: BTreeMap<ObjectKey, String>,
    /// Objects only in the earlier state, with their ids in the cloud.
    pub removed: BTreeMap<ObjectKey, String>,
    /// Objects that are in both states and differ.
    pub changed: BTreeMap<ObjectKey, BTreeMap<String, Changed>>,
    /// Outputs that differ.
    pub outputs: BTreeMap<String, Changed>,
}

/// One field in both states; `None` where it is missing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// In the earlier state.
    pub before: Option<Value>,
    /// In the later state.
    pub after: Option<Value>,
}

impl State {
    /// The differences between this state and a later one.
    ///
    /// If the object under a key has another id, it was replaced. It is listed as changed, with the field `id`.
    pub fn difference(&self, later: &State) -> Result<Difference, JournalError> {
        let mut difference = Difference {
            outputs: fields(self.outputs().clone(), later.outputs().clone()),
            ..Difference::default()
        };
        for (key, before) in self.objects() {
            match later.object(&key) {
                None => {
                    difference.removed.insert(key, before.id.clone());
                }
                // The states of one history share what did not change.
                Some(after) if Arc::ptr_eq(before, after) => {}
                Some(after) => {
                    let changed = fields(told(before)?, told(after)?);
                    if !changed.is_empty() {
                        difference.changed.insert(key, changed);
                    }
                }
            }
        }
        let added = later.objects().filter(|(key, _)| self.object(key).is_none());
        difference.added = added.map(|(key, object)| (key, object.id.clone())).collect();
        Ok(difference)
    }
}

impl Difference {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Difference {
    /// One change on each line. Text from elsewhere cannot steer a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Printable(fmt::from_fn(|f| self.lines(f))).fmt(f)
    }
}

impl Difference {
    fn lines(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return writeln!(f, "Nothing differs.");
        }
        for (key, id) in &self.removed {
            writeln!(f, "- {key} ({})", Printable(id).in_a_line())?;
        }
        for (key, id) in &self.added {
            writeln!(f, "+ {key} ({})", Printable(id).in_a_line())?;
        }
        let show = |value: &Option<Value>| {
            value.as_ref().map_or("(none)".to_owned(), |value| Canonical(value).to_string())
        };
        let line = |f: &mut fmt::Formatter<'_>, name: &str, Changed { before, after }: &Changed| {
            let name = Printable(name).in_a_line();
            writeln!(f, "    {name}: {} -> {}", show(before), show(after))
        };
        for (key, fields) in &self.changed {
            writeln!(f, "~ {key}")?;
            for (name, changed) in fields {
                line(f, name, changed)?;
            }
        }
        if !self.outputs.is_empty() {
            writeln!(f, "~ outputs")?;
            for (name, changed) in &self.outputs {
                line(f, name, changed)?;
            }
        }
        Ok(())
    }
}

/// The shown data of an object as one map: its arguments, its attributes, its id.
fn told(object: &ObjectState) -> Result<Map<String, Value>, JournalError> {
    let mut told = Map::new();
    for json in [&object.args, &object.attributes] {
        if let Value::Object(fields) = json.value()? {
            told.extend(fields);
        }
    }
    told.insert("id".into(), object.id.clone().into());
    if object.tainted {
        told.insert("tainted".into(), true.into());
    }
    Ok(told)
}

fn fields(mut before: Map<String, Value>, after: Map<String, Value>) -> BTreeMap<String, Changed> {
    let mut changed = BTreeMap::new();
    for (name, after) in after {
        let before = before.remove(&name);
        if before.as_ref() != Some(&after) {
            changed.insert(name, Changed { before, after: Some(after) });
        }
    }
    changed
        .extend(before.into_iter().map(|(name, value)| (name, Changed { before: Some(value), after: None })));
    changed
}
