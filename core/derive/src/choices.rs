//! Reads which fields of a struct go together: `one_of`, `any_of`, `at_most_one_of`, `needs` and `refuses`.

use darling::{Error, FromMeta, ast::NestedMeta, error::Accumulator};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprLit, Lit, LitStr, Meta, MetaList};

use crate::{field::Field, slips};

/// The demands of a struct on its fields.
#[derive(Default, FromMeta)]
#[darling(default)]
pub struct Choices {
    #[darling(multiple)]
    one_of: Vec<Several>,
    #[darling(multiple)]
    any_of: Vec<Several>,
    #[darling(multiple)]
    at_most_one_of: Vec<Several>,
    #[darling(multiple)]
    needs: Vec<Cased>,
    #[darling(multiple)]
    refuses: Vec<Cased>,
}

/// `one_of("gateway_id", "nat_gateway_id")`, which may end with a case.
struct Several(Demand);

/// `needs("allocation_id", when("connectivity_type", is = "public"))`, which must end with a case.
struct Cased(Demand);

/// Some fields, and the case in which there is a demand on them.
struct Demand {
    of: Vec<LitStr>,
    when: Option<When>,
}

/// `when("field")` or `when("field", is = value)`.
struct When {
    field: LitStr,
    is: Option<Lit>,
}

impl Choices {
    /// Finds the mistakes that the fields show.
    pub fn check(&self, fields: &[Field], slips: &mut Accumulator) {
        for (_, Demand { of, when }) in self.all() {
            let names: Vec<LitStr> = of.iter().chain(when.iter().map(|when| &when.field)).cloned().collect();
            slips::named(&names, fields, slips);
        }
    }

    /// The demands as JSON. `None` if there are none.
    pub fn written(&self) -> Option<TokenStream> {
        let all: Vec<TokenStream> = self.all().map(|(amount, demand)| demand.choice(amount)).collect();
        (!all.is_empty()).then(|| quote! { [#(#all),*] })
    }

    /// Each demand, with its amount as the schema names it.
    fn all(&self) -> impl Iterator<Item = (&'static str, &Demand)> {
        let several = [("one", &self.one_of), ("some", &self.any_of), ("at_most_one", &self.at_most_one_of)];
        let cased = [("all", &self.needs), ("none", &self.refuses)];
        let several = several.into_iter().flat_map(|(amount, all)| all.iter().map(move |it| (amount, &it.0)));
        several.chain(cased.into_iter().flat_map(|(amount, all)| all.iter().map(move |it| (amount, &it.0))))
    }
}

impl Demand {
    fn choice(&self, amount: &str) -> TokenStream {
        let Self { of, when } = self;
        let when = when.as_ref().map(|When { field, is }| {
            let is = is.as_ref().map(|is| quote! { , "is": #is });
            quote! { , "when": { "field": #field #is } }
        });
        quote! { { "amount": #amount, "of": [#(#of),*] #when } }
    }

    fn read(items: &[NestedMeta], expected: &str) -> darling::Result<Self> {
        let (of, when) = match items.split_last() {
            Some((NestedMeta::Meta(Meta::List(case)), of)) if case.path.is_ident("when") => {
                (of, Some(When::read(case, expected)?))
            }
            _ => (items, None),
        };
        let of = of.iter().map(|item| match item {
            NestedMeta::Lit(Lit::Str(name)) => Ok(name.clone()),
            other => Err(Error::custom(expected).with_span(other)),
        });
        Ok(Self { of: of.collect::<darling::Result<_>>()?, when })
    }
}

impl When {
    fn read(case: &MetaList, expected: &str) -> darling::Result<Self> {
        let items = NestedMeta::parse_meta_list(case.tokens.clone())?;
        match items.as_slice() {
            [NestedMeta::Lit(Lit::Str(field))] => Ok(Self { field: field.clone(), is: None }),
            [NestedMeta::Lit(Lit::Str(field)), NestedMeta::Meta(Meta::NameValue(pair))]
                if pair.path.is_ident("is") =>
            {
                let Expr::Lit(ExprLit { lit, .. }) = &pair.value else {
                    return Err(Error::custom(expected).with_span(&pair.value));
                };
                Ok(Self { field: field.clone(), is: Some(lit.clone()) })
            }
            _ => Err(Error::custom(expected).with_span(case)),
        }
    }
}

impl FromMeta for Several {
    fn from_list(items: &[NestedMeta]) -> darling::Result<Self> {
        let demand = Demand::read(items, "expected the names of fields, as in one_of(\"ipv4\", \"ipv6\")")?;
        if demand.of.len() < 2 { Err(Error::too_few_items(2)) } else { Ok(Self(demand)) }
    }
}

impl FromMeta for Cased {
    fn from_list(items: &[NestedMeta]) -> darling::Result<Self> {
        const EXPECTED: &str =
            "expected fields and a case, as in needs(\"key\", when(\"kind\", is = \"private\"))";
        let demand = Demand::read(items, EXPECTED)?;
        let complete = demand.when.is_some() && !demand.of.is_empty();
        if complete { Ok(Self(demand)) } else { Err(Error::custom(EXPECTED)) }
    }
}
