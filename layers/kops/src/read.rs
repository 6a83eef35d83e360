//! From the text of a spec file to its documents. Touches no cloud and applies no defaults.

use crate::problem::{Kind, Problem, Problems};
use crate::source::{Found, Place, Position, Tree, as_written, shift, tree_at};
use crate::spec::{ClusterSpec, Document, GroupSpec, Metadata, Spec, SshCredential};
use landform_core::suggest::nearest;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_saphyr::{Error as YamlError, Spanned};
use std::path::Path;
use std::sync::Arc;

/// The API versions of cluster documents; the short one is that of early releases.
const API_VERSIONS: [&str; 2] = ["kops.k8s.io/v1alpha2", "kops/v1alpha2"];
/// The kinds of documents that a cluster spec is made of.
const KINDS: [&str; 3] = ["Cluster", "InstanceGroup", "SSHCredential"];
/// Other software's documents that kops passes on, by API group and kind.
const ADDITIONAL: [(&str, &str); 1] = [("kubescheduler.config.k8s.io", "KubeSchedulerConfiguration")];

impl Spec {
    /// Reads a spec file.
    ///
    /// # Errors
    /// The file is missing or not UTF-8, or [`Spec::parse`] fails.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Problems> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| Problem {
            kind: Kind::Unreadable,
            document: String::new(),
            path: String::new(),
            detail: format!("cannot read the cluster spec: {error}"),
            at: Some(Position { file: name.as_str().into(), line: 0, column: 0 }),
        })?;
        Self::parse(&name, &text)
    }

    /// Reads the text of a spec file; `file` is its name in messages.
    ///
    /// # Errors
    /// The text is not YAML; a document is of an unknown kind or has an unknown field or a value of the wrong
    /// type; there is no `Cluster` document, or more than one. Of each document the first problem is told.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        Self::parse_all([(file, text)])
    }

    /// Reads the texts of several files that describe one cluster together, as kops keeps them in its state store;
    /// each comes with its name in messages.
    ///
    /// # Errors
    /// As of [`Spec::parse`].
    pub fn parse_all<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Problems> {
        let mut files = files.into_iter().peekable();
        let first: Arc<str> = files.peek().map_or("", |(file, _)| *file).into();
        let (problems, clusters) = (Vec::new(), Vec::new());
        let mut reader = Reader { file: first.clone(), problems, clusters, rest: Rest::default() };
        for (file, text) in files {
            reader.file = file.into();
            for (first_line, text) in documents(text) {
                reader.document(first_line, text);
            }
        }
        reader.file = first;
        reader.finish()
    }
}

#[derive(Default)]
struct Rest {
    groups: Vec<Document<GroupSpec>>,
    ssh_keys: Vec<Document<SshCredential>>,
    additional: Vec<serde_json::Value>,
}

struct Reader {
    file: Arc<str>,
    problems: Vec<Problem>,
    clusters: Vec<Document<ClusterSpec>>,
    rest: Rest,
}

/// The frame of every document.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Envelope<S> {
    #[serde(rename = "apiVersion")]
    _api_version: IgnoredAny,
    #[serde(rename = "kind")]
    _kind: IgnoredAny,
    #[serde(default)]
    metadata: Metadata,
    spec: S,
}

impl Reader {
    fn document(&mut self, first_line: u32, text: &str) {
        let mut tree: Spanned<Tree> = match serde_saphyr::from_str(text) {
            Ok(tree) => tree,
            Err(error) => return self.refuse(first_line, &error, None, String::new()),
        };
        as_written(&mut tree, text);
        let place = Place::new(self.file.clone(), &tree, first_line);
        let head = &tree.value;
        let Some(kind) = head.scalar("kind") else {
            return self.wrong(
                Kind::Required,
                &place,
                "kind",
                format!("expected one of {}", KINDS.join(", ")),
            );
        };
        let api_version = head.scalar("apiVersion").unwrap_or_default();
        let group = api_version.split('/').next().unwrap_or_default();
        if ADDITIONAL.contains(&(group, kind)) {
            match serde_saphyr::from_str(text) {
                Ok(object) => self.rest.additional.push(object),
                Err(error) => self.refuse(first_line, &error, Some(&tree), kind.into()),
            }
            return;
        }
        if !KINDS.contains(&kind) {
            let hint = nearest(kind, KINDS).map_or(String::new(), |near| format!(" (did you mean {near}?)"));
            let detail = format!("unknown kind {kind:?}{hint}; expected one of {}", KINDS.join(", "));
            return self.wrong(Kind::UnknownKind, &place, "kind", detail);
        }
        if !API_VERSIONS.contains(&api_version) {
            let detail = format!("{api_version:?}: expected {} or {}", API_VERSIONS[0], API_VERSIONS[1]);
            let kind = if api_version.is_empty() { Kind::Required } else { Kind::NotSupported };
            return self.wrong(kind, &place, "apiVersion", detail);
        }
        let name = head.child("metadata").and_then(|metadata| metadata.scalar("name")).unwrap_or_default();
        let label = format!("{kind} {name}").trim_end().to_string();
        let read = Read { first_line, text, tree: &tree, place, label };
        match kind {
            "Cluster" => {
                let document = self.read(read);
                self.clusters.extend(document);
            }
            "InstanceGroup" => {
                let document = self.read(read);
                self.rest.groups.extend(document);
            }
            _ => {
                let document = self.read(read);
                self.rest.ssh_keys.extend(document);
            }
        }
    }

    fn read<S: DeserializeOwned>(&mut self, read: Read) -> Option<Document<S>> {
        match serde_saphyr::from_str::<Envelope<S>>(read.text) {
            Ok(Envelope { metadata, spec, .. }) => Some(Document { metadata, spec, place: read.place }),
            Err(error) => {
                self.refuse(read.first_line, &error, Some(read.tree), read.label);
                None
            }
        }
    }

    fn finish(mut self) -> Result<Spec, Problems> {
        if let Some((first, others)) = self.clusters.split_first() {
            for other in others {
                self.problems.push(Problem {
                    kind: Kind::Forbidden,
                    document: format!("Cluster {}", other.metadata.name),
                    path: String::new(),
                    detail: format!(
                        "a second cluster in one file: the file describes {}; give each cluster a file of its own",
                        first.metadata.name
                    ),
                    at: other.place.of("kind"),
                });
            }
        } else if self.problems.is_empty() {
            self.problems.push(Problem {
                kind: Kind::Required,
                document: String::new(),
                path: String::new(),
                detail: "no Cluster document: expected one, and InstanceGroup documents, joined by ---"
                    .into(),
                at: Some(Position { file: self.file, line: 0, column: 0 }),
            });
        }
        Problems::check(self.problems)?;
        let Rest { groups, ssh_keys, additional } = self.rest;
        let cluster = self.clusters.into_iter().next().expect("a file without a cluster has a problem");
        Ok(Spec { cluster, groups, ssh_keys, additional })
    }

    /// Notes a problem with the frame of a document.
    fn wrong(&mut self, kind: Kind, place: &Place, path: &str, detail: String) {
        let at = place.of(path);
        self.problems.push(Problem { kind, document: String::new(), path: path.into(), detail, at });
    }

    /// Notes that YAML or its types refuse a document.
    fn refuse(&mut self, first_line: u32, error: &YamlError, tree: Option<&Spanned<Tree>>, document: String) {
        let error = innermost(error);
        let location = error.location();
        let Found { mut path, what } = match (tree, &location) {
            (Some(tree), Some(at)) => tree_at(tree, at.line(), at.column()),
            _ => Found { path: String::new(), what: None },
        };
        let found = what.as_ref().map_or(String::new(), |what| format!("{what}: "));
        let (kind, detail) = match error {
            YamlError::SerdeUnknownField { field, expected, .. } => {
                if path != *field && !path.ends_with(&format!(".{field}")) {
                    path = if path.is_empty() { field.clone() } else { format!("{path}.{field}") };
                }
                let hint = match nearest(field, expected.iter().copied()) {
                    Some(near) => format!("did you mean {near:?}?"),
                    // A long list helps nobody.
                    None if expected.len() > 12 => {
                        "this section has no field of that or a similar name".into()
                    }
                    None => format!("expected one of: {}", expected.join(", ")),
                };
                (Kind::UnknownField, format!("unknown field {field:?}; {hint}"))
            }
            YamlError::SerdeUnknownVariant { variant, expected, .. } => {
                let hint = nearest(variant, expected.iter().copied());
                let hint = hint.map_or(String::new(), |near| format!(" (did you mean {near}?)"));
                let what = what.unwrap_or_else(|| format!("{variant:?}"));
                (Kind::NotSupported, format!("{what}{hint}; expected one of: {}", expected.join(", ")))
            }
            // The frame of a document is all that has fields which must be there.
            YamlError::SerdeMissingField { field, .. } => {
                path = (*field).into();
                (Kind::Required, "missing".into())
            }
            YamlError::DuplicateMappingKey { key, .. } => (
                Kind::Duplicate,
                format!("the key {:?} stands twice in one mapping", key.as_deref().unwrap_or("?")),
            ),
            YamlError::SerdeInvalidType { unexpected, expected, .. }
            | YamlError::SerdeInvalidValue { unexpected, expected, .. } => {
                let what = what.unwrap_or_else(|| unexpected.clone());
                (Kind::WrongType, format!("{what}: expected {expected}"))
            }
            YamlError::InvalidScalar { ty, .. } => {
                (Kind::WrongType, format!("{found}expected {}", in_words(ty)))
            }
            YamlError::Unexpected { expected, .. } => {
                (Kind::WrongType, format!("{found}expected {}", shape_in_words(expected)))
            }
            YamlError::NonFiniteFloat { value, .. } => {
                (Kind::WrongType, format!("{value}: expected a finite number, or text in quotes"))
            }
            other if tree.is_some() => (Kind::WrongType, plain(other)),
            other => (Kind::Syntax, format!("not YAML: {}", plain(other))),
        };
        let (line, column) = location.map_or((first_line + 1, 1), |location| shift(location, first_line));
        let at = Some(Position { file: self.file.clone(), line, column });
        self.problems.push(Problem { kind, document, path, detail, at });
    }
}

struct Read<'a> {
    first_line: u32,
    text: &'a str,
    tree: &'a Spanned<Tree>,
    place: Place,
    label: String,
}

/// The error inside those that only say where it was met.
fn innermost(error: &YamlError) -> &YamlError {
    match error {
        YamlError::WithSnippet { error, .. } | YamlError::AliasError { error, .. } => innermost(error),
        other => other,
    }
}

/// An error's text on one line, without the place that is told apart.
fn plain(error: &YamlError) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    first.split(" at line ").next().unwrap_or(first).trim_end_matches(',').to_string()
}

/// A Rust type as users know it.
fn in_words(ty: &str) -> String {
    match ty {
        "bool" | "boolean" => "true or false".into(),
        "f32" | "f64" => "a number".into(),
        "u8" | "u16" | "u32" | "u64" => "a whole number that is not negative".into(),
        "i8" | "i16" | "i32" | "i64" => "a whole number".into(),
        other => other.into(),
    }
}

/// What YAML's reader waited for, as users know it.
fn shape_in_words(expected: &str) -> &str {
    match expected {
        "mapping start" => "a section of fields",
        "sequence start" => "a list",
        "string scalar" => "a single value",
        other => other,
    }
}

/// The documents of a text, each with the number of lines before it. YAML gives `---` and `...` at the start of
/// a line this meaning everywhere, inside block scalars too.
fn documents(text: &str) -> Vec<(u32, &str)> {
    let mut documents = Vec::new();
    let (mut start, mut start_line, mut at) = (0, 0, 0);
    for (line_number, line) in (0u32..).zip(text.split_inclusive('\n')) {
        let marks = |mark: &str| {
            line.strip_prefix(mark).is_some_and(|rest| rest.trim_start() != rest || rest.is_empty())
        };
        if marks("---") {
            documents.push((start_line, &text[start..at]));
            (start, start_line) = (at, line_number);
        } else if marks("...") {
            documents.push((start_line, &text[start..at]));
            (start, start_line) = (at + line.len(), line_number + 1);
        }
        at += line.len();
    }
    documents.push((start_line, &text[start..]));
    documents.retain(|(_, text)| !is_blank(text));
    documents
}

/// Whether a document holds nothing but its mark, comments and directives.
fn is_blank(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').lines().all(|line| {
        let line = line.strip_prefix("---").unwrap_or(line).trim();
        line.is_empty() || line.starts_with('#') || line.starts_with('%')
    })
}
