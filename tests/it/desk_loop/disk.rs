//! A disk that fails when the test says so.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use jiff::{SignedDuration, Timestamp};
use yingxin::store::{self, Handle, RealDisk};

use super::glass::PATIENCE;

#[derive(Debug, Default)]
struct Trouble {
    full: AtomicBool,
    /// The ballast was given up since it filled.
    freed: AtomicBool,
    broken: AtomicBool,
    read_only: AtomicBool,
    hangs: Mutex<bool>,
    goes_on: Condvar,
    /// How far its clock is ahead of the system's, in seconds.
    ahead: AtomicI64,
}

/// The real disk, until a test sets a fault.
#[derive(Clone, Debug, Default)]
pub struct Disk(Arc<Trouble>);

impl Disk {
    pub fn new() -> Disk {
        Disk::default()
    }

    /// Every write and sync fails from now on.
    pub fn breaks(&self) {
        self.0.broken.store(true, Ordering::SeqCst);
    }

    /// Every write fails for want of room, until the ballast is given up; the ballast itself cannot be taken again.
    pub fn fills(&self) {
        self.0.freed.store(false, Ordering::SeqCst);
        self.0.full.store(true, Ordering::SeqCst);
    }

    pub fn becomes_read_only(&self) {
        self.0.read_only.store(true, Ordering::SeqCst);
    }

    /// Every sync of the journal hangs from now on.
    pub fn hangs(&self) {
        *self.0.hangs.lock().unwrap() = true;
    }

    /// The sync that hangs is done, and later ones do not hang.
    pub fn goes_on(&self) {
        *self.0.hangs.lock().unwrap() = false;
        self.0.goes_on.notify_all();
    }

    /// The clock that the store goes by is so many seconds ahead of the system's.
    pub fn is_ahead(&self, seconds: i64) {
        self.0.ahead.store(seconds, Ordering::SeqCst);
    }

    pub fn mends(&self) {
        for trouble in [&self.0.full, &self.0.broken, &self.0.read_only] {
            trouble.store(false, Ordering::SeqCst);
        }
    }

    fn check(&self) -> io::Result<()> {
        if self.0.broken.load(Ordering::SeqCst) {
            return Err(io::Error::other("the disk is broken"));
        }
        if self.0.read_only.load(Ordering::SeqCst) {
            return Err(io::Error::from(io::ErrorKind::ReadOnlyFilesystem));
        }
        Ok(())
    }

    fn check_room(&self, path: &Path) -> io::Result<()> {
        let has_room = self.0.freed.load(Ordering::SeqCst) && !is_ballast(path);
        if self.0.full.load(Ordering::SeqCst) && !has_room {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        self.check()
    }
}

fn is_ballast(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "ballast")
}

impl store::Disk for Disk {
    fn create(&self, path: &Path) -> io::Result<Handle> {
        self.check_room(path)?;
        RealDisk.create(path)
    }

    fn open(&self, path: &Path) -> io::Result<Handle> {
        RealDisk.open(path)
    }

    fn write_at(&self, to: &Handle, bytes: &[u8], at: u64) -> io::Result<()> {
        self.check_room(&to.path)?;
        RealDisk.write_at(to, bytes, at)
    }

    fn sync(&self, of: &Handle) -> io::Result<()> {
        if of.path.extension().is_some_and(|e| e == "seg") {
            let hangs = self.0.hangs.lock().unwrap();
            let wait = self
                .0
                .goes_on
                .wait_timeout_while(hangs, PATIENCE, |hangs| *hangs);
            drop(wait.unwrap());
        }
        self.check()?;
        RealDisk.sync(of)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.check()?;
        RealDisk.sync_dir(dir)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.check()?;
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.check()?;
        if is_ballast(path) {
            self.0.freed.store(true, Ordering::SeqCst);
        }
        RealDisk.remove(path)
    }

    fn reserve(&self, of: &Handle, len: u64) -> io::Result<()> {
        self.check_room(&of.path)?;
        RealDisk.reserve(of, len)
    }

    fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.0.ahead.load(Ordering::SeqCst))
    }

    fn built(&self) -> Option<Timestamp> {
        None
    }
}
