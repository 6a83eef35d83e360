//! Walking a value along its schema. The value leads the way, and the schema says what it knows of each place; so a
//! walk reaches everything that a value holds, of whatever kind it is. Decides nothing.

use serde_json::{Map, Value as Json};

use super::{Field, Kind, Schema};
use crate::{
    Meaning, Path, TypeName, cidr, decimal,
    expr::{Expr, Glance},
    path::{Step, Trail},
};

/// What a kind is made of. Every walk over a schema goes by this, so that no walk can forget a kind.
#[derive(Debug, Clone, Copy)]
pub enum Inside<'a> {
    /// Nothing: it is a scalar.
    Nothing,
    /// Anything: the schema says no more.
    Anything,
    /// Items, all of one kind.
    Items(&'a Kind),
    /// Entries by key, all of one kind.
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

    /// What it is made of.
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

/// What a schema says of one place in a value. What a field says of itself holds for everything inside it.
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

/// How a walk goes on behind a place.
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

    /// The place that a path leads to; `None` if there is no such place.
    pub fn place(&self, path: &Path) -> Option<Place<'_>> {
        path.steps().iter().try_fold(self.top(), |place, step| match step {
            Step::Key(key) => place.entry(key),
            Step::Index(_) => place.item(),
        })
    }

    /// Whether anything holds of any place, however deep it lies.
    pub fn any(&self, holds: &mut dyn FnMut(Place<'_>) -> bool) -> bool {
        self.top().any(holds)
    }

    /// Whether anything at or below the fields of this schema is secret.
    pub fn holds_secrets(&self) -> bool {
        self.any(&mut |place| place.is_secret())
    }
}

impl<'a> Place<'a> {
    /// A place of which no schema says anything.
    pub const UNKNOWN: Place<'static> = Place {
        field: None,
        kind: None,
        inside: Inside::Anything,
        secret: false,
        immutable: false,
        weak: false,
        write_only: false,
    };

    /// What stands at a key.
    pub fn key(self, key: &str) -> Self {
        self.entry(key).unwrap_or(self.beyond())
    }

    /// What stands at an index.
    pub fn index(self, _: usize) -> Self {
        self.item().unwrap_or(self.beyond())
    }

    /// The nearest field around this place, or the field itself.
    pub fn field(self) -> Option<&'a Field> {
        self.field
    }

    /// What stands here; none at the top of a schema and where the schema says nothing.
    pub fn kind(self) -> Option<&'a Kind> {
        self.kind
    }

    /// What it is made of.
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

    /// Whether what it refers to may be deleted first.
    pub fn is_weak(self) -> bool {
        self.weak
    }

    /// Whether its value is kept nowhere.
    pub fn is_write_only(self) -> bool {
        self.write_only
    }

    /// When two spellings of a text that stands here mean the same.
    pub fn meaning(self) -> Option<Meaning> {
        match self.inside {
            Inside::Nothing | Inside::Anything => {
                self.field.and_then(|field| field.same).or_else(|| self.kind.and_then(Kind::meaning))
            }
            Inside::Items(_) | Inside::Entries(_) | Inside::Fields(_) => None,
        }
    }

    /// Whether null and what is empty are two values here.
    pub fn is_null_different(self) -> bool {
        self.field.is_some_and(|field| field.null_differs)
    }

    /// Whether it is a set.
    pub fn is_set(self) -> bool {
        matches!(self.kind, Some(Kind::Set(_)))
    }

    /// Whether the provider chooses what stands here where nothing is given.
    pub fn is_computed(self) -> bool {
        self.field.is_some_and(|field| field.computed)
    }

    /// Whether any update of the resource may change it.
    pub fn is_volatile(self) -> bool {
        self.field.is_some_and(|field| field.volatile)
    }

    /// The fields, if it is a block or the top of a schema.
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

    /// The type whose ids stand here.
    pub fn refers_to(self) -> Option<&'a TypeName> {
        match self.kind {
            Some(Kind::Text { refers_to, .. }) => refers_to.as_ref(),
            _ => None,
        }
    }

    /// Whether text stands here.
    pub fn is_text(self) -> bool {
        matches!(self.kind, Some(Kind::Text { .. }))
    }

    /// A value that says as little as its kind allows, for those who must be given one.
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

    /// Visits a value and all that it holds: first what holds, then what is held.
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

    /// Visits a value and all that it holds, to change it: first what is held, then what holds.
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

    /// Whether anything holds of this place or of any below it.
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

    /// A place inside this one of which the schema says nothing more.
    fn beyond(self) -> Self {
        Self { kind: None, inside: Inside::Anything, ..self }
    }
}
