//! No test file is forgotten: every one below `tests` is compiled.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Adds a module's file and those of its child modules.
fn add_module(file: &Path, children: &Path, found: &mut BTreeSet<PathBuf>) {
    found.insert(file.to_owned());
    let text = std::fs::read_to_string(file).unwrap();
    let mut before = "";
    for line in text.lines() {
        // The library's own file.
        let is_elsewhere = std::mem::replace(&mut before, line).starts_with("#[path");
        let declared = line.strip_prefix("pub ").unwrap_or(line);
        let name = declared
            .strip_prefix("mod ")
            .and_then(|rest| rest.strip_suffix(';'));
        let Some(name) = name.filter(|_| !is_elsewhere) else {
            continue;
        };
        let folder = children.join(name);
        let inner = folder.join("mod.rs");
        if inner.exists() {
            add_module(&inner, &folder, found);
        } else {
            add_module(&children.join(format!("{name}.rs")), &folder, found);
        }
    }
}

/// Adds every Rust file below a folder.
fn add_files(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.insert(path);
        }
    }
}

#[test]
fn every_test_file_is_compiled() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut compiled = BTreeSet::new();
    for (main, folder) in [
        ("it/main.rs", "it"),
        ("fuzz/mod.rs", "fuzz"),
        ("bench/desk.rs", "bench"),
    ] {
        add_module(&tests.join(main), &tests.join(folder), &mut compiled);
    }
    let mut files = BTreeSet::new();
    add_files(&tests, &mut files);
    let forgotten: Vec<&PathBuf> = files.difference(&compiled).collect();
    assert!(forgotten.is_empty(), "no `mod` names {forgotten:?}");
}
