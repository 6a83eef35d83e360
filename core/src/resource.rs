//! Resource types: arguments, attributes, and the known demands of a cloud.

use std::{borrow::Cow, fmt, sync::Arc};

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Address, ImportId, NodeRef, Path, Schema, TypeName, expr::Expr, schema::Place};

/// A resource type, implemented on the struct of its arguments. The `resource` macro implements it:
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
/// /// The attributes that the cloud computes for a bucket.
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
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not declared as a resource type",
    label = "expected a type with `#[resource(\"…\")]` or `#[data(\"…\")]`"
)]
pub trait Resource:
    Serialize + DeserializeOwned + JsonSchema + Clone + fmt::Debug + Send + Sync + 'static
{
    /// What the cloud computes.
    type Attributes: Attributes;
    /// Arguments and attributes as typed references.
    type Refs: Refs;
    /// The name of the type, as Terraform's provider spells it.
    const TYPE: &'static str;
    /// The type as data, for code that does not know it at compile time. Each call returns the same one.
    fn resource_type() -> &'static Arc<ResourceType>;
}

/// A data source: a question to a cloud, which manages nothing. The `data` macro implements it:
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
/// /// The attributes of the zone.
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

/// The attributes of a resource type: the values that the cloud computes, including the id.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not declared as the attributes of a resource type",
    label = "expected a struct with `#[attributes]`"
)]
pub trait Attributes:
    Serialize + DeserializeOwned + JsonSchema + Clone + fmt::Debug + Send + Sync + 'static
{
    /// The field that holds the id.
    const ID: &'static str = "id";
    /// The names of the fields, for the checks of the macros.
    #[doc(hidden)]
    const FIELDS: &'static [&'static str] = &[];
    /// The words in the forms of the fields that are not fields, each with the message for an unknown word. For the
    /// checks of the macros.
    #[doc(hidden)]
    const FORMS: &'static [(&'static str, &'static str)] = &[];
    /// The attributes as typed references.
    type Refs: Refs;
    /// The cloud's id of the resource.
    fn id(&self) -> &str;
}

/// Typed references to one node.
pub trait Refs: Send + Sync {
    /// The references of a node.
    fn of(node: NodeRef) -> Self;
    /// The node.
    fn node(&self) -> &NodeRef;
    /// The address of the node.
    fn address(&self) -> &Address {
        self.node().address()
    }
}

/// A block whose fields can be referred to one by one: `#[block(refs)]` implements it.
///
/// ```
/// use landform_core::{Id, Stack, attributes, block, resource};
///
/// /// A certificate of a cluster.
/// #[block(refs)]
/// pub struct Certificate {
///     /// Its content.
///     pub data: Option<String>,
/// }
/// # /// A cluster.
/// # #[resource("demo_cluster")]
/// # pub struct Cluster {}
/// # /// Its attributes.
/// # #[attributes]
/// # pub struct ClusterAttributes { /// Its id.
/// #     pub id: Id<Cluster>, /// Its certificates.
/// #     pub certificate: Vec<Certificate> }
///
/// let mut stack = Stack::new("demo");
/// let cluster = stack.add("main", Cluster::new());
/// stack.output("data", cluster.certificate().at(0).fields().data());
/// # stack.check().unwrap();
/// ```
pub trait Block {
    /// The fields as typed references.
    type Refs;
    /// The references to the fields of a block at a path of a node.
    fn refs(node: NodeRef, path: Path) -> Self::Refs;
}

/// A declared resource that is not in a stack yet. The generated builders turn into it.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// The type.
    pub resource_type: Arc<ResourceType>,
    /// The arguments.
    pub arguments: Expr,
}

/// Anything that can be added to a stack as a resource of type `R`.
pub trait Declares<R: Resource> {
    /// The declaration.
    fn declare(self) -> Declaration;
}

/// A resource type as data. The macros build one for each Rust type. A provider may also build one at run time, from
/// what it learns when it is opened:
///
/// ```
/// use std::sync::Arc;
/// use landform_core::{ResourceType, Rule, Schema, Stack, expr::Expr};
/// use serde_json::json;
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let arguments = Schema::from_json_schema(&json!({
///     "type": "object",
///     "properties": { "name": { "type": "string", "x-immutable": true }, "size": { "type": "integer" } },
///     "required": ["name"],
/// }))?;
/// let attributes = Schema::from_json_schema(&json!({
///     "type": "object",
///     "properties": { "id": { "type": "string" } },
///     "required": ["id"],
/// }))?;
/// let bucket = ResourceType::new("demo_bucket".parse()?, arguments, attributes);
/// let bucket = Arc::new(ResourceType { rules: vec![Rule::unique(["name"])], ..bucket });
///
/// let mut stack = Stack::new("demo");
/// let logs = stack.add_untyped("logs", &bucket, json!({ "name": "logs" }));
/// stack.output("id", Expr::reference(&logs, "id".parse()?));
/// stack.check()?;
/// # Ok(()) }
/// # example().unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct ResourceType {
    /// Its name.
    pub name: TypeName,
    /// Its description, from its doc comment.
    pub doc: Cow<'static, str>,
    /// How a program declares one: the code under `# Example` in its doc comment. Empty if there is none.
    pub example: Cow<'static, str>,
    /// The version of its stored form. The provider upgrades older ones.
    pub version: u32,
    /// What is given.
    pub arguments: Schema,
    /// The attributes that the cloud computes.
    pub attributes: Schema,
    /// The form of its ids, as a template: `vpc-{hex17}`, `{name}`.
    pub id_form: Cow<'static, str>,
    /// The import id of a resource that Terraform recorded.
    pub import: ImportId,
    /// What a cloud demands beyond the schema.
    pub rules: Vec<Rule>,
    /// How long its operations take on a real cloud, in seconds.
    pub takes: Takes,
}

/// A cloud's demand on several resources together. It is checked while planning, and the embedded cloud enforces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// No two resources of the type have the same values in all of these fields. For a set, one common item is enough.
    Unique(Vec<Cow<'static, str>>),
    /// The CIDRs in `field` do not overlap among resources with the same value in `within`.
    Disjoint {
        /// The field that holds a CIDR.
        field: Cow<'static, str>,
        /// The field that must be equal for two resources to be compared.
        within: Cow<'static, str>,
    },
    /// The CIDR in `field` lies inside the CIDR of the resource to which `of` refers.
    Inside {
        /// The field that holds a CIDR, in both resources.
        field: Cow<'static, str>,
        /// The reference to the containing resource.
        of: Cow<'static, str>,
    },
    /// The CIDR in `field` is an additional one of the resource to which `of` refers. A CIDR that must lie
    /// [inside](Rule::Inside) that resource may lie in it as well.
    Widens {
        /// The field that holds a CIDR, in both resources.
        field: Cow<'static, str>,
        /// The reference to the resource that it belongs to.
        of: Cow<'static, str>,
    },
}

/// Typical durations of operations, in seconds, for estimates and for the embedded cloud.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Takes {
    /// Until a new resource is ready.
    pub create: f64,
    /// Until a change takes effect.
    pub update: f64,
    /// Until one is gone.
    pub delete: f64,
}

impl Rule {
    /// [`Rule::Unique`] of these fields.
    pub fn unique<F: Into<Cow<'static, str>>>(fields: impl IntoIterator<Item = F>) -> Self {
        Self::Unique(fields.into_iter().map(Into::into).collect())
    }

    /// Each way to take one text from each list, joined by commas: the keys by which [`Rule::Unique`] tells resources apart
    /// if each list has the values of one field. One list is an ordinary field with one value, or a set with its items.
    ///
    /// ```
    /// use landform_core::Rule;
    ///
    /// let keys = Rule::keys([vec!["sg-1".to_owned()], vec!["10.0.0.0/16".to_owned(), "10.1.0.0/16".to_owned()]]);
    /// assert_eq!(keys, ["sg-1, 10.0.0.0/16", "sg-1, 10.1.0.0/16"]);
    /// ```
    pub fn keys(values: impl IntoIterator<Item = Vec<String>>) -> Vec<String> {
        let join = |keys: Vec<String>, values: Vec<String>| {
            let each = keys.iter().flat_map(|key| values.iter().map(move |value| format!("{key}, {value}")));
            each.collect()
        };
        values.into_iter().reduce(join).unwrap_or_default()
    }

    /// [`Rule::Disjoint`] ranges.
    pub fn disjoint(field: impl Into<Cow<'static, str>>, within: impl Into<Cow<'static, str>>) -> Self {
        Self::Disjoint { field: field.into(), within: within.into() }
    }

    /// A range [`Rule::Inside`] another.
    pub fn inside(field: impl Into<Cow<'static, str>>, of: impl Into<Cow<'static, str>>) -> Self {
        Self::Inside { field: field.into(), of: of.into() }
    }

    /// A range that [`Rule::Widens`] another.
    pub fn widens(field: impl Into<Cow<'static, str>>, of: impl Into<Cow<'static, str>>) -> Self {
        Self::Widens { field: field.into(), of: of.into() }
    }
}

impl Default for Takes {
    /// One second for each operation.
    fn default() -> Self {
        Self { create: 1.0, update: 1.0, delete: 1.0 }
    }
}

impl ResourceType {
    /// A type with this name and these schemas, in version 0, without rules and with random ids. Set the fields for
    /// more.
    pub fn new(name: TypeName, arguments: Schema, attributes: Schema) -> Self {
        Self {
            name,
            doc: Cow::Borrowed(""),
            example: Cow::Borrowed(""),
            version: 0,
            arguments,
            attributes,
            id_form: Cow::Borrowed("{hex17}"),
            import: ImportId::Usual,
            rules: Vec::new(),
            takes: Takes::default(),
        }
    }

    /// Builds the type from the macro's data. A schema that cannot be compiled is a mistake in the declaration, and
    /// every use of the type would report it at once.
    ///
    /// # Panics
    /// The declaration is malformed. The first test that uses the type reports it.
    #[doc(hidden)]
    pub fn declared<R: Resource>(
        doc: &'static str,
        example: &'static str,
        version: u32,
        id_form: &'static str,
        import: ImportId,
        rules: Vec<Rule>,
        takes: Takes,
    ) -> Arc<Self> {
        let schema = |schema: Result<Schema, String>| match schema {
            Ok(schema) => schema,
            Err(error) => panic!("the declaration of {} is malformed: {error}", R::TYPE),
        };
        Arc::new(Self {
            name: match R::TYPE.parse() {
                Ok(name) => name,
                Err(error) => panic!("{error}"),
            },
            doc: Cow::Borrowed(doc),
            example: Cow::Borrowed(example),
            version,
            arguments: schema(Schema::of::<R>()),
            attributes: schema(Schema::of::<R::Attributes>()),
            id_form: Cow::Borrowed(id_form),
            import,
            rules,
            takes,
        })
    }

    /// Whether it is a data source.
    pub fn is_data(&self) -> bool {
        self.name.is_data()
    }

    /// The name as text.
    pub fn name_str(&self) -> &str {
        self.name.as_str()
    }

    /// The place at a path, in the attributes or otherwise in the arguments, to which a reference can lead.
    pub fn place(&self, path: &Path) -> Option<Place<'_>> {
        self.attributes.place(path).or_else(|| self.arguments.place(path))
    }
}
