//! Reads secrets, which only the desk's own user may read. A secret is never logged, never shown, and never in an error.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::{Zeroize, Zeroizing};

use super::Environment;
use crate::campus::setting::Setting;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
use crate::ours;
use crate::visit::Secret;

/// The longest secret, in bytes.
const CAP: u64 = 4096;

/// The place of a secret.
pub(super) enum SecretSource {
    Variable(String),
    Credential(PathBuf),
    File(PathBuf),
}

/// Finds a secret: in the environment, then in the configured file, then with the service manager.
pub(super) fn find(
    setting: &Setting,
    file: Option<&str>,
    environment: Environment<'_>,
) -> Option<SecretSource> {
    debug_assert!(setting.is_secret());
    let variable = setting.variable();
    if environment(&variable).is_some() {
        return Some(SecretSource::Variable(variable));
    }
    if let Some(file) = file {
        return Some(SecretSource::File(PathBuf::from(file)));
    }
    environment("CREDENTIALS_DIRECTORY")
        .map(|dir| Path::new(&dir).join(setting.credential()))
        .filter(|path| path.exists())
        .map(SecretSource::Credential)
}

/// Reads the secret from where it was found.
///
/// # Errors
/// Names the file, and never its content.
pub(super) fn read(source: &SecretSource, environment: Environment<'_>) -> CliResult<Secret> {
    match source {
        SecretSource::Variable(name) => clean(environment(name).unwrap_or_default(), name),
        SecretSource::File(path) => read_private(path),
        // The service manager protects these files by access lists, which the mode's bits do not show.
        SecretSource::Credential(path) => read_file(path, false),
    }
}

/// Reads a file that holds one secret: a regular file that only its owner can read.
///
/// # Errors
/// Where the file is missing, not private, empty or too long.
pub fn read_private(path: &Path) -> CliResult<Secret> {
    read_file(path, true)
}

/// Reads a file of secrets, one a line, as [`read_private`] reads one.
///
/// # Errors
/// As [`read_private`], but more lines are no error.
pub fn read_private_lines(path: &Path) -> CliResult<Secret> {
    let text = read_text(path, true)?;
    let is_stray = |c: char| c.is_control() && !matches!(c, '\n' | '\r');
    if text.trim().is_empty() || text.chars().any(is_stray) {
        return Err(CliError::new(
            Exit::BadData,
            both!(
                "{} is empty, or no text",
                "{} 是空的，或不是文字",
                path.display()
            ),
            both!(
                "put the secrets there, one a line",
                "请把密钥放进去，一行一个"
            ),
        ));
    }
    // What stands before it is kept: faults name their line.
    Ok(Secret::new(text.trim_end().to_owned()))
}

fn read_file(path: &Path, private: bool) -> CliResult<Secret> {
    let mut text = read_text(path, private)?;
    clean(std::mem::take(&mut *text), &path.display().to_string())
}

fn read_text(path: &Path, private: bool) -> CliResult<Zeroizing<String>> {
    let name = path.display();
    let failed = |e: io::Error| CliError::io(both!("cannot read {name}", "读不了 {name}"), &e);
    let file = ours::open_secret(path, !private).map_err(failed)?;
    // Room for all of it at once: a string that grows leaves copies behind.
    let mut text = Zeroizing::new(String::with_capacity(CAP as usize + 1));
    file.take(CAP + 1)
        .read_to_string(&mut text)
        .map_err(failed)?;
    if text.len() as u64 > CAP {
        return Err(CliError::new(
            Exit::BadData,
            both!("{name} is too long for a secret", "{name} 太长，不像密钥"),
            both!(
                "name a file that holds nothing but the secret",
                "请指定只有密钥的文件"
            ),
        ));
    }
    Ok(text)
}

/// The secret without the line end that editors add.
fn clean(mut text: String, name: &str) -> CliResult<Secret> {
    let secret = text.trim().to_owned();
    text.zeroize();
    let secret = Secret::new(secret);
    if secret.is_empty() || secret.expose().chars().any(char::is_control) {
        return Err(CliError::new(
            Exit::BadData,
            both!(
                "{name} is empty or holds more than one line",
                "{name} 是空的，或不止一行"
            ),
            both!(
                "put the secret there, in one line",
                "请把密钥放进去，只写一行"
            ),
        ));
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn only_a_private_regular_file_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a secret");
        std::fs::write(&path, "s3cret\n").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        let complaint = read_private(&path).unwrap_err();
        assert_eq!(complaint.exit, Exit::NoPermission);
        assert!(
            complaint.remedy.starts_with("run: chmod 600 '/"),
            "{}",
            complaint.remedy
        );
        assert!(!format!("{complaint:?}").contains("s3cret"));
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        assert_eq!(read_private(&path).unwrap().expose(), "s3cret");
        std::fs::write(&path, " \n").unwrap();
        assert_eq!(read_private(&path).unwrap_err().exit, Exit::BadData);
        std::fs::write(&path, "a\nb\n").unwrap();
        assert_eq!(read_private(&path).unwrap_err().exit, Exit::BadData);
        let lines = read_private_lines(&path).unwrap();
        assert_eq!(lines.expose(), "a\nb");
        std::fs::write(&path, "a\n\u{1b}b\n").unwrap();
        assert_eq!(read_private_lines(&path).unwrap_err().exit, Exit::BadData);
        std::fs::write(&path, "a\n".repeat(3000)).unwrap();
        assert_eq!(read_private_lines(&path).unwrap_err().exit, Exit::BadData);
        assert_eq!(read_private(dir.path()).unwrap_err().exit, Exit::BadData);
        assert_eq!(
            read_private(&dir.path().join("none")).unwrap_err().exit,
            Exit::NoInput
        );
    }
}
