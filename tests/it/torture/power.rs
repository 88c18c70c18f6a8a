//! Power cuts: all writes and syncs of the store are recorded, and crash images are built from every prefix of the record. An
//! image holds all that was synced by then, and a random part of the rest, torn at sectors, in any order.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use yingxin::store::{Disk, Handle, Location, RealDisk, Store};
use yingxin::visit::Visit;

use super::chance::Chance;
use super::{row, times};
use crate::store::desk::*;

/// The unit that a disk loses, in bytes.
const SECTOR: usize = 512;

#[derive(Clone, Debug)]
enum Op {
    Create(PathBuf),
    Write {
        path: PathBuf,
        bytes: Vec<u8>,
        at: u64,
    },
    Sync(PathBuf),
    SyncDir(PathBuf),
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Remove(PathBuf),
    Reserve {
        path: PathBuf,
        len: u64,
    },
    /// The n-th batch is committed.
    Begun(usize),
    /// The n-th batch is acknowledged.
    Acknowledged(usize),
}

/// The real disk, with a record of all calls.
#[derive(Debug, Default)]
struct Recorder {
    ops: Mutex<Vec<Op>>,
}

impl Recorder {
    fn note(&self, op: Op) {
        self.ops.lock().unwrap().push(op);
    }
}

impl Disk for Recorder {
    fn create(&self, path: &Path) -> io::Result<Handle> {
        let handle = RealDisk.create(path)?;
        self.note(Op::Create(path.to_owned()));
        Ok(handle)
    }

    fn open(&self, path: &Path) -> io::Result<Handle> {
        RealDisk.open(path)
    }

    fn write_at(&self, to: &Handle, bytes: &[u8], at: u64) -> io::Result<()> {
        RealDisk.write_at(to, bytes, at)?;
        let (path, bytes) = (to.path.clone(), bytes.to_vec());
        self.note(Op::Write { path, bytes, at });
        Ok(())
    }

    fn sync(&self, of: &Handle) -> io::Result<()> {
        self.note(Op::Sync(of.path.clone()));
        RealDisk.sync(of)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.note(Op::SyncDir(dir.to_owned()));
        RealDisk.sync_dir(dir)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)?;
        let (from, to) = (from.to_owned(), to.to_owned());
        self.note(Op::Rename { from, to });
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)?;
        self.note(Op::Remove(path.to_owned()));
        Ok(())
    }

    fn reserve(&self, of: &Handle, len: u64) -> io::Result<()> {
        RealDisk.reserve(of, len)?;
        let path = of.path.clone();
        self.note(Op::Reserve { path, len });
        Ok(())
    }
}

/// A file without its name.
#[derive(Clone, Default)]
struct Inode {
    bytes: Vec<u8>,
    /// The writes since the last sync, in order.
    loose: Vec<(u64, Vec<u8>)>,
}

/// The content of a disk that loses power: names and files, those that are synced and those that may be lost.
#[derive(Clone, Default)]
struct Platter {
    inodes: BTreeMap<usize, Inode>,
    /// The names as the program sees them.
    names: BTreeMap<PathBuf, usize>,
    /// The names that are synced.
    lasting: BTreeMap<PathBuf, usize>,
    /// Changes of names since the last sync of their directory, in order.
    loose: Vec<Change>,
}

#[derive(Clone)]
struct Change {
    name: PathBuf,
    /// `None` where the name is removed.
    inode: Option<usize>,
}

impl Platter {
    fn apply(&mut self, op: &Op) {
        match op {
            Op::Create(path) => {
                let inode = self.inodes.len();
                self.inodes.insert(inode, Inode::default());
                self.name(path, Some(inode));
            }
            Op::Write { path, bytes, at } => {
                let inode = self.inode(path);
                inode.loose.push((*at, bytes.clone()));
            }
            // fdatasync: the file's bytes, not its name.
            Op::Sync(path) => {
                let inode = self.inode(path);
                for (at, bytes) in std::mem::take(&mut inode.loose) {
                    put(&mut inode.bytes, at, &bytes);
                }
            }
            Op::SyncDir(dir) => {
                let (mine, others) = std::mem::take(&mut self.loose)
                    .into_iter()
                    .partition::<Vec<_>, _>(|change| change.name.parent() == Some(dir));
                self.loose = others;
                for change in mine {
                    settle(&mut self.lasting, &change);
                }
            }
            Op::Rename { from, to } => {
                let inode = self.names.get(from).copied();
                self.name(to, inode);
                self.name(from, None);
            }
            Op::Remove(path) => self.name(path, None),
            Op::Reserve { path, len } => {
                let inode = self.inode(path);
                let len = usize::try_from(*len).unwrap();
                inode.loose.push((0, Vec::new()));
                if inode.bytes.len() < len {
                    inode.bytes.resize(len, 0);
                }
            }
            Op::Begun(_) | Op::Acknowledged(_) => {}
        }
    }

    fn name(&mut self, path: &Path, inode: Option<usize>) {
        let change = Change {
            name: path.to_owned(),
            inode,
        };
        settle(&mut self.names, &change);
        self.loose.push(change);
    }

    fn inode(&mut self, path: &Path) -> &mut Inode {
        let number = self.names[path];
        self.inodes.get_mut(&number).unwrap()
    }

    /// One of the many states that may be found when the power is back.
    fn after_a_cut(&self, chance: &mut Chance) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut names = self.lasting.clone();
        // A journalling file system keeps the order of names; another one may not.
        let in_order = chance.coin();
        let mut left = chance.below(self.loose.len() + 1);
        for change in &self.loose {
            let lands = if in_order { left > 0 } else { chance.coin() };
            left = left.saturating_sub(1);
            if lands {
                settle(&mut names, change);
            }
        }
        let all = chance.below(4);
        let mut files = BTreeMap::new();
        for (name, number) in names {
            let inode = &self.inodes[&number];
            let mut bytes = inode.bytes.clone();
            for (at, piece) in &inode.loose {
                match all {
                    0 => {}
                    1 => put(&mut bytes, *at, piece),
                    _ => tear(&mut bytes, *at, piece, chance),
                }
            }
            files.insert(name, bytes);
        }
        files
    }
}

fn settle(names: &mut BTreeMap<PathBuf, usize>, change: &Change) {
    match change.inode {
        Some(inode) => names.insert(change.name.clone(), inode),
        None => names.remove(&change.name),
    };
}

fn put(bytes: &mut Vec<u8>, at: u64, piece: &[u8]) {
    let at = usize::try_from(at).unwrap();
    if bytes.len() < at + piece.len() {
        bytes.resize(at + piece.len(), 0);
    }
    bytes[at..at + piece.len()].copy_from_slice(piece);
}

/// A random part of the sectors of a write.
fn tear(bytes: &mut Vec<u8>, at: u64, piece: &[u8], chance: &mut Chance) {
    let begin = usize::try_from(at).unwrap();
    let mut from = begin;
    while from < begin + piece.len() {
        let to = ((from / SECTOR + 1) * SECTOR).min(begin + piece.len());
        if chance.coin() {
            put(bytes, from as u64, &piece[from - begin..to - begin]);
        }
        from = to;
    }
}

/// A recorded run: the calls to the disk, and the visits after each batch.
struct Run {
    ops: Vec<Op>,
    stands: Vec<Vec<Visit>>,
    dir: tempfile::TempDir,
}

fn record(visits: u64) -> Run {
    let dir = tempfile::tempdir().unwrap();
    let disk = Arc::new(Recorder::default());
    let as_disk: Arc<dyn Disk> = disk.clone();
    let (store, _) = Store::open_on(as_disk, &Location::new(dir.path()), today(), &zone()).unwrap();
    let mut desk = Desk::default();
    let mut stands = vec![desk.waiting()];
    for n in 0..visits {
        let mut turns = journey(n);
        turns.push(vec![parked(n)]);
        for facts in turns {
            let batch = desk.batch(u128::from(n), facts);
            disk.note(Op::Begun(stands.len()));
            stands.push(desk.waiting());
            commit(&store, batch).unwrap();
            disk.note(Op::Acknowledged(stands.len() - 1));
        }
    }
    stop(store, dir.path());
    let ops = disk.ops.lock().unwrap().clone();
    Run { ops, stands, dir }
}

/// Opens a crash image; returns what is wrong with it.
fn open_image(
    run: &Run,
    files: &BTreeMap<PathBuf, Vec<u8>>,
    range: (usize, usize),
    chance: &mut Chance,
) -> Result<(), String> {
    let image = tempfile::tempdir().unwrap();
    fs::create_dir_all(image.path().join("journal")).unwrap();
    let mut folders = BTreeSet::new();
    for (name, bytes) in files {
        let inside = name.strip_prefix(run.dir.path()).unwrap();
        if inside.starts_with("derived") || inside.as_os_str() == "ballast" {
            continue;
        }
        let path = image.path().join(inside);
        if folders.insert(path.parent().unwrap().to_owned()) {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
        }
        fs::write(&path, bytes).unwrap();
        // As the store makes its files: it opens no key that others can read.
        fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
    }
    // sled's writes are not recorded: an image may hold any state, here the last one.
    if chance.coin() {
        copy_dir(
            &run.dir.path().join("derived"),
            &image.path().join("derived"),
        );
    }
    let (store, again) = try_open(image.path()).map_err(|e| format!("does not open: {e}"))?;
    let found = sorted(again.visits);
    let (least, most) = range;
    let fits = run.stands[least..=most].contains(&found);
    if !fits {
        return Err(format!(
            "{least} batches were acknowledged, and another stand is found"
        ));
    }
    // The store can be written again.
    let mut desk = Desk::default();
    commit(&store, desk.batch(1 << 64, vec![opened()]))
        .map_err(|e| format!("takes nothing: {e}"))?;
    Ok(())
}

#[test]
fn power_cuts_take_back_nothing_acknowledged() {
    let mut chance = Chance::new("power cuts");
    let images = times(80, 1000);
    let run = record(8);
    // A store that is being created has no key yet, and nothing acknowledged.
    let first = run
        .ops
        .iter()
        .position(|op| matches!(op, Op::Begun(_)))
        .unwrap();
    let prefixes: Vec<usize> = (first..=run.ops.len()).collect();
    let mut faults = Vec::new();
    for n in 0..images {
        // The power is cut after every prefix in turn, as far as the number of images goes.
        let cut = if images >= prefixes.len() {
            prefixes[n % prefixes.len()]
        } else {
            prefixes[n * prefixes.len() / images]
        };
        let mut platter = Platter::default();
        let (mut least, mut most) = (0, 0);
        for op in &run.ops[..cut] {
            platter.apply(op);
            match op {
                Op::Begun(batch) => most = *batch,
                Op::Acknowledged(batch) => least = *batch,
                _ => {}
            }
        }
        let files = platter.after_a_cut(&mut chance);
        if let Err(what) = open_image(&run, &files, (least, most), &mut chance) {
            faults.push(format!(
                "image {n}, cut after {cut} of {}: {what}",
                run.ops.len()
            ));
        }
    }
    row(
        "power cuts",
        format!("{images} images of {} writes and syncs", run.ops.len()),
        format!("{} that lose a step or do not open", faults.len()),
    );
    assert!(faults.is_empty(), "{faults:#?}");
}
