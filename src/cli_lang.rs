//! The language of the command line: of `--help`, errors, and what the commands print and write. The screen has its own
//! ([`Text`](crate::text::Text)), which F2 switches. It depends on `text`, and on `config` for where the file lies.
//!
//! A text is written in both languages where it is made, by `both!`: the compiler demands both, and that each uses the
//! same values. A key in a file would be checked by tests only.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::text::Lang;

/// A text in the language of the command line: first English, then Chinese, then the values of both.
macro_rules! both {
    ($en:literal, $zh:literal $(, $value:expr)* $(,)?) => {
        match $crate::cli_lang::lang() {
            $crate::text::Lang::En => ::std::format!($en $(, $value)*),
            $crate::text::Lang::Zh => ::std::format!($zh $(, $value)*),
        }
    };
}
pub(crate) use both;

/// A larger configuration file is not searched for the language, in bytes.
const LONGEST_FILE: u64 = 1024 * 1024;

static WORDS: OnceLock<Vec<OsString>> = OnceLock::new();
/// One more than the place in `Lang::ALL`; 0 is not looked for yet.
static LANG: AtomicUsize = AtomicUsize::new(0);

/// Takes the words of the command line, by which the language is found when the first text is needed. Without them, as in
/// tests, it is English.
pub fn begin(words: Vec<OsString>) {
    let _ = WORDS.set(words);
}

/// The language of the command line.
pub fn lang() -> Lang {
    let place = LANG.load(Ordering::Relaxed).checked_sub(1);
    if let Some(lang) = place.and_then(|place| Lang::ALL.get(place)) {
        return *lang;
    }
    let Some(words) = WORDS.get() else {
        return Lang::En;
    };
    let found = find(words, &|name| {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    });
    switch(found);
    found
}

/// Goes on in this language, as where F2 is pressed in a form of a command.
pub fn switch(lang: Lang) {
    let place = Lang::ALL.iter().position(|one| *one == lang);
    let place = place.map_or(0, |place| place.saturating_add(1));
    LANG.store(place, Ordering::Relaxed);
}

/// The one of two texts that is in the language of the command line.
pub fn pick<T>(en: T, zh: T) -> T {
    match lang() {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

/// The language by `--lang`, by the configuration, or by the locale, in this order. It reads the words and the file itself,
/// with no error: it is needed to say what is wrong with them.
fn find(words: &[OsString], environment: &dyn Fn(&str) -> Option<String>) -> Lang {
    flag(words, "--lang")
        .and_then(|tag| known(&tag.to_string_lossy()))
        .or_else(|| known(&environment("YINGXIN_DESK_LANGUAGE")?))
        .or_else(|| {
            let named = flag(words, "--config").map(PathBuf::from);
            in_file(&crate::config::find_file(named, environment)?)
        })
        .unwrap_or_else(|| by_locale(environment))
}

/// The value of a flag, `--flag VALUE` or `--flag=VALUE`; nothing after `--` is one.
fn flag(words: &[OsString], name: &str) -> Option<OsString> {
    let mut words = words.iter().take_while(|word| *word != OsStr::new("--"));
    while let Some(word) = words.next() {
        if word == name {
            return words.next().cloned();
        }
        let text = word.to_string_lossy();
        if let Some(value) = text.strip_prefix(name).and_then(|t| t.strip_prefix('=')) {
            return Some(value.into());
        }
    }
    None
}

fn known(tag: &str) -> Option<Lang> {
    tag.parse().ok()
}

/// `desk.language` of a configuration file.
fn in_file(path: &Path) -> Option<Lang> {
    // Another kind of file might never end.
    let is_file = std::fs::metadata(path).is_ok_and(|about| about.is_file());
    let mut text = String::new();
    let file = File::open(path).ok().filter(|_| is_file)?;
    file.take(LONGEST_FILE).read_to_string(&mut text).ok()?;
    let table: toml::Table = toml::from_str(&text).ok()?;
    known(table.get("desk")?.get("language")?.as_str()?)
}

/// The first of LC_ALL, LC_MESSAGES and LANG that is set decides, as in POSIX. Where it names no language (C, POSIX, unset)
/// it is Chinese as on the screen, but not on the kernel's console, which has no Chinese characters.
fn by_locale(environment: &dyn Fn(&str) -> Option<String>) -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| environment(name).filter(|value| !value.is_empty()))
        .unwrap_or_default();
    let name = locale.split(['.', '@']).next().unwrap_or_default();
    match name {
        "" | "C" | "POSIX" if environment("TERM").as_deref() == Some("linux") => Lang::En,
        "" | "C" | "POSIX" => Lang::default(),
        _ if name.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

#[cfg(test)]
mod sources;

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str, variables: &[(&str, &str)]) -> Lang {
        let words: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
        let environment = |name: &str| {
            let mut all = variables.iter();
            all.find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        find(&words, &environment)
    }

    #[test]
    fn the_flag_wins_over_the_configuration_and_that_over_the_locale() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("yingxin.toml");
        std::fs::write(&file, "[desk]\nlanguage = \"en\"\n").unwrap();
        let file = file.to_str().unwrap();
        let zh = [("LANG", "zh_CN.UTF-8"), ("YINGXIN_CONFIG", file)];
        assert_eq!(found("yingxin", &zh), Lang::En);
        assert_eq!(found("yingxin --lang=zh-CN doctor", &zh), Lang::Zh);
        assert_eq!(found("yingxin --lang fr", &zh), Lang::En);
        assert_eq!(found("yingxin -- --lang zh-CN", &zh), Lang::En);
        let variable = [("YINGXIN_DESK_LANGUAGE", "zh-CN"), ("YINGXIN_CONFIG", file)];
        assert_eq!(found("yingxin", &variable), Lang::Zh);
        let line = format!("yingxin config check --config {file}");
        assert_eq!(found(&line, &zh[..1]), Lang::En);
        assert_eq!(found("yingxin --config /dev/zero", &zh[..1]), Lang::Zh);
        assert_eq!(found("yingxin --config", &zh[..1]), Lang::Zh);
    }

    #[test]
    fn the_locale_decides_where_nothing_else_does() {
        let nowhere = ("YINGXIN_CONFIG", "/nowhere");
        for (variables, wanted) in [
            (&[][..], Lang::Zh),
            (&[("LANG", "C.UTF-8")], Lang::Zh),
            (&[("LANG", "C.UTF-8"), ("TERM", "linux")], Lang::En),
            (&[("LANG", "zh_CN.UTF-8"), ("TERM", "linux")], Lang::Zh),
            (&[("LANG", "en_GB.UTF-8")], Lang::En),
            (&[("LANG", "de_DE.UTF-8")], Lang::En),
            (
                &[("LANG", "en_GB.UTF-8"), ("LC_MESSAGES", "zh_CN.UTF-8")],
                Lang::Zh,
            ),
            (&[("LC_ALL", "en_GB"), ("LC_MESSAGES", "zh_CN")], Lang::En),
        ] {
            let all: Vec<_> = variables.iter().copied().chain([nowhere]).collect();
            assert_eq!(found("yingxin", &all), wanted, "{variables:?}");
        }
    }
}
