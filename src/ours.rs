//! The files that this desk keeps to itself: its store, its keys, its PINs. They are opened here alone, so that a file that
//! somebody else put in their place is neither read nor written: no symbolic link is followed, nothing is opened that is no
//! regular file, the owner and the mode are looked at on the open file, and new files are made where nothing was.
//!
//! Whoever can change the folders above the store's own can still take it away as a whole; [`folder`] looks at these too.
//! It depends on the texts only.

mod not_ours;
#[cfg(test)]
mod tests;

use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

pub use not_ours::{NotOurs, OursFault, quoted};

/// The most files below a folder that [`tree`] looks at; more are none of ours.
const MOST_FILES: usize = 100_000;
/// How deep [`tree`] looks.
const DEEPEST: usize = 4;

/// What is expected where a file or folder is.
#[derive(Clone, Copy)]
struct Expected {
    is_folder: bool,
    /// Root's is as good: the administrator may provide a secret.
    may_be_roots: bool,
    /// The bits of the mode that must not be set.
    forbidden: u32,
}

const STORED: Expected = Expected {
    is_folder: false,
    may_be_roots: false,
    forbidden: 0o022,
};
const FOLDER: Expected = Expected {
    is_folder: true,
    ..STORED
};
const SECRET: Expected = Expected {
    may_be_roots: true,
    forbidden: 0o077,
    ..STORED
};
/// The service manager protects these by access lists, which the bits of the mode do not show.
const GIVEN: Expected = Expected {
    forbidden: 0,
    ..SECRET
};
/// The database makes its files by the umask, in a folder that is closed to others.
const ENCLOSED: Expected = Expected {
    forbidden: 0,
    ..STORED
};

/// Opens a file of the store for reading. Nothing is changed.
///
/// # Errors
/// The system's, or [`NotOurs`] within.
pub fn open(path: &Path) -> io::Result<File> {
    open_as(path, OpenOptions::new().read(true), STORED)
}

/// Reads a whole file of the store.
///
/// # Errors
/// As [`open`].
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a whole file of the store as text of at most so many bytes.
///
/// # Errors
/// As [`open`], or it is longer, or no text.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    let mut text = String::new();
    open(path)?
        .take(most.saturating_add(1))
        .read_to_string(&mut text)?;
    if text.len() as u64 > most {
        return Err(io::Error::from(io::ErrorKind::FileTooLarge));
    }
    Ok(text)
}

/// Opens a file that a library made by the umask, in a folder of the store.
///
/// # Errors
/// As [`open`].
pub fn open_enclosed(path: &Path) -> io::Result<File> {
    open_as(path, OpenOptions::new().read(true), ENCLOSED)
}

/// Opens a file that holds a secret, for reading: of this user or root, and for nobody else to read. `is_given`: by the
/// service manager, which guards it in a way of its own.
///
/// # Errors
/// As [`open`].
pub fn open_secret(path: &Path, is_given: bool) -> io::Result<File> {
    let expected = if is_given { GIVEN } else { SECRET };
    open_as(path, OpenOptions::new().read(true), expected)
}

/// Opens a file of the store for reading and writing, which others may read no longer then.
///
/// # Errors
/// As [`open`].
pub fn open_to_write(path: &Path) -> io::Result<File> {
    let file = open_as(path, OpenOptions::new().read(true).write(true), STORED)?;
    close_to_others(file)
}

/// Makes a file of mode 0600 where nothing is.
///
/// # Errors
/// Something is there, or the system's.
pub fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// Opens a file of the store for reading and writing, or makes it.
///
/// # Errors
/// As [`open`].
pub fn open_or_create(path: &Path) -> io::Result<File> {
    let made = |options: &mut OpenOptions| options.read(true).write(true).clone();
    open_or_make(path, made(&mut OpenOptions::new()))
}

/// Opens a file of the store for appending, or makes it.
///
/// # Errors
/// As [`open`].
pub fn append(path: &Path) -> io::Result<File> {
    open_or_make(path, OpenOptions::new().append(true).clone())
}

/// Replaces a small file of the store as a whole; it is synced.
///
/// # Errors
/// As [`create`].
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write;
    let mut beside = path.to_owned().into_os_string();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    match std::fs::remove_file(&beside) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let mut file = create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}

/// Opens the store's folder, and looks whether somebody else could put another in its place. Nothing is changed.
///
/// # Errors
/// As [`open`].
pub fn folder(path: &Path) -> io::Result<File> {
    // Behind a slash at its end a link would be followed.
    let path: PathBuf = path.components().collect();
    let folder = inner_folder(&path)?;
    for above in above(&path)? {
        guard_above(&above)?;
    }
    Ok(folder)
}

/// Opens a folder within the store's own.
///
/// # Errors
/// As [`open`].
pub fn inner_folder(path: &Path) -> io::Result<File> {
    open_as(path, OpenOptions::new().read(true), FOLDER)
}

/// Makes a folder of mode 0700 and its parents, or looks at the one that is there as [`folder`] does.
///
/// # Errors
/// As [`folder`].
pub fn make_folder(path: &Path) -> io::Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    match made {
        // What is in the way is named below.
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(e),
        _ => folder(path).map(drop),
    }
}

/// Makes a folder of mode 0700 within the store's own, or looks at the one that is there.
///
/// # Errors
/// As [`open`].
pub fn make_inner_folder(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => inner_folder(path).map(drop),
        other => other,
    }
}

/// Looks at all that is in a folder of the store that a library opens by itself: regular files and folders of ours alone.
/// Where there is no folder there is nothing to look at.
///
/// # Errors
/// As [`open`].
pub fn tree(path: &Path) -> io::Result<()> {
    match inner_folder(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => drop(other?),
    }
    let mut left = MOST_FILES;
    guard_tree(path, DEEPEST, &mut left)
}

/// Looks at a file of the store without opening it. Where nothing is there is no error.
///
/// # Errors
/// [`NotOurs`] within, where it is none of ours.
pub fn file(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        found => guard(path, &found?, STORED),
    }
}

/// Looks at the name of a socket in the store's folder. Where nothing is there is no error.
///
/// # Errors
/// [`NotOurs`] within, where it is no socket of this user.
pub fn socket(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::FileTypeExt;
    let found = match std::fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    if !found.file_type().is_socket() {
        let fault = if found.is_symlink() {
            OursFault::Link
        } else {
            OursFault::NoSocket
        };
        return Err(NotOurs::error(path, fault));
    }
    guard_owner(path, found.uid(), false)
}

/// Whether this program runs as root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Whether who is at the other end of a connection is this user, or root. `name` is the connection's, for the error.
///
/// # Errors
/// [`NotOurs`] within.
pub fn peer(name: &Path, user: u32) -> io::Result<()> {
    guard_owner(name, user, true)
}

fn open_or_make(path: &Path, mut options: OpenOptions) -> io::Result<File> {
    // Twice, for another process may make or remove it between the two.
    for _ in 0..2 {
        match open_as(path, &mut options, STORED) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            other => return close_to_others(other?),
        }
        match options.clone().create_new(true).mode(0o600).open(path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            other => return other,
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

/// Opens what is as it is expected, before and after: a device may do something when it is opened, and a pipe waits.
fn open_as(path: &Path, options: &mut OpenOptions, expected: Expected) -> io::Result<File> {
    guard(path, &std::fs::symlink_metadata(path)?, expected)?;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = options
        .custom_flags(flags.bits().cast_signed())
        .open(path)
        .map_err(|e| match e.raw_os_error() {
            Some(number) if number == rustix::io::Errno::LOOP.raw_os_error() => {
                NotOurs::error(path, OursFault::Link)
            }
            _ => e,
        })?;
    guard(path, &file.metadata()?, expected)?;
    Ok(file)
}

fn guard(path: &Path, found: &Metadata, expected: Expected) -> io::Result<()> {
    let wrong = |fault| Err(NotOurs::error(path, fault));
    if found.is_symlink() {
        return wrong(OursFault::Link);
    }
    match expected.is_folder {
        true if !found.is_dir() => return wrong(OursFault::NoFolder),
        false if !found.is_file() => return wrong(OursFault::NoFile),
        _ => {}
    }
    guard_owner(path, found.uid(), expected.may_be_roots)?;
    let mode = found.permissions().mode() & 0o777;
    match mode & expected.forbidden {
        0 => Ok(()),
        bits if bits & 0o022 != 0 => wrong(OursFault::Writable { mode }),
        _ => wrong(OursFault::Readable { mode }),
    }
}

fn guard_owner(path: &Path, owner: u32, may_be_roots: bool) -> io::Result<()> {
    let own = rustix::process::geteuid().as_raw();
    if owner == own || may_be_roots && owner == 0 {
        return Ok(());
    }
    Err(NotOurs::error(path, OursFault::Foreign { owner, own }))
}

/// Takes the bits of the mode away that let others read a file, which was found to be ours.
fn close_to_others(file: File) -> io::Result<File> {
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

/// The folders above: as the path names them, and where they really are.
fn above(path: &Path) -> io::Result<Vec<PathBuf>> {
    let named = std::path::absolute(path)?;
    let real = std::fs::canonicalize(&named)?;
    let mut all: Vec<PathBuf> = [&named, &real]
        .into_iter()
        .flat_map(|path| path.ancestors().skip(1).map(Path::to_owned))
        .collect();
    all.sort();
    all.dedup();
    Ok(all)
}

/// A folder above the store's must belong to this user or to root, a link likewise; and not everybody may write into it,
/// unless each can take away only what is their own (`/tmp`). A group may: many systems give each user one of their own.
fn guard_above(folder: &Path) -> io::Result<()> {
    let found = std::fs::symlink_metadata(folder)?;
    guard_owner(folder, found.uid(), true)?;
    let mode = found.permissions().mode();
    if found.is_dir() && mode & 0o002 != 0 && mode & 0o1000 == 0 {
        let mode = mode & 0o777;
        return Err(NotOurs::error(folder, OursFault::Writable { mode }));
    }
    Ok(())
}

fn guard_tree(folder: &Path, deeper: usize, left: &mut usize) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        *left = left
            .checked_sub(1)
            .ok_or_else(|| io::Error::other("too many files"))?;
        let found = match std::fs::symlink_metadata(&path) {
            // A running desk's database drops files.
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            other => other?,
        };
        if !found.is_dir() {
            guard(&path, &found, ENCLOSED)?;
        } else if let Some(deeper) = deeper.checked_sub(1) {
            let expected = Expected {
                is_folder: true,
                ..ENCLOSED
            };
            guard(&path, &found, expected)?;
            guard_tree(&path, deeper, left)?;
        } else {
            return Err(NotOurs::error(&path, OursFault::NoFile));
        }
    }
    Ok(())
}
