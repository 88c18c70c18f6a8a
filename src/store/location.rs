//! Where a store lives, and the names of the files in its directory. Nothing is opened here.

use std::path::{Path, PathBuf};

/// Where a store lives.
#[derive(Clone, Debug, Default)]
pub struct Location {
    /// The store's directory.
    pub dir: PathBuf,
    /// The desk's key file; by default the service manager's credentials, then `desk.key` in `dir`.
    pub key: Option<PathBuf>,
    /// How many days a visit is kept after it ended; `None` for as long as the store is.
    pub retention_days: Option<u32>,
}

impl Location {
    /// A store in this directory, with its key by the default and no limit of age.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Location {
            dir: dir.into(),
            key: None,
            retention_days: None,
        }
    }
}

/// The names in a store's directory.
#[derive(Clone, Debug)]
pub struct StorePaths {
    /// The directory itself.
    pub dir: PathBuf,
    /// The lock of the program that uses the store.
    pub lock: PathBuf,
    /// The visits' own keys.
    pub visit_keys: PathBuf,
    /// The write-ahead log's segments.
    pub journal: PathBuf,
    /// The projection's generations, each a sled database.
    pub projections: PathBuf,
    /// The clean mark.
    pub clean: PathBuf,
    /// The high-water mark.
    pub high_water: PathBuf,
    /// Up to when the wall clock was believed.
    pub clock: PathBuf,
    /// Disk space held back for the visit in hand.
    pub ballast: PathBuf,
    /// The roster.
    pub roster: PathBuf,
    /// The keys that open notes written under an earlier desk key.
    pub retired_keys: PathBuf,
    /// Files that are about to replace others together.
    pub staged: PathBuf,
    /// The lock of a command that changes the roster.
    pub roster_lock: PathBuf,
}

impl StorePaths {
    /// The names below this directory.
    pub fn new(dir: &Path) -> Self {
        StorePaths {
            dir: dir.to_owned(),
            lock: dir.join("lock"),
            visit_keys: dir.join("visits.keys"),
            journal: dir.join("journal"),
            projections: dir.join("derived"),
            clean: dir.join("clean"),
            high_water: dir.join("high-water"),
            clock: dir.join("clock"),
            ballast: dir.join("ballast"),
            roster: dir.join("roster"),
            retired_keys: dir.join("keys.retired"),
            staged: dir.join("staged"),
            roster_lock: dir.join("roster.lock"),
        }
    }
}
