//! The directories of the projection: each rebuild makes a new generation and never opens an older one.

use std::path::{Path, PathBuf};

/// The generations in this directory with their numbers, the oldest first.
pub fn generations(dir: &Path) -> Vec<(u32, PathBuf)> {
    let mut inspected: Vec<_> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let number = path.file_name()?.to_str()?.parse().ok()?;
            Some((number, path))
        })
        .collect();
    inspected.sort();
    inspected
}

/// The directories that were kept aside, for they may hold what the journal lost.
pub fn witnesses(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("witness-"));
    named.map(|entry| entry.path()).collect()
}

/// Removes old generations; with `keep_witness` the newest of them is kept aside.
pub fn remove_generations(old: &[(u32, PathBuf)], keep_witness: bool) {
    for (place, (number, path)) in old.iter().enumerate() {
        let outcome = if keep_witness && place + 1 == old.len() {
            std::fs::rename(path, path.with_file_name(format!("witness-{number:08}")))
        } else {
            std::fs::remove_dir_all(path)
        };
        if let Err(e) = outcome {
            tracing::warn!("{} could not be removed: {e}", path.display());
        }
    }
}
