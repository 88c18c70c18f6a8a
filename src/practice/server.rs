//! The running server's parts, and how its state outlives a restart and a kill: one JSON file, replaced whole on each
//! change. Who may change what is not decided here.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::faults::Faults;
use super::oidc::Signer;
use super::oidc::grants::Grants;
use super::state::State;
use super::tickets::Tickets;
use super::{CampusError, seed};

const FILE: &str = "campus.json";
/// A larger state file is not ours.
const LARGEST_FILE: u64 = 8 * 1024 * 1024;

/// The running server's shared parts.
pub struct Server {
    pub base_url: String,
    file: PathBuf,
    state: Mutex<Kept>,
    pub tickets: Mutex<Tickets>,
    pub grants: Mutex<Grants>,
    pub signer: Signer,
    pub faults: Mutex<Faults>,
    pub stopped: watch::Receiver<bool>,
}

struct Kept {
    state: State,
    /// What the file holds, to write only what has changed.
    written: Vec<u8>,
}

impl Server {
    pub fn new(base_url: String, state: State, dir: &Path, stopped: watch::Receiver<bool>) -> Self {
        let server = Server {
            base_url,
            file: dir.join(FILE),
            state: Mutex::new(Kept {
                state,
                written: Vec::new(),
            }),
            tickets: Mutex::default(),
            grants: Mutex::default(),
            signer: Signer::new(),
            faults: Mutex::default(),
            stopped,
        };
        server.with(|_| ());
        server
    }

    /// Looks at the state or changes it; a change is in the file before this returns.
    pub fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let mut kept = lock(&self.state);
        let done = act(&mut kept.state);
        match serde_json::to_vec_pretty(&kept.state) {
            Ok(bytes) if bytes != kept.written => match replace(&self.file, &bytes) {
                Ok(()) => kept.written = bytes,
                Err(error) => tracing::warn!(%error, "the practice campus's state is not kept"),
            },
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the practice campus's state is not kept"),
        }
        done
    }
}

/// A mutex whatever became of its last holder: the state is whole between any two statements that matter here.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads the state, or seeds it at the first start. The returned file holds the directory's lock.
pub fn open(dir: &Path) -> Result<(State, File), CampusError> {
    let state_error = |source| CampusError::State {
        dir: dir.to_owned(),
        source,
    };
    make_dir(dir).map_err(state_error)?;
    let lock = File::create(dir.join("campus.lock")).map_err(state_error)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(CampusError::InUse(dir.to_owned())),
        Err(TryLockError::Error(error)) => return Err(state_error(error)),
    }
    let file = dir.join(FILE);
    let state = match read(&file) {
        Ok(Some(state)) => state,
        Ok(None) => seed::state(),
        Err(error) => {
            let aside = dir.join("campus.json.broken");
            tracing::warn!(%error, aside = %aside.display(), "an unreadable practice state is put aside");
            fs::rename(&file, &aside).map_err(state_error)?;
            seed::state()
        }
    };
    // Written once at the start, so that a directory that cannot be written is told now.
    let bytes = serde_json::to_vec_pretty(&state).unwrap_or_default();
    replace(&file, &bytes).map_err(state_error)?;
    Ok((state, lock))
}

fn read(file: &Path) -> io::Result<Option<State>> {
    match fs::metadata(file) {
        Ok(found) if found.len() > LARGEST_FILE => {
            return Err(io::Error::other("larger than any practice state"));
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    }
    Ok(Some(serde_json::from_slice(&fs::read(file)?)?))
}

/// Other users of the machine have no business in here: messages hold codes.
fn make_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Replaces a file whole: a reader, or the next start after a kill, sees the old one or the new one.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = file.with_extension("json.new");
    fs::write(&fresh, bytes)?;
    fs::rename(&fresh, file)
}
