//! The desk's own user on a machine with yingxin-kiosk. Root's commands run as that user there: what they wrote as root the
//! desk could not read, and root has no business in a folder that is another user's.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus};

use super::prepare::is_root_unasked;
use super::tell;
use crate::cli::CliCommand;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::config::Flags;

/// The folder above the desk's, which holds its configuration; the package gives it to the desk's user.
const SETTINGS: &str = "/etc";
const FOLDER: &str = "/etc/yingxin";
/// The desk's store, as its unit names it.
const STORE: &str = "/var/lib/yingxin";
/// What locks the machine.
const LOCK: &str = "/usr/sbin/yingxin-kiosk";
/// What of `yingxin setup` is root's own part.
const LOCK_OPTION: &str = "--lock";

/// The desk's user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DeskUser {
    uid: u32,
    gid: u32,
}

/// The user as which this command runs instead; `None` where it runs as who gave it.
pub(super) fn of(command: &CliCommand, flags: &Flags) -> Option<DeskUser> {
    let is_elsewhere = flags.config.is_some() || flags.store.is_some();
    if is_elsewhere || !is_the_desks(command) || !is_root_unasked() {
        return None;
    }
    owner_of(Path::new(FOLDER))
}

/// Who owns a folder, where that is not root.
fn owner_of(folder: &Path) -> Option<DeskUser> {
    let found = folder.symlink_metadata().ok()?;
    let user = DeskUser {
        uid: found.uid(),
        gid: found.gid(),
    };
    Some(user).filter(|user| found.is_dir() && user.uid != 0)
}

/// Whether a command reads or writes what is the desk's.
fn is_the_desks(command: &CliCommand) -> bool {
    match command {
        CliCommand::Kiosk
        | CliCommand::Config(_)
        | CliCommand::Setup(_)
        | CliCommand::Desk(_)
        | CliCommand::Doctor(_)
        | CliCommand::Pin(_)
        | CliCommand::Theme(_)
        | CliCommand::Tickets(_)
        | CliCommand::Card(_)
        | CliCommand::Report(_)
        | CliCommand::Roster(_)
        | CliCommand::Store(_)
        | CliCommand::Clock(_)
        | CliCommand::Audit(_)
        | CliCommand::Visits(_) => true,
        CliCommand::Practice(_)
        | CliCommand::Campus { .. }
        | CliCommand::Pack(_)
        | CliCommand::Completions { .. }
        | CliCommand::Man { .. }
        | CliCommand::Help { .. }
        | CliCommand::Qr(_) => false,
    }
}

impl DeskUser {
    /// Goes on with this command line as the desk's user; where the machine is to be locked it waits for the end of that and
    /// locks it.
    ///
    /// # Errors
    /// The program or the lock cannot be started.
    pub(super) fn run(self, command: &CliCommand) -> CliResult<ExitCode> {
        let locks = matches!(command, CliCommand::Setup(setup) if setup.lock);
        let failed = |e| {
            CliError::io(
                pick("cannot run as the desk's user", "不能以迎新台的用户运行"),
                &e,
            )
        };
        let mut command = self.command(std::env::args_os().skip(1))?;
        if !locks {
            return Err(failed(command.exec()));
        }
        let status = command.status().map_err(failed)?;
        if !status.success() {
            tell(pick(
                "yingxin: this machine is not locked yet\n   help: mend what is named above, then run: yingxin-kiosk lock\n",
                "yingxin: 本机还没有锁定\n   办法: 请改好上面指出的，再运行 yingxin-kiosk lock\n",
            ));
            return Ok(code(status));
        }
        let locked = Command::new(LOCK).arg("lock").status();
        locked
            .map(code)
            .map_err(|e| CliError::io(both!("cannot run {LOCK}", "运行不了 {LOCK}"), &e))
    }

    /// This program as that user, without root's groups, with the folders that the unit gives to the desk.
    fn command(self, arguments: impl Iterator<Item = std::ffi::OsString>) -> CliResult<Command> {
        let program = std::env::current_exe().map_err(|e| {
            CliError::new(
                Exit::Failure,
                e.to_string(),
                pick("install it again", "请重新安装"),
            )
        })?;
        let mut command = Command::new(program);
        command
            .args(arguments.filter(|argument| argument != LOCK_OPTION))
            .uid(self.uid)
            .gid(self.gid)
            .env("HOME", STORE)
            .env("STATE_DIRECTORY", STORE)
            .env("XDG_CONFIG_HOME", SETTINGS)
            .env_remove("XDG_STATE_HOME");
        Ok(command)
    }
}

/// The exit code of the command, or the shell's number for a signal.
fn code(status: ExitStatus) -> ExitCode {
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_of_the_desks_user_has_its_folders_and_no_lock() {
        let user = DeskUser { uid: 7, gid: 8 };
        let line = ["setup", "--lock", "--from", "a"].map(Into::into);
        let command = user.command(line.into_iter()).unwrap();
        let arguments: Vec<_> = command.get_args().collect();
        assert_eq!(arguments, ["setup", "--from", "a"]);
        let value = |name: &str| {
            command
                .get_envs()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.map(|value| value.to_string_lossy().into_owned()))
        };
        assert_eq!(value("STATE_DIRECTORY"), Some(Some(STORE.into())));
        assert_eq!(value("XDG_CONFIG_HOME"), Some(Some(SETTINGS.into())));
        assert_eq!(value("XDG_STATE_HOME"), Some(None));
    }

    #[test]
    fn only_a_folder_of_another_user_names_one() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(owner_of(&home.path().join("none")), None);
        let file = home.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(owner_of(&file), None);
        let found = owner_of(home.path());
        assert_eq!(found.is_none(), crate::ours::is_root());
    }

    #[test]
    fn what_the_shell_would_say_of_an_end() {
        assert_eq!(code(ExitStatus::from_raw(78 << 8)), ExitCode::from(78));
        assert_eq!(code(ExitStatus::from_raw(9)), ExitCode::from(137));
    }
}
