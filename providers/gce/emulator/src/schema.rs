//! The schema of requests from Google's discovery documents: methods, parameters, types of bodies.
//!
//! The texts in `schema/` are trimmed from those documents by `schema/trim.py`. One line is a method
//! (`id verb path body answer query…`, `-` for none) or, below `[Type]`, a field (`name kind options…`).

pub(crate) mod check;
mod parse;
mod route;

use std::{collections::HashMap, sync::OnceLock};

pub(crate) use route::Found;

/// All the services that the emulator knows.
pub(crate) struct Schema {
    methods: Vec<Method>,
    types: HashMap<(Service, &'static str), Vec<Field>>,
    routes: route::Routes,
}

/// One of Google's services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Service {
    Compute,
    Dns,
    Iam,
    Projects,
    Storage,
    Connectivity,
}

impl Service {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Compute, include_str!("../schema/compute.v1.txt")),
        (Self::Dns, include_str!("../schema/dns.v1.txt")),
        (Self::Iam, include_str!("../schema/iam.v1.txt")),
        (Self::Projects, include_str!("../schema/cloudresourcemanager.v1.txt")),
        (Self::Storage, include_str!("../schema/storage.v1.txt")),
        (Self::Connectivity, include_str!("../schema/networkconnectivity.v1.txt")),
    ];
}

/// A method: `compute.networks.insert`.
#[derive(Debug)]
pub(crate) struct Method {
    pub service: Service,
    pub id: &'static str,
    /// GET, POST …
    pub verb: &'static str,
    /// The path with its variables in braces, without the host.
    pub path: String,
    /// The type of the body.
    pub body: Option<&'static str>,
    /// The type of the answer.
    pub answer: Option<&'static str>,
    pub query: Vec<Parameter>,
}

impl Method {
    /// `insert` of `compute.networks.insert`.
    pub(crate) fn name(&self) -> &'static str {
        self.id.rsplit('.').next().unwrap_or(self.id)
    }
}

/// A parameter in the query of a URL.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
}

/// A field of a type.
#[derive(Debug)]
pub(crate) struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub form: Form,
    /// The methods that refuse a body without it, such as `networks.insert`.
    pub required: Vec<&'static str>,
}

/// The required form of a text.
#[derive(Debug)]
pub(crate) enum Form {
    Free,
    /// A lower-case letter, then lower-case letters, digits and dashes, at most 63 characters, no dash at the end.
    Name,
    Pattern(&'static str),
}

/// The type of a field's values.
#[derive(Debug)]
pub(crate) enum Kind {
    Text,
    Bytes,
    Bool,
    /// A whole number, written as a number (32 bits) or as a string (64 bits).
    Whole {
        min: i128,
        max: i128,
        as_text: bool,
    },
    Number,
    Enum(Vec<&'static str>),
    List(Box<Kind>),
    Map(Box<Kind>),
    Object(&'static str),
    Any,
    /// Only answers have the field. Requests ignore it. The default is that of `kind`.
    Output(Option<&'static str>),
}

impl Schema {
    /// The schema, parsed once.
    pub(crate) fn get() -> &'static Self {
        static SCHEMA: OnceLock<Schema> = OnceLock::new();
        SCHEMA.get_or_init(|| {
            let (mut methods, mut types) = (Vec::new(), HashMap::new());
            for (service, text) in Service::ALL {
                parse::text(service, text, &mut methods, &mut types);
            }
            let routes = route::Routes::new(&methods);
            Schema { methods, types, routes }
        })
    }

    /// The method for a verb and a path, and the values of the path's variables.
    pub(crate) fn find(&'static self, verb: &str, path: &str) -> Found {
        self.routes.find(&self.methods, verb, path)
    }

    pub(crate) fn methods(&self) -> &[Method] {
        &self.methods
    }

    pub(crate) fn fields(&self, service: Service, name: &'static str) -> Option<&[Field]> {
        self.types.get(&(service, name)).map(Vec::as_slice)
    }

    /// The value of `kind` in objects of a type: `compute#network`.
    pub(crate) fn kind_of(&self, service: Service, name: &'static str) -> Option<&'static str> {
        let field = self.fields(service, name)?.iter().find(|field| field.name == "kind")?;
        match field.kind {
            Kind::Output(kind) => kind,
            _ => None,
        }
    }
}
