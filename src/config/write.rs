//! `config init` and `config check`: the settings as a commented file, and the values of this desk. Never a secret.

use std::fs::{DirBuilder, File};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use unicode_width::UnicodeWidthStr;

use super::secret::{self, SecretSource};
use super::settings::settings;
use super::words::words;
use super::{Config, Environment, Origin, Value};
use crate::campus::setting::{BETWEEN_TEXTS, Setting, SettingKind, listed};
use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::{both, lang};
use crate::text::Lang;

/// The file that `config init` writes: every line is a comment, so that it changes nothing.
fn template(lang: Lang) -> String {
    filled(lang, &|_| None)
}

/// The same commented file with some values set, each as [`Value`] holds it; the others stay comments.
pub fn filled(lang: Lang, value_of: &dyn Fn(&Setting) -> Option<String>) -> String {
    let mut text = String::from(match lang {
        Lang::En => {
            "# yingxin.toml: the settings of this desk. Every line is optional; what is commented out shows the default\n\
             # or an example. A path is relative to this file's folder. Secrets stand in files of their own (chmod 600).\n\
             # `yingxin config check` shows what holds and where it came from.\n"
        }
        Lang::Zh => {
            "# yingxin.toml：本台的设置。每一行都可以不写；注释掉的是默认值或例子。路径相对于本文件所在的文件夹。\n\
             # 密钥各在自己的文件里（chmod 600）。\n\
             # `yingxin config check` 显示生效的值及其来源。\n"
        }
    });
    let filled: Vec<&str> = settings()
        .filter(|setting| value_of(setting).is_some())
        .map(|setting| setting.split().0)
        .collect();
    let mut section = "";
    for setting in settings() {
        let (of, name) = setting.split();
        if of != section {
            section = of;
            let mark = if filled.contains(&of) { "" } else { "# " };
            text.push_str(&format!("\n{mark}[{section}]\n"));
        }
        let set = value_of(setting);
        let mark = if set.is_some() { "" } else { "# " };
        let value = written(setting, set.as_deref());
        let words = words(setting, lang);
        text.push_str(&format!("# {words}\n{mark}{name} = {value}\n"));
    }
    text
}

/// A setting's value, or its default or example, as the file has it.
fn written(setting: &Setting, set: Option<&str>) -> String {
    let value = set.or(setting.default).unwrap_or(setting.example);
    let list = |texts: Vec<String>| format!("[{}]", texts.join(", "));
    match setting.kind {
        SettingKind::Number(..) => value.to_owned(),
        SettingKind::Order(names) => list(match set {
            Some(set) => listed(set).map(quoted).collect(),
            None => names().into_iter().map(quoted).collect(),
        }),
        SettingKind::Texts(_) => list(value.split(BETWEEN_TEXTS).map(quoted).collect()),
        SettingKind::Text
        | SettingKind::Checked(_)
        | SettingKind::Choice(_)
        | SettingKind::Path
        | SettingKind::Url
        | SettingKind::SecretFile => quoted(value),
    }
}

/// A text as TOML takes it. Control characters are refused before.
pub fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) && !text.contains('\'') {
        return format!("'{text}'");
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// Writes a commented file with mode 0600, and makes its folder.
///
/// # Errors
/// Where the file is there already or cannot be written.
pub fn init(path: &Path) -> CliResult<()> {
    let failed =
        |e: std::io::Error| CliError::io(both!("cannot write {}", "写不了 {}", path.display()), &e);
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(failed)?;
    }
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    file.write_all(template(lang()).as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(failed)
}

/// The values of this desk and their sources, as a table. A secret is "set" or not.
pub fn table(config: &Config, environment: Environment<'_>) -> String {
    let rows: Vec<[String; 3]> = config
        .values
        .iter()
        .map(|value| row(value, environment))
        .collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let (first, second) = (width(0), width(1).min(48));
    let mut text = String::new();
    for [key, value, origin] in &rows {
        let pad = |cell: &str, to: usize| " ".repeat(to.saturating_sub(cell.width()));
        text.push_str(&format!(
            "{key}{}  {value}{}  {origin}\n",
            pad(key, first),
            pad(value, second)
        ));
    }
    text
}

fn row(value: &Value, environment: Environment<'_>) -> [String; 3] {
    let key = value.setting.key.to_owned();
    if value.setting.is_secret() {
        let (text, origin) = secret_row(value, value.setting, environment);
        return [key, text, origin];
    }
    let text = value.text.as_deref().unwrap_or("-");
    let text = text.replace(BETWEEN_TEXTS, " | ");
    [key, text, origin_words(&value.origin)]
}

fn secret_row(value: &Value, setting: &Setting, environment: Environment<'_>) -> (String, String) {
    match secret::find(setting, value.text.as_deref(), environment) {
        None => ("-".into(), origin_words(&Origin::Unset)),
        Some(SecretSource::Variable(name)) => (
            both!("(set)", "（已设）"),
            origin_words(&Origin::Variable(name)),
        ),
        Some(SecretSource::File(path)) => (path.display().to_string(), origin_words(&value.origin)),
        Some(SecretSource::Credential(path)) => (
            both!("(set)", "（已设）"),
            origin_words(&Origin::Credential(path)),
        ),
    }
}

fn origin_words(origin: &Origin) -> String {
    match origin {
        Origin::Default => both!("default", "默认"),
        Origin::File(line) => both!("line {}", "第 {} 行", line),
        Origin::Variable(name) => format!("${name}"),
        Origin::Flag(name) => (*name).into(),
        Origin::Credential(path) => both!("service manager: {}", "服务管理器：{}", path.display()),
        Origin::Unset => both!("not set", "未设"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flags, load};

    #[test]
    fn the_written_file_is_valid_with_and_without_its_comments() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/yingxin.toml");
        init(&path).unwrap();
        let flags = Flags {
            config: Some(path.clone()),
            store: Some(dir.path().into()),
            ..Flags::default()
        };
        let config = load(&flags, &|_| None).unwrap();
        assert!(config.connections(&|_| None).unwrap().is_guide());
        assert_eq!(
            init(&path).unwrap_err().exit,
            crate::cli_error::Exit::CannotCreate
        );

        for lang in Lang::ALL.iter().copied() {
            let uncommented: String = template(lang)
                .lines()
                .filter_map(|line| line.strip_prefix("# "))
                .filter(|line| line.starts_with('[') || line.contains(" = "))
                .filter(|line| !line.contains("kind = "))
                .map(|line| format!("{line}\n"))
                .collect();
            std::fs::write(&path, uncommented).unwrap();
            let config = load(&flags, &|_| None).unwrap();
            assert!(
                config
                    .values
                    .iter()
                    .all(|v| v.setting.key == "directory.kind" || v.text.is_some())
            );
        }
    }

    #[test]
    fn a_filled_file_holds_what_was_filled_in() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("yingxin.toml");
        let value = |setting: &Setting| match setting.key {
            "desk.number" => Some("42".to_owned()),
            "identity.order" => Some("ldap".to_owned()),
            "identity.ldap.url" => Some("ldaps://ldap.example.edu.cn".into()),
            "identity.ldap.base" => Some("ou=\"a\\'b\"".into()),
            _ => None,
        };
        std::fs::write(&path, filled(Lang::En, &value)).unwrap();
        let flags = Flags {
            config: Some(path),
            store: Some(dir.path().into()),
            ..Flags::default()
        };
        let config = load(&flags, &|_| None).unwrap();
        let set = config
            .values
            .iter()
            .filter(|v| matches!(v.origin, Origin::File(_)));
        let set: Vec<_> = set
            .map(|v| (v.setting.key, v.text.as_deref().unwrap()))
            .collect();
        assert_eq!(
            set,
            [
                ("desk.number", "42"),
                ("identity.order", "ldap"),
                ("identity.ldap.url", "ldaps://ldap.example.edu.cn"),
                ("identity.ldap.base", "ou=\"a\\'b\""),
            ]
        );
    }

    #[test]
    fn the_table_names_origins_and_no_secret() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("yingxin.toml");
        std::fs::write(&path, "[desk]\nnumber = 3\n").unwrap();
        std::fs::write(dir.path().join("sms.aliyun.key_secret"), "canary").unwrap();
        let environment = |name: &str| match name {
            "YINGXIN_SMS_TENCENT_SECRET_KEY" => Some("canary".to_owned()),
            "YINGXIN_DESK_IDLE_SECONDS" => Some("60".to_owned()),
            "CREDENTIALS_DIRECTORY" => Some(dir.path().display().to_string()),
            _ => None,
        };
        let flags = Flags {
            config: Some(path),
            store: Some("/tmp/store".into()),
            ..Flags::default()
        };
        let config = load(&flags, &environment).unwrap();
        let table = table(&config, &environment);
        let line = |key: &str| {
            let line = table.lines().find(|line| line.starts_with(key)).unwrap();
            line.split_whitespace()
                .skip(1)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(line("desk.number"), "3 line 2");
        assert_eq!(line("desk.idle_seconds"), "60 $YINGXIN_DESK_IDLE_SECONDS");
        assert_eq!(line("store.dir"), "/tmp/store --store");
        assert_eq!(
            line("sms.tencent.secret_key_file"),
            "(set) $YINGXIN_SMS_TENCENT_SECRET_KEY"
        );
        assert_eq!(line("desk.pin_file"), "/tmp/store/pin default");
        let credential = dir.path().join("sms.aliyun.key_secret");
        assert_eq!(
            line("sms.aliyun.key_secret_file"),
            format!("(set) service manager: {}", credential.display())
        );
        assert!(!table.contains("canary"));
    }
}
