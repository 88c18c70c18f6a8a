//! Disks that fail, fill up or become read-only: simulated ones, and real ones where mounting is permitted.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use yingxin::store::{CommitError, Disk, Handle, Health, Location, RealDisk, Store, StoreError};
use yingxin::visit::{Fact, Name, Proof, Student, VisitId};

use super::desk::*;

/// A disk that counts its calls and fails when the test says so.
#[derive(Debug, Default)]
struct Trial {
    journal_syncs: AtomicUsize,
    fail_sync: AtomicBool,
    full: AtomicBool,
    read_only: AtomicBool,
}

impl Trial {
    fn check(&self) -> io::Result<()> {
        if self.full.load(Ordering::SeqCst) {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        self.check_writable()
    }

    fn check_writable(&self) -> io::Result<()> {
        if self.read_only.load(Ordering::SeqCst) {
            Err(io::Error::from(io::ErrorKind::ReadOnlyFilesystem))
        } else {
            Ok(())
        }
    }
}

impl Disk for Trial {
    fn create(&self, path: &Path) -> io::Result<Handle> {
        self.check()?;
        RealDisk.create(path)
    }

    fn open(&self, path: &Path) -> io::Result<Handle> {
        RealDisk.open(path)
    }

    fn write_at(&self, to: &Handle, bytes: &[u8], at: u64) -> io::Result<()> {
        self.check_writable()?;
        RealDisk.write_at(to, bytes, at)
    }

    fn sync(&self, of: &Handle) -> io::Result<()> {
        if of.path.extension().is_some_and(|e| e == "seg") {
            self.journal_syncs.fetch_add(1, Ordering::SeqCst);
            if self.fail_sync.swap(false, Ordering::SeqCst) {
                return Err(io::Error::other("the disk is broken"));
            }
        }
        RealDisk.sync(of)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        RealDisk.sync_dir(dir)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }

    fn reserve(&self, of: &Handle, len: u64) -> io::Result<()> {
        self.check()?;
        RealDisk.reserve(of, len)
    }
}

fn open_on(disk: &Arc<Trial>, dir: &Path) -> Store {
    let disk: Arc<dyn Disk> = Arc::clone(disk) as Arc<dyn Disk>;
    let opened = Store::open_on(disk, &Location::new(dir), today(), &zone());
    opened.unwrap().0
}

fn wait_for(store: &Store, wanted: Health) {
    let began = Instant::now();
    while *store.health().borrow() != wanted {
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "never {wanted:?}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_batch_costs_one_sync() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Arc::new(Trial::default());
    let mut desk = Desk::default();
    let store = open_on(&disk, dir.path());
    commit(&store, desk.batch(1, vec![opened()])).unwrap();
    let before = disk.journal_syncs.load(Ordering::SeqCst);
    for n in 2..60u64 {
        let facts = vec![opened(), parked(n)];
        commit(&store, desk.batch(u128::from(n), facts)).unwrap();
    }
    let after = disk.journal_syncs.load(Ordering::SeqCst);
    assert_eq!(after - before, 58);
}

#[test]
fn after_a_failed_sync_the_file_is_left_and_the_batch_can_be_handed_over_again() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Arc::new(Trial::default());
    let mut desk = Desk::default();
    let store = open_on(&disk, dir.path());
    commit(&store, desk.batch(1, vec![opened()])).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    disk.fail_sync.store(true, Ordering::SeqCst);
    let facts = vec![Fact::NumberGiven { mobile: mobile(1) }, parked(1)];
    let before = desk.visits.clone();
    let failed = commit(&store, desk.batch(1, facts.clone()));
    assert_eq!(failed, Err(CommitError::Io(io::ErrorKind::Other)));
    desk.visits = before;
    commit(&store, desk.batch(1, facts)).unwrap();
    commit(&store, desk.batch(2, vec![opened()])).unwrap();
    stop(store, dir.path());
    assert!(newest_segment(dir.path()).ends_with("00000002.seg"));
    let (_store, again) = open(dir.path());
    // The failed batch reached the file, and does not count.
    assert_eq!(again.counts.parked, 1);
    assert_eq!(sorted(again.visits), desk.waiting());
    assert_eq!(again.damaged, 0);
}

#[test]
fn a_full_disk_refuses_new_visits_and_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Arc::new(Trial::default());
    let mut desk = Desk::default();
    let store = open_on(&disk, dir.path());
    commit(&store, desk.batch(1, vec![opened()])).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    assert!(dir.path().join("ballast").exists());
    // The segment fails while the disk is full: no new one can be created.
    disk.full.store(true, Ordering::SeqCst);
    disk.fail_sync.store(true, Ordering::SeqCst);
    let step = || vec![Fact::NumberBound];
    assert!(commit(&store, desk.batch(1, step())).is_err());
    assert_eq!(
        commit(&store, desk.batch(1, step())),
        Err(CommitError::Full)
    );
    wait_for(&store, Health::Full);
    assert!(!dir.path().join("ballast").exists());
    let refused = commit(&store, desk.batch(2, vec![opened()]));
    assert_eq!(refused, Err(CommitError::Full));
    disk.full.store(false, Ordering::SeqCst);
    commit(&store, desk.batch(1, vec![parked(1)])).unwrap();
    wait_for(&store, Health::Good);
    assert!(dir.path().join("ballast").exists());
    commit(&store, desk.batch(3, vec![opened()])).unwrap();
}

#[test]
fn a_disk_that_becomes_read_only_is_told_and_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Arc::new(Trial::default());
    let mut desk = Desk::default();
    let store = open_on(&disk, dir.path());
    commit(&store, desk.batch(1, vec![opened()])).unwrap();
    disk.read_only.store(true, Ordering::SeqCst);
    let refused = commit(&store, desk.batch(1, vec![parked(1)]));
    assert_eq!(refused, Err(CommitError::ReadOnly));
    wait_for(&store, Health::ReadOnly);
    disk.read_only.store(false, Ordering::SeqCst);
    wait_for(&store, Health::Good);
    commit(&store, desk.batch(2, vec![opened()])).unwrap();
    store.close().unwrap();
    let (_store, again) = open(dir.path());
    assert!(!again.rebuilt);
    assert_eq!(again.visits.len(), 2);
}

/// A tmpfs, unmounted when it is dropped; `None` where mounting is not permitted.
struct Mount(PathBuf);

impl Mount {
    fn new(dir: &Path, options: &str) -> Option<Mount> {
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("{options},mode=700"), "none"])
            .arg(dir)
            .stderr(Stdio::null())
            .status();
        if status.is_ok_and(|status| status.success()) {
            return Some(Mount(dir.to_owned()));
        }
        let is_long = std::env::var("YINGXIN_TORTURE").is_ok_and(|form| form == "long");
        assert!(!is_long, "file systems can be mounted by root alone");
        eprintln!("skipped: mounting is not permitted here");
        None
    }

    fn remount(&self, options: &str) -> bool {
        let mut mount = Command::new("mount");
        mount.args(["-o", options]).arg(&self.0);
        mount.status().is_ok_and(|status| status.success())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn fill(filler: &Path) {
    let mut file = fs::File::create(filler).unwrap();
    while io::Write::write_all(&mut file, &[1; 4096]).is_ok() {}
}

#[test]
fn a_real_small_disk_filled_and_freed() {
    let dir = tempfile::tempdir().unwrap();
    let Some(_mount) = Mount::new(dir.path(), "size=12M") else {
        return;
    };
    let mut desk = Desk::default();
    let (store, _) = open(dir.path());
    commit(&store, desk.batch(1, vec![opened()])).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let filler = dir.path().join("filler");
    fill(&filler);
    // The visit in hand goes on, beyond the space written ahead, into the ballast.
    for n in 0..1500 {
        let student = Student {
            number: number(n),
            name: Name::new(&"长".repeat(60)),
        };
        let identified = Fact::Identified {
            student,
            proof: Proof::SignIn,
        };
        let step = commit(&store, desk.batch(1, vec![identified]));
        assert_eq!(step, Ok(()), "step {n}");
    }
    wait_for(&store, Health::Full);
    let refused = commit(&store, desk.batch(2, vec![opened()]));
    assert_eq!(refused, Err(CommitError::Full));
    desk.visits.remove(&VisitId(2));
    fs::remove_file(&filler).unwrap();
    wait_for(&store, Health::Good);
    commit(&store, desk.batch(3, vec![opened()])).unwrap();
    stop(store, dir.path());
    let (store, again) = open(dir.path());
    assert_eq!(sorted(again.visits), desk.waiting());
    assert_eq!(again.damaged, 0);
    wait_for(&store, Health::Good);
    stop(store, dir.path());
    // The store opens on a full disk too, with the projection or without.
    fill(&filler);
    let (store, again) = open(dir.path());
    assert_eq!(sorted(again.visits), desk.waiting());
    commit(&store, desk.batch(3, vec![parked(3)])).unwrap();
}

#[test]
fn a_full_disk_and_a_read_only_one_at_the_first_start() {
    let dir = tempfile::tempdir().unwrap();
    let Some(mount) = Mount::new(dir.path(), "size=64k") else {
        return;
    };
    let filler = dir.path().join("filler");
    fill(&filler);
    let inside = dir.path().join("store");
    let error = try_open(&inside).err().unwrap();
    assert!(matches!(error, StoreError::Full { .. }), "{error}");
    fs::remove_file(&filler).unwrap();
    assert!(mount.remount("remount,ro"));
    for place in ["store", "another"] {
        let error = try_open(&dir.path().join(place)).err().unwrap();
        assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
    }
}
