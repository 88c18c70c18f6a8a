//! Finds topics by a typed query: any part of their words in either language, pinyin, or its initials. It does no I/O.

use pinyin::ToPinyinMulti;

use super::FaqTopic;
use crate::visit::narrow;

/// The longest query, in characters.
pub const LONGEST_QUERY: usize = 24;

/// The topics, prepared for a search. The help builds it when it opens, because this takes longer than a frame may.
pub struct Index {
    topics: Vec<IndexedTopic>,
}

struct IndexedTopic {
    titles: Phrases,
    keywords: Phrases,
    text: String,
}

/// Phrases and their pronunciations.
struct Phrases {
    plain: Vec<String>,
    sounds: Vec<Vec<Sound>>,
}

/// How a character is read: all its readings, or itself where it is a letter or a digit.
#[derive(Clone, Debug)]
struct Sound(Vec<String>);

impl Index {
    /// An index of these topics.
    pub fn new(topics: &[FaqTopic]) -> Self {
        let prepare = |topic: &FaqTopic| IndexedTopic {
            titles: Phrases::new(&topic.title.all().collect::<Vec<_>>()),
            keywords: Phrases::new(&topic.keywords),
            text: topic
                .text
                .iter()
                .flat_map(|text| text.all().map(folded))
                .collect::<Vec<_>>()
                .join("\n"),
        };
        Index {
            topics: topics.iter().map(prepare).collect(),
        }
    }

    /// The indexes of the topics that contain every word of the query: first those with matches in the title, then in the
    /// keywords, then in the text. An empty query finds none.
    pub fn find(&self, query: &str) -> Vec<usize> {
        let query = folded(query);
        let terms: Vec<&str> = query.split_whitespace().collect();
        if terms.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u8, usize)> = Vec::new();
        for (place, topic) in self.topics.iter().enumerate() {
            let ranks: Option<Vec<u8>> = terms.iter().map(|term| topic.rank(term)).collect();
            if let Some(worst) = ranks.and_then(|ranks| ranks.into_iter().max()) {
                found.push((worst, place));
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, place)| place).collect()
    }
}

impl IndexedTopic {
    fn rank(&self, term: &str) -> Option<u8> {
        let in_text = || self.text.contains(term);
        match () {
            () if self.titles.have(term) => Some(0),
            () if self.keywords.have(term) => Some(1),
            // A single letter occurs in every text.
            () if (term.chars().count() > 1 || !term.is_ascii()) && in_text() => Some(2),
            () => None,
        }
    }
}

impl Phrases {
    fn new<S: AsRef<str>>(phrases: &[S]) -> Self {
        let plain: Vec<String> = phrases.iter().map(|words| folded(words.as_ref())).collect();
        let sounds = plain
            .iter()
            .filter(|words| !words.is_ascii())
            .map(|words| words.chars().filter_map(sound).collect())
            .collect();
        Phrases { plain, sounds }
    }

    fn have(&self, term: &str) -> bool {
        self.plain.iter().any(|words| words.contains(term))
            || self.sounds.iter().any(|sounds| sounds_like(sounds, term))
    }
}

/// How a person's name is read aloud: the surname is found by the letters of its pinyin.
#[derive(Clone, Debug, Default)]
pub struct SpokenName(Vec<Sound>);

impl SpokenName {
    /// The readings of a name. It takes some microseconds.
    pub fn new(name: &str) -> Self {
        SpokenName(folded(name).chars().filter_map(sound).collect())
    }

    /// Whether the name begins with these letters: `z`, `zh`, `zhang`, `zs` and `zhangs` all begin 张三.
    pub fn begins(&self, letters: &str) -> bool {
        !letters.is_empty() && begins_like(&self.0, letters)
    }
}

/// Whether the characters from the first one on can be read as the term; the last may be incomplete.
fn begins_like(sounds: &[Sound], term: &str) -> bool {
    if !term.is_ascii() || term.len() > LONGEST_QUERY {
        return false;
    }
    let mut read = vec![0_usize];
    for Sound(readings) in sounds {
        let mut next = Vec::new();
        for from in read {
            let rest = term.get(from..).unwrap_or_default();
            for reading in readings {
                if reading.starts_with(rest) {
                    return true;
                }
                next.extend(steps(reading, rest).map(|length| from.saturating_add(length)));
            }
        }
        next.sort_unstable();
        next.dedup();
        read = next;
    }
    read.contains(&term.len())
}

/// Lower-case letters; full-width ones become half-width.
fn folded(text: &str) -> String {
    text.chars()
        .map(narrow)
        .flat_map(char::to_lowercase)
        .collect()
}

fn sound(c: char) -> Option<Sound> {
    if c.is_ascii_alphanumeric() {
        return Some(Sound(vec![c.to_string()]));
    }
    let readings = c.to_pinyin_multi()?;
    // On a keyboard, v stands for ü.
    let mut readings: Vec<String> = readings
        .into_iter()
        .map(|reading| reading.plain().replace('ü', "v"))
        .collect();
    readings.sort_unstable();
    readings.dedup();
    Some(Sound(readings))
}

/// Whether neighbouring characters can be read as the term, each by its whole pinyin, its first letter or its initial
/// (zh, ch, sh); the last may be incomplete. `qchc`, `qingchu`, `qingchc` and `chuhu` are all 清除缓存.
fn sounds_like(sounds: &[Sound], term: &str) -> bool {
    if !term.is_ascii() || term.len() > LONGEST_QUERY {
        return false;
    }
    // How much of the term can be read up to here, in bytes.
    let mut read = vec![0_usize];
    for Sound(readings) in sounds {
        let mut next = vec![0];
        for from in read {
            let rest = term.get(from..).unwrap_or_default();
            for reading in readings {
                if reading.starts_with(rest) {
                    return true;
                }
                next.extend(steps(reading, rest).map(|length| from.saturating_add(length)));
            }
        }
        next.sort_unstable();
        next.dedup();
        if next.contains(&term.len()) {
            return true;
        }
        read = next;
    }
    false
}

/// How much of the rest one character may stand for.
fn steps<'a>(reading: &'a str, rest: &'a str) -> impl Iterator<Item = usize> + 'a {
    let initial = match reading.get(..2) {
        Some("zh" | "ch" | "sh") => 2,
        _ => 1,
    };
    [1, initial, reading.len()]
        .into_iter()
        .filter(move |length| {
            let part = reading.get(..*length);
            part.is_some_and(|part| rest.starts_with(part))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campus::pack::embedded;

    fn found(query: &str) -> Vec<String> {
        let faq = embedded().unwrap().faq;
        let places = Index::new(&faq).find(query);
        places.into_iter().map(|at| faq[at].id.clone()).collect()
    }

    #[test]
    fn by_pinyin_by_words_and_in_both_languages() {
        for (query, first) in [
            ("qchc", "cache-clear"),
            ("QCHC", "cache-clear"),
            ("ｑｃｈｃ", "cache-clear"),
            ("qingchuhuancun", "cache-clear"),
            ("qing chu huan cun", "cache-clear"),
            ("qingchc", "cache-clear"),
            ("qchuhuanc", "cache-clear"),
            ("qingchuhuanc", "cache-clear"),
            ("清除", "cache-clear"),
            ("clear", "cache-clear"),
            ("harmonyos", "cache-clear"),
            ("wjmm", "forgotten"),
            ("wangjimima", "forgotten"),
            ("PASSWORD", "forgotten"),
            ("jcbd", "unbind"),
            ("sbdyzm", "code-missing"),
            ("教职工", "staff"),
            ("zhiyuan", "nothing"),
            // 重 has two readings.
            ("gjcq", "sign-out"),
            ("guanjizhongqi", "sign-out"),
            ("fwdh", "hotline"),
            ("shj", "which-number"),
            ("app", "get-app"),
        ] {
            let found = found(query);
            match first {
                "nothing" => assert!(found.is_empty(), "{query}: {found:?}"),
                first => assert!(found.iter().any(|id| id == first), "{query}: {found:?}"),
            }
        }
        assert_eq!(found("qchc")[0], "cache-clear");
        assert_eq!(found("wjmm")[0], "forgotten");
    }

    #[test]
    fn a_name_is_found_by_the_letters_it_begins_with() {
        let zhang = SpokenName::new("张三丰");
        for letters in ["z", "zh", "zha", "zhang", "zs", "zhs", "zhangs", "zsf"] {
            assert!(zhang.begins(letters), "{letters}");
        }
        for letters in ["", "s", "ang", "sanfeng", "zhao", "zx", "张"] {
            assert!(!zhang.begins(letters), "{letters}");
        }
        // 单 and 曾 have two readings, and a compound surname two characters.
        assert!(SpokenName::new("单田").begins("shan") && SpokenName::new("曾三").begins("zeng"));
        assert!(SpokenName::new("欧阳静怡").begins("ouyang"));
        assert!(SpokenName::new("Smith").begins("smi"));
    }

    #[test]
    fn titles_come_before_keywords_and_these_before_texts() {
        let ids = found("解绑");
        let place = |id: &str| ids.iter().position(|other| other == id).unwrap();
        assert!(place("not-at-once") < place("unbind"), "{ids:?}");
        assert!(place("unbind") < place("new-number"), "{ids:?}");
    }

    #[test]
    fn every_word_must_be_there() {
        assert!(found("缓存 ios").contains(&"cache-clear".to_owned()));
        assert!(found("缓存 zzzz").is_empty());
        assert!(found("").is_empty() && found("  ").is_empty());
    }

    #[test]
    fn what_is_typed_can_be_anything_and_stays_quick() {
        let same = "啊".repeat(400);
        let sounds: Vec<Sound> = same.chars().filter_map(sound).collect();
        assert!(!sounds_like(
            &sounds,
            &("a".repeat(LONGEST_QUERY - 1) + "b")
        ));
        for query in ["\u{202e}", "'", "ü", "😀", "a'b", "---", &"q".repeat(5000)] {
            found(query);
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config { failure_persistence: None, cases: 40, ..Default::default() })]

        /// The beginning of a title, or the initials of its pinyin, finds the topic.
        #[test]
        fn a_topic_is_found_by_its_beginning(pick in 0_usize..100, length in 2_usize..8) {
            let faq = embedded().unwrap().faq;
            let pick = pick % faq.len();
            let title: String = faq[pick].title.zh.chars().take(length).collect();
            let letters: String = title.chars().filter_map(sound).filter_map(|sound| sound.0[0].chars().next()).collect();
            let index = Index::new(&faq);
            proptest::prop_assert!(index.find(&letters).contains(&pick), "{letters}");
            // A comma is no space: the words before it are looked for as they stand.
            proptest::prop_assert!(index.find(&title).contains(&pick), "{title}");
        }
    }
}
