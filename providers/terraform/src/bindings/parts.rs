//! Attributes and doc comments that no printer of Rust changes again.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;

/// The longest text between the parentheses of an attribute that the printers leave alone, whatever their settings.
pub(super) const OPTIONS: usize = 65;

/// `#[field(…)]` with options, in as many lines as they need.
pub(super) fn attributes_of(options: &[TokenStream]) -> TokenStream {
    let mut lines: Vec<Vec<&TokenStream>> = Vec::new();
    let mut width = OPTIONS;
    for option in options {
        let more = option.to_string().len() + 2;
        if width + more > OPTIONS {
            lines.push(Vec::new());
            width = 0;
        }
        width += more;
        if let Some(line) = lines.last_mut() {
            line.push(option);
        }
    }
    lines.into_iter().map(|line| quote! { #[field(#(#line),*)] }).collect()
}

/// Doc comments for a description, or the usual one.
pub(super) fn doc_of(doc: &str, usual: &str) -> TokenStream {
    let mut lines = docs::lines(doc);
    if lines.is_empty() {
        lines = vec![usual.to_owned()];
    }
    let lines = lines.into_iter().map(|line| {
        let line = if line.is_empty() { line } else { format!(" {line}") };
        quote! { #[doc = #line] }
    });
    lines.collect()
}

/// Reads the written code, which finds what no file can hold.
pub(super) fn parse(tokens: TokenStream) -> Result<syn::File, String> {
    syn::parse2(tokens).map_err(|error| error.to_string())
}
