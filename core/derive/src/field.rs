//! Fields: the options of `#[field(…)]`, and what follows from them for the schema and for serde.

use darling::{FromField, FromMeta, util::Flag};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{
    Attribute, Data, DeriveInput, Expr, ExprLit, GenericArgument, Ident, Lit, LitInt, LitStr, Meta,
    PathArguments, Type, parse_quote, spanned::Spanned,
};

use crate::declared::Krate;

/// One field of a declared struct.
pub struct Field {
    pub name: Ident,
    pub docs: Vec<Attribute>,
    /// The type as written.
    pub written: Type,
    pub shape: Shape,
    pub required: bool,
    pub form: Option<LitStr>,
    pub only_with: Option<LitStr>,
    /// The field with the prefix of a generated name.
    pub generated: Option<LitStr>,
    pub default: Option<Expr>,
    /// What the schema needs in addition to the type.
    pub extensions: Vec<Extension>,
    /// Its name in the schema, if Rust cannot have it.
    key: Option<LitStr>,
    /// Whether the type is an `Option`.
    is_option: bool,
    /// The function of an absent collection, by its path.
    skip: Option<String>,
}

/// A property of a field in the schema.
pub enum Extension {
    Word(&'static str),
    Text(&'static str, LitStr),
    Number(&'static str, LitInt),
}

impl Extension {
    /// As an attribute of schemars.
    fn attribute(&self) -> TokenStream {
        match self {
            Self::Word(key) => quote! { #key = true },
            Self::Text(key, text) => quote! { #key = #text },
            Self::Number(key, number) => quote! { #key = #number },
        }
    }

    /// As a row of the table that core walks.
    pub fn row(&self, krate: &Krate) -> TokenStream {
        let (key, value) = match self {
            Self::Word(key) => (key, quote! { True }),
            Self::Text(key, text) => (key, quote! { Text(#text) }),
            Self::Number(key, number) => (key, quote! { Number(#number) }),
        };
        quote! { (#key, #krate::__private::tables::Extension::#value) }
    }
}

/// How a field is given.
pub enum Shape {
    One(Type),
    Many(Type),
    Map(Type),
}

/// The options of `#[field(…)]`.
#[derive(Default, FromField)]
#[darling(default, attributes(field))]
struct Options {
    immutable: Flag,
    computed: Flag,
    secret: Flag,
    write_only: Flag,
    weak: Flag,
    volatile: Flag,
    unseen: Flag,
    shared: Flag,
    null_differs: Flag,
    required: Flag,
    set: Flag,
    #[darling(with = text)]
    name: Option<LitStr>,
    #[darling(with = expression)]
    default: Option<Expr>,
    #[darling(with = text)]
    form: Option<LitStr>,
    #[darling(with = text)]
    only_with: Option<LitStr>,
    #[darling(with = text)]
    generated: Option<LitStr>,
    #[darling(with = a_meaning)]
    same: Option<LitStr>,
    #[darling(with = a_nesting)]
    nesting: Option<LitStr>,
    #[darling(with = text)]
    deprecated: Option<LitStr>,
    min_items: Option<LitInt>,
    max_items: Option<LitInt>,
    min_length: Option<LitInt>,
    max_length: Option<LitInt>,
    minimum: Option<LitInt>,
    maximum: Option<LitInt>,
    #[darling(with = text)]
    pattern: Option<LitStr>,
}

/// The meanings of texts. core knows the same ones.
const MEANINGS: [&str; 13] = [
    "json",
    "policy",
    "case",
    "dns_name",
    "cidr",
    "base64",
    "self_link",
    "duration",
    "size",
    "decimal",
    "trimmed",
    "ip_protocol",
    "port_range",
];

/// How Terraform may write blocks.
const NESTINGS: [&str; 3] = ["block", "single", "attribute"];

impl Options {
    /// What the schema needs in addition to the type.
    fn extensions(&self) -> Vec<Extension> {
        let words = [
            ("x-immutable", self.immutable),
            ("x-computed", self.computed),
            ("x-secret", self.secret),
            ("x-write-only", self.write_only),
            ("x-weak", self.weak),
            ("x-volatile", self.volatile),
            ("x-unseen", self.unseen),
            ("x-shared", self.shared),
            ("x-null-differs", self.null_differs),
            ("uniqueItems", self.set),
        ];
        let texts = [
            ("x-form", &self.form),
            ("x-only-with", &self.only_with),
            ("x-generated", &self.generated),
            ("x-same", &self.same),
            ("x-nesting", &self.nesting),
            ("x-deprecated", &self.deprecated),
            ("pattern", &self.pattern),
        ];
        let numbers = [
            ("minItems", &self.min_items),
            ("maxItems", &self.max_items),
            ("minLength", &self.min_length),
            ("maxLength", &self.max_length),
            ("minimum", &self.minimum),
            ("maximum", &self.maximum),
        ];
        let words = words.into_iter().filter(|(_, said)| said.is_present());
        let words = words.map(|(key, _)| key).chain(self.generated.as_ref().map(|_| "x-computed"));
        let words = words.map(Extension::Word);
        let texts = texts.into_iter().filter_map(|(key, said)| Some(Extension::Text(key, said.clone()?)));
        let numbers =
            numbers.into_iter().filter_map(|(key, said)| Some(Extension::Number(key, said.clone()?)));
        words.chain(texts).chain(numbers).collect()
    }
}

/// The meaning of texts.
fn a_meaning(meta: &Meta) -> darling::Result<Option<LitStr>> {
    one_of(meta, &MEANINGS)
}

/// How blocks are written.
fn a_nesting(meta: &Meta) -> darling::Result<Option<LitStr>> {
    one_of(meta, &NESTINGS)
}

/// A quoted text, one of these.
fn one_of(meta: &Meta, words: &[&str]) -> darling::Result<Option<LitStr>> {
    let word = text(meta)?;
    match word.filter(|word| !words.contains(&word.value().as_str())) {
        Some(other) => {
            let message = format!("expected one of {}", words.join(", "));
            Err(darling::Error::custom(message).with_span(&other))
        }
        None => text(meta),
    }
}

/// A default is an expression. A quoted text means that text.
fn expression(meta: &Meta) -> darling::Result<Option<Expr>> {
    let value = darling::util::parse_expr::preserve_str_literal(meta).map(Some);
    value.map_err(|_| darling::Error::custom("expected a value, as in `default = 5`").with_span(meta))
}

/// A text in quotes.
pub fn text(meta: &Meta) -> darling::Result<Option<LitStr>> {
    let value = LitStr::from_meta(meta).map(Some);
    value.map_err(|_| darling::Error::custom("expected a text, as in `form = \"{region}\"`").with_span(meta))
}

impl Field {
    /// Reads the fields of a struct and removes our attributes. Collects mistakes in the options of a field.
    pub fn take(input: &mut DeriveInput) -> darling::Result<Vec<(Field, Option<darling::Error>)>> {
        let Data::Struct(data) = &mut input.data else {
            return Err(darling::Error::custom("expected a struct").with_span(&input.ident));
        };
        data.fields.iter_mut().map(Self::read).collect()
    }

    fn read(field: &mut syn::Field) -> darling::Result<(Field, Option<darling::Error>)> {
        let Some(name) = field.ident.clone() else {
            return Err(darling::Error::custom("expected a name").with_span(field));
        };
        let (options, slip) = match Options::from_field(field) {
            Ok(options) => (options, None),
            Err(slip) => (Options::default(), Some(slip)),
        };
        field.attrs.retain(|attribute| !attribute.path().is_ident("field"));
        let extensions = options.extensions();
        let (required, default) = (options.required.is_present(), options.default);
        let optional = argument(&field.ty, "Option").cloned();
        let inner = optional.as_ref().unwrap_or(&field.ty);
        let (shape, skip) = match (
            argument(inner, "Vec").or_else(|| argument(inner, "BTreeSet")),
            argument(inner, "BTreeMap"),
        ) {
            (Some(item), _) => (Shape::Many(item.clone()), emptiness(inner)),
            (_, Some(value)) => (Shape::Map(value.clone()), emptiness(inner)),
            _ => (Shape::One(inner.clone()), None),
        };
        let is_option = optional.is_some();
        let skip = if is_option { Some("::core::option::Option::is_none".to_owned()) } else { skip };
        let skip = skip.filter(|_| !required && default.is_none());
        let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect();
        let written = field.ty.clone();
        let required = required || (skip.is_none() && default.is_none());
        Ok((
            Field {
                name,
                docs,
                written,
                shape,
                required,
                form: options.form,
                only_with: options.only_with,
                generated: options.generated,
                default,
                extensions,
                is_option,
                skip,
                key: options.name,
            },
            slip,
        ))
    }

    /// Whether the field has a value without being given: nothing, or an empty collection.
    pub fn may_be_absent(&self) -> bool {
        self.skip.is_some() || self.is_option
    }

    /// The function that gives the default.
    pub fn default_name(&self) -> Ident {
        format_ident!("default_{}", self.name.to_string().trim_start_matches("r#"))
    }

    /// The attributes of serde and schemars that say the same as ours. Those that only schemars or `Deserialize` read
    /// are left out unless these crates write all of the code.
    pub fn attributes(&self, owner: &Ident, all: bool) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        if let Some(skip) = &self.skip {
            attributes.push(parse_quote! { #[serde(default, skip_serializing_if = #skip)] });
        }
        if let Some(key) = &self.key {
            attributes.push(parse_quote! { #[serde(rename = #key)] });
        }
        if all && self.default.is_some() {
            let path = format!("{owner}::{}", self.default_name());
            attributes.push(parse_quote! { #[serde(default = #path)] });
        }
        if all && !self.extensions.is_empty() {
            let extensions = self.extensions.iter().map(Extension::attribute);
            attributes.push(parse_quote! { #[schemars(extend(#(#extensions),*))] });
        }
        attributes
    }

    /// The type of a reference to this field.
    pub fn referenced(&self) -> &Type {
        argument(&self.written, "Option").unwrap_or(&self.written)
    }

    /// The type of the values in the field, whether it holds one, none or many.
    pub fn held(&self) -> &Type {
        const AROUND: [&str; 4] = ["Option", "Vec", "BTreeSet", "BTreeMap"];
        let mut held = &self.written;
        while let Some(inner) = AROUND.iter().find_map(|around| argument(held, around)) {
            held = inner;
        }
        held
    }

    /// The type that the id in the field identifies.
    pub fn refers_to(&self) -> Option<&Type> {
        argument(self.referenced(), "Id")
    }

    /// The field's name as it is serialised.
    pub fn key(&self) -> String {
        if let Some(key) = &self.key {
            return key.value();
        }
        self.name.to_string().trim_start_matches("r#").to_owned()
    }
}

/// The derives of a struct that core reads and describes by tables.
pub fn derives_of_tables(krate: &Krate) -> TokenStream {
    let serde = krate.path("__private::serde");
    quote! {
        #[derive(Clone, Debug, PartialEq, #krate::__private::Serialize)]
        #[serde(crate = #serde)]
    }
}

/// The derives of the other declared types, through core's own copies of serde and schemars.
pub fn derives(krate: &Krate, word: bool) -> TokenStream {
    let more = if word {
        quote! { Copy, Eq, PartialOrd, Ord, Hash, }
    } else {
        quote! {}
    };
    let (serde, schemars) = (krate.path("__private::serde"), krate.path("__private::schemars"));
    quote! {
        #[derive(
            Clone, Debug, PartialEq, #more
            #krate::__private::Serialize,
            #krate::__private::Deserialize,
            #krate::__private::JsonSchema
        )]
        #[serde(crate = #serde)]
        #[schemars(crate = #schemars)]
    }
}

/// The functions that give defaults.
pub fn defaults(krate: &Krate, input: &DeriveInput, fields: &[Field]) -> TokenStream {
    let name = &input.ident;
    let functions: Vec<TokenStream> = fields
        .iter()
        .filter_map(|field| {
            let default = field.default.as_ref()?;
            let (function, written) = (field.default_name(), &field.written);
            let value = match default {
                Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => {
                    quote_spanned! { default.span() => #krate::__private::slips::text::<#written>(#default) }
                }
                other => quote! { #other },
            };
            Some(quote! { fn #function() -> #written { #value } })
        })
        .collect();
    if functions.is_empty() {
        return quote! {};
    }
    quote! { impl #name { #(#functions)* } }
}

fn emptiness(collection: &Type) -> Option<String> {
    let Type::Path(path) = collection else { return None };
    match path.path.segments.last()?.ident.to_string().as_str() {
        "Vec" => Some("::std::vec::Vec::is_empty".into()),
        "BTreeSet" => Some("::std::collections::BTreeSet::is_empty".into()),
        "BTreeMap" => Some("::std::collections::BTreeMap::is_empty".into()),
        _ => None,
    }
}

/// The last type argument of a generic type of that name.
pub fn argument<'a>(written: &'a Type, generic: &str) -> Option<&'a Type> {
    let Type::Path(path) = written else { return None };
    let segment = path.path.segments.last()?;
    if segment.ident != generic {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.last()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}
