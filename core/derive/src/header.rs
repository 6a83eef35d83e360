//! What stands in the parentheses of `#[resource(…)]` and `#[data(…)]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    Attribute, DeriveInput, Expr, ExprLit, Ident, Lit, LitFloat, LitInt, LitStr, Meta, Token, Type,
    parenthesized,
    parse::{Parse, ParseStream},
    parse_quote,
    punctuated::Punctuated,
};

/// The name and the options of a resource type.
pub struct Header {
    name: LitStr,
    id: Option<LitStr>,
    import: Option<TokenStream>,
    version: Option<LitInt>,
    attributes: Option<Type>,
    rules: Vec<TokenStream>,
    takes: [f64; 3],
    data: bool,
}

/// What an operation takes where nothing is said, in seconds.
const USUAL: f64 = 1.0;

impl Parse for Header {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let mut header = Header {
            name: input.parse()?,
            id: None,
            import: None,
            version: None,
            attributes: None,
            rules: Vec::new(),
            takes: [USUAL; 3],
            data: false,
        };
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let word: Ident = input.parse()?;
            match word.to_string().as_str() {
                "id" => header.id = Some(assigned(input)?),
                "import" => {
                    header.import = Some(match assigned(input)? {
                        Expr::Lit(ExprLit { lit: Lit::Str(form), .. }) => {
                            quote! { ::landform_core::ImportId::Form(#form.into()) }
                        }
                        Expr::Path(function) => quote! { ::landform_core::ImportId::Function(#function) },
                        other => {
                            return Err(syn::Error::new_spanned(other, "expected a template or a function"));
                        }
                    });
                }
                "version" => header.version = Some(assigned(input)?),
                "attributes" => header.attributes = Some(assigned(input)?),
                "unique" => {
                    let content;
                    parenthesized!(content in input);
                    let fields = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
                    let fields = fields.iter();
                    header.rules.push(quote! { ::landform_core::Rule::unique([#(#fields),*]) });
                }
                "disjoint" => {
                    let (field, within) = pair(input, "within")?;
                    header.rules.push(quote! { ::landform_core::Rule::disjoint(#field, #within) });
                }
                "inside" => {
                    let (field, of) = pair(input, "of")?;
                    header.rules.push(quote! { ::landform_core::Rule::inside(#field, #of) });
                }
                "widens" => {
                    let (field, of) = pair(input, "of")?;
                    header.rules.push(quote! { ::landform_core::Rule::widens(#field, #of) });
                }
                "takes" => header.takes(input)?,
                _ => {
                    return Err(syn::Error::new_spanned(
                        word,
                        "expected id, import, version, attributes, unique, disjoint, inside, widens or takes",
                    ));
                }
            }
        }
        Ok(header)
    }
}

impl Header {
    /// The header of a data source.
    pub fn data(mut self) -> Self {
        self.name = LitStr::new(&format!("data.{}", self.name.value()), self.name.span());
        self.data = true;
        self
    }

    /// The type of the attributes: as said, or the struct's name with `Attributes` behind it.
    pub fn attributes(&self, name: &Ident) -> Type {
        let usual = format_ident!("{name}Attributes");
        self.attributes.clone().unwrap_or_else(|| parse_quote! { #usual })
    }

    /// The implementation of `Resource`.
    pub fn expand(&self, input: &DeriveInput) -> TokenStream {
        let (name, type_name) = (&input.ident, &self.name);
        let refs = format_ident!("{name}Refs");
        let attributes = self.attributes(name);
        let doc = text(&input.attrs);
        let version = self.version.as_ref().map_or_else(|| quote! { 0 }, |version| quote! { #version });
        let id = self.id.as_ref().map_or_else(|| quote! { "{hex17}" }, |id| quote! { #id });
        let import = self.import.clone().unwrap_or_else(|| quote! { ::landform_core::ImportId::Usual });
        let rules = &self.rules;
        let [create, update, delete] = self.takes;
        let data = self.data.then(|| quote! { impl ::landform_core::Data for #name {} });
        quote! {
            #data

            impl ::landform_core::Resource for #name {
                type Attributes = #attributes;
                type Refs = #refs;
                const TYPE: &'static str = #type_name;

                fn resource_type() -> &'static ::std::sync::Arc<::landform_core::ResourceType> {
                    static TYPE: ::std::sync::OnceLock<::std::sync::Arc<::landform_core::ResourceType>> =
                        ::std::sync::OnceLock::new();
                    TYPE.get_or_init(|| {
                        ::landform_core::ResourceType::declared::<#name>(
                            #doc,
                            #version,
                            #id,
                            #import,
                            ::std::vec![#(#rules),*],
                            ::landform_core::Takes { create: #create, update: #update, delete: #delete },
                        )
                    })
                }
            }
        }
    }

    fn takes(&mut self, input: ParseStream) -> syn::Result<()> {
        let content;
        parenthesized!(content in input);
        for part in Punctuated::<Meta, Token![,]>::parse_terminated(&content)? {
            let Meta::NameValue(part) = part else {
                return Err(syn::Error::new_spanned(part, "expected create = seconds"));
            };
            let place = match part.path.get_ident().map(Ident::to_string).as_deref() {
                Some("create") => 0,
                Some("update") => 1,
                Some("delete") => 2,
                _ => return Err(syn::Error::new_spanned(part.path, "expected create, update or delete")),
            };
            self.takes[place] = seconds(&part.value)?;
        }
        Ok(())
    }
}

fn assigned<T: Parse>(input: ParseStream) -> syn::Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

fn pair(input: ParseStream, word: &str) -> syn::Result<(LitStr, LitStr)> {
    let content;
    parenthesized!(content in input);
    let first = content.parse()?;
    content.parse::<Token![,]>()?;
    let found: Ident = content.parse()?;
    if found != word {
        return Err(syn::Error::new_spanned(found, format!("expected {word}")));
    }
    Ok((first, assigned(&content)?))
}

fn seconds(value: &Expr) -> syn::Result<f64> {
    let error = || syn::Error::new_spanned(value, "expected a number of seconds");
    let Expr::Lit(literal) = value else { return Err(error()) };
    match &literal.lit {
        Lit::Int(number) => LitInt::base10_parse(number),
        Lit::Float(number) => LitFloat::base10_parse(number),
        _ => Err(error()),
    }
}

fn text(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}
