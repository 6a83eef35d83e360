//! The Rust of one type: its structs, as the house declares them by hand.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use landform_core::{
    ResourceType, Schema,
    schema::{Field, Kind, Nesting, Range},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Item;

use super::{
    BindingsError, docs, names,
    parts::{OPTIONS, attributes_of, doc_of, parse},
    table::{Target, innermost},
};

/// The place of a type among the generated files.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The modules around its struct, from the root.
    pub module: Vec<String>,
    /// The name of its file, without the ending.
    pub file: String,
    /// The name of its struct.
    pub name: String,
}

/// What all files have in common.
pub(super) struct Whole<'a> {
    pub places: &'a BTreeMap<String, Place>,
    pub targets: &'a BTreeMap<(String, String), Target>,
}

/// A file in the making.
struct File<'a> {
    whole: &'a Whole<'a>,
    known: &'a ResourceType,
    place: &'a Place,
    /// The structs of blocks, by their paths.
    blocks: HashMap<String, String>,
    /// The names of this file, without a path.
    uses: BTreeSet<&'static str>,
    collections: BTreeSet<&'static str>,
}

/// Where a block is.
struct Nested<'a> {
    path: String,
    owner: String,
    schema: &'a Schema,
    doc: &'a str,
}

/// The longest line that the printers of Rust leave alone, whatever their settings.
const LINE: usize = 85;

/// The items of the file of a type.
pub(super) fn file(
    whole: &Whole<'_>,
    known: &ResourceType,
    place: &Place,
) -> Result<Vec<Item>, BindingsError> {
    let mut file = File {
        whole,
        known,
        place,
        blocks: HashMap::new(),
        uses: BTreeSet::new(),
        collections: BTreeSet::new(),
    };
    file.items()
        .map_err(|message| BindingsError::Unwritable { type_name: known.name_str().to_owned(), message })
}

impl<'a> File<'a> {
    fn items(&mut self) -> Result<Vec<Item>, String> {
        let nested = self.name_blocks();
        let (known, name) = (self.known, format_ident!("{}", self.place.name));
        let attributes_name = format_ident!("{}Attributes", self.place.name);
        let macro_name = format_ident!("{}", if known.is_data() { "data" } else { "resource" });
        let bare = known.name.bare();
        let usual =
            format!("The {} `{bare}`.", if known.is_data() { "data source" } else { "resource type" });
        let doc = doc_of(&known.doc, &usual);
        let version = known.version;
        let version = (version > 0).then(|| {
            let version = proc_macro2::Literal::u32_unsuffixed(version);
            quote! { , version = #version }
        });
        let arguments = self.fields(&known.arguments, "", false)?;
        let has_id = known.attributes.field("id").is_some_and(|id| is_text(id) && !id.secret);
        let attributes = self.fields(&known.attributes, "", has_id)?;
        let without = (!has_id).then(|| quote! { (without_id) });
        let attributes_doc = doc_of("", &format!("What the provider computes for a [`{name}`]."));
        let mut blocks = Vec::new();
        for block in nested {
            let name = format_ident!("{}", self.blocks[&block.path]);
            let doc = doc_of(block.doc, &format!("The block `{}` of a `{bare}`.", block.path));
            let fields = self.fields(block.schema, &block.path, false)?;
            blocks.push(quote! { #doc #[landform::block(refs)] pub struct #name { #fields } });
        }
        let markers = self.markers();
        let uses: Vec<_> = self.uses.iter().map(|name| format_ident!("{name}")).collect();
        let uses = match uses.as_slice() {
            [] => quote! {},
            [one] => quote! { use landform::#one; },
            all => quote! { use landform::{#(#all),*}; },
        };
        let collections: Vec<_> = self.collections.iter().map(|name| format_ident!("{name}")).collect();
        let collections = match collections.as_slice() {
            [] => quote! {},
            [one] => quote! { use std::collections::#one; },
            all => quote! { use std::collections::{#(#all),*}; },
        };
        let file: syn::File = parse(quote! {
            #collections
            #uses

            #doc
            #[landform::#macro_name(#bare #version)]
            pub struct #name { #arguments }

            #attributes_doc
            #[landform::attributes #without]
            pub struct #attributes_name { #attributes }

            #(#blocks)*
            #markers
        })?;
        Ok(file.items)
    }

    /// Gives each block a name, those at the top first. Equal blocks share one. Returns the blocks to write.
    fn name_blocks(&mut self) -> Vec<Nested<'a>> {
        let mut used = names::reserved();
        let own = names::structure(&self.place.name, "", &mut used);
        let mut waiting: VecDeque<Nested<'a>> = VecDeque::new();
        let known = self.known;
        for schema in [&known.arguments, &known.attributes] {
            waiting.extend(nested("", &own, schema));
        }
        let mut seen: HashMap<String, String> = HashMap::new();
        let mut all = Vec::new();
        while let Some(block) = waiting.pop_front() {
            let key = format!("{:?} {:?}", block.schema, self.references_below(&block.path));
            if let Some(name) = seen.get(&key) {
                // Its inner blocks have the names of those inside the first one.
                let name = name.clone();
                self.blocks.insert(block.path.clone(), name);
                waiting.extend(
                    nested(&block.path, "", block.schema)
                        .filter(|inner| !self.blocks.contains_key(&inner.path)),
                );
                continue;
            }
            let last = block.path.rsplit('.').next().unwrap_or(&block.path);
            let name = names::structure(last, &block.owner, &mut used);
            seen.insert(key, name.clone());
            self.blocks.insert(block.path.clone(), name.clone());
            waiting.extend(nested(&block.path, &name, block.schema));
            all.push(block);
        }
        all
    }

    /// The entries of the table below a block, by their paths in it.
    fn references_below(&self, path: &str) -> Vec<(String, &Target)> {
        let inside = |((type_name, field), target): (&'a (String, String), &'a Target)| {
            let rest = field.strip_prefix(path)?.strip_prefix('.')?;
            (type_name == self.known.name_str()).then(|| (rest.to_owned(), target))
        };
        self.whole.targets.iter().filter_map(inside).collect()
    }

    fn fields(&mut self, schema: &Schema, within: &str, has_id: bool) -> Result<TokenStream, String> {
        let mut used = BTreeSet::new();
        let mut fields = TokenStream::new();
        for field in schema.fields() {
            let ident = names::field(&field.name, &mut used);
            let path =
                if within.is_empty() { field.name.clone() } else { format!("{within}.{}", field.name) };
            let is_id = has_id && field.name == "id";
            let (kind, is_set) = self.kind_of(field, &path)?;
            let (kind, mut options) = match kind {
                kind if is_id => (kind, Vec::new()),
                kind if field.required && is_collection(&field.kind) => (kind, vec![quote! { required }]),
                kind if field.required || is_collection(&field.kind) => (kind, Vec::new()),
                kind => (quote! { Option<#kind> }, Vec::new()),
            };
            if ident != field.name {
                let name = &field.name;
                options.push(quote! { name = #name });
            }
            options.extend(self.options(field, is_set));
            let name = if names::is_keyword(&ident) { format!("r#{ident}") } else { ident };
            let name: syn::Ident = syn::parse_str(&name).map_err(|error| format!("{path}: {error}"))?;
            let attributes = attributes_of(&options);
            let deprecated = field.deprecated.as_deref().map(|why| {
                let why = docs::lines(why).join(" ");
                quote! { #[field(deprecated = #why)] }
            });
            let width = field.name.len() + kind.to_string().replace(' ', "").len() + "    pub : ,".len();
            let is_long =
                deprecated.as_ref().is_some_and(|it| it.to_string().len() > OPTIONS) || width + 4 > LINE;
            let skip = is_long.then(|| quote! { #[rustfmt::skip] });
            let doc = doc_of(&field.doc, &format!("The field `{}`.", field.name));
            fields.extend(quote! { #doc #skip #deprecated #attributes pub #name: #kind, });
        }
        Ok(fields)
    }

    /// What the schema says of a field beside its type.
    fn options(&self, field: &Field, is_set: bool) -> Vec<TokenStream> {
        let is_masked = is_text(field);
        let flags = [
            ("immutable", field.immutable),
            ("computed", field.computed),
            ("secret", field.secret && !field.write_only && !is_masked),
            ("write_only", field.write_only),
            ("weak", field.weak),
            ("volatile", field.volatile),
            ("unseen", field.unseen),
            ("null_differs", field.null_differs),
            ("set", is_set),
        ];
        let flags = flags.into_iter().filter(|(_, said)| *said).map(|(name, _)| format_ident!("{name}"));
        let mut options: Vec<TokenStream> = flags.map(|flag| quote! { #flag }).collect();
        match field.nesting {
            Nesting::Block => {}
            Nesting::Single => options.push(quote! { nesting = "single" }),
            // It has no effect on plain values.
            Nesting::Attribute if !matches!(innermost(&field.kind), Kind::Block(_)) => {}
            Nesting::Attribute => options.push(quote! { nesting = "attribute" }),
        }
        let Range { min, max } = field.size;
        for (name, size) in [("min_items", min), ("max_items", max)] {
            if let Some(size) = size {
                let (name, size) = (format_ident!("{name}"), proc_macro2::Literal::usize_unsuffixed(size));
                options.push(quote! { #name = #size });
            }
        }
        options
    }

    /// The type of a field's values, and whether it is a set that Rust holds in a `Vec`.
    fn kind_of(&mut self, field: &Field, path: &str) -> Result<(TokenStream, bool), String> {
        let kind = self.kind(&field.kind, field, path)?;
        let is_set = matches!(&field.kind, Kind::Set(item) if !is_ordered(item, field));
        Ok((kind, is_set))
    }

    fn kind(&mut self, kind: &Kind, field: &Field, path: &str) -> Result<TokenStream, String> {
        Ok(match kind {
            Kind::Bool => quote! { bool },
            Kind::Integer => quote! { i64 },
            Kind::Number => self.using("Number"),
            Kind::Text { .. } if field.secret => self.using("Secret"),
            Kind::Text { .. } => self.text(field, path),
            Kind::Any => quote! { landform::serde_json::Value },
            Kind::List(item) => {
                let item = self.kind(item, field, path)?;
                quote! { Vec<#item> }
            }
            Kind::Set(item) if is_ordered(item, field) => {
                let item = self.kind(item, field, path)?;
                self.collections.insert("BTreeSet");
                quote! { BTreeSet<#item> }
            }
            Kind::Set(item) => {
                let item = self.kind(item, field, path)?;
                quote! { Vec<#item> }
            }
            Kind::Map(item) => {
                let item = self.kind(item, field, path)?;
                self.collections.insert("BTreeMap");
                quote! { BTreeMap<String, #item> }
            }
            Kind::Block(_) => {
                let name = self.blocks.get(path).ok_or_else(|| format!("{path}: a block without a name"))?;
                let name = format_ident!("{name}");
                quote! { #name }
            }
        })
    }

    fn using(&mut self, name: &'static str) -> TokenStream {
        self.uses.insert(name);
        let name = format_ident!("{name}");
        quote! { #name }
    }

    /// The type of a text: an id or another attribute, if the table or the name says so.
    fn text(&mut self, field: &Field, path: &str) -> TokenStream {
        let known = self.known;
        let key = (known.name_str().to_owned(), path.to_owned());
        let is_own_id = path == "id" && known.attributes.field("id").is_some();
        let target = match self.whole.targets.get(&key) {
            Some(target) => target.clone(),
            // The id of a data source is that of the resource type with the same name, if there is one.
            None if is_own_id && self.whole.places.contains_key(known.name.bare()) => {
                Target { type_name: known.name.bare().to_owned(), field: "id".to_owned() }
            }
            None if is_own_id => Target { type_name: known.name_str().to_owned(), field: "id".to_owned() },
            None => match self.marked(&field.name, path) {
                Some(target) => target,
                None => return quote! { String },
            },
        };
        let Some(place) = self.whole.places.get(&target.type_name) else { return quote! { String } };
        let name = format_ident!("{}", place.name);
        if target.field == "id" {
            self.uses.insert("Id");
            if target.type_name == known.name_str() {
                return quote! { Id<#name> };
            }
            let way = self.way_to(&place.module);
            return quote! { Id<#way #name> };
        }
        self.uses.insert("ValueOf");
        let marker = format_ident!("{}{}", place.name, names::camel(&target.field));
        if target.type_name == known.name_str() {
            return quote! { ValueOf<#marker> };
        }
        let way = self.way_to(&place.module);
        let file = module(&place.file);
        quote! { ValueOf<#way #file::#marker> }
    }

    /// The field as a target of others, if the table names it so.
    fn marked(&self, name: &str, path: &str) -> Option<Target> {
        let own = Target { type_name: self.known.name_str().to_owned(), field: name.to_owned() };
        (path == name && self.whole.targets.values().any(|target| *target == own)).then_some(own)
    }

    /// The types that stand for fields of this type to which others refer.
    fn markers(&self) -> TokenStream {
        let own = |target: &&Target| target.type_name == self.known.name_str() && target.field != "id";
        let fields: BTreeSet<&String> = self.whole.targets.values().filter(own).map(|it| &it.field).collect();
        let markers = fields.into_iter().map(|field| {
            let marker = format_ident!("{}{}", self.place.name, names::camel(field));
            let doc = doc_of(
                "",
                &format!("The field `{field}` of a [`{}`], to which others refer.", self.place.name),
            );
            quote! { #doc pub enum #marker {} }
        });
        markers.collect()
    }

    /// The way from this file to a module, with `::` at its end.
    fn way_to(&self, module_path: &[String]) -> TokenStream {
        let ups = self.place.module.len() + 1;
        let ups = std::iter::repeat_n(quote! { super:: }, ups);
        let downs = module_path.iter().map(|name| {
            let name = module(name);
            quote! { #name:: }
        });
        ups.chain(downs).collect()
    }
}

/// The blocks directly inside a schema.
fn nested<'a>(within: &str, owner: &str, schema: &'a Schema) -> impl Iterator<Item = Nested<'a>> {
    let blocks = schema.fields().iter().filter_map(move |field| match innermost(&field.kind) {
        Kind::Block(schema) => Some((field, schema)),
        _ => None,
    });
    blocks.map(move |(field, schema)| Nested {
        path: if within.is_empty() { field.name.clone() } else { format!("{within}.{}", field.name) },
        owner: owner.to_owned(),
        schema,
        doc: &field.doc,
    })
}

/// The identifier of a module.
pub(super) fn module(name: &str) -> syn::Ident {
    format_ident!("{name}")
}

fn is_collection(kind: &Kind) -> bool {
    matches!(kind, Kind::List(_) | Kind::Set(_) | Kind::Map(_))
}

fn is_text(field: &Field) -> bool {
    matches!(innermost(&field.kind), Kind::Text { .. })
}

/// Whether Rust can order such values in a set.
fn is_ordered(item: &Kind, field: &Field) -> bool {
    match item {
        Kind::Bool | Kind::Integer | Kind::Number => true,
        Kind::Text { .. } => !field.secret,
        Kind::List(_) | Kind::Set(_) | Kind::Map(_) | Kind::Block(_) | Kind::Any => false,
    }
}
