//! `yingxin roster`: the list of those who are expected, imported before the doors open. It is sealed beside the store,
//! and a desk that runs finds the new one at once.

mod people;
mod sheet;

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use jiff::tz::TimeZone;

pub use people::Headings;
use people::People;

use super::{location, say};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::config::{self, Flags, environment};
use crate::store::{RealDisk, Roster, Store};

/// Puts the list in the place of the one before.
///
/// # Errors
/// A list that cannot be read, rows with a fault unless these are left out, or the store's.
pub fn import(
    flags: &Flags,
    file: &Path,
    sheet: Option<&str>,
    headings: &Headings,
    skip_faulty: bool,
) -> CliResult<()> {
    let began = Instant::now();
    let config = config::load(flags, &environment)?;
    let pack = super::prepare::pack(&config)?;
    let rule = &pack.rules.student_number;
    let mut people = People::new(headings, rule);
    sheet::read(file, sheet, &mut |row| people.take(row))?;
    people.finish()?;
    if people.faulty > 0 {
        tell(&people);
        if !skip_faulty || people.students.is_empty() {
            return Err(CliError::new(
                Exit::BadData,
                format!(
                    "nothing was imported: {} with a fault, {} without",
                    rows(people.faulty),
                    people.students.len()
                ),
                "mend them, or leave them out: --skip-faulty",
            ));
        }
    }
    let roster = Store::make_roster(&location(&config), &TimeZone::system())?;
    let stats = roster.replace(&RealDisk, &people.students)?;
    let skipped = match people.faulty {
        0 => String::new(),
        n => format!(", {} left out", rows(n)),
    };
    say(&format!(
        "imported: {}{skipped}, {} KB, in {:.1} s\n",
        rows(stats.rows),
        stats.bytes / 1024,
        began.elapsed().as_secs_f64()
    ))
}

/// Prints the size of the roster, without personal data.
///
/// # Errors
/// The store's, or a roster that cannot be read.
pub fn stats(flags: &Flags) -> CliResult<()> {
    let Some(stats) = roster(flags)?.map(|roster| roster.stats()) else {
        return say("no roster\n");
    };
    let stats = stats.map_err(|e| {
        CliError::new(
            Exit::BadData,
            e.to_string(),
            "import it again: yingxin roster import FILE",
        )
    })?;
    let Some(stats) = stats else {
        return say("no roster\n");
    };
    let made = stats.made.to_zoned(TimeZone::system());
    say(&format!(
        "{}, {} KB, imported {}\n",
        rows(stats.rows),
        stats.bytes / 1024,
        made.strftime("%Y-%m-%d %H:%M")
    ))
}

/// Takes the roster away.
///
/// # Errors
/// The store's.
pub fn clear(flags: &Flags) -> CliResult<()> {
    let cleared = match roster(flags)? {
        Some(roster) => roster.clear(&RealDisk)?,
        None => false,
    };
    say(if cleared {
        "the roster is gone\n"
    } else {
        "no roster\n"
    })
}

/// The roster of an existing store.
fn roster(flags: &Flags) -> CliResult<Option<Roster>> {
    let location = location(&config::load(flags, &environment)?);
    Ok(Store::roster_of(&location, &TimeZone::system())?)
}

fn tell(people: &People<'_>) {
    let mut err = std::io::stderr().lock();
    for fault in &people.faults {
        let _ = writeln!(err, "{fault}");
    }
    let more = people.faulty.saturating_sub(people.faults.len());
    if more > 0 {
        let _ = writeln!(err, "and {} more", rows(more));
    }
}

fn rows(count: usize) -> String {
    match count {
        1 => "1 row".to_owned(),
        n => format!("{n} rows"),
    }
}
