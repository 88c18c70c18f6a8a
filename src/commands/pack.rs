//! `yingxin pack check FILE` and `yingxin pack new [FILE]`: what is wrong or left open in a campus pack, and a commented
//! one to begin with. Neither touches a desk's data.
//!
//! Exit codes: 0 the pack can be used (what it leaves open is named), 65 something in it is wrong or has expired, 66
//! there is no such file, 73 the file to be written is there already.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use super::say;
use crate::campus::pack::{self, Checked, Pack};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::table::Fault;

/// Names each fault of a pack on stderr; where there is none, prints what the pack has and what it leaves open.
///
/// # Errors
/// Where the file cannot be read at all.
pub fn check(path: &Path) -> CliResult<ExitCode> {
    let pack = match pack::check(path)? {
        Checked::Good(pack) => pack,
        Checked::Faulty(faults) => {
            tell(&faults);
            return Ok(Exit::BadData.into());
        }
    };
    say(&summary(path, &pack))?;
    tell(&pack.troubles);
    Ok(match pack.troubles.is_empty() {
        true => ExitCode::SUCCESS,
        false => Exit::BadData.into(),
    })
}

/// Writes a commented pack to a file, or to stdout where none is named. A file that is there is left alone.
///
/// # Errors
/// Where it is there already, or cannot be written.
pub fn new(path: Option<&Path>) -> CliResult<()> {
    let Some(path) = path else {
        return say(pack::template());
    };
    let failed = |e: io::Error| CliError::io(format!("cannot write {}", path.display()), &e);
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(failed)?;
    file.write_all(pack::template().as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    say(&format!(
        "wrote {0}\nFill it in, then run: yingxin pack check {0}\n",
        path.display()
    ))
}

/// What a pack has, and what it leaves open.
fn summary(path: &Path, pack: &Pack) -> String {
    let mut routes: Vec<&str> = pack.rules.routes.iter().map(|r| r.id.as_str()).collect();
    routes.dedup();
    let mut text = format!(
        "{}: {} ({}), {} routes, {} phone pages\n",
        path.display(),
        pack.id,
        pack.university.zh,
        routes.len(),
        pack.pages.len(),
    );
    let missing = pack.missing();
    match missing.is_empty() {
        true => text.push_str("nothing is left open\n"),
        false => text.push_str("left open, and the rest works without it:\n"),
    }
    for open in missing {
        text.push_str(&format!("  {}: {}\n", open.key(), open.remedy()));
    }
    text
}

/// Names faults on stderr, each with its remedy.
pub(super) fn tell(faults: &[Fault]) {
    for fault in faults {
        // With stderr gone there is nobody to tell.
        let _ = writeln!(io::stderr(), "{}", CliError::from(fault.clone()));
    }
}
