//! `yingxin setup --from` and `yingxin desk import`: a desk made of an export, or brought up to date by a later one.

use std::path::Path;

use jiff::tz::TimeZone;

use super::archive::Export;
use super::{CopyRecord, RECORD};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::commands::setup::staging::{self, CONFIG, DeskFile, is_plain_name};
use crate::commands::setup::{self, Settings};
use crate::commands::{ask, location, say, tell};
use crate::config::{self, Config, Flags};
use crate::desk::socket::{IpcQuestion, IpcReply};
use crate::screen::pages::script::moment;
use crate::store::{RealDisk, Store};
use crate::table::{Document, Source};
use crate::visit::{DeskNumber, Secret};

/// The desk that is made or brought up to date.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Where its configuration is.
    pub place: &'a Path,
    /// Its number; `None` for the one that it has.
    pub number: Option<DeskNumber>,
    /// It must be there already.
    pub updates: bool,
    /// Another desk's settings are replaced.
    pub replaces: bool,
}

/// The settings that are each machine's own, whatever an export says.
const OWN: [&str; 3] = ["desk.number", "store.dir", "store.key_file"];

/// Opens an export and puts it in the place of what the desk has. A desk that runs takes it when nobody stands there.
///
/// # Errors
/// The file was changed or cut, is older than what the desk has, or does not fit. Nothing was changed then.
pub fn run(flags: &Flags, file: &Path, passphrase: &Secret, target: Target<'_>) -> CliResult<()> {
    let folder = target.place.parent().unwrap_or(Path::new("/"));
    staging::finish(folder)?;
    let present = present(flags, target)?;
    let export = Export::open(file, passphrase)?;
    let before = CopyRecord::read(folder)?;
    if let Some(before) = &before
        && before.serial > export.manifest.serial
    {
        let has = jiff::Timestamp::from_millisecond(before.serial).unwrap_or_default();
        let zone = TimeZone::system();
        return Err(CliError::new(
            Exit::BadData,
            both!(
                "{} was made {}, and this desk has a later one, of {}; nothing was changed",
                "{} 是 {} 做的，而这台已有更新的一份（{}）；什么也没有改动",
                file.display(),
                moment(export.made(), &zone),
                moment(has, &zone)
            ),
            pick(
                "export that desk again, and take the new file",
                "请在那台重新导出，用新的文件",
            ),
        ));
    }
    let files = files(flags, &export, present.as_ref(), target, folder)?;
    if !target.updates && !target.replaces {
        setup::refuse_other(target.place, &files)?;
    }
    staging::install(folder, &files, |stage| setup::check(flags, stage))?;
    setup::make_store(flags, target.place)?;
    remove_what_went(folder, before.as_ref(), &files);
    let config = setup::load_at(flags, target.place)?;
    if let Some(roster) = &export.roster {
        Store::make_roster(&location(&config), &TimeZone::system())?.replace(&RealDisk, roster)?;
    }
    say(&both!(
        "desk {} has what desk {} had on {}: {} files, {}\n",
        "{} 号台已有 {} 号台在 {} 的内容：{} 个文件，{}\n",
        config.number,
        export.manifest.desk,
        moment(export.made(), &TimeZone::system()),
        files.len(),
        match &export.roster {
            Some(roster) => both!("a roster of {}", "名单 {} 人", roster.len()),
            None => pick("the roster as it was", "名单不变").into(),
        }
    ))?;
    reload(&config)
}

/// The desk that is there.
fn present(flags: &Flags, target: Target<'_>) -> CliResult<Option<Config>> {
    let is_there = target.place.symlink_metadata().is_ok();
    match (target.updates, is_there) {
        (false, false) => Ok(None),
        (true, false) => Err(CliError::new(
            Exit::NoInput,
            both!(
                "no desk is set up here: {} is not there",
                "这里还没有建立迎新台：没有 {}",
                target.place.display()
            ),
            pick(
                "run: yingxin setup --from FILE",
                "请运行 yingxin setup --from 文件",
            ),
        )),
        // Where it is replaced it may be faulty.
        (false, true) if target.replaces => Ok(setup::load_at(flags, target.place).ok()),
        (_, true) => setup::load_at(flags, target.place).map(Some),
    }
}

/// The files of the export as this desk has them: with its own number and store, and the secrets that it has where the
/// export was made without.
fn files(
    flags: &Flags,
    export: &Export,
    present: Option<&Config>,
    target: Target<'_>,
    folder: &Path,
) -> CliResult<Vec<DeskFile>> {
    let brought = export.files.iter().find(|file| file.name == CONFIG);
    let text = brought.and_then(|file| std::str::from_utf8(&file.bytes).ok());
    let text = text.ok_or_else(|| unfit(pick("it holds no configuration", "里面没有配置")))?;
    let source = Source { file: CONFIG, text };
    let document = Document::parse(&source)?;
    let read = config::read_settings(&document.root(), Path::new(""))?;
    let mut settings = Settings::new(read, None);
    for key in OWN {
        settings.clear(key);
    }
    let number = target.number.or(present.map(|config| config.number));
    let number =
        number.ok_or_else(|| unfit(pick("the desk's number is not given", "没有给出台号")))?;
    settings.set("desk.number", number.to_string());
    if let Some(config) = present {
        for value in config.own(&["store.dir", "store.key_file"]) {
            settings.keep(value);
        }
    }
    if let Some(store) = &flags.store {
        let store = std::path::absolute(store).unwrap_or_else(|_| store.clone());
        settings.set("store.dir", store.display().to_string());
    }
    let mut files: Vec<DeskFile> = export.files.clone();
    files.retain(|file| file.name != CONFIG && file.name != RECORD);
    for (key, name) in settings.files() {
        // A path that leads out of the folder would read what is not this desk's.
        if !is_plain_name(&name) {
            return Err(unfit(&both!(
                "{key} names a file outside of the desk's folder",
                "{key} 指向台子文件夹之外的文件"
            )));
        }
        if files.iter().any(|file| file.name == name) {
            continue;
        }
        let secret = config::read_private(&folder.join(&name)).map_err(|error| CliError {
            remedy: both!("the export was made without secrets: put {name} into {} (chmod 600), then run it again", "这份导出不带密钥：请把 {name} 放进 {}（chmod 600），再运行一次",
                folder.display()
            ),
            ..error
        })?;
        files.push(DeskFile::new(name, format!("{}\n", secret.expose())));
    }
    let mut names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    names.push(CONFIG.into());
    let record = CopyRecord {
        serial: export.manifest.serial,
        files: names,
    };
    files.push(record.file()?);
    files.push(DeskFile::new(CONFIG, settings.text()));
    Ok(files)
}

fn unfit(what: &str) -> CliError {
    CliError::new(
        Exit::BadData,
        both!("the export does not fit: {what}", "这份导出不合适：{what}"),
        pick(
            "make it anew: yingxin desk export FILE",
            "请重新导出：yingxin desk export 文件",
        ),
    )
}

/// Takes away what the export before had brought and this one has no more: a secret that is not used is none to keep.
fn remove_what_went(folder: &Path, before: Option<&CopyRecord>, files: &[DeskFile]) {
    let went = before.iter().flat_map(|before| &before.files);
    for name in went.filter(|name| is_plain_name(name)) {
        if files.iter().all(|file| file.name != *name)
            && std::fs::remove_file(folder.join(name)).is_err()
        {
            tracing::debug!("a file of the export before was gone already");
        }
    }
}

/// Has a running desk take what is new, once nobody stands there.
fn reload(config: &Config) -> CliResult<()> {
    match ask::kiosk(&config.store_dir, &IpcQuestion::Reload)? {
        None => Ok(()),
        Some(IpcReply::Done) => say(pick(
            "the running desk takes it as soon as nobody stands there\n",
            "运行中的迎新台在没有人时采用它\n",
        )),
        Some(_) => {
            tell(pick(
                "yingxin: the running desk does not know how to take it\n   help: start it again\n",
                "yingxin: 运行中的迎新台不会采用它\n   办法: 请重新启动它\n",
            ));
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_own_setting_is_one() {
        for key in OWN {
            assert!(
                config::settings().any(|setting| setting.key == key),
                "{key}"
            );
        }
    }
}
