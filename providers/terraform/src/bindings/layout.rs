//! The files of all types: modules, and for a crate of its own the manifest with a feature for each service.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use landform_core::ResourceType;
use quote::{format_ident, quote};
use syn::Item;

use super::{
    BindingsError, Krate, MARK, names,
    table::Target,
    write::{self, Place, Whole, module},
};
use crate::Catalog;

/// What to write.
pub(super) struct Wanted<'a> {
    pub catalog: &'a Catalog,
    pub targets: &'a BTreeMap<(String, String), Target>,
    pub services: bool,
    pub only: Option<&'a BTreeSet<String>>,
    pub krate: Option<&'a Krate>,
}

/// The modules in one file.
#[derive(Default)]
struct Modules {
    inner: BTreeMap<String, Option<String>>,
}

/// The text of each file, by its path.
pub(super) fn files(wanted: &Wanted<'_>) -> Result<BTreeMap<String, String>, BindingsError> {
    let Wanted { catalog, targets, services, krate, .. } = wanted;
    let places = places(wanted);
    let source = if krate.is_some() { "src/" } else { "" };
    let head =
        format!("// {MARK} from the schema of {}. The next run overwrites this file.\n", catalog.provider());
    let mut files = BTreeMap::new();
    let mut modules: BTreeMap<Vec<String>, Modules> = BTreeMap::from([(Vec::new(), Modules::default())]);
    let whole = Whole { places: &places, targets };
    for known in wanted.types() {
        let place = &places[known.name_str()];
        let text = print(write::file(&whole, known, place)?);
        let about = format!("//! `{}`.\n", known.name.bare());
        let path = [place.module.as_slice(), std::slice::from_ref(&place.file)].concat().join("/");
        files.insert(format!("{source}{path}.rs"), format!("{head}\n{about}\n{ALLOWED}\n\n{text}"));
        for depth in 0..place.module.len() {
            let (above, name) = (place.module[..depth].to_vec(), place.module[depth].clone());
            modules.entry(above).or_default().inner.insert(name, None);
        }
        let here = modules.entry(place.module.clone()).or_default();
        here.inner.insert(place.file.clone(), Some(place.name.clone()));
    }
    for (path, inside) in &modules {
        let is_root = path.is_empty();
        let text = print(inside.items(is_root && *services, path.last()));
        let about = match (is_root, krate) {
            (true, Some(_)) => format!("//! The types of {}, for Landform.\n\n", catalog.provider()),
            _ => String::new(),
        };
        let name = match (is_root, krate) {
            (true, Some(_)) => "src/lib.rs".to_owned(),
            (true, None) => "mod.rs".to_owned(),
            (false, _) => format!("{source}{}/mod.rs", path.join("/")),
        };
        files.insert(name, format!("{head}\n{about}{text}"));
    }
    if let Some(krate) = krate {
        let features = services.then(|| features(wanted, &places));
        files.insert("Cargo.toml".to_owned(), manifest(krate, catalog, features));
    } else if *services {
        let features = features(wanted, &places);
        files.insert(
            "features.toml".to_owned(),
            format!("# {MARK}. Copy it into Cargo.toml.\n\n{}", table(&features)),
        );
    }
    Ok(files)
}

/// Lints that a program with few of the types, and a provider's descriptions, would break.
const ALLOWED: &str = "#![allow(dead_code)]\n#![allow(clippy::doc_lazy_continuation)]\n\
                       #![allow(clippy::doc_overindented_list_items)]";

impl<'a> Wanted<'a> {
    fn types(&self) -> impl Iterator<Item = &'a Arc<ResourceType>> {
        let only = self.only;
        self.catalog.types().filter(move |known| only.is_none_or(|only| only.contains(known.name_str())))
    }
}

fn places(wanted: &Wanted<'_>) -> BTreeMap<String, Place> {
    // All types, so that a choice of some changes no name.
    let mut words = wanted.catalog.types().map(|known| known.name.provider());
    let first = words.next();
    let shared = first.filter(|first| words.all(|word| word == *first));
    let mut files: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    let mut structs: BTreeMap<bool, BTreeSet<String>> = BTreeMap::new();
    let place = |known: &ResourceType| {
        let rest = names::rest(known.name.bare(), shared);
        let mut module = Vec::new();
        if wanted.services {
            module.push(service(rest));
        }
        if known.is_data() {
            module.push("data".to_owned());
        }
        let file = names::file(rest, files.entry(module.clone()).or_default());
        let owner = names::camel(known.name.provider());
        let used = structs.entry(known.is_data()).or_insert_with(names::reserved);
        Place { module, file, name: names::structure(rest, &owner, used) }
    };
    let mut place = place;
    let places = wanted.catalog.types().map(|known| (known.name_str().to_owned(), place(known)));
    places.filter(|(name, _)| wanted.only.is_none_or(|only| only.contains(name))).collect()
}

/// The module of a service, which is its feature too.
fn service(rest: &str) -> String {
    names::file(names::service(rest), &mut BTreeSet::new())
}

impl Modules {
    /// The declarations of the modules. Those of the root may be features.
    fn items(&self, are_features: bool, within: Option<&String>) -> Vec<Item> {
        let mut items = Vec::new();
        for (name, of) in &self.inner {
            let ident = module(name);
            let feature = are_features.then(|| quote! { #[cfg(feature = #name)] });
            // A service may have a type of its own name.
            let same = (within == Some(name)).then(|| quote! { #[allow(clippy::module_inception)] });
            let uses = of.as_ref().map(|of| {
                let of = format_ident!("{of}");
                quote! {
                    #[allow(unused_imports)]
                    pub use #ident::#of;
                }
            });
            let doc = match (of, name.as_str()) {
                (Some(of), _) => format!(" [`{ident}::{of}`]."),
                (None, "data") => " Data sources.".to_owned(),
                (None, name) => format!(" The service `{name}`."),
            };
            let declared: Result<syn::File, _> = syn::parse2(quote! {
                #[doc = #doc]
                #feature
                #same
                pub mod #ident;
                #uses
            });
            items.extend(declared.into_iter().flat_map(|file| file.items));
        }
        items
    }
}

/// Items with an empty line between them. A `use` stands right behind its module.
fn print(items: Vec<Item>) -> String {
    let mut text = String::new();
    let mut behind_a_module = false;
    for item in items {
        let follows = behind_a_module && matches!(item, Item::Use(_));
        if !text.is_empty() && !follows {
            text.push('\n');
        }
        behind_a_module = matches!(item, Item::Mod(_));
        let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] };
        text.push_str(&prettyplease::unparse(&file));
    }
    text
}

/// The features that each service needs, because its types refer to theirs.
fn features(wanted: &Wanted<'_>, places: &BTreeMap<String, Place>) -> BTreeMap<String, BTreeSet<String>> {
    let service = |name: &str| places.get(name).and_then(|place| place.module.first()).cloned();
    let mut features: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for known in wanted.types() {
        features.entry(service(known.name_str()).unwrap_or_default()).or_default();
    }
    for ((from, _), target) in wanted.targets {
        if let (Some(from), Some(to)) = (service(from), service(&target.type_name))
            && from != to
        {
            features.entry(from).or_default().insert(to);
        }
    }
    features
}

fn table(features: &BTreeMap<String, BTreeSet<String>>) -> String {
    let list = |names: &mut dyn Iterator<Item = &String>| {
        names.map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ")
    };
    let lines =
        features.iter().map(|(name, needs)| format!("{} = [{}]\n", key(name), list(&mut needs.iter())));
    let all = match features.keys().any(|name| name == "all") {
        true => String::new(),
        false => format!("# Every service.\nall = [{}]\n", list(&mut features.keys())),
    };
    format!("[features]\n{all}{}", lines.collect::<String>())
}

/// A key of TOML.
fn key(name: &str) -> String {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    if name.chars().all(is_bare) { name.to_owned() } else { format!("{name:?}") }
}

fn manifest(
    krate: &Krate,
    catalog: &Catalog,
    features: Option<BTreeMap<String, BTreeSet<String>>>,
) -> String {
    let Krate { name, landform } = krate;
    let features = features.map(|features| format!("\n{}", table(&features))).unwrap_or_default();
    format!(
        "# {MARK} from the schema of {0}. The next run overwrites this file.\n\n[package]\nname = {name:?}\ndescription = \
         \"The types of {0}, for Landform\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
         landform = {landform}\n{features}",
        catalog.provider()
    )
}
