//! Walks a value along its schema. The value leads, and the schema says what it knows of each place. So a walk reaches
//! every part of a value, of any kind. Decides nothing.

use serde_json::{Map, Value as Json};

use super::{Field, Kind, Schema};
use crate::{
    Meaning, Path, TypeName, cidr, decimal,
    expr::{Expr, Glance},
    path::{Step, Trail},
};

/// The parts of a kind. Every walk over a schema uses this, so no walk can forget a kind.
#[derive(Debug, Clone, Copy)]
pub enum Inside<'a> {
    /// Nothing: it is a scalar.
    Nothing,
    /// Anything. The schema says no more.
    Anything,
    /// Items, all of one kind.
    Items(&'a Kind),
    /// Entries by key, all of the same kind.
    Entries(&'a Kind),
    /// Fields.
    Fields(&'a Schema),
}

impl Kind {
    /// When two spellings of a text of this kind mean the same, whatever its field says.
    fn meaning(&self) -> Option<Meaning> {
        match self {
            Self::Text { format: Some(format), .. } if format == cidr::FORMAT => Some(Meaning::Cidr),
            Self::Text { format: Some(format), .. } if format == decimal::FORMAT => Some(Meaning::Decimal),
            _ => None,
        }
    }

    /// What it consists of.
    pub fn inside(&self) -> Inside<'_> {
        match self {
            Self::Bool | Self::Integer | Self::Number | Self::Text { .. } => Inside::Nothing,
            Self::Any => Inside::Anything,
            Self::List(item) | Self::Set(item) => Inside::Items(item),
            Self::Map(item) => Inside::Entries(item),
            Self::Block(schema) => Inside::Fields(schema),
        }
    }
}

/// What a schema says of one place in a value. The properties of a field apply to everything inside it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    field: Option<&'a Field>,
    kind: Option<&'a Kind>,
    inside: Inside<'a>,
    secret: bool,
    immutable: bool,
    weak: bool,
    write_only: bool,
}

/// How a walk continues inside a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    /// To what the place holds.
    Inside,
    /// Past it.
    Past,
}

impl Schema {
    /// The place of a whole value of this schema.
    pub fn top(&self) -> Place<'_> {
        Place { inside: Inside::Fields(self), ..Place::UNKNOWN }
    }

    /// The place at the end of a path; `None` if there is no such place.
    pub fn place(&self, path: &Path) -> Option<Place<'_>> {
        path.steps().iter().try_fold(self.top(), |place, step| match step {
            Step::Key(key) => place.entry(key),
            Step::Index(_) => place.item(),
        })
    }

    /// Whether a property holds for any place, at any depth.
    pub fn any(&self, holds: &mut dyn FnMut(Place<'_>) -> bool) -> bool {
        self.top().any(holds)
    }

    /// Whether anything at or below the fields of this schema is secret.
    pub fn holds_secrets(&self) -> bool {
        self.any(&mut |place| place.is_secret())
    }
}

impl<'a> Place<'a> {
    /// A place without a schema.
    pub const UNKNOWN: Place<'static> = Place {
        field: None,
        kind: None,
        inside: Inside::Anything,
        secret: false,
        immutable: false,
        weak: false,
        write_only: false,
    };

    /// The place at a key.
    pub fn key(self, key: &str) -> Self {
        self.entry(key).unwrap_or(self.beyond())
    }

    /// The place at an index.
    pub fn index(self, _: usize) -> Self {
        self.item().unwrap_or(self.beyond())
    }

    /// The nearest field around this place, or the field itself.
    pub fn field(self) -> Option<&'a Field> {
        self.field
    }

    /// The kind of the value here; `None` at the top of a schema, and where there is no schema.
    pub fn kind(self) -> Option<&'a Kind> {
        self.kind
    }

    /// What it consists of.
    pub fn inside(self) -> Inside<'a> {
        self.inside
    }

    /// Whether its value is never shown.
    pub fn is_secret(self) -> bool {
        self.secret
    }

    /// Whether a change of it forces a replacement.
    pub fn is_immutable(self) -> bool {
        self.immutable
    }

    /// Whether its referenced resource may be deleted first.
    pub fn is_weak(self) -> bool {
        self.weak
    }

    /// Whether its value is stored nowhere.
    pub fn is_write_only(self) -> bool {
        self.write_only
    }

    /// When two spellings of a text here mean the same.
    pub fn meaning(self) -> Option<Meaning> {
        match self.inside {
            Inside::Nothing | Inside::Anything => {
                self.field.and_then(|field| field.same).or_else(|| self.kind.and_then(Kind::meaning))
            }
            Inside::Items(_) | Inside::Entries(_) | Inside::Fields(_) => None,
        }
    }

    /// Whether null and an empty value differ here.
    pub fn is_null_different(self) -> bool {
        self.field.is_some_and(|field| field.null_differs)
    }

    /// Whether it is a set.
    pub fn is_set(self) -> bool {
        matches!(self.kind, Some(Kind::Set(_)))
    }

    /// Whether the provider chooses a value here if none is given.
    pub fn is_computed(self) -> bool {
        self.field.is_some_and(|field| field.computed)
    }

    /// Whether any update of the resource may change it.
    pub fn is_volatile(self) -> bool {
        self.field.is_some_and(|field| field.volatile)
    }

    /// The fields of a block or of a whole schema.
    pub fn schema(self) -> Option<&'a Schema> {
        match self.inside {
            Inside::Fields(schema) => Some(schema),
            Inside::Nothing | Inside::Anything | Inside::Items(_) | Inside::Entries(_) => None,
        }
    }

    /// Whether it is a block.
    pub fn is_block(self) -> bool {
        self.kind.is_some() && self.schema().is_some()
    }

    /// The type that the ids here identify.
    pub fn refers_to(self) -> Option<&'a TypeName> {
        match self.kind {
            Some(Kind::Text { refers_to, .. }) => refers_to.as_ref(),
            _ => None,
        }
    }

    /// Whether the place holds text.
    pub fn is_text(self) -> bool {
        matches!(self.kind, Some(Kind::Text { .. }))
    }

    /// The emptiest value of its kind, for callers that must have one.
    pub fn blank(self) -> Json {
        match self.kind {
            None | Some(Kind::Any) => Json::Null,
            Some(Kind::Bool) => false.into(),
            Some(Kind::Integer | Kind::Number) => 0.into(),
            Some(Kind::Text { one_of, .. }) => one_of.first().cloned().unwrap_or_default().into(),
            Some(Kind::List(_) | Kind::Set(_)) => Json::Array(Vec::new()),
            Some(Kind::Map(_)) => Json::Object(Map::new()),
            Some(Kind::Block(schema)) => {
                let required = schema.fields().iter().filter(|field| field.required);
                required.map(|field| (field.name.clone(), self.enter(field).blank())).collect()
            }
        }
    }

    /// The same place, inside something that is marked as secret.
    pub fn marked_secret(self) -> Self {
        Self { secret: true, ..self }
    }

    /// Visits a value and all its parts: the whole before its parts.
    pub fn each<'v>(
        self,
        value: Glance<'v>,
        at: &Trail<'_>,
        visit: &mut dyn FnMut(Place<'a>, Glance<'v>, &Trail<'_>) -> Walk,
    ) {
        if let Glance::Expr(Expr::Secret(inner)) = value {
            return self.marked_secret().each(Glance::at(inner), at, visit);
        }
        if visit(self, value, at) == Walk::Past {
            return;
        }
        if let Some(entries) = value.entries() {
            entries.for_each(|(key, value)| self.key(key).each(value, &Trail::Key(at, key), visit));
        } else {
            let items =
                (0..value.list_len().unwrap_or(0)).filter_map(|place| Some((place, value.item(place)?)));
            items.for_each(|(place, value)| self.index(place).each(value, &Trail::Index(at, place), visit));
        }
    }

    /// Visits a value and all its parts to change them: the parts before the whole.
    pub fn each_mut(self, value: &mut Json, visit: &mut dyn FnMut(Place<'a>, &mut Json)) {
        match value {
            Json::Object(fields) => {
                fields.iter_mut().for_each(|(key, value)| self.key(key).each_mut(value, visit))
            }
            Json::Array(items) => {
                let items = items.iter_mut().enumerate();
                items.for_each(|(place, value)| self.index(place).each_mut(value, visit));
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
        visit(self, value);
    }

    /// Whether a property holds for this place or any below it.
    pub fn any(self, holds: &mut dyn FnMut(Place<'a>) -> bool) -> bool {
        holds(self)
            || match self.inside {
                Inside::Nothing | Inside::Anything => false,
                Inside::Items(item) | Inside::Entries(item) => self.of(item).any(holds),
                Inside::Fields(schema) => schema.fields().iter().any(|field| self.enter(field).any(holds)),
            }
    }

    fn entry(self, key: &str) -> Option<Self> {
        match self.inside {
            Inside::Fields(schema) => schema.field(key).map(|field| self.enter(field)),
            Inside::Entries(item) => Some(self.of(item)),
            Inside::Anything => Some(self.beyond()),
            Inside::Nothing | Inside::Items(_) => None,
        }
    }

    fn item(self) -> Option<Self> {
        match self.inside {
            Inside::Items(item) => Some(self.of(item)),
            Inside::Anything => Some(self.beyond()),
            Inside::Nothing | Inside::Entries(_) | Inside::Fields(_) => None,
        }
    }

    pub(crate) fn enter(self, field: &'a Field) -> Self {
        Self {
            field: Some(field),
            secret: self.secret || field.secret,
            immutable: self.immutable || field.immutable,
            weak: self.weak || field.weak,
            write_only: self.write_only || field.write_only,
            ..self.of(&field.kind)
        }
    }

    fn of(self, kind: &'a Kind) -> Self {
        Self { kind: Some(kind), inside: kind.inside(), ..self }
    }

    /// A place inside this one, without further schema.
    fn beyond(self) -> Self {
        Self { kind: None, inside: Inside::Anything, ..self }
    }
}
