//! Checking a whole store: all of it is read, nothing is changed, and each kind of damage is reported on its own. sled is
//! opened as a copy in another place, for sled writes when it is opened.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::audit;
use super::error::StoreError;
use super::fold::Tally;
use super::inspect::InspectedStore;
use super::location::{Location, StorePaths};
use super::lock::StoreLock;
use super::marks::{CleanMark, HighWaterFile};
use super::projection::{Projection, witnesses};
use super::reader::{JournalReader, open_visit_keys};
use super::roster::Roster;
use super::seal::{DeskKey, KeyPlace};
use crate::ours;

/// How long the copy of sled may take to open: a damaged one may hang.
const SLED_PATIENCE: Duration = Duration::from_secs(60);

/// How bad a finding is, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Sound.
    Good,
    /// Worth knowing; nothing is lost.
    Note,
    /// The disk cannot be written.
    ReadOnly,
    /// Something is damaged or lost.
    Damaged,
    /// The desk's key is missing or another desk's.
    Key,
}

/// A finding about a part of the store; no personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreFinding {
    /// The part: `disk`, `key`, `journal` and so on.
    pub part: &'static str,
    /// How bad it is.
    pub grade: Grade,
    /// What was found, in one sentence.
    pub says: String,
}

struct CheckReport(Vec<StoreFinding>);

/// Checks a store.
///
/// # Errors
/// There is no store, or its files cannot be read at all.
pub fn check(location: &Location, zone: &TimeZone) -> Result<Vec<StoreFinding>, StoreError> {
    let paths = StorePaths::new(&location.dir);
    if !paths.dir.exists() {
        return Err(StoreError::Missing { dir: paths.dir });
    }
    let place = KeyPlace::find(location);
    let mut report = CheckReport(Vec::new());
    report.check_disk(&paths);
    let used_by = StoreLock::holder(&paths.lock);
    if let Some(pid) = used_by {
        report.add_note("desk", format!("process {pid} uses this store"));
    }
    match JournalReader::open(location, zone) {
        Ok(Some(reader)) => {
            let inspected = &reader.store;
            report.check_key(&place, &inspected.desk);
            report.check_journal(location, &reader)?;
            report.check_visit_keys(&reader)?;
            report.check_marks(inspected);
            match used_by {
                Some(_) => report.add_note("sled", "in use: it is not looked at".into()),
                None => report.check_projection(inspected, zone),
            }
            report.check_roster(inspected);
        }
        Ok(None) => report.add_note("journal", "nothing was ever kept here".into()),
        Err(error) => {
            let grade = match error {
                StoreError::KeyMissing { .. }
                | StoreError::KeyForeign { .. }
                | StoreError::KeyUnreadable { .. } => Grade::Key,
                StoreError::VisitKeysLost { .. } | StoreError::Newer { .. } => Grade::Damaged,
                other @ (StoreError::Locked { .. }
                | StoreError::ReadOnly { .. }
                | StoreError::Full { .. }
                | StoreError::NotOurs(_)
                | StoreError::NotADirectory { .. }
                | StoreError::Missing { .. }
                | StoreError::NotEmpty { .. }
                | StoreError::KeyGiven { .. }
                | StoreError::BackupUnsound { .. }
                | StoreError::BackupExpired { .. }
                | StoreError::BackupForeign { .. }
                | StoreError::Io { .. }
                | StoreError::Random
                | StoreError::Stopped) => return Err(other),
            };
            let part = if grade == Grade::Key { "key" } else { "store" };
            report.add(part, grade, error.to_string());
            // The chain is checked without any key.
            report.check_chain(location)?;
        }
    }
    Ok(report.0)
}

impl CheckReport {
    fn add(&mut self, part: &'static str, grade: Grade, says: String) {
        self.0.push(StoreFinding { part, grade, says });
    }

    fn add_note(&mut self, part: &'static str, says: String) {
        self.add(part, Grade::Note, says);
    }

    fn add_good(&mut self, part: &'static str, says: String) {
        self.add(part, Grade::Good, says);
    }

    fn check_disk(&mut self, paths: &StorePaths) {
        use rustix::fs::{Access, StatVfsMountFlags, access, statvfs};
        let Ok(disk) = statvfs(&paths.dir) else {
            return;
        };
        let free = disk.f_bavail.saturating_mul(disk.f_frsize) / (1024 * 1024);
        let says = if disk.f_flag.contains(StatVfsMountFlags::RDONLY) {
            "it is mounted read-only: a desk does not start"
        } else if access(&paths.dir, Access::WRITE_OK).is_err() {
            "this user cannot write here: a desk does not start"
        } else if free < 10 {
            self.add_note("disk", format!("{free} MB are free: it is nearly full"));
            return;
        } else {
            self.add_good("disk", format!("{free} MB are free"));
            return;
        };
        self.add("disk", Grade::ReadOnly, says.into());
    }

    fn check_key(&mut self, place: &KeyPlace, desk: &DeskKey) {
        let mode = fs::metadata(&place.path).map_or(0o600, |meta| meta.permissions().mode());
        self.add_good("key", format!("{} in {}", desk.id(), place.path.display()));
        if mode & 0o077 != 0 && !place.is_given() {
            self.add_note("key", "others can read its file: chmod 600".into());
        }
    }

    fn check_journal(
        &mut self,
        location: &Location,
        reader: &JournalReader,
    ) -> Result<(), StoreError> {
        if reader.visit_keys.is_none() {
            self.add_good("journal", "empty".into());
            return Ok(());
        }
        let summary = reader.read(None, &mut |_, _| {})?;
        self.check_chain(location)?;
        if summary.damaged > 0 {
            let says = format!(
                "{} cannot be read or are missing; all others can",
                records(summary.damaged)
            );
            self.add("journal", Grade::Damaged, says);
        }
        if summary.forgotten > 0 {
            let says = format!(
                "{} of people who were forgotten",
                records(summary.forgotten)
            );
            self.add_note("journal", says);
        }
        Ok(())
    }

    fn check_chain(&mut self, location: &Location) -> Result<(), StoreError> {
        const MOST: usize = 10;
        let verdict = audit::verify(location)?;
        let count = usize::try_from(verdict.records).unwrap_or(usize::MAX);
        self.add_good(
            "journal",
            format!("{} segments, {}", verdict.segments, records(count)),
        );
        for fault in verdict.faults.iter().take(MOST) {
            self.add("journal", Grade::Damaged, fault.to_string());
        }
        if verdict.faults.len() > MOST {
            let more = verdict.faults.len().saturating_sub(MOST);
            self.add("journal", Grade::Damaged, format!("and {more} more places"));
        }
        if verdict.torn {
            let says =
                "an unfinished record stands at an end: it was never acknowledged, nothing is lost";
            self.add_note("journal", says.into());
        }
        Ok(())
    }

    fn check_visit_keys(&mut self, reader: &JournalReader) -> Result<(), StoreError> {
        let Some(visit_keys) = &reader.visit_keys else {
            return Ok(());
        };
        let at = |e| StoreError::at(visit_keys.path(), e);
        let survey = visit_keys.survey().map_err(at)?;
        self.add_good(
            "visit keys",
            format!("{} made, {} destroyed", survey.made, survey.destroyed),
        );
        if survey.unreadable > 0 {
            let says = format!(
                "{} cannot be read: neither copy is whole",
                survey.unreadable
            );
            self.add("visit keys", Grade::Damaged, says);
        }
        if survey.half > 0 {
            let says = format!("one copy of {} is damaged, the other is whole", survey.half);
            self.add_note("visit keys", says);
        }
        Ok(())
    }

    fn check_marks(&mut self, inspected: &InspectedStore) {
        let path = &inspected.paths.high_water;
        if inspected.is_mark_lost {
            let says = "it is gone or an old one: a journal that was cut would look like this one; `yingxin audit accept` makes a new one";
            return self.add("high-water", Grade::Damaged, says.into());
        }
        match HighWaterFile::read(path, &inspected.desk.derive("marks")) {
            Some(next) => self.add_good("high-water", format!("{next} records were acknowledged")),
            None => self.add_note("high-water", "there is none yet".into()),
        }
    }

    fn check_projection(&mut self, inspected: &InspectedStore, zone: &TimeZone) {
        for witness in witnesses(&inspected.paths.projections) {
            let says = format!(
                "an older one is kept as a witness, it may hold what the journal lost: {}",
                witness.display()
            );
            self.add_note("sled", says);
        }
        let Some(clean) = &inspected.clean else {
            let says = "the last stop was not clean: the next start builds it anew";
            self.add_note("sled", says.into());
            return;
        };
        match is_projection_sound(inspected, clean, zone) {
            Ok(true) => self.add_good("sled", "it is what the journal adds up to".into()),
            Ok(false) => {
                let says = "it opens with other rows than it was closed with: the next start builds it anew";
                self.add("sled", Grade::Damaged, says.into());
            }
            Err(e) => {
                let says = format!("it does not open ({e}): the next start builds it anew");
                self.add("sled", Grade::Damaged, says);
            }
        }
    }

    fn check_roster(&mut self, inspected: &InspectedStore) {
        let roster = Roster::new(&inspected.paths, &inspected.desk);
        match roster
            .stats()
            .and_then(|stats| Ok((stats, roster.all()?.1)))
        {
            Ok((None, _)) => {}
            Ok((Some(stats), 0)) => self.add_good("roster", format!("{} rows", stats.rows)),
            Ok((Some(stats), bad)) => {
                let says = format!("{bad} of {} rows cannot be read", stats.rows);
                self.add("roster", Grade::Damaged, says);
            }
            Err(e) => self.add("roster", Grade::Damaged, e.to_string()),
        }
    }
}

fn records(count: usize) -> String {
    match count {
        1 => "1 record".to_owned(),
        n => format!("{n} records"),
    }
}

/// Whether a copy of the projection opens in time with the digest of the clean mark.
fn is_projection_sound(
    inspected: &InspectedStore,
    clean: &CleanMark,
    zone: &TimeZone,
) -> io::Result<bool> {
    let copy = TemporaryCopy::of(&inspected.paths.projections.join(&clean.projection))?;
    let desk = inspected.desk.duplicate();
    let visit_keys = open_visit_keys(inspected).map_err(io::Error::other)?;
    let visit_keys = visit_keys.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    let (dir, from) = (copy.0.clone(), clean.limits_from);
    let mut tally = Tally::new(zone.clone(), inspected.note_keys.limit_keys());
    let (say, heard) = mpsc::channel();
    std::thread::spawn(move || {
        let opened = Projection::open(&dir, &desk)
            .and_then(|projection| projection.load(&visit_keys, from, &mut tally));
        // The check may have stopped waiting.
        let _ = say.send(opened.map(|loaded| loaded.digest));
    });
    let digest = heard
        .recv_timeout(SLED_PATIENCE)
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    Ok(digest == clean.digest)
}

/// A copy of a directory, removed when it is dropped.
struct TemporaryCopy(PathBuf);

impl TemporaryCopy {
    fn of(dir: &Path) -> io::Result<TemporaryCopy> {
        let random = getrandom::u64().map_err(|e| io::Error::other(e.to_string()))?;
        let place = std::env::temp_dir().join(format!("yingxin-check-{random:016x}"));
        ours::make_inner_folder(&place)?;
        let copy = TemporaryCopy(place);
        copy_into(dir, &copy.0)?;
        Ok(copy)
    }
}

impl Drop for TemporaryCopy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy_into(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir(&target)?;
            copy_into(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).map(drop)?;
        }
    }
    Ok(())
}
