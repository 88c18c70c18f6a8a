//! Both languages whole, every key used and known, and the writing's own rules.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

/// Keys that are put together from ids of the practice phone.
const BY_ID: [&str; 7] = [
    "phone-page-",
    "phone-do-",
    "phone-short-",
    "phone-said-",
    "bad-day-",
    "own-trouble-",
    "ask-",
];

/// Each entry's key and its source text.
pub(super) fn entries(lang: Lang) -> BTreeMap<String, String> {
    let mut entries: BTreeMap<String, String> = BTreeMap::new();
    let mut last = None;
    for line in lang.source().lines() {
        let continues = line.starts_with(' ') || line.starts_with('}');
        if let (true, Some(key)) = (continues, &last) {
            let text: &mut String = entries.get_mut(key).unwrap();
            text.push('\n');
            text.push_str(line);
        } else if let Some((key, text)) = line.split_once(" = ").filter(|_| !line.starts_with('#'))
        {
            let twice = entries.insert(key.into(), text.into());
            assert!(twice.is_none(), "{key} twice in {lang:?}");
            last = Some(key.to_owned());
        }
    }
    entries
}

pub(super) fn variables(text: &str) -> BTreeSet<String> {
    text.split('$')
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_ascii_alphanumeric())
                .collect()
        })
        .collect()
}

#[test]
fn a_language_is_known_by_its_tag_and_by_nothing_else() {
    assert_eq!(Lang::TAGS, ["zh-CN", "en"]);
    for &lang in Lang::ALL {
        assert_eq!(lang.tag().parse(), Ok(lang));
        assert_eq!(lang.id().to_string(), lang.tag());
    }
    for unknown in ["", "zh", "EN", "fr"] {
        assert!(unknown.parse::<Lang>().is_err(), "{unknown}");
    }
}

#[test]
fn both_files_are_without_faults() {
    for &lang in Lang::ALL {
        assert!(
            FluentResource::try_new(lang.source().to_owned()).is_ok(),
            "{lang:?}"
        );
    }
}

#[test]
fn all_languages_have_the_same_keys_and_variables() {
    let whole = entries(Lang::default());
    for &lang in Lang::ALL {
        let texts = entries(lang);
        assert_eq!(
            whole.keys().collect::<Vec<_>>(),
            texts.keys().collect::<Vec<_>>(),
            "{lang:?}"
        );
        for (key, text) in &whole {
            assert_eq!(variables(text), variables(&texts[key]), "{key}, {lang:?}");
        }
    }
}

fn literals(dir: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            literals(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            found.extend(source.split('"').filter(|s| is_key(s)).map(String::from));
        }
    }
}

/// What looks like a key: lower-case words joined by hyphens.
fn is_key(text: &str) -> bool {
    text.contains('-')
        && text.split('-').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
        && text.starts_with(|c: char| c.is_ascii_lowercase())
}

#[test]
fn every_key_is_used_and_every_key_used_exists() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let keys: BTreeSet<String> = entries(Lang::Zh).into_keys().collect();
    let mut used = BTreeSet::new();
    literals(&src, &mut used);
    let unused: Vec<&String> = keys
        .iter()
        .filter(|key| !used.contains(*key) && !BY_ID.iter().any(|id| key.starts_with(id)))
        .collect();
    assert!(unused.is_empty(), "unused: {unused:?}");

    let mut in_pages = BTreeSet::new();
    literals(&src.join("screen/pages"), &mut in_pages);
    let unknown: Vec<&String> = in_pages.difference(&keys).collect();
    assert!(unknown.is_empty(), "unknown: {unknown:?}");
}

/// The words of a question are found by its name and those of its answers.
#[test]
fn every_question_has_its_words() {
    use crate::visit::{Answer, Question};
    let keys = entries(Lang::Zh);
    for question in Question::ALL.iter().copied() {
        let name = format!("ask-{}", question.name());
        let mut wanted = vec!["title", "words"];
        wanted.extend(question.answers().iter().map(|answer| answer.name()));
        if question.answers().contains(&Answer::Unsure) {
            wanted.extend(["look", "path", "path-after"]);
        }
        for part in wanted {
            assert!(
                keys.contains_key(&format!("{name}-{part}")),
                "{name}-{part}"
            );
        }
    }
}

/// F8 calls a volunteer; F10 is for the volunteer who has come.
#[test]
fn nobody_is_told_to_call_a_volunteer_by_the_volunteers_own_key() {
    for &lang in Lang::ALL {
        for (key, text) in entries(lang) {
            for wrong in ["叫志愿者（F10）", "all a volunteer (F10)"] {
                assert!(!text.contains(wrong), "{key}: {text}");
            }
        }
    }
}

/// Both ways to put a visit aside say that it gets a number: nobody has to try which of them does.
#[test]
fn fault_20_both_ways_to_put_aside_promise_the_number() {
    for (lang, promise) in [(Lang::Zh, "给续办号"), (Lang::En, "a pickup number")] {
        let texts = entries(lang);
        for key in ["panel-park", "panel-next"] {
            assert!(texts[key].contains(promise), "{key}: {}", texts[key]);
        }
    }
}

/// At every Chinese counter 取号 is what one does at the ticket machine, and no slip of paper is given here.
#[test]
fn fault_30_no_words_ask_to_draw_a_number_or_speak_of_a_slip() {
    for (key, text) in entries(Lang::Zh) {
        for wrong in ["取号", "纸条"] {
            assert!(!text.contains(wrong), "{key}: {text}");
        }
    }
}

fn is_cjk(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

#[test]
fn chinese_is_set_in_chinese_punctuation() {
    for (key, text) in entries(Lang::Zh) {
        let chars: Vec<char> = text.chars().collect();
        for pair in chars.windows(2) {
            let half = |c: char| matches!(c, ',' | ';' | '!' | '?' | '(' | ')');
            assert!(
                !(is_cjk(pair[0]) && (half(pair[1]) || pair[1] == ':' || pair[1] == '.')
                    || half(pair[0]) && is_cjk(pair[1])),
                "{key}: half-width punctuation in {text}"
            );
        }
    }
}

#[test]
fn nothing_has_a_width_that_terminals_disagree_about() {
    use unicode_width::UnicodeWidthChar;
    for &lang in Lang::ALL {
        for (key, text) in entries(lang) {
            for c in text.chars() {
                assert_eq!(c.width(), c.width_cjk(), "{key}: {c:?} ({lang:?})");
            }
        }
    }
}

#[test]
fn a_text_is_filled_in() {
    let zh = Text::new(Lang::Zh);
    assert_eq!(zh.with("small-rows", &[("n", 3.into())]), "还差 3 行");
    let en = Text::new(Lang::En);
    assert_eq!(
        en.with("trouble-code-wrong", &[("n", 1.into())]),
        "The code is wrong. One try is left."
    );
    assert_eq!(en.find("no-such-text", &[]), None);
}

#[test]
fn a_value_that_is_not_given_leaves_no_placeholder() {
    let left = without_placeholders("找到并关注【{$account}】，等 {$n} 秒{$");
    assert_eq!(left, "找到并关注【】，等  秒");
}

#[test]
fn each_text_is_found_in_its_section() {
    for &lang in Lang::ALL {
        let text = Text::new(lang);
        let keys = entries(lang);
        assert_eq!(text.file.places.len(), keys.len(), "{lang:?}");
        for key in keys.keys() {
            let section = &text.file.sections[text.file.places[key.as_str()]];
            assert!(section.bundle().has_message(key), "{key}, {lang:?}");
        }
        assert!(text.find("no-such-text", &[]).is_none());
    }
}
