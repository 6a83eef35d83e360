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
    let methods = methods(krate, fields, |key| quote! { self.node.clone(), self.path.key(#key) });
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
    let methods =
        methods(krate, fields, |key| quote! { #krate::Refs::node(self).clone(), #krate::Path::field(#key) });
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

/// A method for each field. `place` writes the node and the path of the field with a name.
fn methods(
    krate: &Krate,
    fields: &[Field],
    place: impl Fn(&str) -> TokenStream,
) -> impl Iterator<Item = TokenStream> {
    fields.iter().map(move |field| {
        let (ident, docs, referenced) = (&field.name, &field.docs, field.referenced());
        let place = place(&field.key());
        quote! {
            #(#docs)*
            pub fn #ident(&self) -> #krate::Ref<#referenced> {
                #krate::Ref::new(#place)
            }
        }
    })
}
