//! Replacing several files at once. The new files are written into a directory of their own. Once the directory's mark is
//! written (an HMAC by the desk's key), they count instead of the old files, and the next program that opens the store
//! moves them to their places. Without a mark by this desk key they never counted, and are removed.

use std::io;
use std::path::{Path, PathBuf};

use super::disk::{self, Disk};
use super::location::StorePaths;
use super::marks::{CleanMark, hex};
use super::seal::{self, DeskKey};
use crate::ours;

const MARK: &str = "ready";
/// The longest mark, in bytes.
const LONGEST_MARK: u64 = 256;

/// Removes what an earlier stop left, and creates an empty directory.
///
/// # Errors
/// The disk's.
pub fn begin(disk: &dyn Disk, paths: &StorePaths) -> io::Result<()> {
    clear(&paths.staged)?;
    ours::make_inner_folder(&paths.staged)?;
    disk.sync_dir(&paths.dir)
}

/// Where the new version of a file is written.
pub fn staged_path(paths: &StorePaths, file: &Path) -> PathBuf {
    paths.staged.join(file.file_name().unwrap_or_default())
}

/// Writes the mark: from here on the staged files count, for a desk with this key.
///
/// # Errors
/// The disk's.
pub fn mark_ready(disk: &dyn Disk, paths: &StorePaths, desk: &DeskKey) -> io::Result<()> {
    disk::replace(disk, &paths.staged.join(MARK), mark(desk).as_bytes())
}

/// The files that count for this desk key: the staged ones where these are ready and not moved yet.
pub fn effective_paths(paths: &StorePaths, desk: &DeskKey) -> StorePaths {
    let mut now = paths.clone();
    if is_ready(paths, desk) {
        for file in [
            &mut now.visit_keys,
            &mut now.retired_keys,
            &mut now.high_water,
            &mut now.roster,
            &mut now.journal,
        ] {
            let staged = staged_path(paths, file);
            if staged.exists() {
                *file = staged;
            }
        }
    }
    now
}

/// Moves ready files to their places, and removes what never counted. Idempotent: it may be stopped at any point and
/// repeated.
///
/// # Errors
/// The disk's.
pub fn apply(disk: &dyn Disk, paths: &StorePaths, desk: &DeskKey) -> io::Result<()> {
    if !paths.staged.exists() {
        return Ok(());
    }
    if is_ready(paths, desk) {
        // The projection does not fit the new files.
        CleanMark::remove(disk, &paths.clean)?;
        for file in [
            &paths.visit_keys,
            &paths.retired_keys,
            &paths.high_water,
            &paths.roster,
            &paths.journal,
        ] {
            let staged = staged_path(paths, file);
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
    ours::read_text(&paths.staged.join(MARK), LONGEST_MARK).is_ok_and(|text| text == mark(desk))
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
