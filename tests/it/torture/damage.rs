//! Damage: flipped bits, cut files and zeroed pages, in the journal and in sled's files. The store is either whole or reports
//! the damage, and the next start is no worse.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use yingxin::visit::VisitId;

use super::chance::Chance;
use super::{row, times};
use crate::store::desk::*;

#[derive(Clone, Copy, Debug)]
enum Harm {
    Flip,
    Cut,
    Zero,
}

impl Harm {
    fn words(self) -> &'static str {
        match self {
            Harm::Flip => "bit flips",
            Harm::Cut => "truncations",
            Harm::Zero => "zeroed pages",
        }
    }

    fn done_to(self, path: &Path, chance: &mut Chance) {
        let mut bytes = fs::read(path).unwrap();
        let used = bytes
            .iter()
            .rposition(|b| *b != 0)
            .map_or(0, |last| last + 1);
        if used == 0 {
            return;
        }
        let place = chance.below(used);
        match self {
            Harm::Flip => bytes[place] ^= 1 << chance.below(8),
            Harm::Cut => bytes.truncate(place),
            Harm::Zero => {
                let page = place / 4096 * 4096;
                let end = (page + 4096).min(bytes.len());
                bytes[page..end].fill(0);
            }
        }
        fs::write(path, bytes).unwrap();
    }
}

/// A store with a dozen visits: closed cleanly, or killed.
fn store(clean: bool) -> (tempfile::TempDir, Desk) {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let (store, _) = open(dir.path());
    for n in 0..12 {
        for facts in journey(n) {
            commit(&store, desk.batch(u128::from(n), facts)).unwrap();
        }
        commit(&store, desk.batch(u128::from(n), vec![parked(n)])).unwrap();
    }
    // The high-water mark is written after a pause: until then a cut file looks the same as a torn write.
    std::thread::sleep(Duration::from_millis(500));
    if clean {
        store.close().unwrap();
    } else {
        stop(store, dir.path());
    }
    (dir, desk)
}

fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path))
        } else {
            found.push(path)
        }
    }
    found.sort();
    found
}

/// Opens a damaged store twice, with a step between; returns what is wrong.
fn outlives(image: &Path, desk: &Desk) -> Result<(), String> {
    let (store, found) = try_open(image).map_err(|e| format!("does not open: {e}"))?;
    let is_told = found.damaged > 0 || found.cut;
    if sorted(found.visits) != desk.waiting() && !is_told {
        return Err("something is lost, and nothing says so".into());
    }
    let mut new = Desk::default();
    commit(&store, new.batch(1 << 64, vec![opened()]))
        .map_err(|e| format!("takes nothing: {e}"))?;
    stop(store, image);
    let (_store, again) = try_open(image).map_err(|e| format!("does not open again: {e}"))?;
    let kept = again.visits.iter().any(|v| v.id == VisitId(1 << 64));
    kept.then_some(())
        .ok_or_else(|| "the step after it is lost".into())
}

fn torture(part: &str, below: &str, clean: bool) {
    let mut chance = Chance::new(part);
    let (whole, desk) = store(clean);
    let mut faults = Vec::new();
    for harm in [Harm::Flip, Harm::Cut, Harm::Zero] {
        let tries = times(25, 1000);
        let before = faults.len();
        for n in 0..tries {
            let image = tempfile::tempdir().unwrap();
            copy_dir(whole.path(), image.path());
            let files = files_below(&image.path().join(below));
            let file = chance.pick(&files);
            harm.done_to(&file, &mut chance);
            if let Err(what) = outlives(image.path(), &desk) {
                let name = file.strip_prefix(image.path()).unwrap().display();
                faults.push(format!("{harm:?} {n} in {name}: {what}"));
            }
        }
        row(
            &format!("{part}: {}", harm.words()),
            tries,
            format!("{} crash loops or silent losses", faults.len() - before),
        );
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_damaged_journal_is_told_and_never_a_crash_loop() {
    torture("journal", "journal", false);
}

#[test]
fn a_damaged_sled_costs_nothing() {
    torture("sled", "derived", true);
}
