//! What several commands prepare before they start: the pack, the PIN, the store's folder, the options of the checks. It
//! knows no other command.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{location, not_made};
use crate::campus::pack::{self, Pack};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
use crate::config::{Config, environment, read_private_lines};
use crate::desk::doctor::{CheckSettings, House, TestAccount};
use crate::desk::lock::PinList;
use crate::desk::{log, terminal};
use crate::ours;
use crate::store::key_file;
use crate::visit::{Mobile, StudentNumber};

/// The folder in a practice store that holds the state of its campus; no other store has one.
pub(super) const CAMPUS: &str = "campus";

/// The variable by which the administrator of a container lets a desk run as root: `1`.
const MAY_BE_ROOT: &str = "YINGXIN_AS_ROOT";

/// The configured pack, or the embedded one, whole.
///
/// # Errors
/// The pack cannot be read or is faulty.
pub(super) fn pack(config: &Config) -> CliResult<Pack> {
    match &config.pack {
        Some(path) => pack::load(path),
        None => Ok(pack::embedded()?),
    }
}

/// The volunteers' PINs, as hashes. A real desk needs one: without it no volunteer could help or end the program.
///
/// # Errors
/// The file does not exist, cannot be read, or holds something else.
pub(super) fn pins(config: &Config) -> CliResult<PinList> {
    let path = &config.pin_file;
    read_pins(path)?.ok_or_else(|| {
        CliError::new(
            Exit::Configuration,
            both!(
                "no PIN is set: {} is not there, and a real desk does not start without one",
                "没有设 PIN：{} 不在，没有 PIN 的正式迎新台不启动",
                path.display()
            ),
            both!("run: yingxin pin", "请运行：yingxin pin"),
        )
    })
}

/// The PINs of a file; `None` only where there is no file. Whatever else keeps it from being read is an error, so that
/// nobody's PIN is lost to a file that is written anew.
///
/// # Errors
/// The file cannot be read, can be read by others, or holds something else.
pub(super) fn read_pins(path: &Path) -> CliResult<Option<PinList>> {
    let remedy = || {
        both!(
            "mend that line, or move the file away: {}",
            "请改正那一行，或把文件移走：{}",
            path.display()
        )
    };
    let text = match read_private_lines(path) {
        Ok(text) => text,
        Err(error) if error.exit == Exit::NoInput => return Ok(None),
        Err(error) if error.exit == Exit::BadData => {
            return Err(CliError {
                remedy: remedy(),
                ..error
            });
        }
        Err(error) => return Err(error),
    };
    PinList::parse(text.expose()).map(Some).map_err(|what| {
        let what = both!(
            "{} is no PIN file: {what}",
            "{} 不是 PIN 文件：{what}",
            path.display()
        );
        CliError::new(Exit::BadData, what, remedy())
    })
}

/// Creates the store's folder, opens the log in it and sets the panic hook.
///
/// # Errors
/// The folder or the log cannot be created.
pub(super) fn open_store(dir: &Path) -> CliResult<()> {
    ours::make_folder(dir).map_err(|e| not_made(dir, &e))?;
    let path = dir.join("yingxin.log");
    log::open(&path)?;
    terminal::set_panic_hook(path);
    Ok(())
}

/// Opens the doctor's own log beside the store: the desk may be running and writing to its own. Where there is no folder, as
/// before the first start, or it is not this desk's own or cannot be written, which a check tells, the log goes to stderr:
/// checks change nothing, and make no store.
pub(super) fn open_doctor_log(dir: &Path) {
    if ours::folder(dir).is_err() || log::open(&dir.join("doctor.log")).is_err() {
        log::begin_without_file();
    }
}

/// Whether `yingxin practice` created this store.
pub(super) fn is_practice_store(dir: &Path) -> bool {
    dir.join(CAMPUS).exists()
}

/// The options of the checks, from the configuration.
///
/// # Errors
/// The test account is incomplete, or the volunteer's number is no mobile number.
pub(super) fn orders(config: &Config) -> CliResult<CheckSettings> {
    let account = config.test_account(&environment)?;
    let account = account.map(|(student, password)| {
        let student = StudentNumber::exactly(&student).ok_or_else(|| {
            CliError::new(
                Exit::Configuration,
                both!(
                    "the test account's student number is none",
                    "测试帐号的学号不是学号"
                ),
                both!(
                    "set student in [doctor] to letters and digits alone",
                    "[doctor] 的 student 只能用字母和数字"
                ),
            )
        })?;
        CliResult::Ok(Arc::new(TestAccount { student, password }))
    });
    Ok(CheckSettings {
        account: account.transpose()?,
        mobile: config.volunteer_mobile().map(mobile).transpose()?,
        files: files(config),
        house: house(),
    })
}

/// Whether this runs as root although nobody said that it may. A container may have no other user.
pub(super) fn is_root_unasked() -> bool {
    let may = environment(MAY_BE_ROOT).is_some_and(|said| said == "1");
    ours::is_root() && !may
}

/// A real desk, and whether it runs as root although nobody said that it may.
pub(super) fn house() -> House {
    if is_root_unasked() {
        House::RealAsRoot
    } else {
        House::Real
    }
}

/// The files that hold this desk's secrets.
pub(super) fn files(config: &Config) -> Vec<PathBuf> {
    let mut files = config.secret_files(&environment);
    files.extend(key_file(&location(config)));
    files
}

/// Parses a mobile number from the command line or the configuration.
///
/// # Errors
/// It is no mobile number.
pub(super) fn mobile(text: &str) -> CliResult<Mobile> {
    Mobile::parse(text).map_err(|what| {
        CliError::new(
            Exit::Usage,
            both!(
                "{text:?} is no mobile number: {what}",
                "{text:?} 不是手机号：{what}"
            ),
            both!(
                "give the eleven digits of your own number",
                "请给出您自己号码的十一位数字"
            ),
        )
    })
}
