//! The names in a store's directory. Nothing is opened here.

use std::path::{Path, PathBuf};

/// The names in a store's directory.
#[derive(Clone, Debug)]
pub struct Paths {
    pub dir: PathBuf,
    pub lock: PathBuf,
    pub slots: PathBuf,
    pub journal: PathBuf,
    pub derived: PathBuf,
    pub clean: PathBuf,
    pub high_water: PathBuf,
    pub ballast: PathBuf,
    pub roster: PathBuf,
    pub retired: PathBuf,
    pub staged: PathBuf,
    pub roster_lock: PathBuf,
}

impl Paths {
    pub fn new(dir: &Path) -> Self {
        Paths {
            dir: dir.to_owned(),
            lock: dir.join("lock"),
            slots: dir.join("visits.keys"),
            journal: dir.join("journal"),
            derived: dir.join("derived"),
            clean: dir.join("clean"),
            high_water: dir.join("high-water"),
            ballast: dir.join("ballast"),
            roster: dir.join("roster"),
            retired: dir.join("keys.retired"),
            staged: dir.join("staged"),
            roster_lock: dir.join("roster.lock"),
        }
    }
}
