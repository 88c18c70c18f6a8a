//! `yingxin pack check FILE` and `yingxin pack new [FILE]`: the faults and open values of a campus pack, and a commented
//! template. Neither touches a desk's data.
//!
//! Exit codes: 0 the pack can be used (open values are listed), 65 something in it is wrong or has expired, 66 there is
//! no such file, 73 the file to write exists.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use super::{say, tell};
use crate::campus::pack::{self, Checked, Pack};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, lang};
use crate::escape;
use crate::table::Fault;

/// Prints each fault of a pack on stderr; without faults, prints a summary with the open values.
///
/// # Errors
/// The file cannot be read at all.
pub fn check(path: &Path) -> CliResult<ExitCode> {
    let pack = match pack::check(path)? {
        Checked::Good(pack) => pack,
        Checked::Faulty(faults) => {
            print_faults(&faults);
            return Ok(Exit::BadData.into());
        }
    };
    say(&summary(path, &pack))?;
    print_faults(&pack.troubles);
    Ok(if pack.troubles.is_empty() {
        ExitCode::SUCCESS
    } else {
        Exit::BadData.into()
    })
}

/// Writes a commented pack to a file, or to stdout without one.
///
/// # Errors
/// The file exists, or cannot be written.
pub fn new(path: Option<&Path>) -> CliResult<()> {
    let Some(path) = path else {
        return say(pack::template(lang()));
    };
    let failed =
        |e: io::Error| CliError::io(both!("cannot write {}", "写不了 {}", path.display()), &e);
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(failed)?;
    file.write_all(pack::template(lang()).as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    say(&both!(
        "wrote {0}\nFill it in, then run: yingxin pack check {0}\n",
        "已写出 {0}\n请填好，然后运行：yingxin pack check {0}\n",
        escape::path(path)
    ))
}

/// The summary of a pack, with its open values.
fn summary(path: &Path, pack: &Pack) -> String {
    let mut routes: Vec<&str> = pack.rules.routes.iter().map(|r| r.id.as_str()).collect();
    routes.dedup();
    let mut text = both!(
        "{}: {} ({}), {} routes, {} phone pages\n",
        "{}：{}（{}），{} 条路线，{} 个手机页面\n",
        escape::path(path),
        pack.id,
        pack.university.zh,
        routes.len(),
        pack.pages.len(),
    );
    let missing = pack.missing();
    if missing.is_empty() {
        text.push_str(&both!("nothing is left open\n", "没有未填的\n"))
    } else {
        text.push_str(&both!(
            "left open, and the rest works without it:\n",
            "没有填，其余照常可用：\n"
        ))
    }
    for open in missing {
        text.push_str(&format!("  {}: {}\n", open.key(), open.remedy()));
    }
    text
}

/// Prints faults on stderr, each with its remedy.
pub(super) fn print_faults(faults: &[Fault]) {
    for fault in faults {
        tell(&format!("{}\n", CliError::from(fault.clone())));
    }
}
