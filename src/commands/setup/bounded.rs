//! Files that a person names, read whole and never without a bound.

use std::io::Read;
use std::path::Path;

use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};

/// A whole file of at most so many bytes. What is no file is not opened: a pipe would be waited for.
///
/// # Errors
/// It is no file, cannot be read, or is larger.
pub fn bounded(path: &Path, most: u64) -> CliResult<Vec<u8>> {
    let named = path.display();
    let failed = |e| CliError::io(both!("cannot read {named}", "读不了 {named}"), &e);
    let unfit = |what: &str| {
        CliError::new(
            Exit::BadData,
            format!("{named} {what}"),
            pick("name the right file", "请指定正确的文件"),
        )
    };
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(unfit(pick("is no file", "不是文件")));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() as u64 > most {
        return Err(unfit(&both!(
            "is larger than {most} bytes",
            "超过 {most} 字节"
        )));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(bounded(&path, 5).unwrap(), b"12345");
        assert_eq!(bounded(&path, 4).unwrap_err().exit, Exit::BadData);
        assert_eq!(
            bounded(&dir.path().join("b"), 4).unwrap_err().exit,
            Exit::NoInput
        );
        // Neither a folder nor a pipe that nobody writes to.
        let pipe = dir.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        for no_file in [dir.path(), &pipe] {
            assert_eq!(bounded(no_file, 4).unwrap_err().exit, Exit::BadData);
        }
    }
}
