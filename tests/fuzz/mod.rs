//! Fuzzing: each reader of what comes from outside is given files that were changed at random, for a second, or with
//! `YINGXIN_TORTURE=long` for a minute. It must not panic, hang, or take memory without end, and what it makes of them must
//! hold what its target says.
//!
//! A target runs in a process of its own, whose memory is limited by the system: this program with that one test. Files
//! begin as those of `corpus/<target>`, of the tests, and of `../shared/cases` where that is; what a reader answers with
//! words it had not used before is kept and changed further. `YINGXIN_SEED=N` repeats a run as far as the time allows.
//!
//! **A fault that it finds**: the file is named in the failure. Put it into `corpus/<target>`: every run begins with all of
//! them as they are.

mod answers;
#[path = "../it/torture/chance.rs"]
mod chance;
mod keyboard;
mod lists;
mod mutate;
mod pictures;
mod stores;
mod tables;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chance::Chance;
use rustix::process::{Resource, Rlimit, setrlimit};

/// Set for the process that reads: where it notes what it is about to read.
const NOTE: &str = "YINGXIN_FUZZ_NOTE";
/// The most files that are kept to be changed further.
const KEPT: usize = 2000;

/// A reader under fuzzing.
struct Target {
    /// The test and the folder of the corpus.
    name: &'static str,
    /// What its files are made of.
    words: &'static [&'static str],
    /// Files to begin with, beside the corpus.
    seeds: fn() -> Vec<Vec<u8>>,
    /// The longest file, in bytes.
    longest: usize,
    /// The longest time for one file; what the reader promises, where it promises one.
    slowest: Duration,
    /// The memory that the process may take, in MB, beyond what it begins with.
    memory: u64,
    /// Reads a file, checks what must hold, and says in which way it ended.
    read: fn(&[u8]) -> String,
}

/// Whether this is the long form, and how long a target is fuzzed in this one.
fn length() -> Duration {
    let is_long = std::env::var("YINGXIN_TORTURE").is_ok_and(|form| form == "long");
    Duration::from_secs(if is_long { 60 } else { 1 })
}

fn run(target: &Target) {
    match std::env::var_os(NOTE) {
        Some(note) => fuzz(target, Path::new(&note)),
        None => watch(target),
    }
}

/// Runs the target in a process of its own, and says what it was reading where that did not end well.
fn watch(target: &Target) {
    let dir = tempfile::tempdir().unwrap();
    let note = dir.path().join("input");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([&format!("fuzz::{}", target.name), "--exact", "--nocapture"])
        .args(["--test-threads=2"])
        .env(NOTE, &note)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // On a busy machine a process may stand still for a while.
    let patience = length() + target.slowest * 4 + Duration::from_secs(120);
    let ended = waited_for(&mut child, patience);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    for line in said.lines() {
        if line.starts_with("| ") || line.contains(": YINGXIN_SEED=") {
            println!("{line}");
        }
    }
    if ended && output.status.success() {
        return;
    }
    let input = std::fs::read(&note).unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let kept = std::env::temp_dir().join(format!("{}-{:016x}", target.name, hasher.finish()));
    std::fs::write(&kept, &input).unwrap();
    let how = if ended { "fell" } else { "hung" };
    panic!(
        "{} {how} ({}) over {}:\n{}\n{said}\n{}",
        target.name,
        output.status,
        kept.display(),
        input
            .escape_ascii()
            .to_string()
            .chars()
            .take(2000)
            .collect::<String>(),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Whether the process ended in this time; else it is killed.
fn waited_for(child: &mut Child, patience: Duration) -> bool {
    let began = Instant::now();
    while began.elapsed() < patience {
        if child.try_wait().unwrap().is_some() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    false
}

fn fuzz(target: &Target, note: &Path) {
    let mut chance = Chance::new(target.name);
    let mut corpus = corpus(target);
    limit_memory(target.memory);
    let began = Instant::now();
    let mut kinds = HashSet::new();
    let mut tried = 0usize;
    let mut next = 0usize;
    let given = corpus.len();
    assert!(given > 0, "{} has nothing to begin with", target.name);
    while next < given || began.elapsed() < length() {
        let input = match corpus.get(next).filter(|_| next < given) {
            Some(as_it_is) => as_it_is.clone(),
            None => mutate::changed(&corpus, target.words, target.longest, &mut chance),
        };
        next = next.saturating_add(1);
        tried += 1;
        std::fs::write(note, &input).unwrap();
        let kind = in_time(target, &input);
        let is_new = kinds.insert(kind);
        if is_new && next > given && corpus.len() < KEPT {
            corpus.push(input);
        }
    }
    println!(
        "\n| fuzzing: {} | {tried} files in {} s | 0 panics, 0 hangs; {} kinds of answers |",
        target.name,
        began.elapsed().as_secs(),
        kinds.len()
    );
}

/// Reads a file. One that takes too long is read again: a busy machine stands still at times, a slow reader is slow each
/// time.
fn in_time(target: &Target, input: &[u8]) -> String {
    let mut took = Duration::ZERO;
    for _ in 0..3 {
        let began = Instant::now();
        let kind = (target.read)(input);
        took = began.elapsed();
        if took < target.slowest {
            return kind;
        }
    }
    panic!("{} took {took:?} for one file", target.name);
}

/// Bounds the memory of this process by what it has and so much more.
fn limit_memory(more: u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmSize:"))
        .unwrap();
    let now: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    let most = Some((now + more * 1024) * 1024);
    let limits = Rlimit {
        current: most,
        maximum: most,
    };
    setrlimit(Resource::As, limits).unwrap();
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of the corpus by their names, so that a run can be repeated, and the target's own.
fn corpus(target: &Target) -> Vec<Vec<u8>> {
    let mut found = files(&root().join("tests/fuzz/corpus").join(target.name), &[]);
    found.extend((target.seeds)());
    found
}

/// The files below a folder, by their names; with `ends` only those that end so. None where there is no such folder.
fn files(dir: &Path, ends: &[&str]) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path, ends))
        } else if ends.is_empty() || ends.iter().any(|end| name.ends_with(end)) {
            found.push(std::fs::read(&path).unwrap())
        }
    }
    found
}

/// The files of the campus's cases that end so, where they lie beside this folder.
fn cases(ends: &[&str]) -> Vec<Vec<u8>> {
    files(&root().join("../shared/cases"), ends)
}

/// A folder in memory, where there is one: what is read there must not wait for a disk.
fn folder() -> tempfile::TempDir {
    let in_memory = Path::new("/dev/shm");
    let made = if in_memory.is_dir() {
        tempfile::tempdir_in(in_memory)
    } else {
        tempfile::tempdir()
    };
    made.unwrap()
}

/// What names the way in which a reader ended: its words without what they quote and count.
fn kind(words: &str) -> String {
    words
        .chars()
        .filter(|c| !c.is_ascii_digit())
        .take(60)
        .collect()
}

/// Nothing in it acts on a terminal.
fn assert_harmless(text: &str) {
    let odd = text
        .chars()
        .find(|c| c.is_control() || crate::visit::is_format(*c));
    assert_eq!(odd, None, "{text:?}");
}

macro_rules! targets {
    ($($name:ident: $target:expr),* $(,)?) => {
        $(#[test]
        fn $name() {
            run(&$target);
        })*

        /// Each has a test, and a folder that is its own.
        #[test]
        fn every_folder_of_the_corpus_is_used() {
            let known = [$(stringify!($name)),*];
            for entry in std::fs::read_dir(root().join("tests/fuzz/corpus")).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                assert!(known.contains(&name.as_str()), "{name}");
            }
            $(assert_eq!($target.name, stringify!($name));)*
        }
    };
}

targets! {
    backup: stores::BACKUP,
    cas: answers::CAS,
    configuration: tables::CONFIGURATION,
    csv: lists::CSV,
    image: pictures::IMAGE,
    journal: stores::JOURNAL,
    ldap: answers::LDAP,
    oidc: answers::OIDC,
    pack: tables::PACK,
    terminal: keyboard::TERMINAL,
    wecom: answers::WECOM,
    xlsx: lists::XLSX,
}
