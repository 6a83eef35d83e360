//! Typed references: a method per field, which a handle offers.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, Type};

use crate::field::Field;

/// The references of a struct; those of arguments dereference to those of the attributes beside them.
pub fn expand(input: &DeriveInput, fields: &[Field], attributes: Option<&Type>) -> TokenStream {
    let (name, visibility) = (&input.ident, &input.vis);
    let refs = format_ident!("{name}Refs");
    let doc = format!("Typed references to the fields of a [`{name}`].");
    let methods = fields.iter().map(|field| {
        let (ident, docs, key, referenced) = (&field.name, &field.docs, field.key(), field.referenced());
        quote! {
            #(#docs)*
            pub fn #ident(&self) -> ::landform_core::Ref<#referenced> {
                ::landform_core::Ref::new(
                    ::landform_core::Refs::address(self).clone(),
                    ::landform_core::Path::field(#key),
                )
            }
        }
    });
    let (inner, address, deref) = match attributes {
        Some(attributes) => {
            let inner = quote! { <#attributes as ::landform_core::Attributes>::Refs };
            let deref = quote! {
                impl ::core::ops::Deref for #refs {
                    type Target = #inner;
                    fn deref(&self) -> &Self::Target {
                        &self.inner
                    }
                }
            };
            (inner.clone(), quote! { ::landform_core::Refs::address(&self.inner) }, deref)
        }
        None => (quote! { ::landform_core::Address }, quote! { &self.inner }, quote! {}),
    };
    let of = match attributes {
        Some(_) => quote! { ::landform_core::Refs::of(node) },
        None => quote! { node },
    };
    quote! {
        #[doc = #doc]
        #visibility struct #refs {
            inner: #inner,
        }

        impl #refs {
            #(#methods)*
        }

        impl ::landform_core::Refs for #refs {
            fn of(node: ::landform_core::Address) -> Self {
                Self { inner: #of }
            }
            fn address(&self) -> &::landform_core::Address {
                #address
            }
        }

        #deref
    }
}
