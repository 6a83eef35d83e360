//! How a type's resources are kept by a service: the path of their collection and the service's manners.

use landform_core::{FindBy, Resource};

/// A resource type of an HTTP/JSON service.
pub trait Rest: Resource {
    /// Where its resources are and how the service treats them.
    const AT: Collection;
}

/// A collection of resources. Begin with [`named`](Self::named), [`with_token`](Self::with_token) or
/// [`with_label`](Self::with_label), which say how an attempt to create is found again.
///
/// A path may hold fields of the arguments in braces, as `/zones/{zone_id}/records`. The id is then those and the
/// service's own, with slashes between: `z1/r7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Collection {
    pub(super) path: &'static str,
    pub(super) id: &'static str,
    pub(super) mark: Mark,
    pub(super) key: Option<&'static str>,
    pub(super) create: Create,
    pub(super) update: Update,
    pub(super) many: Option<&'static str>,
    pub(super) item: Option<&'static str>,
    pub(super) items: Option<&'static str>,
    pub(super) next: Option<(&'static str, &'static str)>,
    pub(super) status: Option<&'static str>,
    pub(super) ready: &'static [&'static str],
    pub(super) failed: &'static [&'static str],
    pub(super) leaving: &'static [&'static str],
    pub(super) camel_case: bool,
}

/// What tells an attempt's resource from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A field of the arguments, which is the id.
    Name(&'static str),
    /// A field that keeps the token.
    Field(&'static str),
    /// A map of the arguments, in which the token is one entry.
    Label(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Create {
    Post,
    Put,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Update {
    Patch,
    Merge,
    Put,
}

impl Collection {
    /// Resources whose id is the field `name` of the arguments: what is there under a name is this attempt's.
    pub const fn named(path: &'static str, name: &'static str) -> Self {
        Self::new(path, Mark::Name(name))
    }

    /// Resources that keep the token in a field of their own and can be listed by it: `GET /volumes?request=…`.
    pub const fn with_token(path: &'static str, field: &'static str) -> Self {
        Self::new(path, Mark::Field(field))
    }

    /// Resources that keep the token in a map of the arguments, as `labels`, under `landform-token`. An attempt is found by
    /// listing all.
    pub const fn with_label(path: &'static str, map: &'static str) -> Self {
        Self::new(path, Mark::Label(map))
    }

    const fn new(path: &'static str, mark: Mark) -> Self {
        Self {
            path,
            id: "id",
            mark,
            key: None,
            create: Create::Post,
            update: Update::Patch,
            many: None,
            item: None,
            items: None,
            next: None,
            status: None,
            ready: &[],
            failed: &[],
            leaving: &[],
            camel_case: false,
        }
    }

    /// The field of the answers that holds the service's id; `id` unless said.
    pub const fn id(mut self, field: &'static str) -> Self {
        self.id = field;
        self
    }

    /// A header that carries the token with a creation too, as `Idempotency-Key`.
    pub const fn key(mut self, header: &'static str) -> Self {
        self.key = Some(header);
        self
    }

    /// Creations are `PUT path/name` with `If-None-Match: *`, in place of `POST path`. For named resources.
    pub const fn created_by_put(mut self) -> Self {
        self.create = Create::Put;
        self
    }

    /// Changes are `PUT path/id` with the whole, in place of `PATCH path/id` with the fields that change.
    pub const fn changed_by_put(mut self) -> Self {
        self.update = Update::Put;
        self
    }

    /// Changes are merged at every depth (RFC 7396): an entry that goes is sent as null.
    pub const fn changed_by_merge(mut self) -> Self {
        self.update = Update::Merge;
        self
    }

    /// Many are read at once by this query: `GET path?id=a&id=b`. Without, each is read by itself.
    pub const fn many(mut self, query: &'static str) -> Self {
        self.many = Some(query);
        self
    }

    /// The field of an answer in which a resource stands, unless it is the answer: `{"volume": {…}}`.
    pub const fn item(mut self, field: &'static str) -> Self {
        self.item = Some(field);
        self
    }

    /// The field of a list in which its items stand, unless the answer is an array.
    pub const fn items(mut self, field: &'static str) -> Self {
        self.items = Some(field);
        self
    }

    /// Lists come in pages: the query that asks for one, and the field of the answer that names the next.
    pub const fn paged(mut self, query: &'static str, next: &'static str) -> Self {
        self.next = Some((query, next));
        self
    }

    /// The field that holds the state, and the states in which a resource is ready. Others are waited for.
    pub const fn status(mut self, field: &'static str, ready: &'static [&'static str]) -> Self {
        self.status = Some(field);
        self.ready = ready;
        self
    }

    /// The states in which the service has given up.
    pub const fn failed(mut self, states: &'static [&'static str]) -> Self {
        self.failed = states;
        self
    }

    /// The states in which a resource is going.
    pub const fn leaving(mut self, states: &'static [&'static str]) -> Self {
        self.leaving = states;
        self
    }

    /// The service spells fields `likeThis`. Keys of maps stay as they are.
    pub const fn camel_case(mut self) -> Self {
        self.camel_case = true;
        self
    }

    pub(super) const fn find(&self) -> FindBy {
        match self.mark {
            Mark::Name(_) => FindBy::Identity,
            Mark::Field(_) | Mark::Label(_) => FindBy::Token,
        }
    }

    /// The fields of the arguments in the path.
    pub(super) fn parents(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}
