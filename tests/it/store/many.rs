//! A hundred thousand closed visits: how long opening takes. Not a timed test: run it by hand, in release, with
//! `cargo test --release --test it -- --ignored --nocapture store::many`.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use yingxin::store::{Batch, Disk, Handle, Location, RealDisk, Store};
use yingxin::visit::{Fact, Nonce, Outcome, Recorded, Visit, VisitId, Way, evolve};

use super::desk::*;

/// The real disk without its barriers, to fill a store quickly.
#[derive(Debug)]
struct Careless;

impl Disk for Careless {
    fn create(&self, path: &Path) -> io::Result<Handle> {
        RealDisk.create(path)
    }
    fn open(&self, path: &Path) -> io::Result<Handle> {
        RealDisk.open(path)
    }
    fn write_at(&self, to: &Handle, bytes: &[u8], at: u64) -> io::Result<()> {
        RealDisk.write_at(to, bytes, at)
    }
    fn sync(&self, _: &Handle) -> io::Result<()> {
        Ok(())
    }
    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
    fn reserve(&self, of: &Handle, len: u64) -> io::Result<()> {
        RealDisk.reserve(of, len)
    }
}

fn life(n: u64) -> Vec<Fact> {
    let mut facts: Vec<Fact> = journey(n).into_iter().flatten().collect();
    facts.push(Fact::CodeIssued {
        effect: yingxin::visit::EffectId(n),
        nonce: Nonce(n),
        mobile: mobile(n),
        expires: at(300),
    });
    facts.push(Fact::CodeSent);
    facts.push(Fact::CodeAccepted);
    facts.push(Fact::Closed {
        outcome: Outcome::Bound,
    });
    facts
}

/// Writes visits of ten records each, a thousand visits a day into the past, in groups of a hundred.
fn fill(store: &Store, visits: u64) {
    for first in (0..visits).step_by(100) {
        let day = i64::try_from((visits - first) / 1000 + 2).unwrap();
        let mut group: Vec<(Visit, Vec<Fact>)> = (first..first + 100)
            .map(|n| {
                let id =
                    VisitId(u128::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
                (Visit::open(id, Way::Desk, at(0)), life(n))
            })
            .collect();
        for step in 0..10 {
            let mut batch = Batch::default();
            for (visit, facts) in &mut group {
                let recorded = Recorded::new(
                    visit.id,
                    at(i64::try_from(step).unwrap() - day * 86_400),
                    facts[step].clone(),
                );
                evolve(visit, &recorded);
                batch.records.push(recorded);
                batch.visits.push(visit.clone());
            }
            commit(store, batch).unwrap();
        }
    }
}

fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let lines = status
        .lines()
        .filter(|l| l.starts_with("VmRSS") || l.starts_with("VmHWM"));
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let ticks: u64 = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|t| t.parse::<u64>().unwrap())
        .sum();
    lines.collect::<Vec<_>>().join(" ").replace('\t', " ")
        + &format!(" processor {} ms", ticks * 10)
}

#[test]
#[ignore = "takes a minute"]
fn many_closed_visits() {
    let visits = 100_000;
    let dir = tempfile::tempdir().unwrap();
    let location = Location::new(dir.path());
    let began = Instant::now();
    let (store, _) = Store::open_on(Arc::new(Careless), &location, today(), &zone()).unwrap();
    fill(&store, visits);
    eprintln!("filled in {:?}; {}", began.elapsed(), resident());
    commit(&store, Desk::default().batch(1, vec![opened()])).unwrap();
    stop(store, dir.path());
    for what in ["rebuilt", "clean", "clean"] {
        let began = Instant::now();
        let (store, again) = open(dir.path());
        let took = began.elapsed();
        eprintln!("opened, {what}: {took:?}; {}", resident());
        assert_eq!((again.visits.len(), again.damaged), (1, 0));
        assert_eq!(again.rebuilt, what == "rebuilt");
        if again.rebuilt {
            commit(&store, Desk::default().batch(2, vec![opened(), closed()])).unwrap();
        }
        let began = Instant::now();
        store.close().unwrap();
        eprintln!("closed in {:?}", began.elapsed());
    }
}

#[test]
#[ignore = "takes a minute"]
fn forgetting_one_of_many() {
    for visits in [10_000, 100_000] {
        let dir = tempfile::tempdir().unwrap();
        let location = Location::new(dir.path());
        let (store, _) = Store::open_on(Arc::new(Careless), &location, today(), &zone()).unwrap();
        fill(&store, visits);
        store.close().unwrap();
        let (store, _) = open(dir.path());
        let mut desk = Desk::default();
        commit(&store, desk.batch(1, vec![opened()])).unwrap();
        let began = Instant::now();
        let told = store.forget_person(number(visits / 2)).blocking_recv();
        let mut told = told.unwrap().unwrap();
        let answered = began.elapsed();
        assert_eq!(told.person.receipt.visits.len(), 1);
        let (mut turns, mut longest) = (0, Duration::ZERO);
        let renewed = loop {
            let turn = Instant::now();
            commit(&store, desk.batch(1, vec![Fact::CodeSent])).unwrap();
            longest = longest.max(turn.elapsed());
            turns += 1;
            std::thread::sleep(Duration::from_millis(20));
            if let Ok(renewed) = told.renewed.try_recv() {
                break renewed;
            }
        };
        let took = began.elapsed();
        assert!(renewed);
        eprintln!(
            "one of {visits} forgotten in {answered:?}, sled anew in {took:?}; {turns} turns \
             meanwhile, the longest {longest:?}"
        );
        store.close().unwrap();
    }
}

fn closed() -> Fact {
    Fact::Closed {
        outcome: Outcome::Bound,
    }
}
