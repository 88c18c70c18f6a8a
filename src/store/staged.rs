//! Replacing several files at once. They are written into a directory of their own; once its mark is there, made with the
//! desk's key, they count in the place of the old ones, and whoever opens the store moves them there. Without a mark
//! that this key made they never counted, and are cleared away.

use std::io;
use std::path::{Path, PathBuf};

use super::disk::{self, Disk};
use super::location::StorePaths;
use super::marks::{CleanMark, hex};
use super::seal::{self, DeskKey};

const MARK: &str = "ready";

/// Clears what a stop left, and makes an empty directory.
///
/// # Errors
/// The disk's.
pub fn begin(disk: &dyn Disk, paths: &StorePaths) -> io::Result<()> {
    clear(&paths.staged)?;
    disk::make_private_dir(&paths.staged)?;
    disk.sync_dir(&paths.dir)
}

/// Where a file is put for now.
pub fn place(paths: &StorePaths, file: &Path) -> PathBuf {
    paths.staged.join(file.file_name().unwrap_or_default())
}

/// From here on the staged files count, for a desk with this key.
///
/// # Errors
/// The disk's.
pub fn make_ready(disk: &dyn Disk, paths: &StorePaths, desk: &DeskKey) -> io::Result<()> {
    disk::replace(disk, &paths.staged.join(MARK), mark(desk).as_bytes())
}

/// The store as it counts for this key: with the staged files where these are ready and not moved yet.
pub fn effective(paths: &StorePaths, desk: &DeskKey) -> StorePaths {
    let mut now = paths.clone();
    if is_ready(paths, desk) {
        for file in [
            &mut now.visit_keys,
            &mut now.retired_keys,
            &mut now.high_water,
            &mut now.roster,
            &mut now.journal,
        ] {
            let staged = place(paths, file);
            if staged.exists() {
                *file = staged;
            }
        }
    }
    now
}

/// Moves what is ready to its place, and clears away what never counted. It may be stopped anywhere and done again.
///
/// # Errors
/// The disk's.
pub fn finish(disk: &dyn Disk, paths: &StorePaths, desk: &DeskKey) -> io::Result<()> {
    if !paths.staged.exists() {
        return Ok(());
    }
    if is_ready(paths, desk) {
        // sled does not fit what comes now.
        CleanMark::remove(disk, &paths.clean)?;
        for file in [
            &paths.visit_keys,
            &paths.retired_keys,
            &paths.high_water,
            &paths.roster,
            &paths.journal,
        ] {
            let staged = place(paths, file);
            if staged.exists() {
                disk.rename(&staged, file)?;
            }
        }
        disk.sync_dir(&paths.dir)?;
        disk.remove(&paths.staged.join(MARK))?;
    }
    clear(&paths.staged)?;
    disk.sync_dir(&paths.dir)
}

fn is_ready(paths: &StorePaths, desk: &DeskKey) -> bool {
    std::fs::read_to_string(paths.staged.join(MARK)).is_ok_and(|text| text == mark(desk))
}

fn mark(desk: &DeskKey) -> String {
    hex(&seal::hmac(&desk.derive("staged"), &[b"ready"]))
}

fn clear(dir: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(dir) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
