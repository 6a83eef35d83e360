//! The macros with which a resource type is declared. They write derives, builders, typed references and the type's
//! description; they know no cloud and no engine.
//!
//! - [`macro@resource`] on the struct of arguments;
//! - [`macro@data`] on the struct of a data source's arguments;
//! - [`macro@attributes`] on the struct of what the cloud computes;
//! - [`macro@block`] on structs and enums that stand inside either.

mod builder;
mod field;
mod header;
mod references;

use proc_macro::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, parse_macro_input};

use crate::{field::Field, header::Header};

/// Declares a resource type by the struct of its arguments.
///
/// `#[resource("aws_subnet", id = "subnet-{hex17}", unique("name"), disjoint("cidr_block", within = "vpc_id"),
/// inside("cidr_block", of = "vpc_id"), widens("cidr_block", of = "vpc_id"), takes(create = 5, update = 1, delete = 5),
/// version = 0, attributes = SubnetAttributes)]`; all but the name may be left out.
///
/// A field is required unless it is an `Option`, `Vec`, `BTreeSet` or `BTreeMap` or has a default.
/// `#[field(immutable, computed, secret, weak, volatile, required, default = …, form = "…")]` says more of it.
///
/// For a struct `Subnet` it writes `Subnet::new(required…) -> SubnetBuilder`, a setter per optional field
/// (`tags(…)` and `tag(key, value)` for a map), and `SubnetRefs`, to which a `Handle<Subnet>` dereferences.
#[proc_macro_attribute]
pub fn resource(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let header = parse_macro_input!(arguments as Header);
    declare(item, &header)
}

/// Declares a data source by the struct of its arguments: what is asked. Its attributes are the answer.
///
/// `#[data("aws_ami", attributes = AmiAttributes)]`; the type is known as `data.aws_ami`. Fields are written as those of
/// a [`macro@resource`].
#[proc_macro_attribute]
pub fn data(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let header = parse_macro_input!(arguments as Header).data();
    declare(item, &header)
}

fn declare(item: TokenStream, header: &Header) -> TokenStream {
    expand(parse_macro_input!(item as DeriveInput), |input, fields| {
        let builder = builder::expand(input, fields, true);
        let references = references::expand(input, fields, Some(&header.attributes(&input.ident)));
        let resource = header.expand(input);
        Ok(quote! { #builder #references #resource })
    })
}

/// Declares the attributes of a resource type: the struct has a field `id`.
#[proc_macro_attribute]
pub fn attributes(_: TokenStream, item: TokenStream) -> TokenStream {
    expand(parse_macro_input!(item as DeriveInput), |input, fields| {
        if !fields.iter().any(|field| field.name == "id") {
            return Err(syn::Error::new_spanned(&input.ident, "attributes need a field `id`"));
        }
        let references = references::expand(input, fields, None);
        let (name, refs) = (&input.ident, format_ident!("{}Refs", input.ident));
        Ok(quote! {
            #references
            impl ::landform_core::Attributes for #name {
                type Refs = #refs;
                fn id(&self) -> &str {
                    self.id.as_str()
                }
            }
        })
    })
}

/// Declares a block inside arguments or attributes: a struct, which gets a builder, or an enum of plain words.
#[proc_macro_attribute]
pub fn block(_: TokenStream, item: TokenStream) -> TokenStream {
    let input = parse_macro_input!(item as DeriveInput);
    if matches!(input.data, Data::Enum(_)) {
        let serde = field::derives(true);
        return quote! { #serde #input }.into();
    }
    expand(input, |input, fields| Ok(builder::expand(input, fields, false)))
}

fn expand(
    mut input: DeriveInput,
    rest: impl FnOnce(&DeriveInput, &[Field]) -> syn::Result<proc_macro2::TokenStream>,
) -> TokenStream {
    let expanded = Field::take(&mut input).and_then(|fields| {
        let rest = rest(&input, &fields)?;
        let derives = field::derives(false);
        let defaults = field::defaults(&input, &fields);
        Ok(quote! { #derives #input #defaults #rest })
    });
    expanded.unwrap_or_else(syn::Error::into_compile_error).into()
}
