//! `toolbox template`: writes documents from templates, in the language of Go's `text/template` with sprig's functions.
//! Reads files; asks no store and no cloud.
//!
//! The language is our own small implementation, because the crates for it lack what kops's templates need: `include`
//! of other templates, an error for a missing value, and the line of an error.

mod functions;
mod parse;
mod run;
mod value;
mod values;

use std::collections::BTreeMap;
use std::path::PathBuf;

use landform::kops::lookup::Architecture;
use landform::kops::{Channel, FixedLookup, Lookup as _, Version};

use crate::Failure;
use crate::arguments::{Common, Template};

/// The name of the template that is written. A snippet has the name of a file, which is never empty.
const MAIN: &str = "";

pub fn run(common: &Common, options: &Template) -> Result<(), Failure> {
    let mut given = values::from_files(&expanded(&options.values)?)?;
    // As kops's documents show it: values of --set are set after those of --set-string.
    for (sets, as_text) in [(&options.set_strings, true), (&options.sets, false)] {
        for set in sets {
            values::set(&mut given, set, as_text)?;
        }
    }
    if let Some(name) = &common.name {
        given.insert("clusterName".into(), name.as_str().into());
    }
    if let Some(name) = &options.config_value {
        let value = given.remove(name).map_or(value::Value::text("null"), value::Value::from);
        println!("{value}");
        return Ok(());
    }
    let channel = Recommendations::of(&options.channel)?;
    let snippets = snippets(&options.snippets)?;
    let mut documents = Vec::new();
    for file in expanded(&options.templates)? {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{name}: {error}"))?;
        let mut templates = snippets.clone();
        parse::parse(MAIN, &name, &text, &mut templates)?;
        let run = run::Run { templates: &templates, strict: options.fail_on_missing, channel: &channel };
        // Each template starts from the same values, whatever another one did to them.
        let rendered = run.render(MAIN, &value::Value::from(serde_json::Value::Object(given.clone())))?;
        for document in split(&rendered) {
            documents.extend(match options.format_yaml {
                true => formatted(&name, &document)?,
                false => Some(document).filter(|document| !document.is_empty()),
            });
        }
    }
    let text = documents.join("---\n");
    match &options.out {
        Some(file) => Ok(std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))?),
        None => {
            print!("{text}");
            Ok(())
        }
    }
}

fn expanded(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        found.extend(values::files(path)?);
    }
    Ok(found)
}

/// The snippets by the names of their files.
fn snippets(paths: &[PathBuf]) -> Result<parse::Templates, Failure> {
    let mut templates = parse::Templates::new();
    let mut places: BTreeMap<String, String> = BTreeMap::new();
    for file in expanded(paths)? {
        let (place, name) =
            (file.display().to_string(), file.file_name().unwrap_or_default().display().to_string());
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{place}: {error}"))?;
        if let Some(other) = places.insert(name.clone(), place.clone()) {
            return Err(
                format!("{place}: {other} has the same name: expected one snippet of each name").into()
            );
        }
        parse::parse(&name, &place, &text, &mut templates)?;
    }
    Ok(templates)
}

/// The documents of a text. Each ends in a line break.
fn split(text: &str) -> Vec<String> {
    let mut documents = vec![String::new()];
    for line in text.split_inclusive('\n') {
        match (line.trim_end(), documents.last_mut()) {
            ("---", _) => documents.push(String::new()),
            (_, Some(document)) => document.push_str(line),
            (_, None) => {}
        }
    }
    for document in &mut documents {
        if !document.is_empty() && !document.ends_with('\n') {
            document.push('\n');
        }
    }
    documents
}

/// A document, read and written again; `None` if it is empty.
fn formatted(file: &str, document: &str) -> Result<Option<String>, Failure> {
    if document.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(None);
    }
    let read: serde_json::Value = serde_saphyr::from_str(document)
        .map_err(|error| format!("{file}: the result is not YAML: {}", values::first_line(&error)))?;
    let mut text = serde_saphyr::to_string(&read)?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(Some(text))
}

/// What a release channel recommends.
struct Recommendations {
    name: String,
    lookup: FixedLookup,
}

impl Recommendations {
    fn of(channel: &str) -> Result<Self, Failure> {
        let mut lookup = FixedLookup::region("us-east-2");
        if let Some(file) = channel.strip_prefix("file://") {
            let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
            lookup.channel = Some(Channel::parse(file, &text)?);
        }
        Ok(Self { name: channel.to_owned(), lookup })
    }

    fn recommended(&self) -> Result<Version, String> {
        let version = self.lookup.recommended_version(&self.name);
        version.ok_or_else(|| format!("the channel {} recommends no version of Kubernetes", self.name))
    }
}

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| format!("{text:?}: expected a version, such as 1.34.0"))
}

impl functions::Channel for Recommendations {
    fn version(&self) -> Result<String, String> {
        Ok(self.recommended()?.to_string())
    }

    fn upgrade(&self, before: &str) -> Result<String, String> {
        // As `upgrade cluster` does: a version is never lowered.
        Ok(self.recommended()?.max(version(before)?).to_string())
    }

    fn image(&self, cloud: &str, kubernetes: &str, architecture: &str) -> Result<String, String> {
        let kubernetes = version(kubernetes)?;
        let known = [Architecture::Amd64, Architecture::Arm64];
        let architecture = known.into_iter().find(|known| known.as_str() == architecture);
        let architecture = architecture.ok_or("expected the architecture amd64 or arm64")?;
        let image = self.lookup.default_image(cloud, &kubernetes, architecture);
        image.ok_or_else(|| format!("the channel {} has no such image", self.name))
    }
}
