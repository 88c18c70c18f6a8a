//! Whether this machine has what a desk takes, looked at before anything is written: memory, room on the disk, a store
//! that this program can read.

use std::path::Path;

use jiff::tz::TimeZone;

use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::commands::location;
use crate::config::Config;
use crate::store::{Store, StoreError};

const MB: u64 = 1024 * 1024;
/// What the desk's folder and its store take at the least, in bytes.
const LEAST_DISK: u64 = 64 * MB;
/// What a desk takes of the memory at the least, in bytes.
pub const DESK_MEMORY: u64 = 64 * MB;
/// What the passphrase of an export takes beside that, in bytes: scrypt with 2^18, as `age` has it.
pub const PASSPHRASE_MEMORY: u64 = DESK_MEMORY + 256 * MB;

/// Whether so much memory is free; a system that does not say counts as large enough.
///
/// # Errors
/// There is less.
pub fn in_memory(least: u64) -> CliResult<()> {
    let told = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    enough_memory(&told, least)
}

fn enough_memory(told: &str, least: u64) -> CliResult<()> {
    let free = told.lines().find_map(|line| {
        let kilobytes = line.strip_prefix("MemAvailable:")?.trim();
        kilobytes.strip_suffix("kB")?.trim().parse::<u64>().ok()
    });
    let Some(free) = free.map(|free| free.saturating_mul(1024)) else {
        return Ok(());
    };
    if free >= least {
        return Ok(());
    }
    Err(CliError::new(
        Exit::Failure,
        both!(
            "this machine has {} MB of memory left, and this takes {} MB; nothing was changed",
            "这台电脑的内存只剩 {} MB，这一步需要 {} MB；什么也没有改动",
            free / MB,
            least / MB
        ),
        pick(
            "close other programs, or take a larger machine",
            "请关掉别的程序，或换一台内存大些的电脑",
        ),
    ))
}

/// Whether the disk on which this folder is, or will be, has room for a desk.
///
/// # Errors
/// It has less.
pub fn on_disk(folder: &Path) -> CliResult<()> {
    let there = folder.ancestors().find(|folder| folder.is_dir());
    let Some(disk) = there.and_then(|there| rustix::fs::statvfs(there).ok()) else {
        return Ok(());
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free >= LEAST_DISK {
        return Ok(());
    }
    Err(CliError::new(
        Exit::InputOutput,
        both!(
            "the disk of {} has {} MB left, and a desk takes {} MB; nothing was changed",
            "{} 所在的磁盘只剩 {} MB，迎新台需要 {} MB；什么也没有改动",
            folder.display(),
            free / MB,
            LEAST_DISK / MB
        ),
        pick(
            "make room on that disk, then run it again",
            "请在那块磁盘上腾出空间，再运行一次",
        ),
    ))
}

/// Whether the store that is there already can be read by this program. What else is wrong with it the doctor says.
///
/// # Errors
/// A newer program wrote it.
pub fn for_this_program(config: &Config) -> CliResult<()> {
    match Store::roster_of(&location(config), &TimeZone::system()) {
        Err(newer @ StoreError::Newer { .. }) => Err(newer.into()),
        Ok(_) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_is_too_small_is_told_with_its_figures() {
        let told = |free: u64| format!("MemTotal: 999 kB\nMemAvailable:   {free} kB\n");
        assert!(enough_memory(&told(64 * 1024), DESK_MEMORY).is_ok());
        let error = enough_memory(&told(40 * 1024), DESK_MEMORY).unwrap_err();
        assert_eq!(
            error.to_string(),
            "yingxin: this machine has 40 MB of memory left, and this takes 64 MB; nothing was changed\n   \
             help: close other programs, or take a larger machine"
        );
        for unknown in ["", "MemAvailable: many\n"] {
            assert!(enough_memory(unknown, DESK_MEMORY).is_ok());
        }
    }
}
