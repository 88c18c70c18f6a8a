//! What a setting is for, in the language that is asked for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::campus::setting::Setting;
use crate::text::Lang;

/// The Chinese words by the English ones. A fault in the file leaves the English; a test checks that there is none.
static CHINESE: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| toml::from_str(include_str!("zh-CN.toml")).unwrap_or_default());

/// What this setting is for, in whole sentences.
pub fn words(setting: &Setting, lang: Lang) -> &'static str {
    match lang {
        Lang::En => setting.words,
        Lang::Zh => CHINESE
            .get(setting.words)
            .map_or(setting.words, String::as_str),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::settings;

    #[test]
    fn each_setting_has_words_in_both_languages_and_no_words_are_left_over() {
        let chinese: BTreeMap<String, String> = toml::from_str(include_str!("zh-CN.toml")).unwrap();
        let there: BTreeSet<&str> = chinese.keys().map(String::as_str).collect();
        let wanted: BTreeSet<&str> = settings().map(|setting| setting.words).collect();
        let missing: Vec<_> = wanted.difference(&there).collect();
        assert!(
            missing.is_empty(),
            "missing in config/zh-CN.toml: {missing:?}"
        );
        let unused: Vec<_> = there.difference(&wanted).collect();
        assert!(unused.is_empty(), "unused in config/zh-CN.toml: {unused:?}");
        for text in chinese.values() {
            assert!(text.ends_with('。'), "{text}");
        }
    }
}
