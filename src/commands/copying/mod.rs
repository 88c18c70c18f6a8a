//! Copying a desk: `yingxin desk export` seals what the next desk needs, `yingxin setup --from` makes a desk of it, and
//! `yingxin desk import` brings a desk up to date that runs already. Never in it: the desk's key, and visits.

mod archive;
mod export;
mod import;
mod passphrase;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use export::run as export;
pub use import::{Target, run as import};
pub use passphrase::ask as ask_passphrase;

use super::setup::staging::{self, DeskFile};
use crate::cli::ImportArgs;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::config::{Flags, environment};
use crate::ours;

/// `yingxin desk import`.
///
/// # Errors
/// As [`import`].
pub fn update(flags: &Flags, options: &ImportArgs) -> CliResult<()> {
    let place = staging::place(flags.config.as_deref(), &environment)?;
    let target = Target {
        place: &place,
        number: None,
        updates: true,
        replaces: true,
    };
    let passphrase = ask_passphrase(options.passphrase_file.as_deref(), false)?;
    import(flags, &options.file, &passphrase, target)
}

/// What a desk's folder says of the export that it holds.
const RECORD: &str = "copied.json";
/// Its longest text, in bytes.
const LONGEST_RECORD: u64 = 64 * 1024;

/// Which export a desk was made of, or made last: an older one is refused.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct CopyRecord {
    /// Its serial; see [`archive::Manifest::serial`].
    serial: i64,
    /// The files that it brought.
    files: Vec<String>,
}

impl CopyRecord {
    /// The record in a desk's folder; none where it was never copied.
    fn read(folder: &Path) -> CliResult<Option<Self>> {
        let path = folder.join(RECORD);
        let failed = |e: std::io::Error| {
            CliError::io(both!("cannot read {}", "读不了 {}", path.display()), &e)
        };
        let text = match ours::read_text(&path, LONGEST_RECORD) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(failed)?,
        };
        serde_json::from_str(&text).map(Some).map_err(|_| {
            CliError::new(
                Exit::BadData,
                both!(
                    "{} cannot be read: which export this desk has is not known",
                    "读不了 {}：不知道这台有的是哪一份导出",
                    path.display()
                ),
                pick(
                    "take that file away: then any export is taken",
                    "请移走那个文件：之后任何导出都接受",
                ),
            )
        })
    }

    fn file(&self) -> CliResult<DeskFile> {
        let text = serde_json::to_vec(self).map_err(|e| {
            CliError::new(
                Exit::Failure,
                e.to_string(),
                pick("run it again", "请再运行一次"),
            )
        })?;
        Ok(DeskFile::new(RECORD, text))
    }
}
