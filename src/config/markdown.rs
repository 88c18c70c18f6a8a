//! The reference of all settings as Markdown, generated from the settings themselves.

use super::settings::settings;
use super::words::words;
use crate::campus::setting::{BETWEEN_TEXTS, Setting, SettingKind};
use crate::text::Lang;

/// Every setting as Markdown: a heading and a table for each section, in the order of the file. A row holds the key, the
/// kind of its value, the default, the environment variable and what the setting is for.
pub fn settings_markdown(lang: Lang) -> String {
    let mut text = String::new();
    let mut section = None;
    for setting in settings() {
        let (of, name) = setting.split();
        if section != Some(of) {
            section = Some(of);
            text.push_str(&heading(of, lang));
        }
        let default = setting.default.map(|text| {
            text.split(BETWEEN_TEXTS)
                .map(code)
                .collect::<Vec<_>>()
                .join(", ")
        });
        let default = default.unwrap_or_default();
        let cells = [
            code(name),
            kind(setting, lang),
            default,
            code(&setting.variable()),
            escaped(words(setting, lang)),
        ];
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

fn heading(section: &str, lang: Lang) -> String {
    let title = if section.is_empty() {
        match lang {
            Lang::En => "Above all sections".to_owned(),
            Lang::Zh => "各节之前".to_owned(),
        }
    } else {
        code(&format!("[{section}]"))
    };
    // The first section begins the text.
    let gap = if section.is_empty() { "" } else { "\n" };
    let columns = match lang {
        Lang::En => "Key | Value | Default | Environment variable | Meaning",
        Lang::Zh => "键 | 值 | 默认 | 环境变量 | 含义",
    };
    format!("{gap}## {title}\n\n| {columns} |\n|---|---|---|---|---|\n")
}

/// The kind of a value, in words.
fn kind(setting: &Setting, lang: Lang) -> String {
    let listed = |names: Vec<&'static str>| {
        let names: Vec<String> = names.into_iter().map(code).collect();
        names.join(match lang {
            Lang::En => ", ",
            Lang::Zh => "、",
        })
    };
    if lang == Lang::Zh {
        return match setting.kind {
            SettingKind::Text | SettingKind::Checked(_) => format!("文字，如 {}", example(setting)),
            SettingKind::Choice(names) => format!("{} 之一", listed(names())),
            SettingKind::Order(names) => format!("从 {} 中选几个的列表", listed(names())),
            SettingKind::Texts(_) => {
                let texts: Vec<String> = setting.example.split(BETWEEN_TEXTS).map(code).collect();
                format!("文字的列表，如 {}", texts.join("、"))
            }
            SettingKind::Number(from, to) => format!("{from} 到 {to} 的数"),
            SettingKind::Path => format!("路径，如 {}", example(setting)),
            SettingKind::Url => format!("https 网址，如 {}", example(setting)),
            SettingKind::SecretFile => "存一个密钥的文件".to_owned(),
        };
    }
    match setting.kind {
        SettingKind::Text | SettingKind::Checked(_) => {
            format!("text, such as {}", example(setting))
        }
        SettingKind::Choice(names) => format!("one of {}", listed(names())),
        SettingKind::Order(names) => format!("a list of some of {}", listed(names())),
        SettingKind::Texts(_) => {
            let texts: Vec<String> = setting.example.split(BETWEEN_TEXTS).map(code).collect();
            format!("a list of texts, such as {}", texts.join(", "))
        }
        SettingKind::Number(from, to) => format!("a number from {from} to {to}"),
        SettingKind::Path => format!("a path, such as {}", example(setting)),
        SettingKind::Url => format!("an https address, such as {}", example(setting)),
        SettingKind::SecretFile => "a file that holds one secret".to_owned(),
    }
}

fn example(setting: &Setting) -> String {
    code(setting.example)
}

fn code(text: &str) -> String {
    format!("`{}`", escaped(text))
}

/// A text as it stands in a cell of a table.
fn escaped(text: &str) -> String {
    text.replace('|', r"\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_row_under_its_section() {
        let text = settings_markdown(Lang::En);
        let mut rest = text.as_str();
        for setting in settings() {
            let (section, name) = setting.split();
            let row = rest.find(&format!("\n| `{name}` | ")).unwrap();
            let heading = rest[..row].rfind("## ");
            if let Some(heading) = heading {
                let wanted = format!("## `[{section}]`\n");
                assert!(section.is_empty() || rest[heading..].starts_with(&wanted));
            }
            rest = &rest[row + 1..];
            let line = rest.lines().next().unwrap();
            assert!(line.contains(&setting.variable()) && line.contains(setting.words));
            assert_eq!(line.matches(" | ").count(), 4, "{line}");
        }
        assert!(!text.contains("``"), "an empty cell of code");
    }

    #[test]
    fn the_words_are_sentences() {
        for setting in settings() {
            assert!(setting.words.ends_with('.'), "{}", setting.key);
        }
    }
}
