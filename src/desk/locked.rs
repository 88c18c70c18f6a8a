//! A locked desk: its machine boots into it and has no login and no shell. What a volunteer asks of the system is an empty
//! file in a folder that the service manager watches, so the desk needs no privilege and no other program: only these
//! two wishes can be asked. It also knows the file it was started from, which an upgrade replaces.

use std::fs::{Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::Environment;
use crate::screen::SystemWish;

/// The variable by which the unit of a locked desk names the folder.
const FOLDER: &str = "YINGXIN_LOCKED";
/// The pause between two looks at the program's file, and how long the desk is untouched before it gives way to the new one.
pub const LOOK_PAUSE: Duration = Duration::from_secs(20);

/// What surrounds the desk.
#[derive(Clone, Debug)]
pub struct LockedDesk {
    folder: PathBuf,
    /// The file of this program, and what it was at the start; `None` where that cannot be known.
    program: Option<(PathBuf, FileIdentity)>,
}

type FileIdentity = (u64, u64, i64, i64);

impl LockedDesk {
    /// The locked desk around this process; `None` where its unit is not there, as in a developer's terminal.
    pub fn around(environment: Environment<'_>) -> Option<Self> {
        let folder = PathBuf::from(environment(FOLDER)?);
        let program = std::env::current_exe().ok();
        folder
            .is_dir()
            .then(|| LockedDesk::new(folder, program.as_deref()))
    }

    /// With this folder, and this file as the program's.
    pub fn new(folder: PathBuf, program: Option<&Path>) -> Self {
        let known = program.and_then(|path| {
            let found = std::fs::metadata(path).ok()?;
            Some((path.to_owned(), identity(&found)))
        });
        LockedDesk {
            folder,
            program: known,
        }
    }

    /// Asks the system for something. It begins at once, and waits until this program has ended.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn ask(&self, wish: SystemWish) -> io::Result<()> {
        let name = match wish {
            SystemWish::SwitchOff => "switch-off",
            SystemWish::Maintenance => "maintenance",
        };
        let mut file = OpenOptions::new();
        file.create(true).write(true).truncate(true);
        file.open(self.folder.join(name)).map(drop)
    }

    /// Whether another version stands where this program was started from. One that is absent is being replaced.
    pub fn is_replaced(&self) -> bool {
        self.program.as_ref().is_some_and(|(path, was)| {
            std::fs::metadata(path).is_ok_and(|found| identity(&found) != *was)
        })
    }
}

fn identity(found: &Metadata) -> FileIdentity {
    (found.dev(), found.ino(), found.mtime(), found.mtime_nsec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_an_empty_file_and_nothing_is_asked_without_the_unit() {
        let dir = tempfile::tempdir().unwrap();
        let named = |value: &Path| {
            let value = value.to_str().unwrap().to_owned();
            LockedDesk::around(&move |name| (name == "YINGXIN_LOCKED").then(|| value.clone()))
        };
        assert!(LockedDesk::around(&|_| None).is_none());
        assert!(named(&dir.path().join("absent")).is_none());
        let desk = named(dir.path()).unwrap();
        for (wish, file) in [
            (SystemWish::SwitchOff, "switch-off"),
            (SystemWish::Maintenance, "maintenance"),
        ] {
            desk.ask(wish).unwrap();
            assert_eq!(std::fs::read(dir.path().join(file)).unwrap(), b"");
        }
        drop(dir);
        assert!(desk.ask(SystemWish::SwitchOff).is_err());
    }

    #[test]
    fn a_program_is_replaced_by_another_file_and_not_by_none() {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("yingxin");
        std::fs::write(&program, "1").unwrap();
        let desk = LockedDesk::new(dir.path().to_owned(), Some(&program));
        assert!(!desk.is_replaced());
        // As dpkg does: written beside it, then renamed over it.
        let new = dir.path().join("yingxin.dpkg-new");
        std::fs::write(&new, "2").unwrap();
        assert!(!desk.is_replaced());
        std::fs::rename(&new, &program).unwrap();
        assert!(desk.is_replaced());
        std::fs::remove_file(&program).unwrap();
        assert!(!desk.is_replaced());
    }
}
