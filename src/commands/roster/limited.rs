//! An import runs in a process of its own under limits of the system (setrlimit(2)): a list is untrusted, and what its
//! parser allocates is not all known. The limits stand in `yingxin help limits`.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitCode, Stdio};

use rustix::process::{
    Resource, Rlimit, Signal, getrlimit, set_parent_process_death_signal, setrlimit,
};

use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;

/// The memory of an import, in MB.
const MEMORY: u64 = 1024;
/// Its computing time, in seconds.
const SECONDS: u64 = 120;
/// Set for the process that does the work.
const MARK: &str = "YINGXIN_IMPORT_LIMITED";

/// Runs this program's command again as a process with limits, and waits for it; `None` in that process.
///
/// # Errors
/// It cannot be started, or a limit stopped it.
pub fn run_again() -> CliResult<Option<ExitCode>> {
    if std::env::var_os(MARK).is_some() {
        limit(Resource::As, MEMORY.saturating_mul(1024 * 1024));
        limit(Resource::Cpu, SECONDS);
        // It ends with the command that waits for it.
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
        // The text of a parser that stops is of no use to a person; its failure is reported.
        std::panic::set_hook(Box::new(|_| {}));
        return Ok(None);
    }
    let failed = |e| {
        CliError::io(
            both!(
                "cannot start the process that reads the list",
                "读名单的进程启动不了"
            ),
            &e,
        )
    };
    let program = std::env::current_exe().map_err(failed)?;
    let mut child = Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(MARK, "1")
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(told) = child.stderr.take() {
        pass_on(told, &mut std::io::stderr());
    }
    let ended = child.wait().map_err(failed)?;
    let Some(code) = ended.code() else {
        return Err(stopped(ended.signal()));
    };
    Ok(Some(ExitCode::from(u8::try_from(code).unwrap_or(1))))
}

/// Passes on what the process tells while it works: what it read is reported before it counts. That an allocation failed is
/// told in other words, once the process has ended.
fn pass_on(told: impl Read, to: &mut dyn Write) {
    const FAILED: &[u8] = b"memory allocation of ";
    let mut lines = BufReader::new(told);
    let mut line = Vec::new();
    while lines
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        if !line.starts_with(FAILED) {
            // A closed stderr leaves no place for it.
            let _ = to.write_all(&line);
        }
        line.clear();
    }
}

/// Lowers a limit of this process; where one is lower already, it stays.
fn limit(resource: Resource, most: u64) {
    let now = getrlimit(resource);
    let lower = |limit: Option<u64>| Some(limit.map_or(most, |limit| limit.min(most)));
    let limits = Rlimit {
        current: lower(now.current),
        maximum: lower(now.maximum),
    };
    if let Err(error) = setrlimit(resource, limits) {
        tracing::warn!(%error, "an import runs without a limit");
    }
}

fn stopped(signal: Option<i32>) -> CliError {
    let is_time = |signal: i32| {
        [Signal::XCPU, Signal::KILL]
            .map(Signal::as_raw)
            .contains(&signal)
    };
    let what = match signal {
        Some(signal) if is_time(signal) => both!(
            "reading this list took more than {SECONDS} seconds of computing, or the system stopped it; nothing was imported",
            "读这份名单的计算超过 {SECONDS} 秒，或被系统停止；什么也没导入"
        ),
        _ => {
            both!(
                "reading this list takes more than {MEMORY} MB of memory; nothing was imported",
                "读这份名单要超过 {MEMORY} MB 的内存；什么也没导入"
            )
        }
    };
    CliError::new(
        Exit::BadData,
        what,
        both!(
            "copy the columns of the list into a new workbook, or save it as \"CSV UTF-8\" (yingxin help limits)",
            "请把名单的列复制到新的工作簿，或另存为“CSV UTF-8”（yingxin help limits）"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::rows::{CELL, COLUMNS};
    use super::super::{heading, number_format, people, row_reader, sheet, workbook};
    use super::*;
    use crate::store::MOST_ROWS;

    #[test]
    fn the_reference_has_these_limits() {
        let reference = crate::help::find("limits").unwrap().markdown;
        let cell = format!("{},{:03}", CELL / 1000, CELL % 1000);
        let name = row_reader::LONGEST_NAME;
        for bound in [
            format!("{MEMORY} MB of memory and {SECONDS} s of computing"),
            format!(
                "| {} MB; {},000 students |",
                sheet::LARGEST >> 20,
                MOST_ROWS / 1000
            ),
            format!("| {COLUMNS} columns and {cell} bytes in a cell |"),
            format!("within the first {} rows |", heading::HEADING_WITHIN),
            format!("| {} faults are printed |", people::FAULTS),
            format!("; {} sheets |", workbook::SHEETS),
            format!(
                "| {} characters in a number format |",
                number_format::LONGEST
            ),
            format!("at most 32; {name}; 11 characters |"),
        ] {
            assert!(reference.contains(&bound), "{bound}");
        }
    }

    #[test]
    fn what_is_told_is_passed_on_without_the_words_of_the_runtime() {
        let mut told = Vec::new();
        let said = "sheet 一: 2 students\nmemory allocation of 2400000000 bytes failed\nno end";
        pass_on(said.as_bytes(), &mut told);
        assert_eq!(told, "sheet 一: 2 students\nno end".as_bytes());
    }

    #[test]
    fn a_process_that_a_limit_ended_is_told_as_such() {
        let what = |signal: Signal| stopped(Some(signal.as_raw())).what;
        assert!(what(Signal::ABORT).contains("1024 MB of memory"));
        assert!(what(Signal::XCPU).contains("120 seconds"));
        assert!(what(Signal::KILL).contains("120 seconds"));
    }
}
