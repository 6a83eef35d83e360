//! Saved plans: a file that is applied exactly as it was printed, or refused.
//!
//! The first line names the format, its version, and the SHA-256 of both that and the rest. The rest is the plan as
//! JSON. It contains no secrets: they come from the stack that the plan was made for.

use std::{fs, io, path::Path};

use landform_core::{Printable, Stack, expr::Expr};
use sha2::{Digest, Sha256};

use super::{FORMAT, Plan};
use crate::store::temporary;

/// The start of a plan file.
const MAGIC: &str = "landform-plan";

/// Why a plan file cannot be written or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanFileError {
    /// The file system refuses.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// The file is something else.
    #[error("{path} is not a plan file: expected a first line that begins with {MAGIC:?}")]
    NotAPlan {
        /// The file.
        path: String,
    },
    /// A newer release wrote it.
    #[error("{path} has format {found}, and this release reads format {FORMAT}. Use a newer release")]
    Newer {
        /// The file.
        path: String,
        /// Its format.
        found: u32,
    },
    /// The file was cut short or changed.
    #[error(
        "{path} was cut short or changed since it was written: its checksum does not match its content. Make a new plan"
    )]
    Changed {
        /// The file.
        path: String,
    },
    /// The content is not a plan, although the checksum fits.
    #[error("{path}: {error}")]
    Content {
        /// The file.
        path: String,
        /// What is wrong.
        error: serde_json::Error,
    },
}

impl Plan {
    /// Writes the plan to a file, completely or not at all. Touches no other file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PlanFileError> {
        let path = path.as_ref();
        let name = || shown(path);
        let content =
            serde_json::to_string(self).map_err(|error| PlanFileError::Content { path: name(), error })?;
        let text = format!("{MAGIC} {FORMAT} {}\n{content}\n", checksum(FORMAT, &content));
        let write = || match fs::canonicalize(path) {
            // A pipe or a device cannot be replaced.
            Ok(there) if !there.is_file() && !there.is_dir() => fs::write(there, &text),
            // A link stays a link.
            Ok(there) => temporary::replace(&there, text.as_bytes()),
            Err(_) => temporary::replace(path, text.as_bytes()),
        };
        write().map_err(|error| PlanFileError::Io { path: name(), error })
    }

    /// Reads a plan from a file. The apply checks whether it still fits the state.
    ///
    /// # Errors
    /// The file is missing, is not a plan, has a newer format, or was cut short or changed.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, PlanFileError> {
        let path = path.as_ref();
        let name = shown(path);
        let bytes = fs::read(path).map_err(|error| PlanFileError::Io { path: name.clone(), error })?;
        Self::from_bytes(&name, &bytes)
    }

    /// Reads a plan from the bytes of a file; the name is for messages.
    ///
    /// # Errors
    /// The same as for [`Plan::load`].
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, PlanFileError> {
        let path = || Printable(name).in_a_line().to_string();
        let not_a_plan = || PlanFileError::NotAPlan { path: path() };
        let text = std::str::from_utf8(bytes).map_err(|_| {
            if bytes.starts_with(MAGIC.as_bytes()) {
                PlanFileError::Changed { path: path() }
            } else {
                not_a_plan()
            }
        })?;
        let (first, content) = text.split_once('\n').ok_or_else(not_a_plan)?;
        let mut words = first.split(' ');
        if words.next() != Some(MAGIC) {
            return Err(not_a_plan());
        }
        let found: u32 = words.next().and_then(|word| word.parse().ok()).ok_or_else(not_a_plan)?;
        if found > FORMAT {
            return Err(PlanFileError::Newer { path: path(), found });
        }
        let content = content.strip_suffix('\n').ok_or_else(|| PlanFileError::Changed { path: path() })?;
        if words.next() != Some(checksum(found, content).as_str()) || words.next().is_some() {
            return Err(PlanFileError::Changed { path: path() });
        }
        serde_json::from_str(content).map_err(|error| PlanFileError::Content { path: path(), error })
    }

    /// Puts the secrets of the stack where a saved plan left them out. Everything else stays as it was printed.
    pub fn with_secrets_of(mut self, stack: &Stack) -> Self {
        for change in &mut self.changes {
            if let (Some(after), Some(node)) = (&mut change.after, stack.node(change.address.as_str())) {
                restore(after, &node.arguments);
            }
        }
        for configuration in &mut self.configurations {
            if let Some(node) = stack.node(configuration.address.as_str()) {
                restore(&mut configuration.arguments, &node.arguments);
            }
        }
        self
    }
}

/// A path as messages show it.
fn shown(path: &Path) -> String {
    Printable(path.display()).in_a_line().to_string()
}

/// Walks the arguments of the plan and of the stack in parallel.
fn restore(planned: &mut Expr, declared: &Expr) {
    match planned {
        Expr::Secret(_) => {
            *planned = match declared {
                Expr::Secret(_) => declared.clone(),
                open => Expr::Secret(Box::new(open.clone())),
            };
        }
        Expr::Map(fields) => {
            for (key, field) in fields {
                if let Some(declared) = declared.get(key) {
                    restore(field, &declared);
                }
            }
        }
        Expr::List(items) => {
            if let Expr::List(declared) = declared {
                items.iter_mut().zip(declared).for_each(|(item, declared)| restore(item, declared));
            }
        }
        Expr::Literal(_) | Expr::Ref(_) | Expr::Call(..) => {}
    }
}

/// Covers the version too, so every changed byte of the file is noticed.
fn checksum(format: u32, content: &str) -> String {
    hex::encode(Sha256::digest(format!("{format}\n{content}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn plan() -> Plan {
        Plan {
            format: FORMAT,
            stack: "demo".into(),
            lineage: None,
            destroy: false,
            partial: false,
            changes: Vec::new(),
            unchanged: vec!["demo_thing.a".parse().unwrap()],
            actions: Vec::new(),
            checks: Vec::new(),
            answers: Vec::new(),
            configurations: Vec::new(),
            drift: Vec::new(),
            refreshed: Vec::new(),
            withheld: Default::default(),
            basis: Default::default(),
            used_by: Default::default(),
            warnings: Vec::new(),
            moves: Vec::new(),
            recorded_outputs: Default::default(),
            outputs: [("x".to_owned(), Expr::Literal(7.into()))].into(),
        }
    }

    fn saved() -> Vec<u8> {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("plan");
        plan().save(&file).unwrap();
        assert_eq!(Plan::load(&file).unwrap().unchanged, plan().unchanged);
        fs::read(&file).unwrap()
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_refused() {
        let bytes = saved();
        for end in 0..bytes.len() {
            assert!(Plan::from_bytes("p", &bytes[..end]).is_err(), "cut at {end}");
        }
        for place in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[place] ^= 1;
            assert!(Plan::from_bytes("p", &bytes).is_err(), "byte {place}");
        }
    }

    #[test]
    fn a_saved_plan_replaces_its_file_alone() {
        let directory = tempfile::tempdir().unwrap();
        let there = directory.path().join("plan.json");
        for other in ["plan.tmp", "other"] {
            fs::write(directory.path().join(other), other).unwrap();
        }
        plan().save(&there).unwrap();
        assert_eq!(fs::read_to_string(directory.path().join("plan.tmp")).unwrap(), "plan.tmp");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 3);
        #[cfg(unix)]
        {
            let link = directory.path().join("link");
            std::os::unix::fs::symlink(&there, &link).unwrap();
            fs::write(&there, "old").unwrap();
            plan().save(&link).unwrap();
            assert!(link.is_symlink() && Plan::load(&there).is_ok());
        }
    }

    #[test]
    fn other_files_and_newer_plans_are_told_apart() {
        let error = Plan::from_bytes("p", b"{}\n").unwrap_err();
        assert!(matches!(error, PlanFileError::NotAPlan { .. }), "{error}");
        let newer = format!("{MAGIC} 99 00\n{{}}\n");
        let error = Plan::from_bytes("p", newer.as_bytes()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "p has format 99, and this release reads format 1. Use a newer release"
        );
        let error = Plan::load("/nowhere/at/all").unwrap_err();
        assert!(error.to_string().starts_with("/nowhere/at/all: "), "{error}");
    }
}
