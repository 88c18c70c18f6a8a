//! The directories of the projection: each rebuild makes a new generation and never opens an older one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::store::disk::{self, Disk};

/// Zeros written at a time, in bytes.
const ZEROS: usize = 256 * 1024;

/// The generations in this directory with their numbers, the oldest first.
pub fn generations(dir: &Path) -> Vec<(u32, PathBuf)> {
    let mut inspected: Vec<_> = fs::read_dir(dir)
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
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("witness-"));
    named.map(|entry| entry.path()).collect()
}

/// Removes old generations; with `keep_witness` the newest of them is kept aside, and with `overwrite` the others are
/// overwritten before.
pub fn remove_generations(
    disk: &dyn Disk,
    old: &[(u32, PathBuf)],
    keep_witness: bool,
    overwrite: bool,
) {
    for (place, (number, path)) in old.iter().enumerate() {
        let outcome = if keep_witness && place + 1 == old.len() {
            fs::rename(path, path.with_file_name(format!("witness-{number:08}")))
        } else if overwrite {
            wipe(disk, path)
        } else {
            fs::remove_dir_all(path)
        };
        if let Err(e) = outcome {
            tracing::warn!("{} could not be removed: {e}", path.display());
        }
    }
}

/// Overwrites every file below this directory with zeros, and removes it. A stop in between leaves a part, which is no
/// error when this is repeated.
///
/// # Errors
/// A file cannot be removed. One that cannot be overwritten is removed all the same, which is logged.
pub fn wipe(disk: &dyn Disk, dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            wipe(disk, &path)?;
            continue;
        }
        if kind.is_file()
            && let Err(e) = disk::overwrite(disk, &path, ZEROS)
        {
            tracing::warn!("{} could not be overwritten: {e}", path.display());
        }
        disk.remove(&path)?;
    }
    fs::remove_dir(dir)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::disk::RealDisk;

    #[test]
    fn what_is_wiped_holds_zeros_before_it_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let old = dir.path().join("00000001");
        fs::create_dir_all(old.join("blobs")).unwrap();
        fs::write(old.join("db"), vec![7; ZEROS + 9]).unwrap();
        fs::write(old.join("blobs/1"), "a number").unwrap();
        // A second name shows what became of the bytes.
        fs::hard_link(old.join("db"), dir.path().join("db")).unwrap();
        fs::hard_link(old.join("blobs/1"), dir.path().join("blob")).unwrap();
        wipe(&RealDisk, &old).unwrap();
        assert!(!old.exists());
        for (name, length) in [("db", ZEROS + 9), ("blob", 8)] {
            let bytes = fs::read(dir.path().join(name)).unwrap();
            assert_eq!(bytes.len(), length);
            assert!(bytes.iter().all(|byte| *byte == 0), "{name}");
        }
    }
}
