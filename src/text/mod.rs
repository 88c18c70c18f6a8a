//! The texts of the user interface: `zh-CN.ftl` and `en.ftl`, embedded. All words on the screen come from there or from
//! the pack; a language's own name is [`Lang::name`]. This module reads no file and draws nothing.

#[cfg(test)]
mod given_tests;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

pub use fluent_bundle::FluentValue;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use strum::{EnumString, VariantArray, VariantNames};

const ZH: &str = include_str!("zh-CN.ftl");
const EN: &str = include_str!("en.ftl");

/// A language of the kiosk. Chinese is the default.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumString, VariantArray, VariantNames,
)]
#[strum(parse_err_ty = UnknownLang, parse_err_fn = UnknownLang::of)]
pub enum Lang {
    /// Chinese as written in mainland China.
    #[default]
    #[strum(serialize = "zh-CN")]
    Zh,
    /// English.
    #[strum(serialize = "en")]
    En,
}

/// A language tag that is not one of [`Lang::TAGS`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no language has the tag {0:?}")]
pub struct UnknownLang(String);

impl UnknownLang {
    fn of(tag: &str) -> Self {
        UnknownLang(tag.to_owned())
    }
}

impl Lang {
    /// Every language, the default first.
    pub const ALL: &'static [Lang] = <Lang as VariantArray>::VARIANTS;
    /// The tags of [`Lang::ALL`].
    pub const TAGS: &'static [&'static str] = <Lang as VariantNames>::VARIANTS;

    /// The language's tag (BCP 47), as it is written in the configuration, in packs and on the command line.
    pub const fn tag(self) -> &'static str {
        Lang::TAGS[self as usize]
    }

    /// The language in its own words: who reads no other finds it by them.
    pub const fn name(self) -> &'static str {
        match self {
            Lang::Zh => "中文",
            Lang::En => "English",
        }
    }

    /// The next language: F2 switches to it.
    pub fn next(self) -> Self {
        match self {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }
    }

    /// The least width of a column of words, in cells: Chinese needs fewer.
    pub const fn column(self) -> u16 {
        match self {
            Lang::Zh => 22,
            Lang::En => 30,
        }
    }

    fn source(self) -> &'static str {
        match self {
            Lang::Zh => ZH,
            Lang::En => EN,
        }
    }

    fn id(self) -> unic_langid::LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }
}

type Bundle = FluentBundle<FluentResource>;

/// The texts of one language. A section of the file is parsed when the first of its texts is wanted: the first page needs
/// few of them.
pub struct Text {
    lang: Lang,
    sections: Vec<Section>,
    /// The place in `sections` of each key.
    places: HashMap<&'static str, usize>,
}

/// What stands under one heading of the file.
struct Section {
    lang: Lang,
    source: &'static str,
    bundle: OnceLock<Bundle>,
}

impl Section {
    fn bundle(&self) -> &Bundle {
        self.bundle.get_or_init(|| {
            let mut bundle = FluentBundle::new_concurrent(vec![self.lang.id()]);
            // Isolates are invisible characters that some terminals draw as rubbish. Neither language needs them.
            bundle.set_use_isolating(false);
            // A fault in one entry loses that entry only. A test checks that there is none.
            let resource = match FluentResource::try_new(self.source.to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
            bundle
        })
    }

    /// The keys of its texts: what begins a line and is neither a comment nor indented.
    fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.source
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key))
    }
}

impl Text {
    /// The texts of this language.
    pub fn new(lang: Lang) -> Self {
        let sections: Vec<Section> = lang
            .source()
            .split("\n## ")
            .enumerate()
            .map(|(at, source)| Section {
                lang,
                // The words of a heading are no entry.
                source: match at {
                    0 => source,
                    _ => source.split_once('\n').map_or("", |(_, entries)| entries),
                },
                bundle: OnceLock::new(),
            })
            .collect();
        let places = sections
            .iter()
            .enumerate()
            .flat_map(|(at, section)| section.keys().map(move |key| (key, at)))
            .collect();
        Text {
            lang,
            sections,
            places,
        }
    }

    /// The language of the texts.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A text without variables. A missing key is returned in brackets.
    pub fn get(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// A text with its variables. Numbers are passed as numbers, for the English plural forms.
    pub fn with(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let found = self.find(key, values);
        debug_assert!(found.is_some(), "no text {key}");
        found.unwrap_or_else(|| format!("[{key}]"))
    }

    /// A text whose key may be unknown; `None` when it is.
    pub fn find(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let bundle = self.sections.get(*self.places.get(key)?)?.bundle();
        let pattern = bundle.get_message(key)?.value()?;
        let args: FluentArgs<'_> = values
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), value.clone()))
            .collect();
        let mut errors = Vec::new();
        let text = bundle
            .format_pattern(pattern, Some(&args), &mut errors)
            .into_owned();
        debug_assert!(errors.is_empty(), "{key}: {errors:?}");
        Some(if errors.is_empty() {
            text
        } else {
            without_placeholders(&text)
        })
    }
}

/// A text of which a variable was not given: Fluent writes `{$name}` in its place, which no person must read. Tests keep
/// this from happening; what is left here is the sentence without the value.
fn without_placeholders(text: &str) -> String {
    let mut left = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("{$") {
        left.push_str(before);
        rest = from.split_once('}').map_or("", |(_, after)| after);
    }
    left + rest
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Text({:?})", self.lang)
    }
}
