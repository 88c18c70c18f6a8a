//! One program at a time on a store: a lock on a file that names the process that holds it. The system releases the lock
//! when that process ends, however it ends.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

use super::error::StoreError;
use crate::ours;

/// A lock, held until it is dropped.
pub struct StoreLock {
    _file: File,
}

impl StoreLock {
    /// Takes the lock; waits up to `patience`, for a command may hold it for a moment.
    ///
    /// # Errors
    /// Another program holds it, or the directory cannot be written.
    pub fn take(path: &Path, patience: Duration) -> Result<Self, StoreError> {
        let file = ours::open_or_create(path).map_err(|e| StoreError::at(path, e))?;
        let began = Instant::now();
        loop {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => break,
                Err(rustix::io::Errno::WOULDBLOCK) if began.elapsed() < patience => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(rustix::io::Errno::WOULDBLOCK) => return Err(locked_error(path, &file)),
                Err(e) => return Err(StoreError::at(path, e.into())),
            }
        }
        // The process id is only for the message: a full disk may prevent it.
        let name = format!("{:<20}\n", std::process::id());
        let _ = file.write_all_at(name.as_bytes(), 0);
        Ok(StoreLock { _file: file })
    }
}

impl StoreLock {
    /// The process that holds the lock, 0 where its id is not known; `None` where the lock is free. Nothing is changed.
    pub fn holder(path: &Path) -> Option<u32> {
        let file = ours::open(path).ok()?;
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Err(rustix::io::Errno::WOULDBLOCK) => Some(read_pid(&file).unwrap_or(0)),
            _ => None,
        }
    }
}

fn read_pid(file: &File) -> Option<u32> {
    let mut name = [0; 20];
    let read = file.read_at(&mut name, 0).unwrap_or(0);
    let text = std::str::from_utf8(name.get(..read)?).ok()?;
    text.trim().parse().ok()
}

fn locked_error(path: &Path, file: &File) -> StoreError {
    match read_pid(file) {
        Some(pid) => StoreError::Locked {
            path: path.parent().unwrap_or(path).to_owned(),
            pid,
        },
        None => StoreError::at(path, io::Error::from(io::ErrorKind::WouldBlock)),
    }
}
