//! Builders: `new` takes the required fields, and each optional field has a setter.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, Ident};

use crate::{
    declared::Krate,
    field::{Field, Shape},
};

/// The builder of a struct. A resource's builder can be added to a stack; a block's builder is an argument.
pub fn expand(krate: &Krate, input: &DeriveInput, fields: &[Field], is_resource: bool) -> TokenStream {
    let (name, visibility) = (&input.ident, &input.vis);
    let builder = format_ident!("{name}Builder");
    let required = || fields.iter().filter(|field| field.required);
    let new_doc = format!("Starts a [`{name}`] with its required arguments.");
    let new = constructor(krate, &format_ident!("new"), &new_doc, &builder, required());
    let unnamed = fields.iter().find_map(|field| Some((field.key(), field.generated.as_ref()?.value())));
    let unnamed = unnamed.map(|(key, prefix)| {
        let doc = format!(
            "Starts a [`{name}`] whose `{key}` its creation makes, from `{prefix}` and random characters."
        );
        let rest = required().filter(|field| field.generated.is_none());
        constructor(krate, &format_ident!("unnamed"), &doc, &builder, rest)
    });
    let setters = fields.iter().filter(|field| !field.required).map(|field| setter(krate, field, fields));
    let builder_doc = format!("Builds a [`{name}`] from values and references.");
    let conversion = if is_resource {
        quote! {
            impl #krate::Declares<#name> for #builder {
                fn declare(self) -> #krate::Declaration {
                    #krate::Declaration {
                        resource_type: <#name as #krate::Resource>::resource_type().clone(),
                        arguments: #krate::expr::Expr::map(self.fields),
                    }
                }
            }
        }
    } else {
        quote! {
            impl ::core::convert::From<#builder> for #krate::Input<#name> {
                fn from(builder: #builder) -> Self {
                    Self::from_expr(#krate::expr::Expr::map(builder.fields))
                }
            }
        }
    };
    quote! {
        #[doc = #builder_doc]
        #[derive(Clone, Debug)]
        #[must_use]
        #visibility struct #builder {
            fields: ::std::collections::BTreeMap<::std::string::String, #krate::expr::Expr>,
        }

        impl #name {
            #new
            #unnamed
        }

        impl #builder {
            #(#setters)*

            /// Calls a setter only if there is a value: `.with(zone, |subnet, zone| subnet.availability_zone(zone))`.
            pub fn with<V>(
                self,
                value: ::core::option::Option<V>,
                set: impl ::core::ops::FnOnce(Self, V) -> Self,
            ) -> Self {
                match value {
                    ::core::option::Option::Some(value) => set(self, value),
                    ::core::option::Option::None => self,
                }
            }
        }

        #conversion
    }
}

/// A function that starts a builder with the values of these fields.
fn constructor<'a>(
    krate: &Krate,
    function: &Ident,
    doc: &str,
    builder: &Ident,
    fields: impl Iterator<Item = &'a Field>,
) -> TokenStream {
    let (parameters, entries): (Vec<_>, Vec<_>) = fields
        .map(|field| {
            let (ident, accepted) = (&field.name, accepted(krate, &field.shape));
            let (key, value) = (field.key(), value(krate, ident, &field.shape));
            (quote! { #ident: #accepted }, quote! { (#key.to_owned(), #value) })
        })
        .unzip();
    quote! {
        #[doc = #doc]
        #[allow(clippy::new_ret_no_self, clippy::too_many_arguments)]
        pub fn #function(#(#parameters),*) -> #builder {
            #builder { fields: ::std::collections::BTreeMap::from([#(#entries),*]) }
        }
    }
}

fn accepted(krate: &Krate, shape: &Shape) -> TokenStream {
    match shape {
        Shape::One(inner) => quote! { impl #krate::Argument<#inner> },
        Shape::Many(item) => quote! {
            impl ::core::iter::IntoIterator<Item = impl #krate::Argument<#item>>
        },
        Shape::Map(value) => quote! {
            impl ::core::iter::IntoIterator<Item = (
                impl ::core::convert::Into<::std::string::String>,
                impl #krate::Argument<#value>
            )>
        },
    }
}

fn value(krate: &Krate, ident: &Ident, shape: &Shape) -> TokenStream {
    match shape {
        Shape::One(inner) => quote! { #krate::__private::one::<#inner>(#ident) },
        Shape::Many(item) => quote! { #krate::__private::many::<#item, _>(#ident) },
        Shape::Map(value) => quote! { #krate::__private::map::<#value, _, _>(#ident) },
    }
}

fn setter(krate: &Krate, field: &Field, all: &[Field]) -> TokenStream {
    let (ident, docs, key) = (&field.name, &field.docs, field.key());
    let (accepted, value) = (accepted(krate, &field.shape), value(krate, ident, &field.shape));
    let Shape::Map(inner) = &field.shape else {
        return quote! {
            #(#docs)*
            pub fn #ident(mut self, #ident: #accepted) -> Self {
                self.fields.insert(#key.to_owned(), #value);
                self
            }
        };
    };
    let singular = key.strip_suffix('s').and_then(|name| syn::parse_str::<Ident>(name).ok());
    // Another field may have that name.
    let singular = singular.filter(|method| *method != "with" && all.iter().all(|it| it.name != *method));
    let singular = singular.map(|method| {
        let doc = format!("Adds one entry to `{key}`.");
        quote! {
            #[doc = #doc]
            pub fn #method(
                mut self,
                key: impl ::core::convert::Into<::std::string::String>,
                value: impl #krate::Argument<#inner>,
            ) -> Self {
                #krate::__private::extend(&mut self.fields, #key, [(key.into(), #krate::Argument::<#inner>::into_input(value).into_expr())]);
                self
            }
        }
    });
    quote! {
        #(#docs)*
        ///
        /// Adds to the entries given before.
        pub fn #ident(mut self, #ident: #accepted) -> Self {
            let entries = #ident.into_iter().map(|(key, value)| {
                (key.into(), #krate::Argument::<#inner>::into_input(value).into_expr())
            });
            #krate::__private::extend(&mut self.fields, #key, entries);
            self
        }
        #singular
    }
}
