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
    let parameters = fields.iter().filter(|field| field.required).map(|field| {
        let (ident, accepted) = (&field.name, accepted(krate, &field.shape));
        quote! { #ident: #accepted }
    });
    let assignments = fields.iter().filter(|field| field.required).map(|field| {
        let (key, value) = (field.key(), value(krate, &field.name, &field.shape));
        quote! { fields.insert(#key.to_owned(), #value); }
    });
    let unnamed = fields.iter().find(|field| field.generated.is_some());
    let unnamed = unnamed.map(|field| unnamed_of(krate, name, &builder, field, fields));
    let setters = fields.iter().filter(|field| !field.required).map(|field| setter(krate, field, fields));
    let builder_doc = format!("Builds a [`{name}`] from values and references.");
    let new_doc = format!("Starts a [`{name}`] with its required arguments.");
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
            #[doc = #new_doc]
            #[allow(clippy::new_ret_no_self, clippy::too_many_arguments)]
            pub fn new(#(#parameters),*) -> #builder {
                #[allow(unused_mut)]
                let mut fields = ::std::collections::BTreeMap::new();
                #(#assignments)*
                #builder { fields }
            }

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

/// The second constructor of a resource whose name can be generated: it takes all required fields but the name.
fn unnamed_of(
    krate: &Krate,
    owner: &Ident,
    builder: &Ident,
    generated: &Field,
    fields: &[Field],
) -> Option<TokenStream> {
    let prefix = generated.generated.as_ref()?.value();
    let rest: Vec<&Field> =
        fields.iter().filter(|field| field.required && field.generated.is_none()).collect();
    let parameters = rest.iter().map(|field| {
        let (ident, accepted) = (&field.name, accepted(krate, &field.shape));
        quote! { #ident: #accepted }
    });
    let assignments = rest.iter().map(|field| {
        let (key, value) = (field.key(), value(krate, &field.name, &field.shape));
        quote! { fields.insert(#key.to_owned(), #value); }
    });
    let doc = format!(
        "Starts a [`{owner}`] whose `{}` its creation makes, from `{prefix}` and random characters.",
        generated.key()
    );
    Some(quote! {
        #[doc = #doc]
        #[allow(clippy::too_many_arguments)]
        pub fn unnamed(#(#parameters),*) -> #builder {
            #[allow(unused_mut)]
            let mut fields = ::std::collections::BTreeMap::new();
            #(#assignments)*
            #builder { fields }
        }
    })
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
