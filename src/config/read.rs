//! File, environment and flags into one [`Config`]: the command line wins over the environment, the environment over
//! the file, the file over the defaults.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::settings::{
    IDLE_SECONDS, KEYBOARD, LANGUAGE, NUMBER, PACK, PIN_FILE, SCANNER, STORE_DIR, STORE_KEY_FILE,
    THEME, THEMES_DIR, settings,
};
use super::{Config, Environment, Flags, Origin, Value, default_store, places};
use crate::campus::setting::{BETWEEN_TEXTS, Setting, SettingKind};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::table::{Document, Fault, Source, Table, read_file, suggest};
use crate::text::{Lang, UnknownLang};
use crate::visit::DeskNumber;

pub(super) fn load(flags: &Flags, environment: Environment<'_>) -> CliResult<Config> {
    let file = find_file(flags.config.clone(), environment);
    let mut values: Vec<Value> = match &file {
        None => settings().map(unset).collect(),
        Some(path) => {
            let name = path.display().to_string();
            let named = || both!("the configuration {name}", "配置 {name}");
            let text = read_file(path, named, Exit::Configuration)?;
            read_values(
                path,
                &Source {
                    file: &name,
                    text: &text,
                },
            )?
        }
    };
    for value in &mut values {
        overlay(value, flags, environment)?;
    }
    if environment(OLD_LETTER_VARIABLE).is_some() {
        let (what, remedy) = no_letter();
        let fault = Fault {
            file: "environment".into(),
            line: None,
            key: OLD_LETTER_VARIABLE.into(),
            what: what.into(),
            remedy: remedy.into(),
        };
        return Err(fault.into());
    }
    settle(file, values, environment)
}

/// The settings in a file's tables, each with its line. Other keys are left to the caller. `folder` is the file's.
///
/// # Errors
/// The first value that is refused.
pub fn read_settings(root: &Table<'_>, folder: &Path) -> Result<Vec<Value>, Fault> {
    read_table(root, "", folder)
}

fn unset(setting: &'static Setting) -> Value {
    Value {
        setting,
        text: setting.default.map(str::to_owned),
        origin: match setting.default {
            Some(_) => Origin::Default,
            None => Origin::Unset,
        },
    }
}

/// The configuration file, where the command line names this one. A file that is named must exist; the usual places may be
/// empty.
pub fn find_file(named: Option<PathBuf>, environment: Environment<'_>) -> Option<PathBuf> {
    let named = named.or_else(|| environment("YINGXIN_CONFIG").map(PathBuf::from));
    named.or_else(|| places(environment).into_iter().find(|path| path.exists()))
}

fn read_values(path: &Path, source: &Source<'_>) -> Result<Vec<Value>, Fault> {
    let document = Document::parse(source)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let root = document.root();
    let values = read_table(&root, "", folder)?;
    root.finish()?;
    Ok(ordered(values))
}

/// Every setting in the table's order, with these values.
fn ordered(values: Vec<Value>) -> Vec<Value> {
    let mut ordered: Vec<Value> = settings().map(unset).collect();
    for value in values {
        if let Some(place) = ordered
            .iter_mut()
            .find(|known| known.setting.key == value.setting.key)
        {
            *place = value;
        }
    }
    ordered
}

/// The configuration of these settings alone, which stand in this file: the environment adds the store's folder.
///
/// # Errors
/// As [`super::load`].
pub fn of_settings(
    file: &Path,
    values: Vec<Value>,
    environment: Environment<'_>,
) -> CliResult<Config> {
    settle(Some(file.to_owned()), ordered(values), environment)
}

/// The settings of one section and, below it, of the sections within.
fn read_table(table: &Table<'_>, section: &str, folder: &Path) -> Result<Vec<Value>, Fault> {
    let mut values = Vec::new();
    if section == OLD_LETTER.0 && table.keys().any(|key| key == OLD_LETTER.1) {
        let (what, remedy) = no_letter();
        return Err(table.fault_in(OLD_LETTER.1, what, remedy));
    }
    for setting in settings().filter(|s| s.split().0 == section) {
        values.extend(read_value(table, setting, folder)?);
    }
    for name in sections_in(section) {
        if let Some(inner) = table.table(name)? {
            let path = if section.is_empty() {
                name.to_owned()
            } else {
                format!("{section}.{name}")
            };
            values.extend(read_table(&inner, &path, folder)?);
            inner.finish()?;
        }
    }
    Ok(values)
}

/// The section and key of the letter that a desk had before it had a number.
const OLD_LETTER: (&str, &str) = ("desk", "letter");
/// Its variable.
const OLD_LETTER_VARIABLE: &str = "YINGXIN_DESK_LETTER";

/// What is wrong with a desk's letter, and the remedy.
fn no_letter() -> (&'static str, &'static str) {
    (
        pick(
            "desks have numbers now, and no letters",
            "现在迎新台用编号，不用字母",
        ),
        pick(
            "write `number = 1` instead, 1 to 999 and another one for each desk; pickup numbers with the letter are still found",
            "请改写 `number = 1`，1 到 999，每台各不相同；带字母的续办号仍然找得到",
        ),
    )
}

/// The names of the sections right below `section`.
fn sections_in(section: &str) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = settings()
        .filter_map(|setting| {
            let (of, _) = setting.split();
            let below = if section.is_empty() {
                Some(of)
            } else {
                of.strip_prefix(section)
                    .and_then(|rest| rest.strip_prefix('.'))
            };
            below
                .and_then(|rest| rest.split('.').next())
                .filter(|name| !name.is_empty())
        })
        .collect();
    names.dedup();
    names
}

fn read_value(
    table: &Table<'_>,
    setting: &'static Setting,
    folder: &Path,
) -> Result<Option<Value>, Fault> {
    let (_, name) = setting.split();
    let found = match setting.kind {
        SettingKind::Number(from, to) => table
            .number(name, from..=to)?
            .map(|found| (found.value.to_string(), found.line)),
        SettingKind::Order(_) => table
            .texts(name)?
            .map(|texts| (texts.join(", "), table.line_of(name))),
        SettingKind::Texts(_) => table
            .texts(name)?
            .filter(|texts| !texts.is_empty())
            .map(|texts| (texts.join(&BETWEEN_TEXTS.to_string()), table.line_of(name))),
        _ => table.text(name)?.map(|found| (found.value, found.line)),
    };
    let Some((text, line)) = found else {
        return Ok(None);
    };
    let text = match setting.kind {
        SettingKind::Path | SettingKind::SecretFile => folder.join(&text).display().to_string(),
        _ => text,
    };
    setting
        .check(&text)
        .map_err(|invalid| table.fault_in(name, invalid.what, invalid.remedy))?;
    Ok(Some(Value {
        setting,
        text: Some(text),
        origin: Origin::File(line),
    }))
}

/// Replaces the value from the file by that of the environment or a flag.
fn overlay(value: &mut Value, flags: &Flags, environment: Environment<'_>) -> CliResult<()> {
    if let Some((name, text)) = flag(value.setting, flags) {
        value.text = Some(text);
        value.origin = Origin::Flag(name);
        return Ok(());
    }
    // A secret itself is read when it is needed.
    if value.setting.is_secret() {
        return Ok(());
    }
    let variable = value.setting.variable();
    let Some(text) = environment(&variable) else {
        return Ok(());
    };
    value.setting.check(&text).map_err(|invalid| Fault {
        file: "environment".into(),
        line: None,
        key: variable.clone(),
        what: invalid.what,
        remedy: invalid.remedy,
    })?;
    value.text = Some(text);
    value.origin = Origin::Variable(variable);
    Ok(())
}

/// A setting's value from the command line, and the flag's name.
fn flag(setting: &Setting, flags: &Flags) -> Option<(&'static str, String)> {
    if setting.key == STORE_DIR.key {
        let store = flags.store.as_ref();
        store.map(|path| ("--store", path.display().to_string()))
    } else if setting.key == LANGUAGE.key {
        flags.lang.map(|lang| ("--lang", lang.tag().to_owned()))
    } else if setting.key == THEME.key {
        flags.theme.clone().map(|theme| ("--theme", theme))
    } else {
        None
    }
}

/// The language with this tag, or the default one.
fn language(tag: Option<String>) -> CliResult<Lang> {
    let Some(tag) = tag else {
        return Ok(Lang::default());
    };
    tag.parse().map_err(|error: UnknownLang| {
        CliError::new(
            Exit::Configuration,
            format!("{}: {error}", LANGUAGE.key),
            suggest(&tag, Lang::TAGS),
        )
    })
}

/// The typed fields from the checked texts.
fn settle(
    file: Option<PathBuf>,
    mut values: Vec<Value>,
    environment: Environment<'_>,
) -> CliResult<Config> {
    let text = |values: &[Value], setting: &Setting| {
        values
            .iter()
            .find(|value| value.setting.key == setting.key)
            .and_then(|value| value.text.clone())
    };
    let path = |values: &[Value], setting: &Setting| text(values, setting).map(PathBuf::from);
    let store_dir = path(&values, &STORE_DIR)
        .or_else(|| default_store(environment, false))
        .ok_or_else(|| {
            CliError::new(
                Exit::Configuration,
                both!(
                    "there is no folder for the store: neither store.dir nor $HOME is set",
                    "没有放存储的文件夹：store.dir 和 $HOME 都没有设"
                ),
                both!(
                    "write `dir = \"/var/lib/yingxin\"` under [store], or give --store DIR",
                    "请在 [store] 里写 `dir = \"/var/lib/yingxin\"`，或给出 --store 文件夹"
                ),
            )
        })?;
    let pin_file = path(&values, &PIN_FILE).unwrap_or_else(|| store_dir.join("pin"));
    for (setting, derived) in [(&STORE_DIR, &store_dir), (&PIN_FILE, &pin_file)] {
        if let Some(value) = values.iter_mut().find(|v| v.setting.key == setting.key)
            && value.text.is_none()
        {
            value.text = Some(derived.display().to_string());
            value.origin = Origin::Default;
        }
    }
    let number = text(&values, &NUMBER).and_then(|text| text.parse().ok());
    let idle = text(&values, &IDLE_SECONDS).and_then(|text| text.parse().ok());
    Ok(Config {
        file,
        pack: path(&values, &PACK),
        number: number
            .and_then(|number| DeskNumber::new(number).ok())
            .unwrap_or_default(),
        lang: language(text(&values, &LANGUAGE))?,
        theme: text(&values, &THEME).filter(|name| name != "auto"),
        themes_dir: path(&values, &THEMES_DIR),
        idle: Duration::from_secs(idle.unwrap_or(90)),
        has_scanner: text(&values, &SCANNER).is_some_and(|kind| kind == KEYBOARD),
        pin_file,
        store_dir,
        key_file: path(&values, &STORE_KEY_FILE),
        values,
    })
}
