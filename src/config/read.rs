//! File, environment and flags into one [`Config`]: the command line wins over the environment, the environment over
//! the file, the file over the defaults.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{
    Config, Environment, Flags, Kind, Origin, SETTINGS, Setting, Value, default_store, places,
};
use crate::campus::http::{Endpoint, EndpointError};
use crate::campus::identity::ldap::{Address, AddressError, NumberFilter};
use crate::complaint::{Complaint, Exit, Outcome};
use crate::table::{Document, Fault, Source, Table, read_file, suggest};
use crate::text::Lang;
use crate::visit::DeskLetter;

pub(super) fn load(flags: &Flags, environment: Environment<'_>) -> Outcome<Config> {
    let file = find_file(flags, environment);
    let mut values: Vec<Value> = match &file {
        None => SETTINGS.iter().map(unset).collect(),
        Some(path) => {
            let name = path.display().to_string();
            let named = format!("the configuration {name}");
            let text = read_file(path, &named, Exit::Configuration)?;
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
    settle(file, values, environment)
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

/// A file that is named must be there; the usual places may be empty.
fn find_file(flags: &Flags, environment: Environment<'_>) -> Option<PathBuf> {
    let named = flags
        .config
        .clone()
        .or_else(|| environment("YINGXIN_CONFIG").map(PathBuf::from));
    named.or_else(|| places(environment).into_iter().find(|path| path.exists()))
}

fn read_values(path: &Path, source: &Source<'_>) -> Result<Vec<Value>, Fault> {
    let document = Document::parse(source)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let root = document.root();
    let values = read_table(&root, "", folder)?;
    root.finish()?;
    let mut ordered: Vec<Value> = SETTINGS.iter().map(unset).collect();
    for value in values {
        if let Some(place) = ordered
            .iter_mut()
            .find(|known| known.setting.key == value.setting.key)
        {
            *place = value;
        }
    }
    Ok(ordered)
}

/// The settings of one section and, below it, of the sections within.
fn read_table(table: &Table<'_>, section: &str, folder: &Path) -> Result<Vec<Value>, Fault> {
    let mut values = Vec::new();
    for setting in SETTINGS.iter().filter(|s| s.split().0 == section) {
        values.extend(read_value(table, setting, folder)?);
    }
    for name in sections_in(section) {
        if let Some(inner) = table.table(name)? {
            let path = match section.is_empty() {
                true => name.to_owned(),
                false => format!("{section}.{name}"),
            };
            values.extend(read_table(&inner, &path, folder)?);
            inner.finish()?;
        }
    }
    Ok(values)
}

/// The names of the sections right below `section`.
fn sections_in(section: &str) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = SETTINGS
        .iter()
        .filter_map(|setting| {
            let (of, _) = setting.split();
            let below = match section.is_empty() {
                true => Some(of),
                false => of
                    .strip_prefix(section)
                    .and_then(|rest| rest.strip_prefix('.')),
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
        Kind::Number(from, to) => table
            .number(name, from..=to)?
            .map(|found| (found.value.to_string(), found.line)),
        Kind::Order(_) => table
            .texts(name)?
            .map(|texts| (texts.join(", "), table.line_of(name))),
        _ => table.text(name)?.map(|found| (found.value, found.line)),
    };
    let Some((text, line)) = found else {
        return Ok(None);
    };
    let text = match setting.kind {
        Kind::Path | Kind::SecretFile => folder.join(&text).display().to_string(),
        _ => text,
    };
    check(setting, &text).map_err(|(what, remedy)| table.fault_in(name, what, remedy))?;
    Ok(Some(Value {
        setting,
        text: Some(text),
        origin: Origin::File(line),
    }))
}

/// Environment and flags over what the file says.
fn overlay(value: &mut Value, flags: &Flags, environment: Environment<'_>) -> Outcome<()> {
    let flag = match value.setting.key {
        "store.dir" => flags
            .store
            .as_ref()
            .map(|p| ("--store", p.display().to_string())),
        "desk.language" => flags.lang.map(|l| ("--lang", name_of(l).to_owned())),
        "desk.theme" => flags.theme.clone().map(|t| ("--theme", t)),
        _ => None,
    };
    if let Some((name, text)) = flag {
        value.text = Some(text);
        value.origin = Origin::Flag(name);
        return Ok(());
    }
    // A secret itself is read when it is needed.
    if value.setting.kind == Kind::SecretFile {
        return Ok(());
    }
    let variable = value.setting.variable();
    let Some(text) = environment(&variable) else {
        return Ok(());
    };
    check(value.setting, &text).map_err(|(what, remedy)| Fault {
        file: "environment".into(),
        line: None,
        key: variable.clone(),
        what,
        remedy,
    })?;
    value.text = Some(text);
    value.origin = Origin::Variable(variable);
    Ok(())
}

fn name_of(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}

/// What is wrong with a value, and what to do.
fn check(setting: &Setting, text: &str) -> Result<(), (String, String)> {
    match setting.kind {
        Kind::Choice(choices) if !choices.contains(&text) => Err((
            format!("\"{text}\" is not known here"),
            suggest(text, choices),
        )),
        Kind::Number(from, to) => match text.parse::<u64>() {
            Ok(number) if (from..=to).contains(&number) => Ok(()),
            _ => Err((
                format!("{text} is out of range"),
                format!("write a number from {from} to {to}"),
            )),
        },
        Kind::Order(choices) => check_order(text, choices),
        Kind::Url => check_url(text),
        Kind::LdapUrl => check_ldap_url(text),
        Kind::Filter => check_filter(text),
        _ if setting.key == "desk.letter" => check_letter(text),
        _ => Ok(()),
    }
}

fn check_order(text: &str, choices: &[&str]) -> Result<(), (String, String)> {
    let names: Vec<&str> = listed(text).collect();
    for (place, name) in names.iter().enumerate() {
        if !choices.contains(name) {
            return Err((
                format!("\"{name}\" is not known here"),
                suggest(name, choices),
            ));
        }
        if names.iter().take(place).any(|before| before == name) {
            return Err((
                format!("\"{name}\" stands twice"),
                "write each one once".into(),
            ));
        }
    }
    match names.is_empty() {
        true => Err((
            "an empty list".into(),
            "name at least one, or leave the key out".into(),
        )),
        false => Ok(()),
    }
}

/// The names of an order.
pub(super) fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

fn check_letter(text: &str) -> Result<(), (String, String)> {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(letter), None) => DeskLetter::new(letter).map(|_| ()),
        _ => Err("a desk's letter is one letter".into()),
    }
    .map_err(|what| (what, "choose a letter that no other desk has".into()))
}

/// Passwords and codes go there: what the adapters would not take is refused here, where the line is known.
fn check_url(text: &str) -> Result<(), (String, String)> {
    let (what, remedy) = match Endpoint::parse(text) {
        Ok(_) => return Ok(()),
        Err(EndpointError::Syntax) => (
            format!("\"{text}\" is no address"),
            "write it whole, such as \"https://cas.example.edu.cn/cas\"",
        ),
        Err(EndpointError::Plain) => (
            format!("\"{text}\" is not https"),
            "use https: passwords and codes go there (http only on this machine itself)",
        ),
        // Not shown: it may be a secret.
        Err(EndpointError::Extras) => (
            "the address holds a user's name, a password, a query or a fragment".into(),
            "take it out: secrets stand in files of their own",
        ),
    };
    Err((what, remedy.into()))
}

fn check_ldap_url(text: &str) -> Result<(), (String, String)> {
    let (what, remedy) = match Address::parse(text) {
        Ok(_) => return Ok(()),
        Err(AddressError::Syntax) => (
            format!("\"{text}\" is no address of an LDAP server"),
            "write it whole, such as \"ldaps://ldap.example.edu.cn\"",
        ),
        // Not shown: it may be a secret.
        Err(AddressError::Extras) => (
            "the address holds more than a host and a port".into(),
            "take it out: base, bind_dn and filter have keys of their own",
        ),
    };
    Err((what, remedy.into()))
}

fn check_filter(text: &str) -> Result<(), (String, String)> {
    NumberFilter::parse(text).map(|_| ()).map_err(|error| {
        let remedy = "write it in brackets, such as \"(uid={number})\"";
        (format!("it is {error}"), remedy.into())
    })
}

/// The typed fields from the checked texts.
fn settle(
    file: Option<PathBuf>,
    mut values: Vec<Value>,
    environment: Environment<'_>,
) -> Outcome<Config> {
    let text = |values: &[Value], key: &str| {
        values
            .iter()
            .find(|value| value.setting.key == key)
            .and_then(|value| value.text.clone())
    };
    let path = |values: &[Value], key: &str| text(values, key).map(PathBuf::from);
    let store_dir = path(&values, "store.dir")
        .or_else(|| default_store(environment, false))
        .ok_or_else(|| {
            Complaint::new(
                Exit::Configuration,
                "there is no folder for the store: neither store.dir nor $HOME is set",
                "write `dir = \"/var/lib/yingxin\"` under [store], or give --store DIR",
            )
        })?;
    let pin_file = path(&values, "desk.pin_file").unwrap_or_else(|| store_dir.join("pin"));
    for (key, derived) in [("store.dir", &store_dir), ("desk.pin_file", &pin_file)] {
        if let Some(value) = values.iter_mut().find(|v| v.setting.key == key)
            && value.text.is_none()
        {
            value.text = Some(derived.display().to_string());
            value.origin = Origin::Default;
        }
    }
    let letter = text(&values, "desk.letter").and_then(|text| text.chars().next());
    let idle = text(&values, "desk.idle_seconds").and_then(|text| text.parse().ok());
    Ok(Config {
        file,
        pack: path(&values, "pack"),
        letter: letter
            .and_then(|letter| DeskLetter::new(letter).ok())
            .unwrap_or_default(),
        lang: match text(&values, "desk.language").as_deref() {
            Some("en") => Lang::En,
            _ => Lang::Zh,
        },
        theme: text(&values, "desk.theme").filter(|name| name != "auto"),
        themes_dir: path(&values, "desk.themes_dir"),
        idle: Duration::from_secs(idle.unwrap_or(90)),
        pin_file,
        store_dir,
        key_file: path(&values, "store.key_file"),
        values,
    })
}
