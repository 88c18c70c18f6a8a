//! `yingxin roster`: the list of those who are expected, imported before the doors open. It is sealed beside the store,
//! and a desk that runs finds the new one at once.

mod csv_text;
mod foreign;
mod heading;
mod hidden_rows;
mod limited;
mod number_format;
mod parts;
pub(crate) mod people;
mod row_reader;
mod rows;
pub(crate) mod sheet;
pub(crate) mod told;
pub(crate) mod workbook;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use jiff::tz::TimeZone;

pub use heading::Headings;
use people::People;
use told::{Noun, count};

use super::{location, say, tell};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
use crate::config::{self, Flags, environment};
use crate::screen::pages::script::moment;
use crate::store::{RealDisk, Roster, Store};

/// How a list is imported.
#[derive(Clone, Copy, Debug)]
pub struct ImportOptions<'a> {
    /// The list.
    pub file: &'a Path,
    /// The only sheet that is read; `None` for every visible one.
    pub sheet: Option<&'a str>,
    /// What the columns are called.
    pub headings: &'a Headings,
    /// Leave faulty rows out.
    pub skip_faulty: bool,
    /// Tell what would be imported, and import nothing.
    pub check: bool,
}

/// Puts the list in the place of the one before. The work is done by a process of its own, whose memory and time are
/// bounded; what it read is reported before it counts.
///
/// # Errors
/// A list that cannot be read, rows with a fault unless these are left out, a limit that is reached, or the store's.
pub fn import(flags: &Flags, options: &ImportOptions<'_>) -> CliResult<ExitCode> {
    match limited::run_again()? {
        Some(code) => Ok(code),
        None => import_here(flags, options).map(|()| ExitCode::SUCCESS),
    }
}

fn import_here(flags: &Flags, options: &ImportOptions<'_>) -> CliResult<()> {
    let began = Instant::now();
    let config = config::load(flags, &environment)?;
    let pack = super::prepare::pack(&config)?;
    let rule = &pack.rules.student_number;
    let mut people = People::new(options.headings, rule);
    sheet::read(options.file, options.sheet, &mut people)?;
    people.finish()?;
    let told = told::told(&people, &options.headings.wanted());
    tell(&told);
    let faulty = people.faulty.count;
    if faulty > 0 && (!options.skip_faulty || people.students.is_empty()) {
        return Err(CliError::new(
            Exit::BadData,
            both!(
                "nothing was imported: {} with a fault, {} without",
                "什么也没导入：有错的 {}，没错的 {}",
                rows(faulty),
                people.students.len()
            ),
            both!(
                "mend them, or leave them out: --skip-faulty",
                "请改正，或跳过它们：--skip-faulty"
            ),
        ));
    }
    let mut left_out = match faulty {
        0 => String::new(),
        n => both!(", {} left out", "，略去 {}", rows(n)),
    };
    match people.left_out.count {
        0 => {}
        n => left_out.push_str(&both!(
            ", {} without the mobile number",
            "，没有手机号的 {}",
            count(n, Noun::Student)
        )),
    }
    if options.check {
        return say(&both!(
            "nothing was imported, as asked; without --check: {}{left_out}\n",
            "按要求什么也没导入；不加 --check 时：{}{left_out}\n",
            rows(people.students.len())
        ));
    }
    let roster = Store::make_roster(&location(&config), &TimeZone::system())?;
    let stats = roster.replace(&RealDisk, &people.students)?;
    say(&both!(
        "imported: {}{left_out}, {} KB, in {:.1} s\n",
        "已导入：{}{left_out}，{} KB，用了 {:.1} s\n",
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
        return say(&both!("no roster\n", "没有名单\n"));
    };
    let stats = stats.map_err(|e| {
        CliError::new(
            Exit::BadData,
            e.to_string(),
            both!(
                "import it again: yingxin roster import FILE",
                "请重新导入：yingxin roster import 文件"
            ),
        )
    })?;
    let Some(stats) = stats else {
        return say(&both!("no roster\n", "没有名单\n"));
    };
    say(&both!(
        "{}, {} KB, imported {}\n",
        "{}，{} KB，导入于 {}\n",
        rows(stats.rows),
        stats.bytes / 1024,
        moment(stats.made, &TimeZone::system())
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
    say(&if cleared {
        both!("the roster is gone\n", "名单已清除\n")
    } else {
        both!("no roster\n", "没有名单\n")
    })
}

/// The roster of an existing store.
fn roster(flags: &Flags) -> CliResult<Option<Roster>> {
    let location = location(&config::load(flags, &environment)?);
    Ok(Store::roster_of(&location, &TimeZone::system())?)
}

fn rows(n: usize) -> String {
    count(n, Noun::Row)
}
