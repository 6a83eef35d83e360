//! Reads what is in the parentheses of `#[resource(…)]` and `#[data(…)]`.

use darling::{Error, FromMeta, ast::NestedMeta, error::Accumulator};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, DeriveInput, Expr, ExprLit, Ident, Lit, LitInt, LitStr, Meta, Path, parse_quote};

use crate::{choices::Choices, declared::Krate, field::Field, form, slips};

/// The name and the options of a resource type.
pub struct Header {
    name: LitStr,
    data: bool,
    krate: Krate,
    options: Options,
}

#[derive(Default, FromMeta)]
struct Options {
    #[darling(default, with = crate::field::text)]
    id: Option<LitStr>,
    import: Option<Import>,
    version: Option<LitInt>,
    attributes: Option<Path>,
    #[darling(multiple)]
    unique: Vec<Unique>,
    #[darling(multiple)]
    disjoint: Vec<Disjoint>,
    #[darling(multiple)]
    inside: Vec<Of>,
    #[darling(multiple)]
    widens: Vec<Of>,
    #[darling(default)]
    takes: Takes,
    #[darling(flatten)]
    choices: Choices,
    #[darling(rename = "crate")]
    krate: Option<Path>,
}

/// `import = "{bucket}/{key}"`, or a function of the recorded attributes.
enum Import {
    Form(LitStr),
    Function(Path),
}

/// `unique("vpc_id", "name")`.
struct Unique(Vec<LitStr>);

/// `disjoint("cidr_block", within = "vpc_id")`.
struct Disjoint {
    field: LitStr,
    within: LitStr,
}

/// `inside("cidr_block", of = "vpc_id")`.
struct Of {
    field: LitStr,
    of: LitStr,
}

/// `takes(create = 5, update = 1, delete = 0.5)`.
#[derive(FromMeta)]
#[darling(default)]
struct Takes {
    create: Seconds,
    update: Seconds,
    delete: Seconds,
}

struct Seconds(f64);

/// The default duration of an operation, in seconds.
const USUAL: f64 = 1.0;

/// The default form of ids.
const USUAL_ID: &str = "{hex17}";

impl FromMeta for Import {
    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        match expr {
            Expr::Lit(ExprLit { lit: Lit::Str(form), .. }) => match form::words(&form.value()) {
                Ok(_) => Ok(Self::Form(form.clone())),
                Err(message) => Err(Error::custom(message).with_span(form)),
            },
            Expr::Path(function) => Ok(Self::Function(function.path.clone())),
            other => Err(Error::custom("expected a template or a function").with_span(other)),
        }
    }
}

impl Header {
    /// Reads a header. Leaves out and reports unknown options. Without a name there is no header.
    pub fn parse(arguments: TokenStream, usual: &str, data: bool) -> darling::Result<(Self, Option<Error>)> {
        let span = arguments.clone();
        let items = NestedMeta::parse_meta_list(arguments)?;
        let Some((NestedMeta::Lit(Lit::Str(name)), rest)) = items.split_first() else {
            return Err(
                Error::custom("expected the type's name first, as in \"aws_subnet\"").with_span(&span)
            );
        };
        let (options, slip) = match Options::from_list(rest) {
            Ok(options) => (options, None),
            Err(slip) => (Options::default(), Some(slip)),
        };
        let name =
            if data { LitStr::new(&format!("data.{}", name.value()), name.span()) } else { name.clone() };
        Ok((Self { name, data, krate: Krate::new(options.krate.as_ref(), usual), options }, slip))
    }

    /// The crate that the generated code names.
    pub fn krate(&self) -> &Krate {
        &self.krate
    }

    /// The type of the attributes: the given one, or the struct's name followed by `Attributes`.
    pub fn attributes(&self, name: &Ident) -> Path {
        let usual = format_ident!("{name}Attributes");
        self.options.attributes.clone().unwrap_or_else(|| parse_quote! { #usual })
    }

    /// Finds the mistakes that the fields show.
    pub fn check(&self, fields: &[Field], slips: &mut Accumulator) {
        let Options { id, unique, disjoint, inside, widens, .. } = &self.options;
        if let Some(id) = id
            && let Err(message) = form::words(&id.value())
        {
            slips.push(Error::custom(message).with_span(id));
        }
        unique.iter().for_each(|Unique(names)| slips::named(names, fields, slips));
        self.options.choices.check(fields, slips);
        for Disjoint { field, within } in disjoint {
            slips::named(&[field.clone(), within.clone()], fields, slips);
        }
        for Of { field, of } in inside.iter().chain(widens) {
            slips::named(&[field.clone(), of.clone()], fields, slips);
            slips::reference(of, fields, slips);
        }
    }

    /// The demands on fields, as JSON.
    pub fn choices(&self) -> Option<TokenStream> {
        self.options.choices.written()
    }

    /// The implementation of `Resource`.
    pub fn expand(&self, input: &DeriveInput) -> TokenStream {
        let (krate, name, type_name) = (&self.krate, &input.ident, &self.name);
        let Options { id, import, version, unique, disjoint, inside, widens, takes, .. } = &self.options;
        let refs = format_ident!("{name}Refs");
        let attributes = self.attributes(name);
        let (doc, example) = doc_and_example(&text(&input.attrs));
        let version = version.as_ref().map_or_else(|| quote! { 0 }, |version| quote! { #version });
        let id = id.as_ref().map_or_else(|| USUAL_ID.to_owned(), LitStr::value);
        let import = match import {
            None => quote! { #krate::ImportId::Usual },
            Some(Import::Form(form)) => quote! { #krate::ImportId::Form(#form.into()) },
            Some(Import::Function(function)) => quote! { #krate::ImportId::Function(#function) },
        };
        let unique = unique.iter().map(|Unique(names)| quote! { #krate::Rule::unique([#(#names),*]) });
        let disjoint = disjoint
            .iter()
            .map(|Disjoint { field, within }| quote! { #krate::Rule::disjoint(#field, #within) });
        let inside = inside.iter().map(|Of { field, of }| quote! { #krate::Rule::inside(#field, #of) });
        let widens = widens.iter().map(|Of { field, of }| quote! { #krate::Rule::widens(#field, #of) });
        let rules = unique.chain(disjoint).chain(inside).chain(widens);
        let [create, update, delete] = [takes.create.0, takes.update.0, takes.delete.0];
        let data = self.data.then(|| quote! { impl #krate::Data for #name {} });
        quote! {
            #data

            impl #krate::Resource for #name {
                type Attributes = #attributes;
                type Refs = #refs;
                const TYPE: &'static str = #type_name;

                fn resource_type() -> &'static ::std::sync::Arc<#krate::ResourceType> {
                    static TYPE: ::std::sync::LazyLock<::std::sync::Arc<#krate::ResourceType>> =
                        ::std::sync::LazyLock::new(|| {
                            #krate::ResourceType::declared::<#name>(
                                #doc,
                                #example,
                                #version,
                                #id,
                                #import,
                                ::std::vec![#(#rules),*],
                                #krate::Takes { create: #create, update: #update, delete: #delete },
                            )
                        });
                    &TYPE
                }
            }
        }
    }

    /// The checks that the compiler has to make.
    pub fn checks(&self, input: &DeriveInput, fields: &[Field]) -> TokenStream {
        let (krate, name) = (&self.krate, &input.ident);
        let attributes = self.attributes(name);
        let Options { id, disjoint, inside, widens, .. } = &self.options;
        let id =
            id.iter().map(|id| slips::form(krate, &format!("the id of {name}"), id, fields, &attributes));
        let forms = fields.iter().filter_map(|field| {
            let place = format!("{name}.{}", field.key());
            Some(slips::form(krate, &place, field.form.as_ref()?, fields, &attributes))
        });
        let of_attributes = slips::forms_of_attributes(krate, name, fields, &attributes);
        let outer = inside.iter().chain(widens);
        let ranges = disjoint.iter().map(|rule| &rule.field).chain(outer.clone().map(|rule| &rule.field));
        let ranges = ranges.map(|range| slips::is_range(krate, range, fields));
        let outer = outer.filter_map(|Of { field, of }| {
            let target = fields.iter().find(|it| it.key() == of.value())?.refers_to()?;
            Some(slips::range_of(krate, field, target))
        });
        // A question and its answer may well have a field of the same name.
        let apart = (!self.data).then(|| slips::apart(krate, name, fields, &attributes));
        quote! { #(#id)* #(#forms)* #of_attributes #(#ranges)* #(#outer)* #apart }
    }
}

impl FromMeta for Unique {
    fn from_list(items: &[NestedMeta]) -> darling::Result<Self> {
        let names = items.iter().map(|item| match item {
            NestedMeta::Lit(Lit::Str(name)) => Ok(name.clone()),
            other => {
                Err(Error::custom("expected the names of fields, as in unique(\"vpc_id\")").with_span(other))
            }
        });
        let names: Vec<LitStr> = names.collect::<darling::Result<_>>()?;
        if names.is_empty() { Err(Error::too_few_items(1)) } else { Ok(Self(names)) }
    }
}

impl FromMeta for Disjoint {
    fn from_list(items: &[NestedMeta]) -> darling::Result<Self> {
        let (field, within) = pair(items, "disjoint", "within")?;
        Ok(Self { field, within })
    }
}

impl FromMeta for Of {
    fn from_list(items: &[NestedMeta]) -> darling::Result<Self> {
        let (field, of) = pair(items, "inside", "of")?;
        Ok(Self { field, of })
    }
}

/// `("field", word = "other")`.
fn pair(items: &[NestedMeta], rule: &str, word: &str) -> darling::Result<(LitStr, LitStr)> {
    let expected = format!("expected two fields, as in {rule}(\"range\", {word} = \"network\")");
    match items {
        [NestedMeta::Lit(Lit::Str(first)), NestedMeta::Meta(Meta::NameValue(second))]
            if second.path.is_ident(word) =>
        {
            Ok((first.clone(), LitStr::from_expr(&second.value)?))
        }
        [] => Err(Error::custom(expected)),
        [.., last] => Err(Error::custom(expected).with_span(last)),
    }
}

impl Default for Takes {
    fn default() -> Self {
        Self { create: Seconds(USUAL), update: Seconds(USUAL), delete: Seconds(USUAL) }
    }
}

impl FromMeta for Seconds {
    fn from_value(value: &Lit) -> darling::Result<Self> {
        let seconds = match value {
            Lit::Int(number) => number.base10_parse()?,
            Lit::Float(number) => number.base10_parse()?,
            other => return Err(Error::custom("expected a number of seconds").with_span(other)),
        };
        Ok(Self(seconds))
    }
}

/// The text of the doc comments among attributes.
pub fn text(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => {
                    let line = text.value();
                    Some(line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned())
                }
                _ => None,
            },
            // The text of `include_str!` is known later.
            _ => Some("…".to_owned()),
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Splits a doc comment at its heading `# Example`: the description, and the code of the example without the lines that
/// rustdoc hides.
fn doc_and_example(text: &str) -> (String, String) {
    let Some((doc, section)) = text.split_once("\n# Example") else {
        return (text.to_owned(), String::new());
    };
    let fenced = section.split("```").nth(1).unwrap_or_default();
    let code = fenced.lines().skip(1).filter(|line| *line != "#" && !line.starts_with("# "));
    (doc.trim().to_owned(), code.collect::<Vec<_>>().join("\n").trim_end().to_owned())
}
