//! What a `terraform.tfstate` knows, as what a stack can take over. Reads version 4, Terraform's and OpenTofu's form
//! since 0.12; writes none.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use landform_core::{Address, Stack, TypeName};
use serde_json::{Map, Value as Json};

/// One resource of a Terraform state.
///
/// [`TerraformState::take_over`] lets the nodes of a stack take over what stands at their addresses.
#[derive(Clone, PartialEq)]
pub struct Imported {
    /// Where it can stand in a stack. Modules, counts and keys become part of the name:
    /// `module.net.aws_subnet.private["a"]` is `aws_subnet.net_private_a`.
    pub address: Address,
    /// The address that Terraform knows it by.
    pub terraform_address: String,
    /// The cloud's id: the attribute `id`.
    pub id: String,
    /// Everything that Terraform recorded of it, secrets in the clear.
    pub attributes: Map<String, Json>,
    /// Terraform's provider, as `registry.terraform.io/hashicorp/aws`.
    pub provider: String,
    /// Whether Terraform would replace it, its creation having failed half-way.
    pub tainted: bool,
}

impl fmt::Debug for Imported {
    /// Leaves out the attributes, for there may be secrets among them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imported")
            .field("address", &self.address)
            .field("terraform_address", &self.terraform_address)
            .field("id", &self.id)
            .field("tainted", &self.tainted)
            .finish_non_exhaustive()
    }
}

/// What a Terraform state holds.
#[derive(Debug, Clone, PartialEq)]
pub struct TerraformState {
    /// The managed resources, in the state's order.
    pub resources: Vec<Imported>,
    /// What was left out, by Terraform's address, and why.
    pub left_out: Vec<(String, &'static str)>,
}

impl TerraformState {
    /// Lets a stack take over everything that this state knows at the addresses of its nodes, so that the next plan
    /// adopts it. Gives back what the stack does not declare, by Terraform's address: it stays with Terraform.
    pub fn take_over(&self, stack: &mut Stack) -> Vec<&str> {
        let ids = self.resources.iter().map(|known| (known.address.clone(), known.id.clone()));
        let undeclared: HashSet<Address> = stack.import(ids).into_iter().collect();
        let left = self.resources.iter().filter(|known| undeclared.contains(&known.address));
        left.map(|known| known.terraform_address.as_str()).collect()
    }
}

/// Text that is no Terraform state of version 4.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TfstateError {
    /// The text is no JSON.
    #[error("no Terraform state: {0}")]
    NotJson(String),
    /// The text is some other JSON.
    #[error("no Terraform state: {0}")]
    NotState(&'static str),
    /// The state is of a version that is not read here.
    #[error("the Terraform state has version {found}, expected 4{}", advice(*.found))]
    Version {
        /// Its version.
        found: u64,
    },
    /// Something in the state is not as it should be.
    #[error("{place}: {found}, expected {expected}")]
    Shape {
        /// The address, or the place in the file.
        place: String,
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// Two resources would get one address.
    #[error("{first} and {second} would both be {address}; rename one of them in Terraform first")]
    Collision {
        /// One of them.
        first: String,
        /// The other.
        second: String,
        /// The address.
        address: Address,
    },
}

fn advice(found: u64) -> &'static str {
    match found {
        0..4 => "; any Terraform since 0.12 writes it anew with `terraform apply -refresh-only`",
        _ => "; it comes from a newer Terraform",
    }
}

/// Reads a Terraform state.
///
/// # Errors
/// The text is no state of version 4, or an entry is not as it should be; the error names it.
pub fn read_tfstate(text: &str) -> Result<TerraformState, TfstateError> {
    let value: Json = serde_json::from_str(text).map_err(|error| TfstateError::NotJson(error.to_string()))?;
    let Json::Object(top) = &value else { return Err(TfstateError::NotState("it is no JSON object")) };
    if top.contains_key("encrypted_data") {
        return Err(TfstateError::NotState("it is encrypted; `tofu state pull` prints it in the clear"));
    }
    if top.contains_key("format_version") {
        let message =
            "it was printed by `terraform show -json`; `terraform state pull` prints the state itself";
        return Err(TfstateError::NotState(message));
    }
    let Some(version) = top.get("version").and_then(Json::as_u64) else {
        return Err(TfstateError::NotState("it has no version"));
    };
    if version != 4 {
        return Err(TfstateError::Version { found: version });
    }
    let resources = match top.get("resources") {
        None | Some(Json::Null) => &[],
        Some(Json::Array(resources)) => resources.as_slice(),
        Some(other) => return Err(shape("resources", Some(other), "a list")),
    };
    let mut state = TerraformState { resources: Vec::new(), left_out: Vec::new() };
    let mut known = HashMap::new();
    for (number, resource) in resources.iter().enumerate() {
        state.resource(&format!("resources[{number}]"), resource, &mut known)?;
    }
    Ok(state)
}

impl TerraformState {
    fn resource(
        &mut self,
        place: &str,
        resource: &Json,
        known: &mut HashMap<Address, String>,
    ) -> Result<(), TfstateError> {
        let text = |field: &str| match resource.get(field) {
            Some(Json::String(text)) => Ok(text.as_str()),
            other => Err(shape(&format!("{place}.{field}"), other, "text")),
        };
        let (mode, type_name, name) = (text("mode")?, text("type")?, text("name")?);
        let module = resource.get("module").and_then(Json::as_str);
        let own = format!("{}{type_name}.{name}", if mode == "data" { "data." } else { "" });
        let stem = module.map_or_else(|| own.clone(), |module| format!("{module}.{own}"));
        if mode == "data" {
            self.left_out.push((stem, "a data source is read, not taken over"));
            return Ok(());
        }
        if mode != "managed" {
            return Err(shape(&stem, resource.get("mode"), "the mode \"managed\" or \"data\""));
        }
        let type_name: TypeName = type_name
            .parse()
            .map_err(|_| shape(&stem, resource.get("type"), "a type's name, as in \"aws_subnet\""))?;
        let Some(Json::Array(instances)) = resource.get("instances") else {
            return Err(shape(&format!("{stem}.instances"), resource.get("instances"), "a list"));
        };
        let provider = provider(resource.get("provider").and_then(Json::as_str).unwrap_or_default());
        for instance in instances {
            let key = instance.get("index_key").filter(|key| !key.is_null());
            let terraform_address = key.map_or_else(|| stem.clone(), |key| format!("{stem}[{key}]"));
            if instance.get("deposed").is_some_and(|deposed| !deposed.is_null()) {
                self.left_out.push((terraform_address, "an old one that waits for its deletion"));
                continue;
            }
            let Some(Json::Object(attributes)) = instance.get("attributes") else {
                let found = instance.get("attributes");
                return Err(shape(&format!("{terraform_address}.attributes"), found, "a map"));
            };
            let id = match attributes.get("id") {
                Some(Json::String(id)) => id.clone(),
                other => return Err(shape(&format!("{terraform_address}.id"), other, "text")),
            };
            let address = Address::new(&type_name, &flat(module, name, key)).map_err(|error| {
                let place = terraform_address.clone();
                TfstateError::Shape { place, found: format!("{:?}", error.text), expected: error.expected }
            })?;
            if let Some(first) = known.insert(address.clone(), terraform_address.clone()) {
                return Err(TfstateError::Collision { first, second: terraform_address, address });
            }
            self.resources.push(Imported {
                address,
                terraform_address,
                id,
                attributes: attributes.clone(),
                provider: provider.clone(),
                tainted: instance.get("status").and_then(Json::as_str) == Some("tainted"),
            });
        }
        Ok(())
    }
}

/// Module path, name and key as one name.
fn flat(module: Option<&str>, name: &str, key: Option<&Json>) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut add = |part: &str| {
        let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        words.extend(part.split(|c| !letter(c)).filter(|word| !word.is_empty()).map(str::to_owned));
    };
    module
        .into_iter()
        .flat_map(|module| module.split('.'))
        .filter(|part| *part != "module")
        .for_each(&mut add);
    add(name);
    match key {
        Some(Json::String(text)) => add(text),
        Some(other) => add(&other.to_string()),
        None => {}
    }
    words.join("_")
}

/// `provider["registry.terraform.io/hashicorp/aws"].west` is `registry.terraform.io/hashicorp/aws`.
fn provider(text: &str) -> String {
    text.split('"').nth(1).unwrap_or(text).to_owned()
}

fn shape(place: &str, found: Option<&Json>, expected: &'static str) -> TfstateError {
    let found = match found {
        None => "missing".to_owned(),
        Some(Json::Null) => "null".to_owned(),
        Some(Json::Object(_)) => "a map".to_owned(),
        Some(Json::Array(_)) => "a list".to_owned(),
        // Text may be anything, a secret too: it is not repeated.
        Some(Json::String(_)) => "some text".to_owned(),
        Some(scalar) => scalar.to_string(),
    };
    TfstateError::Shape { place: place.to_owned(), found, expected }
}
