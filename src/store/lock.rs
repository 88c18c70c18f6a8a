//! One program at a time on a store: a lock on a file that names who holds it. The system takes the lock away with the
//! process, however that ends.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

use super::error::StoreError;

/// Held as long as it lives.
pub struct StoreLock {
    _file: File,
}

impl StoreLock {
    /// Takes the lock; waits up to `patience` for a command that looks in only for a moment.
    ///
    /// # Errors
    /// Somebody holds it, or the directory cannot be written.
    pub fn take(path: &Path, patience: Duration) -> Result<Self, StoreError> {
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(|e| StoreError::at(path, e))?;
        let began = Instant::now();
        loop {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => break,
                Err(rustix::io::Errno::WOULDBLOCK) if began.elapsed() < patience => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(rustix::io::Errno::WOULDBLOCK) => return Err(held(path, &file)),
                Err(e) => return Err(StoreError::at(path, e.into())),
            }
        }
        // Who holds it is a courtesy: a full disk may keep it from being written.
        let name = format!("{:<20}\n", std::process::id());
        let _ = file.write_all_at(name.as_bytes(), 0);
        Ok(StoreLock { _file: file })
    }
}

impl StoreLock {
    /// Who holds the lock, as far as that can be told without changing anything.
    pub fn holder(path: &Path) -> Option<u32> {
        let file = File::open(path).ok()?;
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Err(rustix::io::Errno::WOULDBLOCK) => Some(pid_in(&file).unwrap_or(0)),
            _ => None,
        }
    }
}

fn pid_in(file: &File) -> Option<u32> {
    let mut name = [0; 20];
    let read = file.read_at(&mut name, 0).unwrap_or(0);
    let text = std::str::from_utf8(name.get(..read)?).ok()?;
    text.trim().parse().ok()
}

fn held(path: &Path, file: &File) -> StoreError {
    match pid_in(file) {
        Some(pid) => StoreError::Locked {
            path: path.parent().unwrap_or(path).to_owned(),
            pid,
        },
        None => StoreError::at(path, io::Error::from(io::ErrorKind::WouldBlock)),
    }
}
