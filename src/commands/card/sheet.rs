//! What stands on the volunteer's page, in one language, and the page as text.

use crate::campus::pack::{FaqTopic, Pack};
use crate::screen::pages::{NamedKey, hotline_number, page_keys, volunteer_keys};
use crate::screen::wrap;
use crate::text::{Lang, Text};
use crate::visit::DeskNumber;

/// The columns of the text.
const COLUMNS: u16 = 100;
/// The columns of a key and its second one.
const KEY: usize = 16;

/// What the screen says when the machine itself is in trouble, each with what to do.
const MACHINE: [&str; 5] = [
    "store-full",
    "store-failed",
    "store-read-only",
    "store-damaged",
    "store-rebuilt",
];

/// A part of the page.
pub struct CardPart {
    /// Its heading.
    pub title: String,
    /// Keys and what they do; none for a part of sentences.
    pub keys: Vec<NamedKey>,
    /// Headed paragraphs; the heading may be empty.
    pub topics: Vec<(String, Vec<String>)>,
}

/// The page in one language.
pub struct CardSheet {
    /// Its language.
    pub lang: Lang,
    /// University, desk.
    pub title: String,
    /// The hotline with its digits.
    pub hotline: Vec<String>,
    /// The rest.
    pub parts: Vec<CardPart>,
}

impl CardSheet {
    /// The page of this desk.
    pub fn new(pack: &Pack, desk: DeskNumber, text: &Text) -> Self {
        let lang = text.lang();
        let get = |key: &str| text.get(key);
        let university = pack.university.get(lang);
        let desk = text.with("desk-name", &[("n", desk.get().into())]);
        let keys = |title: &str, keys| CardPart {
            title: get(title),
            keys,
            topics: Vec::new(),
        };
        let told = |title: &str, topics| CardPart {
            title: get(title),
            keys: Vec::new(),
            topics,
        };
        let how = [
            "help-keys",
            "help-keys-second",
            "help-welcome",
            "help-parked",
        ]
        .map(get);
        let machine = MACHINE.map(get);
        CardSheet {
            lang,
            title: format!("{university}  {}  {desk}", get("desk-kind")),
            hotline: hotline(pack, text),
            parts: vec![
                told("help-keys-title", vec![(String::new(), how.to_vec())]),
                keys("card-keys", page_keys(text)),
                keys("panel-title", volunteer_keys(text)),
                told("card-machine", vec![(String::new(), machine.to_vec())]),
                told(
                    "card-troubles",
                    pack.faq.iter().map(|faq| topic(faq, lang)).collect(),
                ),
            ],
        }
    }

    /// The page as text, in lines that fit a sheet of paper.
    pub fn to_text(&self) -> String {
        let mut out = format!("{}\n", self.title);
        let say = |out: &mut String, first: &str, rest: &str, words: &str| {
            let columns = COLUMNS.saturating_sub(u16::try_from(rest.len()).unwrap_or_default());
            for (at, line) in wrap(words, columns).iter().enumerate() {
                *out += &format!("{}{line}\n", if at == 0 { first } else { rest });
            }
        };
        for line in &self.hotline {
            say(&mut out, "", "", line);
        }
        for part in &self.parts {
            out += &format!("\n== {} ==\n", part.title);
            for key in &part.keys {
                let names = names(key);
                let first = format!("{names:KEY$}");
                say(&mut out, &first, &" ".repeat(KEY), &key.does);
            }
            for (title, paragraphs) in &part.topics {
                if !title.is_empty() {
                    out += &format!("\n{title}\n");
                }
                for words in paragraphs {
                    say(&mut out, "- ", "  ", words);
                }
            }
        }
        out
    }
}

/// A key with its second one.
pub fn names(key: &NamedKey) -> String {
    match key.second {
        Some(second) => format!("{} ({second})", key.key),
        None => key.key.clone(),
    }
}

fn topic(faq: &FaqTopic, lang: Lang) -> (String, Vec<String>) {
    let text = faq.text.iter().map(|text| text.get(lang).to_owned());
    (faq.title.get(lang).to_owned(), text.collect())
}

/// The number, and the digit of each campus.
fn hotline(pack: &Pack, text: &Text) -> Vec<String> {
    let hotline = &pack.hotline;
    if hotline.number.is_empty() {
        return Vec::new();
    }
    let number = hotline_number(hotline);
    let mut lines = vec![text.with("help-hotline", &[("number", number.into())])];
    lines.extend(hotline.campuses.iter().map(|campus| {
        let digit = campus.digit.to_string();
        let then = text.with("forgotten-digit", &[("digit", digit.into())]);
        match &campus.name {
            Some(name) => format!("{}  {then}", name.get(text.lang())),
            None => then,
        }
    }));
    lines
}
