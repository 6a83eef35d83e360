//! A folder with a configuration, and the real Terraform in it. Nothing is downloaded.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use landform::{
    ResourceType, Schema,
    schema::Kind,
    serde_json::{Map, Value as Json, json},
};

/// Where Terraform thinks that the provider comes from.
pub const ADDRESS: &str = "registry.terraform.io/landform/landform";

/// The binary of the plugin.
pub const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-landform");

/// How Terraform finds the provider.
pub enum By<'a> {
    /// It starts the binary.
    Binary,
    /// It connects to this process.
    Socket(&'a Path),
}

/// A configuration and its state.
pub struct Bench {
    pub folder: tempfile::TempDir,
    reattach: Option<String>,
}

/// Whether Terraform is here. Says so if it is not.
pub fn has_terraform() -> bool {
    let found = Command::new("terraform").arg("version").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("terraform is not installed, so this test has nothing to check the plugin with");
    }
    found
}

impl Bench {
    pub fn new(by: By<'_>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        std::fs::hard_link(BINARY, bin.join("terraform-provider-landform"))
            .or_else(|_| std::fs::copy(BINARY, bin.join("terraform-provider-landform")).map(drop))
            .unwrap();
        let settings = format!(
            "provider_installation {{\n  dev_overrides {{\n    \"landform/landform\" = {bin:?}\n    \"other/landform\" = {bin:?}\n  }}\n  direct {{}}\n}}\n"
        );
        std::fs::write(folder.path().join("cli.tfrc"), settings).unwrap();
        let reattach = match by {
            By::Binary => None,
            By::Socket(socket) => Some(landform::terraform::reattach([(ADDRESS, socket)])),
        };
        Self { folder, reattach }
    }

    pub fn cloud(&self) -> PathBuf {
        self.folder.path().join("cloud")
    }

    /// Writes the configuration: these resources by type and name, and further parts.
    pub fn configure(&self, resources: &Json, more: &[(&str, Json)]) {
        let source = json!({ "source": "landform/landform" });
        let provider = json!({ "directory": self.cloud() });
        let mut main = json!({
            "terraform": { "required_providers": { "landform": source } },
            "provider": { "landform": provider },
        });
        let mut resources = resources.clone();
        for (type_name, of) in resources.as_object_mut().into_iter().flatten() {
            let foreign = !type_name.starts_with("landform_");
            for resource in of.as_object_mut().into_iter().flatten().filter(|_| foreign) {
                resource.1["provider"] = "landform".into();
            }
        }
        if resources.as_object().is_some_and(|resources| !resources.is_empty()) {
            main["resource"] = resources;
        }
        for (name, part) in more {
            main[*name] = part.clone();
        }
        std::fs::write(self.folder.path().join("main.tf.json"), main.to_string()).unwrap();
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("terraform");
        command.current_dir(self.folder.path()).args(arguments).arg("-no-color");
        command.env("TF_CLI_CONFIG_FILE", self.folder.path().join("cli.tfrc"));
        command.env("CHECKPOINT_DISABLE", "1").env("TF_IN_AUTOMATION", "1").env("TMPDIR", self.folder.path());
        if let Some(reattach) = &self.reattach {
            command.env("TF_REATTACH_PROVIDERS", reattach);
        }
        command.output().unwrap()
    }

    /// Runs a command that must succeed, and returns what it said.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = said(&output);
        assert!(output.status.success(), "terraform {arguments:?} failed:\n{said}");
        for fault in
            ["inconsistent result", "invalid plan", "inconsistent final plan", "invalid result object"]
        {
            assert!(!said.contains(fault), "terraform {arguments:?} found a fault:\n{said}");
        }
        said
    }

    /// Runs a command that must fail, and returns what it said.
    pub fn fails(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = said(&output);
        assert!(!output.status.success(), "terraform {arguments:?} succeeded:\n{said}");
        said
    }

    /// Plans, and expects no change.
    pub fn same(&self, when: &str) {
        let output = self.run(&["plan", "-detailed-exitcode", "-input=false"]);
        assert_eq!(output.status.code(), Some(0), "{when}, a plan has changes or fails:\n{}", said(&output));
    }

    /// The state's resources.
    pub fn state(&self) -> Json {
        let text = std::fs::read(self.folder.path().join("terraform.tfstate")).unwrap();
        landform::serde_json::from_slice(&text).unwrap()
    }

    /// The attributes of a resource in the state.
    pub fn attributes(&self, type_name: &str, name: &str) -> Json {
        let state = self.state();
        let resources = state["resources"].as_array().unwrap();
        let found = resources
            .iter()
            .find(|it| it["type"] == type_name && it["name"] == name && it["mode"] == "managed");
        found.unwrap_or_else(|| panic!("{type_name}.{name} is in the state"))["instances"][0]["attributes"]
            .clone()
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Arguments as Terraform's JSON syntax has them.
pub fn written(known: &ResourceType, arguments: &Json) -> Json {
    block(&known.arguments, arguments, false)
}

fn block(schema: &Schema, given: &Json, whole: bool) -> Json {
    let mut fields = Map::new();
    for field in schema.fields() {
        let value = &given[&field.name];
        if value.is_null() {
            if whole {
                fields.insert(field.name.clone(), Json::Null);
            }
            continue;
        }
        let value = kind(&field.kind, value);
        let single =
            matches!(field.kind, Kind::Block(_)) && field.nesting == landform::schema::Nesting::Block;
        fields.insert(field.name.clone(), if single { json!([value]) } else { value });
    }
    fields.into()
}

fn kind(kind: &Kind, value: &Json) -> Json {
    match (kind, value) {
        (Kind::List(item) | Kind::Set(item), Json::Array(items)) => {
            items.iter().map(|value| self::kind(item, value)).collect()
        }
        (Kind::Map(item), Json::Object(entries)) => entries
            .iter()
            .map(|(key, value)| (key.clone(), self::kind(item, value)))
            .collect::<Map<_, _>>()
            .into(),
        (Kind::Block(schema), value) => block(schema, value, true),
        (_, value) => value.clone(),
    }
}
