//! A declared struct: the code that each macro writes for it, and the mistakes that were found.

use darling::{FromMeta, ast::NestedMeta, error::Accumulator, util::Flag};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, TokenStreamExt, format_ident, quote};
use syn::{Data, DeriveInput, Ident, Path, parse_quote};

use crate::{
    builder,
    choices::Choices,
    field::{self, Field},
    header::Header,
    references, slips, tables,
};

/// The crate that the generated code names.
#[derive(Clone)]
pub struct Krate(TokenStream);

impl Krate {
    /// The crate that was named, or the default one.
    pub fn new(named: Option<&Path>, usual: &str) -> Self {
        match named {
            Some(path) => Self(path.to_token_stream()),
            None => {
                let usual = Ident::new(usual, Span::call_site());
                Self(quote! { ::#usual })
            }
        }
    }

    /// The path of an item in it, as the attributes of serde and schemars take it.
    pub fn path(&self, inside: &str) -> String {
        let root = self.0.to_string().replace(' ', "");
        format!("{root}::{inside}")
    }
}

impl ToTokens for Krate {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(self.0.clone());
    }
}

/// The options of `#[attributes(…)]`.
#[derive(Default, FromMeta)]
struct AttributesOptions {
    /// The type has no id, as some types of foreign providers.
    without_id: Flag,
    #[darling(rename = "crate")]
    krate: Option<Path>,
}

/// The options of `#[block(…)]`.
#[derive(Default, FromMeta)]
struct BlockOptions {
    #[darling(flatten)]
    choices: Choices,
    /// Whether its fields can be referred to.
    refs: Flag,
    #[darling(rename = "crate")]
    krate: Option<Path>,
}

/// A struct, its fields, and the mistakes so far.
pub struct Declared<'a> {
    input: DeriveInput,
    fields: Vec<Field>,
    /// The demands on the fields, as JSON.
    choices: Option<TokenStream>,
    krate: &'a Krate,
    slips: Accumulator,
}

impl<'a> Declared<'a> {
    fn read(mut input: DeriveInput, krate: &'a Krate, mut slips: Accumulator) -> Self {
        let fields = slips.handle(Field::take(&mut input)).unwrap_or_default();
        let fields = fields.into_iter().map(|(field, slip)| {
            slips.handle(slip.map_or(Ok(()), Err));
            field
        });
        let fields: Vec<Field> = fields.collect();
        slips::documented(&input, &fields, &mut slips);
        Self { input, fields, choices: None, krate, slips }
    }

    /// The struct with all generated code, and the mistakes.
    fn written(self, rest: TokenStream) -> TokenStream {
        let Self { mut input, fields, choices, krate, slips } = self;
        let by_tables = tables::fits(&input);
        let owner = input.ident.clone();
        if let Data::Struct(data) = &mut input.data {
            for (written, field) in data.fields.iter_mut().zip(&fields) {
                written.attrs.extend(field.attributes(&owner, !by_tables));
            }
        }
        let (derives, tables) = if by_tables {
            (field::derives_of_tables(krate), tables::expand(krate, &input, &fields, choices.as_ref()))
        } else {
            input.attrs.extend(choices.map(|all| parse_quote! { #[schemars(extend("x-choices" = #all))] }));
            (field::derives(krate, false), TokenStream::new())
        };
        let defaults = field::defaults(krate, &input, &fields);
        let values = slips::values(krate, &fields);
        let slips = slips.finish().err().map(darling::Error::write_errors);
        quote! { #derives #input #tables #defaults #rest #values #slips }
    }

    /// The unchanged struct, with the mistake that prevents any code.
    pub fn bare(mut input: DeriveInput, slip: darling::Error) -> TokenStream {
        if let Data::Struct(data) = &mut input.data {
            data.fields.iter_mut().for_each(|field| field.attrs.retain(|it| !it.path().is_ident("field")));
        }
        let slip = slip.write_errors();
        quote! { #input #slip }
    }
}

/// What `#[resource(…)]` and `#[data(…)]` write.
pub fn resource(header: &Header, slip: Option<darling::Error>, input: DeriveInput) -> TokenStream {
    if let Err(slip) = is_struct(&input) {
        return Declared::bare(input, slip);
    }
    let krate = header.krate();
    let mut slips = darling::Error::accumulator();
    slips.handle(slip.map_or(Ok(()), Err));
    let mut declared = Declared::read(input, krate, slips);
    header.check(&declared.fields, &mut declared.slips);
    declared.choices = header.choices();
    let Declared { input, fields, .. } = &declared;
    let attributes = header.attributes(&input.ident);
    let builder = builder::expand(krate, input, fields, true);
    let references = references::expand(krate, input, fields, Some(&attributes));
    let resource = header.expand(input);
    let checks = header.checks(input, fields);
    declared.written(quote! { #builder #references #resource #checks })
}

/// What `#[attributes]` writes.
pub fn attributes(arguments: TokenStream, input: DeriveInput, usual: &str) -> TokenStream {
    if let Err(slip) = is_struct(&input) {
        return Declared::bare(input, slip);
    }
    let mut slips = darling::Error::accumulator();
    let options = NestedMeta::parse_meta_list(arguments).map_err(darling::Error::from);
    let options = slips.handle(options.and_then(|items| AttributesOptions::from_list(&items)));
    let AttributesOptions { without_id, krate } = options.unwrap_or_default();
    let krate = Krate::new(krate.as_ref(), usual);
    let mut declared = Declared::read(input, &krate, slips);
    let Declared { input, fields, slips, .. } = &mut declared;
    let id = fields.iter().find(|field| field.name == "id");
    let of_id = match (id, without_id.is_present()) {
        (Some(id), false) => slips::of_id(&krate, id),
        (_, true) => quote! { "" },
        (None, false) => {
            slips.push(darling::Error::custom("attributes need a field `id`").with_span(&input.ident));
            return declared.written(TokenStream::new());
        }
    };
    let (name, refs) = (&input.ident, format_ident!("{}Refs", input.ident));
    let references = references::expand(&krate, input, fields, None);
    let names = fields.iter().map(Field::key);
    let forms = slips::open_forms(name, fields);
    let rest = quote! {
        #references

        impl #krate::Attributes for #name {
            const FIELDS: &'static [&'static str] = &[#(#names),*];
            const FORMS: &'static [(&'static str, &'static str)] = &[#(#forms),*];
            type Refs = #refs;
            fn id(&self) -> &str {
                #of_id
            }
        }
    };
    declared.written(rest)
}

/// What `#[block]` writes.
pub fn block(arguments: TokenStream, input: DeriveInput, usual: &str) -> TokenStream {
    let is_words = matches!(input.data, Data::Enum(_));
    if let Err(slip) = is_struct(&input)
        && !is_words
    {
        return Declared::bare(input, slip);
    }
    let mut slips = darling::Error::accumulator();
    let options = NestedMeta::parse_meta_list(arguments).map_err(darling::Error::from);
    let options = options.and_then(|items| BlockOptions::from_list(&items));
    let BlockOptions { choices, refs, krate } = slips.handle(options).unwrap_or_default();
    let krate = Krate::new(krate.as_ref(), usual);
    if is_words {
        let derives = field::derives(&krate, true);
        let slips = slips.finish().err().map(darling::Error::write_errors);
        return quote! { #derives #input #slips };
    }
    let mut declared = Declared::read(input, &krate, slips);
    choices.check(&declared.fields, &mut declared.slips);
    declared.choices = choices.written();
    let builder = builder::expand(&krate, &declared.input, &declared.fields, false);
    let refs = refs.is_present().then(|| references::of_block(&krate, &declared.input, &declared.fields));
    declared.written(quote! { #builder #refs })
}

fn is_struct(input: &DeriveInput) -> darling::Result<()> {
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        _ => return Err(darling::Error::custom("expected a struct").with_span(&input.ident)),
    };
    if matches!(fields, syn::Fields::Named(_)) {
        return Ok(());
    }
    Err(darling::Error::custom("expected a struct with named fields").with_span(&input.ident))
}
