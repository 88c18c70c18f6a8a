//! The files of a desk, put into its folder all together: written beside it, synced, checked there, and renamed. Once the
//! list of them is written nothing but renaming is left, which the next command finishes where a power cut came between.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::ours;

/// The configuration's name in a desk's folder.
pub const CONFIG: &str = "yingxin.toml";
/// The folder in a desk's folder in which files are made ready.
const STAGE: &str = ".setup";
/// The list of what is ready, in that folder.
const READY: &str = "ready";
/// The longest name of a file, in bytes.
pub const LONGEST_NAME: usize = 120;
/// The longest list, in bytes.
const LONGEST_LIST: u64 = 64 * 1024;

/// A file of a desk's folder.
#[derive(Clone, Debug)]
pub struct DeskFile {
    /// Its name, without a path.
    pub name: String,
    /// Its content, which may be a secret.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl DeskFile {
    /// A file of this name.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        DeskFile {
            name: name.into(),
            bytes: Zeroizing::new(bytes.into()),
        }
    }
}

/// Whether this names a file in a desk's folder: no path, nothing hidden, nothing that cannot be printed.
pub fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= LONGEST_NAME
        && !name.starts_with(['.', '-'])
        && !name.contains(['/', '\\'])
        && !name
            .chars()
            .any(|c| c.is_control() || crate::visit::is_format(c))
}

/// Finishes what an earlier command had made ready, and takes away what it had not. Without anything of that it does
/// nothing.
///
/// # Errors
/// The disk's, or a folder of somebody else.
pub fn finish(folder: &Path) -> CliResult<()> {
    match ours::folder(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other.map(drop).map_err(|e| failed(folder, &e))?,
    }
    let stage = folder.join(STAGE);
    if stage.symlink_metadata().is_err() {
        return Ok(());
    }
    finish_in(folder, &stage).map_err(|e| failed(folder, &e))
}

/// As [`finish`], for a desk that starts: only what was made ready, and only in a folder of its own.
///
/// # Errors
/// As [`finish`].
pub fn finish_ready(place: &Path) -> CliResult<()> {
    let folder = place.parent().unwrap_or(Path::new("/"));
    if folder.join(STAGE).join(READY).symlink_metadata().is_err() {
        return Ok(());
    }
    finish(folder)
}

fn finish_in(folder: &Path, stage: &Path) -> io::Result<()> {
    ours::inner_folder(stage)?;
    match ours::read_text(&stage.join(READY), LONGEST_LIST) {
        Ok(list) => publish(folder, stage, list.lines()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => std::fs::remove_dir_all(stage),
        Err(e) => Err(e),
    }
}

/// Writes files beside a desk's folder, has them checked there, and puts them into it. The configuration comes last.
///
/// # Errors
/// The check's, a full disk, a name that is none, or a folder of somebody else. Nothing was changed then.
pub fn install(
    folder: &Path,
    files: &[DeskFile],
    check: impl FnOnce(&Path) -> CliResult<()>,
) -> CliResult<()> {
    ours::make_folder(folder).map_err(|e| super::super::not_made(folder, &e))?;
    finish(folder)?;
    let stage = folder.join(STAGE);
    let staged = write_all(&stage, files)
        .map_err(|e| failed(folder, &e))
        .and_then(|()| check(&stage));
    if let Err(error) = staged {
        // What is left of it is taken away by the next command at the latest.
        let _ = std::fs::remove_dir_all(&stage);
        return Err(error);
    }
    let mut names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    names.sort_by_key(|name| *name == CONFIG);
    write(&stage.join(READY), names.join("\n").as_bytes())
        .and_then(|()| sync(&stage))
        .and_then(|()| publish(folder, &stage, names.into_iter()))
        .map_err(|e| failed(folder, &e))
}

fn write_all(stage: &Path, files: &[DeskFile]) -> io::Result<()> {
    ours::make_inner_folder(stage)?;
    for file in files {
        if !is_plain_name(&file.name) {
            let what = both!("{:?} is no name of a file", "{:?} 不是文件名", file.name);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        write(&stage.join(&file.name), &file.bytes)?;
    }
    sync(stage)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = ours::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn publish<'a>(
    folder: &Path,
    stage: &Path,
    names: impl Iterator<Item = &'a str>,
) -> io::Result<()> {
    for name in names.filter(|name| is_plain_name(name)) {
        match std::fs::rename(stage.join(name), folder.join(name)) {
            // It was renamed before the power cut.
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    sync(folder)?;
    std::fs::remove_dir_all(stage)?;
    sync(folder)
}

fn sync(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

fn failed(folder: &Path, error: &io::Error) -> CliError {
    let doing = both!("cannot write into {}", "写不进 {}", folder.display());
    let complaint = CliError::io(doing, error);
    match complaint.exit {
        Exit::InputOutput => CliError {
            remedy: both!(
                "{}, then run it again: nothing was changed",
                "{}，然后再运行一次：什么也没有改动",
                complaint.remedy
            ),
            ..complaint
        },
        _ => complaint,
    }
}

/// The desk's folder and its configuration: that of `--config`, or the first place that is searched.
///
/// # Errors
/// There is no such place.
pub fn place(
    config: Option<&Path>,
    environment: crate::config::Environment<'_>,
) -> CliResult<PathBuf> {
    let named = config.map(Path::to_owned);
    let found = named.or_else(|| crate::config::places(environment).into_iter().next());
    let path = found.ok_or_else(|| {
        CliError::new(
            Exit::Configuration,
            pick(
                "there is no place for the desk's files: $HOME is not set",
                "没有放台子文件的地方：没有设 $HOME",
            ),
            pick("give --config FILE", "请给出 --config 文件"),
        )
    })?;
    if path.file_name() != Some(CONFIG.as_ref()) {
        return Err(CliError::new(
            Exit::Usage,
            both!(
                "a desk that is set up has its settings in {CONFIG}",
                "这样建立的迎新台，设置都在 {CONFIG} 里"
            ),
            both!(
                "give --config FOLDER/{CONFIG}",
                "请给出 --config 文件夹/{CONFIG}"
            ),
        ));
    }
    Ok(std::path::absolute(&path).unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn files() -> Vec<DeskFile> {
        vec![
            DeskFile::new(CONFIG, "[desk]\n"),
            DeskFile::new("a.secret", "s3cret"),
            DeskFile::new("注册码.jpg", "image"),
        ]
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn all_files_come_or_none() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("desk");
        let no = || CliError::new(Exit::BadData, "no", "no");
        let refused = install(&folder, &files(), |_| Err(no()));
        assert_eq!(refused, Err(no()));
        assert_eq!(names(&folder), [""; 0]);
        install(&folder, &files(), |stage| {
            assert!(stage.join(CONFIG).exists());
            Ok(())
        })
        .unwrap();
        assert_eq!(names(&folder), ["a.secret", CONFIG, "注册码.jpg"]);
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join("a.secret")), 0o600);
    }

    #[test]
    fn an_interrupted_one_goes_on_or_is_forgotten() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path();
        let stage = folder.join(STAGE);
        // Cut before the list: nothing happened.
        write_all(&stage, &files()).unwrap();
        finish(folder).unwrap();
        assert_eq!(names(folder), [""; 0]);
        // Cut between two names.
        write_all(&stage, &files()).unwrap();
        write(
            &stage.join(READY),
            "a.secret\n注册码.jpg\nyingxin.toml".as_bytes(),
        )
        .unwrap();
        std::fs::rename(stage.join("a.secret"), folder.join("a.secret")).unwrap();
        finish(folder).unwrap();
        assert_eq!(names(folder), ["a.secret", CONFIG, "注册码.jpg"]);
        finish(folder).unwrap();
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for name in [
            "../x",
            "/etc/passwd",
            ".hidden",
            "",
            "a/b",
            "a\\b",
            "-x",
            "a\nb",
            "a\u{202e}b",
        ] {
            assert!(!is_plain_name(name), "{name:?}");
            let home = tempfile::tempdir().unwrap();
            let folder = home.path().join("desk");
            assert!(install(&folder, &[DeskFile::new(name, "x")], |_| Ok(())).is_err());
            assert_eq!(names(home.path()), ["desk"]);
            assert_eq!(names(&folder), [""; 0]);
        }
        // A list that somebody changed leads nowhere either.
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("desk");
        let stage = folder.join(STAGE);
        std::fs::create_dir(&folder).unwrap();
        write_all(&stage, &files()).unwrap();
        write(&stage.join(READY), b"../../x\nready").unwrap();
        finish(&folder).unwrap();
        assert_eq!(names(home.path()), ["desk"]);
    }
}
