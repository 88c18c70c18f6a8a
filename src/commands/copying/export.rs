//! `yingxin desk export`: the configuration, the pack with its images, the secrets, the PINs and the roster in one file
//! that a passphrase seals.

use std::io::{IsTerminal, Write};
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::archive::Export;
use super::{CopyRecord, passphrase};
use crate::campus::pack;
use crate::cli::ExportArgs;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::commands::setup::staging::{self, DeskFile};
use crate::commands::setup::{self, Settings};
use crate::commands::{location, prepare, say, say_bytes, tell};
use crate::config::{self, Config, Flags, environment};
use crate::escape;
use crate::ours;
use crate::store::{Enrolled, Store};

/// The name of a file that is none: the standard output, into a file that only root's shell can write.
const STDOUT: &str = "-";

/// Writes the export.
///
/// # Errors
/// The desk's configuration is wrong, the file is there already, or it cannot be written.
pub fn run(flags: &Flags, options: &ExportArgs) -> CliResult<()> {
    let path = options.file.as_path();
    let is_piped = path == Path::new(STDOUT);
    if is_piped && std::io::stdout().is_terminal() {
        return Err(CliError::new(
            Exit::Usage,
            pick(
                "an export is no text for a terminal",
                "导出的内容不是给终端看的文字",
            ),
            pick(
                "write: yingxin desk export - > FILE",
                "请写 yingxin desk export - > 文件",
            ),
        ));
    }
    if !is_piped && path.symlink_metadata().is_ok() {
        return Err(CliError::new(
            Exit::CannotCreate,
            both!("{} is there already", "{} 已经在了", path.display()),
            pick(
                "name another file, or take that one away",
                "请换一个文件名，或移走那个文件",
            ),
        ));
    }
    let config = config::load(flags, &environment)?;
    let folder = config
        .file
        .as_deref()
        .and_then(Path::parent)
        .ok_or_else(|| {
            CliError::new(
                Exit::NoInput,
                pick(
                    "there is no desk to be exported: no yingxin.toml was found",
                    "没有可以导出的迎新台：找不到 yingxin.toml",
                ),
                pick(
                    "run: yingxin setup, or give --config FILE",
                    "请运行 yingxin setup，或给出 --config 文件",
                ),
            )
        })?;
    let files = files(&config, !options.without_secrets)?;
    let roster = if options.without_roster {
        None
    } else {
        roster(&config)?
    };
    let passphrase = passphrase::ask(options.passphrase_file.as_deref(), true)?;
    let before = CopyRecord::read(folder)?;
    let now = Timestamp::now().as_millisecond();
    let serial = before
        .as_ref()
        .map_or(now, |before| now.max(before.serial.saturating_add(1)));
    let names = files.iter().map(|file| file.name.clone()).collect();
    let rows = roster.as_ref().map(Vec::len);
    let has_secrets = !options.without_secrets;
    let export = Export::new(config.number.get(), serial, has_secrets, files, roster);
    let sealed = export.seal(&passphrase)?;
    if is_piped {
        say_bytes(&sealed)?;
    } else {
        write(path, &sealed)?;
    }
    // What this desk made is what it has: an older export is none for it.
    let record = CopyRecord {
        serial,
        files: before.map_or(names, |before| before.files),
    };
    let record = record.file()?;
    ours::replace(&folder.join(&record.name), &record.bytes).map_err(|e| {
        CliError::io(
            both!("cannot write into {}", "写不进 {}", folder.display()),
            &e,
        )
    })?;
    let list: Vec<&str> = export.files.iter().map(|file| file.name.as_str()).collect();
    let rows = rows.map_or(pick("no roster", "没有名单").to_owned(), |rows| {
        both!("a roster of {rows}", "名单 {rows} 人")
    });
    let told = both!(
        "wrote {}: {}; {rows}\nOn the next machine: yingxin setup --from FILE\n",
        "已写好 {}：{}；{rows}\n在下一台电脑上：yingxin setup --from 文件\n",
        escape::path(path),
        list.join(", ")
    );
    if is_piped {
        tell(&told);
        return Ok(());
    }
    say(&told)
}

/// The files of a desk's folder as another desk gets them.
fn files(config: &Config, with_secrets: bool) -> CliResult<Vec<DeskFile>> {
    let mut settings = Settings::new(config.copied(), config.file.clone());
    let mut files = Vec::new();
    if let Some(path) = &config.pack {
        let begun = pack::begin(Some(path))?;
        for image in &begun.front().images {
            files.push(setup::image_beside(path, &image.path).map_err(|what| {
                let what = format!("{}: {what}", path.display());
                let remedy = pick(
                    "put the image beside the pack, and name it without a path",
                    "请把图片放在数据包旁边，只写文件名",
                );
                CliError::new(Exit::BadData, what, remedy)
            })?);
        }
        let named = || both!("the pack {}", "数据包 {}", path.display());
        let text = crate::table::read_file(path, named, Exit::BadData)?;
        files.push(DeskFile::new(setup::PACK, text));
        settings.set("pack", setup::PACK.into());
    }
    files.push(DeskFile::new(setup::PIN, prepare::pins(config)?.to_text()));
    settings.set("desk.pin_file", setup::PIN.into());
    if config.themes_dir.is_some() {
        tell(pick(
            "yingxin: the folder of your own themes is not copied\n   help: copy it by hand, and set themes_dir there\n",
            "yingxin: 放自己配色的文件夹没有带上\n   办法: 请手工复制，并在那边设 themes_dir\n",
        ));
    }
    for (setting, secret) in config.secrets(&environment)? {
        let name = setup::secret_name(setting);
        settings.set(setting.key, name.clone());
        if with_secrets {
            files.push(DeskFile::new(name, format!("{}\n", secret.expose())));
        }
    }
    files.extend(settings.certificates()?);
    files.push(DeskFile::new(staging::CONFIG, settings.text()));
    Ok(files)
}

fn roster(config: &Config) -> CliResult<Option<Vec<Enrolled>>> {
    let Some(roster) = Store::roster_of(&location(config), &TimeZone::system())? else {
        return Ok(None);
    };
    if !roster.is_there() {
        return Ok(None);
    }
    let (all, damaged) = roster
        .all()
        .map_err(|e| CliError::io(pick("cannot read the roster", "读不了名单"), &e))?;
    if damaged > 0 {
        return Err(CliError::new(
            Exit::BadData,
            both!(
                "{damaged} rows of the roster are damaged",
                "名单里有 {damaged} 行损坏"
            ),
            pick(
                "import it again: yingxin roster import FILE; or leave it out: --without-roster",
                "请重新导入：yingxin roster import 文件；或不带名单：--without-roster",
            ),
        ));
    }
    Ok(Some(all))
}

/// Writes a new file whole, or takes away what was written of it.
fn write(path: &Path, bytes: &[u8]) -> CliResult<()> {
    let failed = |e| CliError::io(both!("cannot write {}", "写不了 {}", path.display()), &e);
    let mut file = ours::create(path).map_err(failed)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|e| {
        let _ = std::fs::remove_file(path);
        failed(e)
    })
}
