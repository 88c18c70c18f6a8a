//! The file `clock`: up to when the wall clock was believed, and the times at which it was not. At the start the clock is
//! compared with it, and while the store is open with the monotonic one; a clock that nobody vouches for drops nothing
//! and lets nothing end.
//!
//! The file holds no secret and is not needed to read the store. Without it the newest record stands for it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::disk::{self, Disk};
use crate::ours;
use crate::visit::{ClockDoubt, ClockState, DoubtedSpans, Now};

/// A clock may be set back by this much without a doubt.
const SET_BACK: SignedDuration = SignedDuration::from_mins(10);
/// Commits are made on machines with clocks of their own.
const BEFORE_BUILD: SignedDuration = SignedDuration::from_hours(24);
/// The longest stop after which the clock is believed at once: two nights. It is shorter than a pickup number lasts, so a
/// clock that is days ahead ends none of them; after a longer stop the campus's servers confirm a right one at once.
const LONG_STOP: SignedDuration = SignedDuration::from_hours(48);
/// A server's clock agrees if it is no further away than this.
const AGREES: SignedDuration = SignedDuration::from_mins(10);
/// How often the file is brought up to date while the desk runs.
const EVERY: Duration = Duration::from_secs(3600);
/// The longest file, in bytes.
const LONGEST: u64 = 64 * 1024;

/// What the file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRecord {
    /// The newest time of a clock that was believed.
    trusted: Option<Timestamp>,
    /// The times at which it was not.
    #[serde(default)]
    doubted: DoubtedSpans,
}

impl ClockRecord {
    /// Reads the file; empty, and logged, where it cannot be read.
    pub fn read(path: &Path) -> Self {
        match read(path) {
            Ok(record) => record,
            Err(e) if e.kind() == io::ErrorKind::NotFound => ClockRecord::default(),
            Err(e) => {
                tracing::warn!("{} cannot be read: {e}", path.display());
                ClockRecord::default()
            }
        }
    }

    /// Why a clock that shows `now` is not believed. `built` is when the program was built, where that is known.
    pub fn doubt(&self, now: Timestamp, built: Option<Timestamp>) -> Option<ClockDoubt> {
        if built.is_some_and(|built| now.duration_since(built) < -BEFORE_BUILD) {
            return Some(ClockDoubt::BeforeBuild);
        }
        let since = now.duration_since(self.trusted?);
        if since < -SET_BACK {
            Some(ClockDoubt::BeforeRecords)
        } else if since > LONG_STOP {
            Some(ClockDoubt::LongAfter)
        } else if self.doubted.counts_as(now).is_none() {
            Some(ClockDoubt::Jumped)
        } else {
            None
        }
    }
}

fn read(path: &Path) -> io::Result<ClockRecord> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let file = ours::open(path)?;
    file.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// Whether a server's clock, so far ahead of this machine's, says that this machine's is right.
pub fn clock_agrees(ahead: SignedDuration) -> bool {
    ahead.abs() <= AGREES
}

/// Why the clock of this machine would not be believed by a desk that opens this store now.
pub fn clock_doubt(dir: &Path) -> Option<ClockDoubt> {
    let paths = super::location::StorePaths::new(dir);
    ClockRecord::read(&paths.clock).doubt(Timestamp::now(), disk::built())
}

/// Whether the clock is believed, in the store's thread.
pub struct ClockKeeper {
    path: PathBuf,
    trusted: Option<Timestamp>,
    state: watch::Sender<ClockState>,
    /// When the store was opened: the monotonic clock counts from there.
    opened: Instant,
    /// When the clock was judged last. Where it is not believed, the last span began then.
    judged: Now,
    /// When the file was written.
    written: Option<Instant>,
}

impl ClockKeeper {
    /// Judges the clock at the start. `newest` is when the newest record was made, as far as that is known: it stands for
    /// a missing file. Nothing is written yet.
    pub fn begin(disk: &dyn Disk, path: &Path, newest: Option<Timestamp>) -> Self {
        let mut record = ClockRecord::read(path);
        record.trusted = record.trusted.or(newest);
        let now = disk.now();
        let doubt = record.doubt(now, disk.built());
        let mut spans = record.doubted;
        match doubt {
            Some(why) => {
                tracing::warn!(
                    ?why,
                    clock = %now,
                    "the clock is not believed: nothing is dropped and no pickup number runs out until it is confirmed"
                );
                begin_span(&mut spans, now);
            }
            None => spans.confirm(now),
        }
        ClockKeeper {
            path: path.to_owned(),
            trusted: record.trusted,
            state: watch::Sender::new(ClockState { doubt, spans }),
            opened: Instant::now(),
            judged: Now {
                wall: now,
                mono: Duration::ZERO,
            },
            written: None,
        }
    }

    /// Whether the clock is believed, for the handle of the store.
    pub fn state(&self) -> watch::Receiver<ClockState> {
        self.state.subscribe()
    }

    /// Whether the clock is not believed.
    pub fn is_doubted(&self) -> bool {
        self.state.borrow().doubt.is_some()
    }

    /// The wall clock now, where it is believed. One that jumped since it was judged is not.
    pub fn believed(&mut self, disk: &dyn Disk) -> Option<Timestamp> {
        let now = self.now(disk);
        if now.has_jumped_since(self.judged) {
            self.distrust(disk, now);
        }
        (!self.is_doubted()).then_some(now.wall)
    }

    fn now(&self, disk: &dyn Disk) -> Now {
        Now {
            wall: disk.now(),
            mono: self.opened.elapsed(),
        }
    }

    /// The clock jumped. The file says so at once, for the next start and the doctor.
    fn distrust(&mut self, disk: &dyn Disk, now: Now) {
        tracing::warn!(
            clock = %now.wall,
            expected = %now.wall_since(self.judged),
            "the clock jumped and is not believed: nothing is dropped and no pickup number runs out until it is confirmed"
        );
        self.extend(Duration::ZERO);
        self.judged = now;
        self.state.send_modify(|state| {
            state.doubt.get_or_insert(ClockDoubt::Jumped);
            begin_span(&mut state.spans, now.wall);
        });
        self.write_or_log(disk);
    }

    /// What a stamp (milliseconds since 1970) counts as; `None` where that cannot be known yet.
    pub fn counts_as(&self, stamp: i64) -> Option<i64> {
        let Ok(at) = Timestamp::from_millisecond(stamp) else {
            return Some(stamp);
        };
        let counted = self.state.borrow().spans.counts_as(at)?;
        Some(counted.as_millisecond())
    }

    /// Brings the file up to date, at most once an hour. A failure is logged: the next start judges by an older time.
    pub fn keep(&mut self, disk: &dyn Disk) {
        if self.written.is_some_and(|at| at.elapsed() < EVERY) {
            return;
        }
        self.keep_now(disk);
    }

    /// Brings the file up to date, when the store is closed.
    pub fn keep_now(&mut self, disk: &dyn Disk) {
        match self.believed(disk) {
            Some(now) => self.trusted = Some(now),
            None => self.extend(EVERY),
        }
        self.write_or_log(disk);
    }

    fn write_or_log(&mut self, disk: &dyn Disk) {
        if let Err(e) = self.write(disk) {
            tracing::warn!("{} could not be written: {e}", self.path.display());
        }
    }

    /// The clock is believed from now on.
    ///
    /// # Errors
    /// The file could not be written: then it is not.
    pub fn confirm(&mut self, disk: &dyn Disk) -> io::Result<()> {
        let now = self.now(disk);
        self.extend(Duration::ZERO);
        let mut confirmed = self.state.borrow().clone();
        confirmed.spans.confirm(now.wall);
        confirmed.doubt = None;
        let record = ClockRecord {
            trusted: Some(now.wall),
            doubted: confirmed.spans.clone(),
        };
        write(disk, &self.path, &record)?;
        self.trusted = Some(now.wall);
        self.judged = now;
        self.written = Some(Instant::now());
        self.state.send_replace(confirmed);
        Ok(())
    }

    /// The span that is not believed lasts until now, and so much longer. The wall clock may have been set since it
    /// began: its end is counted by the monotonic one.
    fn extend(&self, longer: Duration) {
        let since = self.opened.elapsed().saturating_sub(self.judged.mono);
        let to = later(self.judged.wall, since.saturating_add(longer));
        self.state.send_if_modified(|state| {
            state.spans.extend(to);
            false
        });
    }

    fn write(&mut self, disk: &dyn Disk) -> io::Result<()> {
        let record = ClockRecord {
            trusted: self.trusted,
            doubted: self.state.borrow().spans.clone(),
        };
        write(disk, &self.path, &record)?;
        self.written = Some(Instant::now());
        Ok(())
    }
}

fn write(disk: &dyn Disk, path: &Path, record: &ClockRecord) -> io::Result<()> {
    disk::replace(disk, path, &serde_json::to_vec(record)?)
}

/// A time begins at which the clock, which shows `now`, is not believed.
fn begin_span(spans: &mut DoubtedSpans, now: Timestamp) {
    // The clock may be set back a little while the desk runs.
    let from = now.saturating_sub(SET_BACK).unwrap_or(Timestamp::MIN);
    spans.begin(from, later(now, EVERY));
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_is_doubted_where_it_lies_before_or_long_after_what_is_known() {
        let record = ClockRecord {
            trusted: Some(at("2026-09-05T09:00:00Z")),
            ..ClockRecord::default()
        };
        let built = Some(at("2026-08-01T00:00:00Z"));
        let doubt = |now: &str| record.doubt(at(now), built);
        assert_eq!(doubt("2026-09-05T09:00:01Z"), None);
        assert_eq!(doubt("2026-09-05T08:55:00Z"), None);
        // A closing in the evening and an opening two mornings later.
        assert_eq!(doubt("2026-09-07T09:00:00Z"), None);
        assert_eq!(
            doubt("2026-09-05T08:00:00Z"),
            Some(ClockDoubt::BeforeRecords)
        );
        assert_eq!(doubt("2026-09-07T09:00:01Z"), Some(ClockDoubt::LongAfter));
        assert_eq!(doubt("2026-09-09T09:00:00Z"), Some(ClockDoubt::LongAfter));
        assert_eq!(doubt("2031-10-05T08:00:00Z"), Some(ClockDoubt::LongAfter));
        assert_eq!(doubt("1970-01-01T00:10:00Z"), Some(ClockDoubt::BeforeBuild));
        assert_eq!(
            doubt("2026-07-31T12:00:00Z"),
            Some(ClockDoubt::BeforeRecords)
        );
    }

    #[test]
    fn a_new_store_doubts_only_a_clock_before_the_build() {
        let record = ClockRecord::default();
        let built = Some(at("2026-08-01T00:00:00Z"));
        assert_eq!(record.doubt(at("2031-01-01T00:00:00Z"), built), None);
        assert_eq!(record.doubt(at("1970-01-01T00:00:00Z"), None), None);
        assert_eq!(
            record.doubt(at("1970-01-01T00:00:00Z"), built),
            Some(ClockDoubt::BeforeBuild)
        );
    }

    #[test]
    fn a_file_that_is_no_record_is_as_none() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("clock");
        for rubbish in ["", "{", "[1]", "\u{0}\u{1b}[2J"] {
            std::fs::write(&path, rubbish).unwrap();
            assert_eq!(ClockRecord::read(&path), ClockRecord::default());
        }
    }
}
