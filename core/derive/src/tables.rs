//! Writes how a declared struct is read and described: `Deserialize` and `JsonSchema`. Both are tables that core walks,
//! because what serde and schemars would write takes far longer to compile.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, Data, DeriveInput, Expr, ExprLit, Ident, Lit, Meta, Type, spanned::Spanned};

use crate::{declared::Krate, field::Field};

/// Whether the struct has neither parameters nor attributes of serde or schemars, which only these crates understand.
pub fn fits(input: &DeriveInput) -> bool {
    let foreign = |attributes: &[Attribute]| {
        attributes.iter().any(|it| it.path().is_ident("serde") || it.path().is_ident("schemars"))
    };
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(_) | Data::Union(_) => return false,
    };
    input.generics.params.is_empty()
        && !foreign(&input.attrs)
        && !fields.iter().any(|field| foreign(&field.attrs))
}

/// The implementations. `choices` are the demands on the fields, as JSON.
pub fn expand(
    krate: &Krate,
    input: &DeriveInput,
    fields: &[Field],
    choices: Option<&TokenStream>,
) -> TokenStream {
    let described = described(krate, input, fields, choices);
    let read = read(krate, input, fields);
    quote! { #described #read }
}

fn described(
    krate: &Krate,
    input: &DeriveInput,
    fields: &[Field],
    choices: Option<&TokenStream>,
) -> TokenStream {
    let (name, text, docs) = (&input.ident, input.ident.to_string(), docs(&input.attrs));
    let rows = fields.iter().map(|field| {
        let (key, written, docs) = (field.key(), &field.written, self::docs(&field.docs));
        let presence = match &field.default {
            Some(_) => {
                let default = field.default_name();
                quote! { Default(|| #krate::__private::tables::json(&#name::#default())) }
            }
            None if field.may_be_absent() || field.generated.is_some() => quote! { Optional },
            None => quote! { Required },
        };
        let extensions = field.extensions.iter().map(|it| it.row(krate));
        quote_spanned! { written.span() =>
            #krate::__private::tables::Field {
                name: #key,
                docs: #docs,
                schema: #krate::__private::schemars::SchemaGenerator::subschema_for::<#written>,
                presence: #krate::__private::tables::Presence::#presence,
                extensions: &[#(#extensions),*],
            }
        }
    });
    let choices = match choices {
        Some(all) => quote! {
            ::core::option::Option::Some(|| #krate::__private::serde_json::json!(#all))
        },
        None => quote! { ::core::option::Option::None },
    };
    quote! {
        #[automatically_derived]
        impl #krate::__private::JsonSchema for #name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(#text)
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::concat!(::core::module_path!(), "::", #text))
            }

            fn json_schema(
                generator: &mut #krate::__private::schemars::SchemaGenerator,
            ) -> #krate::__private::schemars::Schema {
                const TABLE: #krate::__private::tables::Table = #krate::__private::tables::Table {
                    docs: #docs,
                    choices: #choices,
                    fields: &[#(#rows),*],
                };
                TABLE.schema(generator)
            }
        }
    }
}

/// A field as the code that reads it needs it.
pub struct Row<'a> {
    pub name: &'a Ident,
    pub key: String,
    pub written: &'a Type,
    pub absent: Absent,
}

/// What the value of an absent field is.
pub enum Absent {
    /// None: that is an error.
    Refused,
    /// The default of its type.
    Usual,
    /// What this function returns.
    Given(TokenStream),
}

fn read(krate: &Krate, input: &DeriveInput, fields: &[Field]) -> TokenStream {
    let name = &input.ident;
    let rows = fields.iter().map(|field| {
        let absent = match &field.default {
            Some(_) => {
                let default = field.default_name();
                Absent::Given(quote! { #name::#default })
            }
            None if field.may_be_absent() => Absent::Usual,
            None => Absent::Refused,
        };
        Row { name: &field.name, key: field.key(), written: &field.written, absent }
    });
    from_map(krate, name, &rows.collect::<Vec<_>>(), false)
}

/// The implementation of `Deserialize` for a struct. `is_closed` says whether unknown fields are an error.
pub fn from_map(krate: &Krate, name: &Ident, rows: &[Row], is_closed: bool) -> TokenStream {
    let text = name.to_string();
    let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
    let slots: Vec<Ident> = (0..rows.len()).map(|place| format_ident!("field_{place}")).collect();
    let reads = rows.iter().zip(&slots).enumerate().map(|(place, (row, slot))| {
        quote_spanned! { row.written.span() =>
            #place => #krate::__private::tables::read::<Self, _, A>(&mut map, &mut #slot, #place)
        }
    });
    let values = rows.iter().zip(&slots).map(|(Row { name, key, absent, .. }, slot)| match absent {
        Absent::Refused => quote! { #name: #krate::__private::tables::required(#slot, #key)? },
        Absent::Usual => quote! { #name: #slot.unwrap_or_default() },
        Absent::Given(function) => quote! { #name: #slot.unwrap_or_else(#function) },
    });
    quote! {
        #[automatically_derived]
        impl #krate::__private::tables::FromMap for #name {
            const NAME: &'static str = #text;
            const FIELDS: &'static [&'static str] = &[#(#keys),*];
            const IS_CLOSED: bool = #is_closed;

            fn from_map<'de, A: #krate::__private::serde::de::MapAccess<'de>>(
                mut map: A,
            ) -> ::core::result::Result<Self, A::Error> {
                #(let mut #slots = ::core::option::Option::None;)*
                while let ::core::option::Option::Some(place) =
                    #krate::__private::tables::next::<Self, A>(&mut map)?
                {
                    match place {
                        #(#reads,)*
                        _ => #krate::__private::tables::skip(&mut map),
                    }?;
                }
                ::core::result::Result::Ok(Self { #(#values),* })
            }
        }

        #[automatically_derived]
        impl<'de> #krate::__private::serde::Deserialize<'de> for #name {
            fn deserialize<D: #krate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                #krate::__private::tables::deserialize(deserializer)
            }
        }
    }
}

/// The text of doc comments, which may come from a file.
fn docs(attributes: &[Attribute]) -> TokenStream {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => Some(&pair.value),
        _ => None,
    });
    let lines = lines.map(|line| match line {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            let text = text.value();
            let text = text.strip_prefix(' ').unwrap_or(&text);
            quote! { #text, "\n" }
        }
        other => quote! { #other, "\n" },
    });
    quote! { ::core::concat!(#(#lines),*) }
}
