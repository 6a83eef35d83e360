//! Mistakes in a declaration, found at compile time: those that the struct itself shows, and checks by the compiler
//! that need other types.

use darling::{Error, error::Accumulator};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Ident, LitStr, Path, Type, spanned::Spanned};

use crate::{declared::Krate, field::Field, form, header, tables};

/// The struct and its fields need doc comments.
pub fn documented(input: &DeriveInput, fields: &[Field], slips: &mut Accumulator) {
    let all = std::iter::once((&input.ident, input.attrs.as_slice()));
    for (name, attributes) in all.chain(fields.iter().map(|field| (&field.name, field.docs.as_slice()))) {
        if header::text(attributes).is_empty() {
            let message = format!("`{name}` needs a doc comment: it is the documentation of the schema");
            slips.push(Error::custom(message).with_span(name));
        }
    }
    for field in fields {
        if let Some(prefix) = &field.generated {
            generated(prefix, field, input, fields, slips);
        }
        if let Some(form) = &field.form
            && let Err(message) = form::words(&form.value())
        {
            slips.push(Error::custom(message).with_span(form));
        }
    }
}

/// A generated name is a text that is always there once the resource exists, and its prefix is a field.
fn generated(prefix: &LitStr, field: &Field, input: &DeriveInput, fields: &[Field], slips: &mut Accumulator) {
    named(std::slice::from_ref(prefix), fields, slips);
    let written = &field.written;
    if quote!(#written).to_string() != "String" || field.default.is_some() {
        let message = "a generated name is a `String` without a default";
        slips.push(Error::custom(message).with_span(&field.name));
    }
    if !tables::fits(input) {
        let message = "a struct with attributes of serde or schemars cannot have a generated name";
        slips.push(Error::custom(message).with_span(prefix));
    }
}

/// A name in a rule must be that of a field, and stand there once.
pub fn named(names: &[LitStr], fields: &[Field], slips: &mut Accumulator) {
    for (place, name) in names.iter().enumerate() {
        let value = name.value();
        if !fields.iter().any(|field| field.key() == value) {
            let keys: Vec<String> = fields.iter().map(Field::key).collect();
            slips.push(Error::unknown_field_with_alts(&value, &keys).with_span(name));
        }
        if names[..place].iter().any(|earlier| earlier.value() == value) {
            slips.push(Error::duplicate_field(&value).with_span(name));
        }
    }
}

/// A name in a rule must be that of a reference. Returns the type that it leads to.
pub fn reference<'a>(name: &LitStr, fields: &'a [Field], slips: &mut Accumulator) -> Option<&'a Type> {
    let field = fields.iter().find(|field| field.key() == name.value())?;
    let target = field.refers_to();
    if target.is_none() {
        let message = format!("`{}` is not a reference: expected a field of the type `Id<…>`", name.value());
        slips.push(Error::custom(message).with_span(name));
    }
    target
}

/// Makes the compiler check that the resource in a rule has the range.
pub fn range_of(krate: &Krate, range: &LitStr, target: &Type) -> TokenStream {
    let Ok(method) = syn::parse_str::<Ident>(&range.value()) else { return TokenStream::new() };
    let method = Ident::new(&method.to_string(), range.span());
    quote_spanned! { range.span() =>
        const _: fn(&<#target as #krate::Resource>::Refs) = |outer| {
            let _ = outer.#method();
        };
    }
}

/// Makes the compiler check that a field holds a range.
pub fn is_range(krate: &Krate, range: &LitStr, fields: &[Field]) -> TokenStream {
    let Some(field) = fields.iter().find(|field| field.key() == range.value()) else {
        return TokenStream::new();
    };
    let held = field.referenced();
    quote_spanned! { range.span() =>
        const _: fn() = #krate::__private::slips::is_range::<#held>;
    }
}

/// Makes the compiler check that the types of the fields can be declared.
pub fn values(krate: &Krate, fields: &[Field]) -> TokenStream {
    let checks = fields.iter().map(|field| {
        let held = field.held();
        quote_spanned! { held.span() =>
            const _: fn() = #krate::__private::slips::is_value::<#held>;
        }
    });
    quote! { #(#checks)* }
}

/// How attributes return their id. The field must be an id.
pub fn of_id(krate: &Krate, id: &Field) -> TokenStream {
    let written = &id.written;
    quote_spanned! { written.span() => #krate::Id::as_str(&self.id) }
}

/// The forms of attributes that name a possible argument, each with the message if there is none.
pub fn open_forms<'a>(owner: &'a Ident, fields: &'a [Field]) -> impl Iterator<Item = TokenStream> + 'a {
    fields.iter().flat_map(move |field| {
        let form = field.form.as_ref().map(LitStr::value).unwrap_or_default();
        let words = form::words(&form).unwrap_or_default().into_iter().map(str::to_owned);
        let open = words.filter(|word| !form::is_known(word) && !fields.iter().any(|it| it.key() == *word));
        let needs = field.only_with.iter().map(|word| {
            let word = word.value();
            let message =
                format!("{owner}.{} has a value only with {word:?}, which is not an argument", field.key());
            quote! { (#word, #message) }
        });
        let messages = open.map(|word| {
            let message = form::unknown(&format!("{owner}.{}", field.key()), &form, &word);
            quote! { (#word, #message) }
        });
        messages.chain(needs).collect::<Vec<_>>()
    })
}

/// Makes the compiler check that a name in the form of an argument or of the id is an attribute, if it is not an
/// argument.
pub fn form(krate: &Krate, place: &str, form: &LitStr, fields: &[Field], attributes: &Path) -> TokenStream {
    let text = form.value();
    let words = form::words(&text).unwrap_or_default().into_iter();
    let open = words.filter(|word| !form::is_known(word) && !fields.iter().any(|field| field.key() == *word));
    let checks = open.map(|word| {
        let message = form::unknown(place, &text, word);
        quote_spanned! { form.span() =>
            const _: () = ::core::assert!(
                #krate::__private::slips::has(<#attributes as #krate::Attributes>::FIELDS, #word),
                "{}",
                #message
            );
        }
    });
    quote! { #(#checks)* }
}

/// Makes the compiler check that names in the forms of attributes are arguments, if they are not attributes.
pub fn forms_of_attributes(krate: &Krate, owner: &Ident, fields: &[Field], attributes: &Path) -> TokenStream {
    let names = fields.iter().map(Field::key);
    quote_spanned! { owner.span() =>
        const _: () = match #krate::__private::slips::lost(
            <#attributes as #krate::Attributes>::FORMS,
            &[#(#names),*],
        ) {
            ::core::option::Option::Some(message) => ::core::panic!("{}", message),
            ::core::option::Option::None => {}
        };
    }
}

/// Makes the compiler check that no argument has the name of an attribute, because a reference could not tell them
/// apart.
pub fn apart(krate: &Krate, owner: &Ident, fields: &[Field], attributes: &Path) -> TokenStream {
    let checks = fields.iter().map(|field| {
        let (key, name) = (field.key(), &field.name);
        let message = format!(
            "`{key}` is an argument of {owner} and an attribute too; a reference to it would be \
                               ambiguous"
        );
        quote_spanned! { name.span() =>
            const _: () = ::core::assert!(
                !#krate::__private::slips::has(<#attributes as #krate::Attributes>::FIELDS, #key),
                "{}",
                #message
            );
        }
    });
    quote! { #(#checks)* }
}
