//! Typed references: a handle has a method for each field.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, Path};

use crate::{declared::Krate, field::Field};

/// The references to the fields of a block.
pub fn of_block(krate: &Krate, input: &DeriveInput, fields: &[Field]) -> TokenStream {
    let (name, visibility) = (&input.ident, &input.vis);
    let refs = format_ident!("{name}Refs");
    let doc = format!("Typed references to the fields of a [`{name}`].");
    let methods = fields.iter().map(|field| {
        let (ident, docs, key, referenced) = (&field.name, &field.docs, field.key(), field.referenced());
        quote! {
            #(#docs)*
            pub fn #ident(&self) -> #krate::Ref<#referenced> {
                #krate::Ref::new(self.node.clone(), self.path.key(#key))
            }
        }
    });
    quote! {
        #[doc = #doc]
        #visibility struct #refs {
            node: #krate::NodeRef,
            path: #krate::Path,
        }

        impl #refs {
            #(#methods)*
        }

        impl #krate::Block for #name {
            type Refs = #refs;
            fn refs(node: #krate::NodeRef, path: #krate::Path) -> #refs {
                #refs { node, path }
            }
        }
    }
}

/// The references of a struct. Those of arguments dereference to those of the attributes.
pub fn expand(
    krate: &Krate,
    input: &DeriveInput,
    fields: &[Field],
    attributes: Option<&Path>,
) -> TokenStream {
    let (name, visibility) = (&input.ident, &input.vis);
    let refs = format_ident!("{name}Refs");
    let doc = format!("Typed references to the fields of a [`{name}`].");
    let methods = fields.iter().map(|field| {
        let (ident, docs, key, referenced) = (&field.name, &field.docs, field.key(), field.referenced());
        quote! {
            #(#docs)*
            pub fn #ident(&self) -> #krate::Ref<#referenced> {
                #krate::Ref::new(#krate::Refs::node(self).clone(), #krate::Path::field(#key))
            }
        }
    });
    let (inner, node, deref) = match attributes {
        Some(attributes) => {
            let inner = quote! { <#attributes as #krate::Attributes>::Refs };
            let deref = quote! {
                impl ::core::ops::Deref for #refs {
                    type Target = #inner;
                    fn deref(&self) -> &Self::Target {
                        &self.inner
                    }
                }
            };
            (inner.clone(), quote! { #krate::Refs::node(&self.inner) }, deref)
        }
        None => (quote! { #krate::NodeRef }, quote! { &self.inner }, quote! {}),
    };
    let of = match attributes {
        Some(_) => quote! { #krate::Refs::of(node) },
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

        impl #krate::Refs for #refs {
            fn of(node: #krate::NodeRef) -> Self {
                Self { inner: #of }
            }
            fn node(&self) -> &#krate::NodeRef {
                #node
            }
        }

        #deref
    }
}
