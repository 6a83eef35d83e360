//! Where a service keeps the resources of a type: the path of their collection, and the service's conventions.

use landform_core::{FindBy, Resource};

/// A resource type of an HTTP/JSON service.
pub trait Rest: Resource {
    /// Where the service keeps its resources, and how the service handles them.
    const AT: Collection;
}

/// A collection of resources. Start with [`named`](Self::named), [`with_token`](Self::with_token) or
/// [`with_label`](Self::with_label). Each says how the kit finds the resource of an attempt again.
///
/// A path may hold fields of the arguments in braces, as in `/zones/{zone_id}/records`. The id then consists of these
/// fields and the service's id, separated by slashes: `z1/r7`.
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

/// The mark of the resource that an attempt made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A field of the arguments, which is the id.
    Name(&'static str),
    /// A field that holds the token.
    Field(&'static str),
    /// A map of the arguments that holds the token as one entry.
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
    /// Resources whose id is the field `name` of the arguments. A resource with that name belongs to the attempt.
    pub const fn named(path: &'static str, name: &'static str) -> Self {
        Self::new(path, Mark::Name(name))
    }

    /// Resources that hold the token in a field and can be listed by it: `GET /volumes?request=…`.
    pub const fn with_token(path: &'static str, field: &'static str) -> Self {
        Self::new(path, Mark::Field(field))
    }

    /// Resources that hold the token in a map of the arguments, such as `labels`, under `landform-token`. The kit finds
    /// an attempt by listing all resources.
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

    /// Sets the field of the answers that holds the service's id. The default is `id`.
    pub const fn id(mut self, field: &'static str) -> Self {
        self.id = field;
        self
    }

    /// Sets a header that also carries the token of a creation, such as `Idempotency-Key`.
    pub const fn key(mut self, header: &'static str) -> Self {
        self.key = Some(header);
        self
    }

    /// Creates by `PUT path/name` with `If-None-Match: *` instead of `POST path`. For named resources only.
    pub const fn created_by_put(mut self) -> Self {
        self.create = Create::Put;
        self
    }

    /// Changes by `PUT path/id` with the whole resource instead of `PATCH path/id` with the changed fields.
    pub const fn changed_by_put(mut self) -> Self {
        self.update = Update::Put;
        self
    }

    /// Changes by a merge at every depth (RFC 7396). A removed entry is sent as null.
    pub const fn changed_by_merge(mut self) -> Self {
        self.update = Update::Merge;
        self
    }

    /// Reads many resources at once by this query: `GET path?id=a&id=b`. Without it, the kit reads each one separately.
    pub const fn many(mut self, query: &'static str) -> Self {
        self.many = Some(query);
        self
    }

    /// Sets the field of an answer that holds the resource, as in `{"volume": {…}}`. The default is the whole answer.
    pub const fn item(mut self, field: &'static str) -> Self {
        self.item = Some(field);
        self
    }

    /// Sets the field of a list that holds its items. The default is the whole answer, an array.
    pub const fn items(mut self, field: &'static str) -> Self {
        self.items = Some(field);
        self
    }

    /// Lists come in pages. `query` asks for a page, and the field `next` of the answer names the next page.
    pub const fn paged(mut self, query: &'static str, next: &'static str) -> Self {
        self.next = Some((query, next));
        self
    }

    /// Sets the field that holds the state, and the states in which a resource is ready. The kit waits in other states.
    pub const fn status(mut self, field: &'static str, ready: &'static [&'static str]) -> Self {
        self.status = Some(field);
        self.ready = ready;
        self
    }

    /// Sets the states in which the service has given up.
    pub const fn failed(mut self, states: &'static [&'static str]) -> Self {
        self.failed = states;
        self
    }

    /// Sets the states in which the service deletes a resource.
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

    /// The fields of the arguments that the path holds.
    pub(super) fn parents(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}
