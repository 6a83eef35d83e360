//! Writes files to a folder: only those that differ, never over a file of somebody else, and removes its own of an earlier
//! run.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Component, Path, PathBuf},
};

use super::{BindingsError, MARK};

/// The list of the files of the last run.
const LIST: &str = ".landform-bindings";

/// What a run changed in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The files that were written, because they were absent or different.
    pub written: Vec<PathBuf>,
    /// The files that were right already.
    pub unchanged: usize,
    /// The files of an earlier run that were removed.
    pub removed: Vec<PathBuf>,
}

pub(super) fn write(folder: &Path, files: &BTreeMap<String, String>) -> Result<Written, BindingsError> {
    let mut wrong = Vec::new();
    let mut done = Written::default();
    let mut due = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        match read(&path)? {
            Some(there) if there == text.as_bytes() => done.unchanged += 1,
            Some(there) if !is_own(&there) => wrong.push(path),
            _ => due.push((path, text)),
        }
    }
    if !wrong.is_empty() {
        return Err(BindingsError::NotOurs(wrong));
    }
    let list = folder.join(LIST);
    let there = read(&list)?;
    let earlier: BTreeSet<String> = match &there {
        Some(there) if !is_own(there) => return Err(BindingsError::NotOurs(vec![list])),
        Some(there) => String::from_utf8_lossy(there)
            .lines()
            .skip(1)
            .filter(|name| is_inside(name))
            .map(str::to_owned)
            .collect(),
        None => BTreeSet::new(),
    };
    let names = |names: &mut dyn Iterator<Item = &String>| {
        let lines: String = names.map(|name| format!("{name}\n")).collect();
        format!("# {MARK}: the files of the last run\n{lines}")
    };
    let current: BTreeSet<String> = files.keys().cloned().collect();
    // Until all is done, the list has the files of both runs, so that a run that is cut off leaves none unlisted.
    put(&list, &names(&mut earlier.union(&current)), there.as_deref())?;
    for (path, text) in due {
        put(&path, text, None)?;
        done.written.push(path);
    }
    for name in earlier.difference(&current) {
        let path = folder.join(name);
        if read(&path)?.is_some_and(|there| is_own(&there)) {
            fs::remove_file(&path).map_err(|source| BindingsError::Write { path: path.clone(), source })?;
            remove_empty(folder, &path);
            done.removed.push(path);
        }
    }
    let there = read(&list)?;
    put(&list, &names(&mut current.iter()), there.as_deref())?;
    Ok(done)
}

/// Whether a file begins with the mark of this generator.
fn is_own(text: &[u8]) -> bool {
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(first).contains(MARK)
}

/// Whether a listed name stays inside the folder.
fn is_inside(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, BindingsError> {
    match fs::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(BindingsError::Write { path: path.to_owned(), source }),
    }
}

/// Writes a file, and the folders above it, unless it is right already.
fn put(path: &Path, text: &str, there: Option<&[u8]>) -> Result<(), BindingsError> {
    if there == Some(text.as_bytes()) {
        return Ok(());
    }
    let failed = |source| BindingsError::Write { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}

/// Removes the folders between a removed file and the top that are empty now.
fn remove_empty(top: &Path, file: &Path) {
    let mut folder = file.parent();
    while let Some(inside) = folder.filter(|folder| *folder != top && folder.starts_with(top)) {
        // A folder with anything in it stays.
        if fs::remove_dir(inside).is_err() {
            return;
        }
        folder = inside.parent();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn files(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        all.iter().map(|(name, text)| ((*name).to_owned(), format!("// {MARK}\n{text}"))).collect()
    }

    #[test]
    fn own_files_come_and_go_and_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let first =
            write(folder.path(), &files(&[("mod.rs", "a"), ("data/x.rs", "b"), ("y.rs", "c")])).unwrap();
        assert_eq!(first.written.len(), 3);
        fs::write(at("mine.rs"), "mine").unwrap();
        // A file that its owner took over.
        fs::write(at("y.rs"), "mine now").unwrap();
        let again = write(folder.path(), &files(&[("mod.rs", "a")])).unwrap();
        assert_eq!((again.written.len(), again.unchanged, again.removed), (0, 1, vec![at("data/x.rs")]));
        assert!(!at("data").exists() && at("mine.rs").exists() && at("y.rs").exists());
        let last = write(folder.path(), &files(&[("mod.rs", "a")])).unwrap();
        assert_eq!(last, Written { unchanged: 1, ..Written::default() });
    }

    #[test]
    fn a_file_of_somebody_else_is_not_overwritten_and_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let mine = folder.path().join("mod.rs");
        fs::write(&mine, "mine").unwrap();
        let error = write(folder.path(), &files(&[("a.rs", ""), ("mod.rs", "")])).unwrap_err();
        assert!(matches!(&error, BindingsError::NotOurs(paths) if *paths == [mine.clone()]), "{error}");
        assert!(!folder.path().join("a.rs").exists());
        assert_eq!(fs::read_to_string(mine).unwrap(), "mine");
    }

    #[test]
    fn the_list_names_no_file_outside() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("out");
        fs::create_dir(&folder).unwrap();
        fs::write(outer.path().join("a.rs"), format!("// {MARK}\n")).unwrap();
        fs::write(folder.join(LIST), format!("# {MARK}\n../a.rs\n")).unwrap();
        assert_eq!(write(&folder, &files(&[])).unwrap().removed, Vec::<PathBuf>::new());
        assert!(outer.path().join("a.rs").exists());
    }
}
