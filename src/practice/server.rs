//! The running server's shared parts. Its state survives a restart and a kill: it is one JSON file, which each change
//! replaces atomically. This module does not decide who may change what.

use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::cas_tickets::CasTickets;
use super::device_grants::DeviceGrants;
use super::error::CampusError;
use super::ordered_faults::OrderedFaults;
use super::seed;
use super::signing::Signer;
use super::state::CampusState;
use crate::ours;

const FILE: &str = "campus.json";
/// A larger state file was not written by this program, in bytes.
const LARGEST_FILE: u64 = 8 * 1024 * 1024;

/// A request's query or form fields by their names.
pub type Fields = HashMap<String, String>;

/// The running server's shared parts.
pub struct Server {
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub base_url: String,
    file: PathBuf,
    state: Mutex<SavedState>,
    /// CAS tickets that were issued.
    pub tickets: Mutex<CasTickets>,
    /// OAuth device grants that are pending.
    pub grants: Mutex<DeviceGrants>,
    /// Signs ID tokens.
    pub signer: Signer,
    /// Faults that were ordered, and the count of calls.
    pub faults: Mutex<OrderedFaults>,
    /// True once the campus stops.
    pub stopped: watch::Receiver<bool>,
}

struct SavedState {
    state: CampusState,
    /// The file's content, so that only a change is written.
    written: Vec<u8>,
}

impl Server {
    /// A server over this state, which is kept in `dir`.
    pub fn new(
        base_url: String,
        state: CampusState,
        dir: &Path,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        let server = Server {
            base_url,
            file: dir.join(FILE),
            state: Mutex::new(SavedState {
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

    /// Reads or changes the state. A change is written to the file before this returns.
    pub fn with<T>(&self, act: impl FnOnce(&mut CampusState) -> T) -> T {
        let mut saved = lock(&self.state);
        let done = act(&mut saved.state);
        match serde_json::to_vec_pretty(&saved.state) {
            Ok(bytes) if bytes != saved.written => match ours::replace(&self.file, &bytes) {
                Ok(()) => saved.written = bytes,
                Err(error) => tracing::warn!(%error, "the practice campus's state is not kept"),
            },
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the practice campus's state is not kept"),
        }
        done
    }
}

/// Locks a mutex and ignores poisoning: no statement here leaves the state half changed.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads the state, or creates it at the first start. The returned file holds the directory's lock.
///
/// # Errors
/// When the directory is in use, or its files cannot be read or written.
pub fn open(dir: &Path) -> Result<(CampusState, File), CampusError> {
    let state_error = |source| CampusError::State {
        dir: dir.to_owned(),
        source,
    };
    ours::make_folder(dir).map_err(state_error)?;
    let lock = ours::open_or_create(&dir.join("campus.lock")).map_err(state_error)?;
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
    // Written once at the start, so that a directory without write permission is an error now and not later.
    let bytes = serde_json::to_vec_pretty(&state).unwrap_or_default();
    ours::replace(&file, &bytes).map_err(state_error)?;
    Ok((state, lock))
}

fn read(file: &Path) -> io::Result<Option<CampusState>> {
    match ours::read_text(file, LARGEST_FILE) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            Err(io::Error::other("larger than any practice state"))
        }
        other => Ok(Some(serde_json::from_str(&other?)?)),
    }
}
