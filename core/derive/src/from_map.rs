//! Reads the attributes of serde on a struct, for a `Deserialize` that core walks as a table.

use darling::{FromDeriveInput, FromField, ast::Data, util::Ignored};
use proc_macro2::TokenStream;
use syn::{DeriveInput, Ident, LitStr, Type};

use crate::{
    declared::Krate,
    field::argument,
    tables::{self, Absent, Row},
};

#[derive(FromDeriveInput)]
#[darling(attributes(serde), supports(struct_named))]
struct Section {
    ident: Ident,
    data: Data<Ignored, Field>,
    /// Whether an absent field has the default of its type.
    #[darling(default)]
    default: bool,
    #[darling(default)]
    deny_unknown_fields: bool,
    rename_all: Option<LitStr>,
}

#[derive(FromField)]
#[darling(attributes(serde))]
struct Field {
    ident: Option<Ident>,
    ty: Type,
    #[darling(default)]
    default: bool,
    rename: Option<LitStr>,
    /// Only writing heeds these two.
    #[darling(default, rename = "skip_serializing")]
    _skip: bool,
    #[darling(rename = "skip_serializing_if")]
    _skip_if: Option<LitStr>,
}

/// What `#[derive(FromMap)]` writes.
pub fn expand(input: &DeriveInput, usual: &str) -> TokenStream {
    match read(input, usual) {
        Ok(written) => written,
        Err(slip) => slip.write_errors(),
    }
}

fn read(input: &DeriveInput, usual: &str) -> darling::Result<TokenStream> {
    let Section { ident: name, data, default: is_default, deny_unknown_fields, rename_all } =
        Section::from_derive_input(input)?;
    let is_camel = match &rename_all {
        None => false,
        Some(case) if case.value() == "camelCase" => true,
        Some(other) => return Err(darling::Error::custom("expected camelCase").with_span(other)),
    };
    let fields = data.take_struct().map(|fields| fields.fields).unwrap_or_default();
    let rows = fields.iter().filter_map(|field| {
        let Field { ident, ty, default, rename, .. } = field;
        let name = ident.as_ref()?;
        let plain = name.to_string().trim_start_matches("r#").to_owned();
        let key = match rename {
            Some(name) => name.value(),
            None if is_camel => camel_case(&plain),
            None => plain,
        };
        let is_optional = is_default || *default || argument(ty, "Option").is_some();
        let absent = if is_optional { Absent::Usual } else { Absent::Refused };
        Some(Row { name, key, written: ty, absent })
    });
    let krate = Krate::new(None, usual);
    Ok(tables::from_map(&krate, &name, &rows.collect::<Vec<_>>(), deny_unknown_fields))
}

/// `snake_case` as `camelCase`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut all, word| {
        let mut letters = word.chars();
        all.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        all.push_str(letters.as_str());
        all
    })
}
