//! Fields: what `#[field(…)]` says of them, and the serde and schemars attributes that follow.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    Attribute, Data, DeriveInput, Expr, ExprLit, Fields, GenericArgument, Ident, Lit, LitInt, LitStr,
    PathArguments, Type, meta::ParseNestedMeta, parse_quote,
};

/// One field of a declared struct.
pub struct Field {
    pub name: Ident,
    pub docs: Vec<Attribute>,
    /// The type as written.
    pub written: Type,
    pub shape: Shape,
    pub required: bool,
    default: Option<Expr>,
}

/// How a field is given.
pub enum Shape {
    One(Type),
    Many(Type),
    Map(Type),
}

impl Field {
    /// Reads the fields of a struct and puts serde's and schemars's attributes in the place of ours.
    pub fn take(input: &mut DeriveInput) -> syn::Result<Vec<Field>> {
        let name = input.ident.clone();
        let Data::Struct(data) = &mut input.data else {
            return Err(syn::Error::new_spanned(&name, "expected a struct"));
        };
        let Fields::Named(fields) = &mut data.fields else {
            return Err(syn::Error::new_spanned(&name, "expected a struct with named fields"));
        };
        fields.named.iter_mut().map(|field| Self::read(&name, field)).collect()
    }

    fn read(owner: &Ident, field: &mut syn::Field) -> syn::Result<Field> {
        let Some(name) = field.ident.clone() else {
            return Err(syn::Error::new_spanned(field, "expected a name"));
        };
        let mut default = None;
        let mut required = false;
        let mut extensions = Vec::new();
        let (ours, others): (Vec<_>, Vec<_>) =
            field.attrs.drain(..).partition(|attribute| attribute.path().is_ident("field"));
        field.attrs = others;
        for attribute in &ours {
            attribute.parse_nested_meta(|meta| {
                let Some(word) = meta.path.get_ident().map(Ident::to_string) else {
                    return Err(meta.error("expected a word"));
                };
                match word.as_str() {
                    "immutable" | "computed" | "secret" | "weak" | "volatile" | "write_only"
                    | "null_differs" => {
                        let key = format!("x-{}", word.replace('_', "-"));
                        extensions.push(quote! { #key = true });
                    }
                    "same" => extensions.push(one_of(&meta, "x-same", &MEANINGS)?),
                    "nesting" => extensions.push(one_of(&meta, "x-nesting", &NESTINGS)?),
                    "deprecated" => {
                        let why: LitStr = meta.value()?.parse()?;
                        extensions.push(quote! { "x-deprecated" = #why });
                    }
                    "min_items" | "max_items" => {
                        let (number, key): (LitInt, _) = (meta.value()?.parse()?, camel(&word));
                        extensions.push(quote! { #key = #number });
                    }
                    "required" => required = true,
                    "default" => default = Some(meta.value()?.parse::<Expr>()?),
                    "form" => {
                        let form: LitStr = meta.value()?.parse()?;
                        extensions.push(quote! { "x-form" = #form });
                    }
                    _ => {
                        return Err(meta.error(
                            "expected immutable, computed, secret, write_only, weak, volatile, null_differs, required, \
                             default = …, form = \"…\", same = \"…\", deprecated = \"…\", min_items = …, \
                             max_items = … or nesting = \"…\"",
                        ));
                    }
                }
                Ok(())
            })?;
        }
        if !extensions.is_empty() {
            field.attrs.push(parse_quote! { #[schemars(extend(#(#extensions),*))] });
        }
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
        let skip = if optional.is_some() { Some("::core::option::Option::is_none".to_owned()) } else { skip };
        if let Some(skip) = &skip
            && !required
            && default.is_none()
        {
            field.attrs.push(parse_quote! { #[serde(default, skip_serializing_if = #skip)] });
        }
        if default.is_some() {
            let path = format!("{owner}::{}", default_name(&name));
            field.attrs.push(parse_quote! { #[serde(default = #path)] });
        }
        Ok(Field {
            docs: field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect(),
            written: field.ty.clone(),
            required: required || (skip.is_none() && default.is_none()),
            name,
            shape,
            default,
        })
    }

    /// The type a reference to this field has.
    pub fn referenced(&self) -> &Type {
        argument(&self.written, "Option").unwrap_or(&self.written)
    }

    /// The field's name as it is serialised.
    pub fn key(&self) -> String {
        self.name.to_string().trim_start_matches("r#").to_owned()
    }
}

/// The derives of every declared type, by way of core's own copies of serde and schemars.
pub fn derives(word: bool) -> TokenStream {
    let more = if word {
        quote! { Copy, Eq, PartialOrd, Ord, Hash, }
    } else {
        quote! {}
    };
    quote! {
        #[derive(
            Clone, Debug, PartialEq, #more
            ::landform_core::__private::Serialize,
            ::landform_core::__private::Deserialize,
            ::landform_core::__private::JsonSchema
        )]
        #[serde(crate = "::landform_core::__private::serde")]
        #[schemars(crate = "::landform_core::__private::schemars")]
    }
}

/// The functions that serde calls for defaults.
pub fn defaults(input: &DeriveInput, fields: &[Field]) -> TokenStream {
    let name = &input.ident;
    let functions: Vec<TokenStream> = fields
        .iter()
        .filter_map(|field| {
            let default = field.default.as_ref()?;
            let (function, written) = (default_name(&field.name), &field.written);
            let value = match default {
                Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => {
                    quote! { ::core::convert::Into::into(#default) }
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

fn default_name(field: &Ident) -> Ident {
    format_ident!("default_{}", field.to_string().trim_start_matches("r#"))
}

/// The meanings that texts may have; core knows the same.
const MEANINGS: [&str; 10] =
    ["json", "policy", "case", "dns_name", "cidr", "base64", "self_link", "duration", "size", "trimmed"];

/// How Terraform may write blocks.
const NESTINGS: [&str; 3] = ["block", "single", "attribute"];

/// One of the words that may stand behind a key.
fn one_of(meta: &ParseNestedMeta<'_>, key: &str, words: &[&str]) -> syn::Result<TokenStream> {
    let word: LitStr = meta.value()?.parse()?;
    if !words.contains(&word.value().as_str()) {
        return Err(syn::Error::new_spanned(word, format!("expected one of {}", words.join(", "))));
    }
    Ok(quote! { #key = #word })
}

/// `min_items` as JSON Schema spells it.
fn camel(word: &str) -> String {
    word.replace("_i", "I")
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
fn argument<'a>(written: &'a Type, generic: &str) -> Option<&'a Type> {
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
