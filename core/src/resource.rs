//! What a resource type is: its arguments, its attributes, and what a cloud is known to demand of it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Address, Schema, TypeName, expr::Expr};

/// A resource type, implemented on the struct of its arguments. The `resource` macro writes it:
///
/// ```
/// use landform_core::{Id, attributes, resource};
///
/// /// A bucket for logs.
/// #[resource("demo_bucket", id = "{name}", unique("name"))]
/// pub struct Bucket {
///     /// Its name, unique in the world.
///     #[field(immutable)]
///     pub name: String,
///     /// Whether old versions are kept.
///     #[field(default = true)]
///     pub versioning: bool,
/// }
///
/// /// What the cloud says of a bucket.
/// #[attributes]
/// pub struct BucketAttributes {
///     /// The bucket's id.
///     pub id: Id<Bucket>,
/// }
///
/// let mut stack = landform_core::Stack::new("demo");
/// let logs = stack.add("logs", Bucket::new("my-logs").versioning(false));
/// let _reference: landform_core::Ref<Id<Bucket>> = logs.id();
/// ```
pub trait Resource:
    Serialize + DeserializeOwned + JsonSchema + Clone + fmt::Debug + Send + Sync + 'static
{
    /// What the cloud computes.
    type Attributes: Attributes;
    /// Arguments and attributes as typed references.
    type Refs: Refs;
    /// The type's name, as Terraform's provider spells it.
    const TYPE: &'static str;
    /// The type as data, for those that do not know it at compile time.
    fn resource_type() -> &'static ResourceType;
}

/// A data source: something that is asked of a cloud and never managed. The `data` macro writes it:
///
/// ```
/// use landform_core::{Id, Stack, attributes, data};
///
/// /// The zone that answers for a domain.
/// #[data("demo_zone")]
/// pub struct Zone {
///     /// The domain.
///     pub name: String,
/// }
///
/// /// What the cloud says of the zone.
/// #[attributes]
/// pub struct ZoneAttributes {
///     /// The zone's id.
///     pub id: Id<Zone>,
///     /// Its name servers.
///     pub name_servers: Vec<String>,
/// }
///
/// let mut stack = Stack::new("demo");
/// let zone = stack.read("main", Zone::new("example.com"));
/// assert_eq!(zone.address().as_str(), "data.demo_zone.main");
/// stack.output("name_servers", zone.name_servers());
/// ```
pub trait Data: Resource {}

/// The attributes of a resource type: what the cloud computes, its id among them.
pub trait Attributes:
    Serialize + DeserializeOwned + JsonSchema + Clone + fmt::Debug + Send + Sync + 'static
{
    /// The field that holds the id.
    const ID: &'static str = "id";
    /// The attributes as typed references.
    type Refs: Refs;
    /// The cloud's id of the resource.
    fn id(&self) -> &str;
}

/// Typed references to one node.
pub trait Refs: Send + Sync {
    /// The references of a node.
    fn of(node: Address) -> Self;
    /// The node.
    fn address(&self) -> &Address;
}

/// A declared resource that is not in a stack yet: what the generated builders turn into.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// The type.
    pub resource_type: &'static ResourceType,
    /// The arguments.
    pub arguments: Expr,
}

/// Something that can be added to a stack as a resource of type `R`.
pub trait Declares<R: Resource> {
    /// The declaration.
    fn declare(self) -> Declaration;
}

/// A resource type as data.
#[derive(Debug)]
pub struct ResourceType {
    /// Its name.
    pub name: TypeName,
    /// What it is, from its doc comment.
    pub doc: &'static str,
    /// The version of its stored form; older states are upgraded by the provider.
    pub version: u32,
    /// What is given.
    pub arguments: Schema,
    /// What is computed.
    pub attributes: Schema,
    /// The form of its ids, as a template: `vpc-{hex17}`, `{name}`.
    pub id_form: &'static str,
    /// What a cloud demands beyond the schema.
    pub rules: &'static [Rule],
    /// How long its operations take in life, in seconds.
    pub takes: Takes,
}

/// What a cloud demands of resources together; checked while planning, enforced by the embedded cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// No two resources of the type agree in all of these fields.
    Unique(&'static [&'static str]),
    /// The CIDRs in `field` do not overlap among resources that agree in `within`.
    Disjoint {
        /// The field that holds a CIDR.
        field: &'static str,
        /// The field that must be equal for two resources to be compared.
        within: &'static str,
    },
    /// The CIDR in `field` lies inside that of the resource to which `of` refers.
    Inside {
        /// The field that holds a CIDR, here and there.
        field: &'static str,
        /// The reference to the resource around it.
        of: &'static str,
    },
    /// The CIDR in `field` is a further one of the resource to which `of` refers, beside that in the same field there:
    /// what must lie [inside](Rule::Inside) may lie in it as well.
    Widens {
        /// The field that holds a CIDR, here and there.
        field: &'static str,
        /// The reference to the resource that it belongs to.
        of: &'static str,
    },
}

/// Typical durations of operations, in seconds, for estimates and for the embedded cloud.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Takes {
    /// Until a new one is ready.
    pub create: f64,
    /// Until a change is in effect.
    pub update: f64,
    /// Until one is gone.
    pub delete: f64,
}

impl ResourceType {
    /// Builds the type from what the macro knows. A type whose schema cannot be compiled is a mistake in its
    /// declaration, which every use of the type would meet at once.
    ///
    /// # Panics
    /// The declaration is malformed: caught by the first test that touches the type.
    #[doc(hidden)]
    pub fn declared<R: Resource>(
        doc: &'static str,
        version: u32,
        id_form: &'static str,
        rules: &'static [Rule],
        takes: Takes,
    ) -> Self {
        let schema = |schema: Result<Schema, String>| match schema {
            Ok(schema) => schema,
            Err(error) => panic!("the declaration of {} is malformed: {error}", R::TYPE),
        };
        Self {
            name: match R::TYPE.parse() {
                Ok(name) => name,
                Err(error) => panic!("{error}"),
            },
            doc,
            version,
            arguments: schema(Schema::of::<R>()),
            attributes: schema(Schema::of::<R::Attributes>()),
            id_form,
            rules,
            takes,
        }
    }

    /// Whether it is a data source.
    pub fn is_data(&self) -> bool {
        self.name.is_data()
    }

    /// The name as text.
    pub fn name_str(&self) -> &str {
        self.name.as_str()
    }

    /// The field at a path, of the attributes or else of the arguments: what a reference can lead to.
    pub fn field(&self, path: &crate::Path) -> Option<&crate::schema::Field> {
        self.attributes.at(path).or_else(|| self.arguments.at(path))
    }
}
