//! Reads the documents in the text of a spec file. Calls no cloud and applies no defaults.

mod document;
mod fault;

use crate::problem::{Kind, Problem, Problems};
use crate::source::{Place, Position, Tree, as_written, shift};
use crate::spec::{ClusterSpec, Document, GroupSpec, Metadata, Spec, SshCredential};
use crate::validate::validate;
use fault::Fault;
use landform_core::suggest::nearest;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_saphyr::{Error as YamlError, Spanned};
use std::path::Path;
use std::sync::Arc;

/// The API versions of cluster documents. Early releases used the short one.
const API_VERSIONS: [&str; 2] = ["kops.k8s.io/v1alpha2", "kops/v1alpha2"];
/// The kinds of documents that a cluster spec is made of.
const KINDS: [&str; 3] = ["Cluster", "InstanceGroup", "SSHCredential"];
/// The API groups of these kinds. Documents of other groups are the user's own objects, which kops applies.
const GROUPS: [&str; 2] = ["kops.k8s.io", "kops"];

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

    /// Reads the text of a spec file. `file` is its name in messages.
    ///
    /// # Errors
    /// The text is not YAML. A document has an unknown kind, unknown fields, or values of the wrong type or form. There
    /// is no `Cluster` document, or more than one. The error lists all problems at once.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problems> {
        Self::parse_all([(file, text)])
    }

    /// Reads the texts of several files that describe one cluster together, as kops keeps them in its state store. Each
    /// text comes with its name in messages.
    ///
    /// # Errors
    /// As [`Spec::parse`].
    pub fn parse_all<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Problems> {
        Ok(Self::read_all(files, false, true)?.0)
    }

    /// Reads texts as [`Spec::parse_all`] does. If a value is wrong, the rules between fields are not checked.
    pub(crate) fn parse_without_rules<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Problems> {
        Ok(Self::read_all(files, false, false)?.0)
    }

    /// Reads the text of a spec file as kops does: ignores unknown fields. Returns them with the spec, so that the
    /// caller can report them.
    ///
    /// # Errors
    /// As [`Spec::parse`], except for unknown fields.
    pub fn parse_as_kops(file: &str, text: &str) -> Result<(Self, Vec<Problem>), Problems> {
        Self::read_all([(file, text)], true, true)
    }

    fn read_all<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
        lenient: bool,
        with_rules: bool,
    ) -> Result<(Self, Vec<Problem>), Problems> {
        let mut files = files.into_iter().peekable();
        let first: Arc<str> = files.peek().map_or("", |(file, _)| *file).into();
        let (problems, clusters) = (Vec::new(), Vec::new());
        let rest = Rest::default();
        let mut reader =
            Reader { file: first.clone(), problems, clusters, rest, lenient, ignored: Vec::new() };
        for (file, text) in files {
            reader.file = file.into();
            for (first_line, text) in documents(text) {
                reader.document(first_line, text);
            }
        }
        reader.file = first;
        reader.finish(with_rules)
    }
}

/// Reads a part of a spec from JSON that this crate wrote. `None` if it does not fit the type.
pub(crate) fn from_json<T: DeserializeOwned>(value: &serde_json::Value) -> Option<T> {
    document::read_json(value)
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
    /// Whether unknown fields are ignored instead of being a problem.
    lenient: bool,
    /// The fields that were ignored.
    ignored: Vec<Problem>,
}

/// The frame of every document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<S> {
    #[serde(rename = "apiVersion", default)]
    _api_version: IgnoredAny,
    #[serde(rename = "kind", default)]
    _kind: IgnoredAny,
    /// A field that a Kubernetes API server adds. Ignored.
    #[serde(rename = "status", default)]
    _status: IgnoredAny,
    #[serde(default)]
    metadata: Metadata,
    #[serde(default)]
    spec: S,
}

impl Reader {
    fn document(&mut self, first_line: u32, text: &str) {
        let mut tree: Spanned<Tree> = match serde_saphyr::from_str(text) {
            Ok(tree) => tree,
            Err(error) => return self.refuse(first_line, &error),
        };
        as_written(&mut tree, text);
        let place = Place::new(self.file.clone(), &tree, first_line);
        let head = &tree.value;
        let Some(kind) = head.text("kind") else {
            return self.wrong(
                Kind::Required,
                &place,
                "kind",
                format!("expected one of {}", KINDS.join(", ")),
            );
        };
        let api_version = head.text("apiVersion").unwrap_or_default();
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        if !api_version.is_empty() && !GROUPS.contains(&group) {
            // kops does not check the user's own objects.
            match serde_saphyr::from_str(text) {
                Ok(object) => self.rest.additional.push(object),
                Err(error) => self.refuse(first_line, &error),
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
        let name = head.child("metadata").and_then(|metadata| metadata.text("name")).unwrap_or_default();
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

    fn read<S: DeserializeOwned + Default>(&mut self, read: Read) -> Option<Document<S>> {
        let Read { first_line, text, tree, place, label } = read;
        if tree.value.child("spec").is_none() {
            self.problems.push(Problem {
                kind: Kind::Required,
                document: label,
                path: "spec".into(),
                detail: "missing".into(),
                at: place.of("kind"),
            });
            return None;
        }
        let (read, faults) = document::read::<Envelope<S>>(tree, text);
        for fault in faults {
            let problem = self.problem(first_line, fault, &label);
            let is_left_out = self.lenient && problem.kind == Kind::UnknownField;
            if is_left_out { &mut self.ignored } else { &mut self.problems }.push(problem);
        }
        let Envelope { metadata, spec, .. } = read?;
        Some(Document { metadata, spec, place })
    }

    /// The problem of a field.
    fn problem(&self, first_line: u32, fault: Fault, document: &str) -> Problem {
        let Fault { path, at, kind, detail, .. } = fault;
        let (line, column) = at.map_or((first_line + 1, 1), |at| shift(at, first_line));
        let at = Some(Position { file: self.file.clone(), line, column });
        Problem { kind, document: document.into(), path, detail, at }
    }

    fn finish(mut self, with_rules: bool) -> Result<(Spec, Vec<Problem>), Problems> {
        if let Some((first, others)) = self.clusters.split_first() {
            for other in others {
                self.problems.push(Problem {
                    kind: Kind::Forbidden,
                    document: format!("Cluster {}", other.metadata.name),
                    path: String::new(),
                    detail: format!(
                        "this is a second cluster: the file describes {}. Use one file for each cluster",
                        first.metadata.name
                    ),
                    at: other.place.of("kind"),
                });
            }
        } else if self.problems.is_empty() {
            return Err(missing(self.file));
        }
        let Rest { groups, ssh_keys, additional } = self.rest;
        let spec = self.clusters.into_iter().next();
        let spec = spec.map(|cluster| Spec { cluster, groups, ssh_keys, additional });
        if let Some(spec) = spec.as_ref().filter(|_| with_rules) {
            self.problems.extend(further(spec, &self.problems));
        }
        self.problems
            .sort_by_key(|problem| problem.at.as_ref().map(|at| (at.file.clone(), at.line, at.column)));
        Problems::check(self.problems)?;
        spec.map(|spec| (spec, self.ignored)).ok_or_else(|| missing(self.file))
    }

    /// Reports a problem outside `spec` and `metadata`.
    fn wrong(&mut self, kind: Kind, place: &Place, path: &str, detail: String) {
        let at = place.of(path);
        self.problems.push(Problem { kind, document: String::new(), path: path.into(), detail, at });
    }

    /// Reports that a text is not YAML.
    fn refuse(&mut self, first_line: u32, error: &YamlError) {
        let error = innermost(error);
        let (kind, detail) = match error {
            YamlError::DuplicateMappingKey { key, .. } => (
                Kind::Duplicate,
                format!("the mapping has the key {:?} twice", key.as_deref().unwrap_or("?")),
            ),
            YamlError::NonFiniteFloat { value, .. } => {
                (Kind::WrongType, format!("{value}: expected a finite number, or text in quotes"))
            }
            other => (Kind::Syntax, format!("not YAML: {}", plain(other))),
        };
        let (line, column) = error.location().map_or((first_line + 1, 1), |at| shift(at, first_line));
        let at = Some(Position { file: self.file.clone(), line, column });
        self.problems.push(Problem { kind, document: String::new(), path: String::new(), detail, at });
    }
}

/// The problems that the rules find in a spec without its invalid values, so that users see all problems at once.
/// Leaves out problems that concern or mention an invalid value, because they may only follow from it.
fn further(spec: &Spec, wrong: &[Problem]) -> Vec<Problem> {
    let is_one_value = |problem: &Problem| match problem.kind {
        Kind::Invalid => true,
        // A document with an unknown version is missing as a whole.
        Kind::NotSupported => !problem.document.is_empty(),
        _ => false,
    };
    if wrong.is_empty() || !wrong.iter().all(is_one_value) {
        // The rest of the spec may lack whole sections.
        return Vec::new();
    }
    let follows = |problem: &Problem, wrong: &Problem| {
        // The items after an invalid one have other indices now.
        let around = wrong.path.strip_suffix(']').and_then(|path| path.rsplit_once('['));
        let around = around.map_or(wrong.path.as_str(), |(list, _)| list);
        let field = around.rsplit('.').next().unwrap_or_default();
        let (inside, outside) = (problem.path.starts_with(around), around.starts_with(&problem.path));
        let concerns = problem.document == wrong.document && (inside || outside && !problem.path.is_empty());
        let mut words = problem.detail.split(|c: char| !c.is_ascii_alphanumeric());
        concerns || words.any(|word| word == field)
    };
    let found = validate(spec).err().map(|problems| problems.as_slice().to_vec()).unwrap_or_default();
    found.into_iter().filter(|problem| !wrong.iter().any(|wrong| follows(problem, wrong))).collect()
}

struct Read<'a> {
    first_line: u32,
    text: &'a str,
    tree: &'a Spanned<Tree>,
    place: Place,
    label: String,
}

/// The problem of a file without a cluster.
fn missing(file: Arc<str>) -> Problems {
    Problems::from(Problem {
        kind: Kind::Required,
        document: String::new(),
        path: String::new(),
        detail:
            "the file has no Cluster document: expected one, and InstanceGroup documents, separated by ---"
                .into(),
        at: Some(Position { file, line: 0, column: 0 }),
    })
}

/// The innermost error, without its wrappers.
fn innermost(error: &YamlError) -> &YamlError {
    match error {
        YamlError::WithSnippet { error, .. } | YamlError::AliasError { error, .. } => innermost(error),
        other => other,
    }
}

/// An error's text on one line, without the position.
fn plain(error: &YamlError) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    first.split(" at line ").next().unwrap_or(first).trim_end_matches(',').to_string()
}

/// The documents of a text, each with the number of lines before it. YAML gives `---` and `...` at the start of
/// a line this meaning everywhere, inside block scalars too.
pub(crate) fn documents(text: &str) -> Vec<(u32, &str)> {
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
