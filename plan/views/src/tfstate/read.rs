//! Reads the text of a Terraform state. A malformed object hides no other.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use landform_core::{Address, NameError, TypeName};
use serde_json::{Map, Value as Json, value::RawValue};

use super::{Imported, LeftOut, TerraformState, TfstateError};
use crate::terraform::quoted;

/// Reads a Terraform state.
///
/// # Errors
/// The text is not a state of version 4. A malformed object is not an error: it is left out, with the reason.
pub fn read_tfstate(text: &str) -> Result<TerraformState, TfstateError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let whole: &RawValue =
        serde_json::from_str(text).map_err(|error| TfstateError::NotJson(error.to_string()))?;
    let Ok(top) = serde_json::from_str::<Fields<'_>>(whole.get()) else {
        return Err(TfstateError::NotState("it is not a JSON object"));
    };
    if top.contains_key("encrypted_data") {
        return Err(TfstateError::NotState("it is encrypted; `tofu state pull` prints it in the clear"));
    }
    if top.contains_key("format_version") {
        let message =
            "it was printed by `terraform show -json`; `terraform state pull` prints the state itself";
        return Err(TfstateError::NotState(message));
    }
    let Some(version) = top.get("version").and_then(|version| version.get().parse::<u64>().ok()) else {
        return Err(TfstateError::NotState("it has no version"));
    };
    if version != 4 {
        return Err(TfstateError::Version { found: version });
    }
    let mut reader = Reader::default();
    for (number, resource) in list(top.get("resources").copied())?.into_iter().enumerate() {
        if let Err((address, why)) = reader.resource(resource) {
            let address = address.unwrap_or_else(|| format!("resources[{number}]"));
            reader.left_out.push((address, why));
        }
    }
    Ok(reader.finish())
}

/// An object with unread fields, so that a malformed field affects only this object.
type Fields<'a> = HashMap<Cow<'a, str>, &'a RawValue>;

fn list(resources: Option<&RawValue>) -> Result<Vec<&RawValue>, TfstateError> {
    match resources {
        None => Ok(Vec::new()),
        Some(resources) if resources.get() == "null" => Ok(Vec::new()),
        Some(resources) => serde_json::from_str(resources.get()).map_err(|_| TfstateError::Shape {
            place: "resources",
            found: described(Some(resources)),
            expected: "a list",
        }),
    }
}

#[derive(Default)]
struct Reader {
    resources: Vec<Imported>,
    left_out: Vec<(String, LeftOut)>,
}

/// The part of an entry that applies to all its objects.
struct Entry<'a> {
    module: Option<String>,
    type_name: TypeName,
    name: String,
    /// Terraform's address without a key.
    stem: String,
    provider: (String, Option<String>),
    instances: Vec<&'a RawValue>,
}

impl Reader {
    fn resource(&mut self, resource: &RawValue) -> Result<(), (Option<String>, LeftOut)> {
        let entry = Entry::read(resource)?;
        for instance in &entry.instances {
            match entry.object(instance) {
                Ok(object) => self.resources.push(object),
                Err((address, why)) => self.left_out.push((address, why)),
            }
        }
        Ok(())
    }

    /// The state, without the resources that would get the same address.
    fn finish(self) -> TerraformState {
        let Self { resources, mut left_out } = self;
        let mut by_address: BTreeMap<&Address, Vec<usize>> = BTreeMap::new();
        for (place, object) in resources.iter().enumerate() {
            by_address.entry(&object.address).or_default().push(place);
        }
        let mut other: HashMap<usize, usize> = HashMap::new();
        for same in by_address.into_values().filter(|same| same.len() > 1) {
            other
                .extend(same.iter().map(|place| (*place, if *place == same[0] { same[1] } else { same[0] })));
        }
        let names: HashMap<usize, String> = other
            .iter()
            .map(|(place, other)| (*place, resources[*other].terraform_address.clone()))
            .collect();
        let mut kept = Vec::with_capacity(resources.len());
        for (place, object) in resources.into_iter().enumerate() {
            match names.get(&place) {
                None => kept.push(object),
                Some(other) => {
                    let why = LeftOut::SameAddress { other: other.clone(), address: object.address };
                    left_out.push((object.terraform_address, why));
                }
            }
        }
        TerraformState { resources: kept, left_out }
    }
}

impl<'a> Entry<'a> {
    fn read(resource: &'a RawValue) -> Result<Self, (Option<String>, LeftOut)> {
        let nameless = |why| (None, why);
        let fields = fields(resource, "the entry").map_err(nameless)?;
        let text = |field: &'static str| text(&fields, field);
        let (mode, type_name) = (text("mode").map_err(nameless)?, text("type").map_err(nameless)?);
        let name = text("name").map_err(nameless)?;
        let module = text("module").ok();
        let own = format!("{}{type_name}.{name}", if mode == "data" { "data." } else { "" });
        let stem = module.as_ref().map_or_else(|| own.clone(), |module| format!("{module}.{own}"));
        let named = |why| (Some(stem.clone()), why);
        if mode == "data" {
            return Err(named(LeftOut::DataSource));
        }
        if mode != "managed" {
            let found = described(fields.get("mode").copied());
            return Err(named(LeftOut::Shape { field: "mode", found, expected: "\"managed\" or \"data\"" }));
        }
        let type_name: TypeName = type_name.parse().map_err(|error: NameError| named(error.into()))?;
        let instances = fields.get("instances").copied();
        let instances =
            instances.and_then(|list| serde_json::from_str(list.get()).ok()).ok_or_else(|| {
                let found = described(fields.get("instances").copied());
                named(LeftOut::Shape { field: "instances", found, expected: "a list" })
            })?;
        let provider = provider(&text("provider").unwrap_or_default());
        Ok(Self { module, type_name, name, stem, provider, instances })
    }

    fn object(&self, instance: &RawValue) -> Result<Imported, (String, LeftOut)> {
        let fields = fields(instance, "the instance").map_err(|why| (self.stem.clone(), why))?;
        let present = |field| fields.get(field).copied().filter(|value| value.get() != "null");
        let key = present("index_key").map(key);
        let terraform_address = match &key {
            None => self.stem.clone(),
            Some(Key::Text(text)) => format!("{}[{}]", self.stem, quoted(text)),
            Some(Key::Number(number)) => format!("{}[{number}]", self.stem),
        };
        let object = || {
            if present("deposed").is_some() {
                return Err(LeftOut::Deposed);
            }
            let Some(attributes) = present("attributes") else {
                if present("attributes_flat").is_some() {
                    return Err(LeftOut::FlatAttributes);
                }
                let found = described(fields.get("attributes").copied());
                return Err(LeftOut::Shape { field: "attributes", found, expected: "a map" });
            };
            if !attributes.get().starts_with('{') {
                let found = described(Some(attributes));
                return Err(LeftOut::Shape { field: "attributes", found, expected: "a map" });
            }
            let attributes: Map<String, Json> = serde_json::from_str(attributes.get())
                .map_err(|error| LeftOut::Unreadable(format!("attributes: {}", without_place(&error))))?;
            let id = match attributes.get("id") {
                Some(Json::String(id)) if !id.is_empty() => id.clone(),
                _ => return Err(LeftOut::NoId),
            };
            Ok(Imported {
                address: Address::new(
                    &self.type_name,
                    &flat(self.module.as_deref(), &self.name, key.as_ref()),
                )?,
                terraform_address: terraform_address.clone(),
                id,
                attributes,
                provider: self.provider.0.clone(),
                provider_alias: self.provider.1.clone(),
                tainted: present("status").is_some_and(|status| status.get() == "\"tainted\""),
            })
        };
        object().map_err(|why| (terraform_address.clone(), why))
    }
}

/// What distinguishes the objects of one resource.
enum Key {
    Text(String),
    /// As written, because it may be larger than any number here.
    Number(String),
}

fn key(raw: &RawValue) -> Key {
    match serde_json::from_str(raw.get()) {
        Ok(text) => Key::Text(text),
        Err(_) => Key::Number(raw.get().to_owned()),
    }
}

fn fields<'a>(raw: &'a RawValue, field: &'static str) -> Result<Fields<'a>, LeftOut> {
    serde_json::from_str(raw.get()).map_err(|_| LeftOut::Shape {
        field,
        found: described(Some(raw)),
        expected: "a map",
    })
}

fn text(fields: &Fields<'_>, field: &'static str) -> Result<String, LeftOut> {
    let found = fields.get(field).copied();
    found.and_then(|raw| serde_json::from_str(raw.get()).ok()).ok_or_else(|| LeftOut::Shape {
        field,
        found: described(found),
        expected: "text",
    })
}

/// Module path, name and key as one name.
fn flat(module: Option<&str>, name: &str, key: Option<&Key>) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut add = |part: &str| {
        let letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        words.extend(part.split(|c| !letter(c)).filter(|word| !word.is_empty()).map(str::to_owned));
    };
    module
        .into_iter()
        .flat_map(|module| module.split('.'))
        .filter(|part| *part != "module")
        .for_each(&mut add);
    add(name);
    match key {
        Some(Key::Text(text) | Key::Number(text)) => add(text),
        None => {}
    }
    words.join("_")
}

/// The provider and its alias: `provider["registry.terraform.io/hashicorp/aws"].west`; in a module
/// `module.a.provider["…"]`; before 0.13 `provider.aws.west`.
fn provider(text: &str) -> (String, Option<String>) {
    let alias = |text: &str| text.strip_prefix('.').filter(|alias| !alias.is_empty()).map(str::to_owned);
    if let Some((_, rest)) = text.split_once("provider[\"")
        && let Some((source, rest)) = rest.split_once("\"]")
    {
        return (source.to_owned(), alias(rest));
    }
    let own = text.rsplit_once("provider.").map_or(text, |(_, own)| own);
    match own.split_once('.') {
        Some((source, alias)) => (source.to_owned(), Some(alias.to_owned())),
        None => (own.to_owned(), None),
    }
}

/// A description of a value. It never repeats text, which may be a secret.
fn described(found: Option<&RawValue>) -> String {
    match found.map(RawValue::get) {
        None => "missing".to_owned(),
        Some(text) => match text.as_bytes().first() {
            Some(b'{') => "a map".to_owned(),
            Some(b'[') => "a list".to_owned(),
            Some(b'"') => "some text".to_owned(),
            _ => text.to_owned(),
        },
    }
}

/// The message of the JSON reader, without a position that counts from the middle of the file.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}
