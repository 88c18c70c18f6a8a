//! The texts of the user interface: `zh-CN.ftl` and `en.ftl`, embedded. All words on the screen come from there or from
//! the pack; a language's own name is [`Lang::name`]. This module reads no file and draws nothing.

#[cfg(test)]
pub(crate) mod asked;
#[cfg(test)]
mod given_tests;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::OnceLock;

pub use fluent_bundle::FluentValue;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use rustc_hash::{FxBuildHasher, FxHashMap};
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

/// The texts of one language.
#[derive(Clone, Copy)]
pub struct Text {
    lang: Lang,
    file: &'static TextFile,
}

/// The file of one language, read at most once in the program. A section is parsed when the first of its texts is wanted:
/// the first page needs few of them.
struct TextFile {
    sections: Vec<Section>,
    /// The place in `sections` of each key. The file is our own: no hash needs to withstand chosen keys.
    places: FxHashMap<&'static str, usize>,
}

/// What stands under one heading of the file.
struct Section {
    lang: Lang,
    source: &'static str,
    bundle: OnceLock<Bundle>,
}

/// Room for the keys of a file: a table that grows as it is filled is filled several times.
const KEYS: usize = 1500;

impl TextFile {
    fn of(lang: Lang) -> &'static Self {
        static ZH_FILE: OnceLock<TextFile> = OnceLock::new();
        static EN_FILE: OnceLock<TextFile> = OnceLock::new();
        let file = match lang {
            Lang::Zh => &ZH_FILE,
            Lang::En => &EN_FILE,
        };
        file.get_or_init(|| TextFile::new(lang))
    }

    /// Goes through the file once, before the first frame. A key begins a line and is followed by a space; neither
    /// comments nor the further lines of a text begin with a letter.
    fn new(lang: Lang) -> Self {
        let source = lang.source();
        let mut sections: Vec<Section> = Vec::new();
        let mut places = FxHashMap::with_capacity_and_hasher(KEYS, FxBuildHasher);
        let section = |source: Option<&'static str>| Section {
            lang,
            source: source.unwrap_or_default(),
            bundle: OnceLock::new(),
        };
        let (mut begins, mut at) = (0, 0_usize);
        for line in source.split_inclusive('\n') {
            let end = at.saturating_add(line.len());
            if line.starts_with("## ") {
                // The words of a heading are no entry.
                sections.push(section(source.get(begins..at)));
                begins = end;
            } else if line.starts_with(|c: char| c.is_ascii_lowercase())
                && let Some((key, _)) = line.split_once(' ')
            {
                places.insert(key, sections.len());
            }
            at = end;
        }
        sections.push(section(source.get(begins..)));
        TextFile { sections, places }
    }
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
}

impl Text {
    /// The texts of this language.
    pub fn new(lang: Lang) -> Self {
        Text {
            lang,
            file: TextFile::of(lang),
        }
    }

    /// The language of the texts.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A text without variables. A missing key is returned in brackets.
    #[cfg_attr(test, track_caller)]
    pub fn get(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// A text with its variables. Numbers are passed as numbers, for the English plural forms.
    #[cfg_attr(test, track_caller)]
    pub fn with(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let found = self.find(key, values);
        debug_assert!(found.is_some(), "no text {key}");
        found.unwrap_or_else(|| format!("[{key}]"))
    }

    /// A text whose key may be unknown; `None` when it is.
    #[cfg_attr(test, track_caller)]
    pub fn find(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let found = self.filled(key, values)?;
        #[cfg(test)]
        asked::note(std::panic::Location::caller(), key, values);
        Some(found)
    }

    fn filled(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let place = *self.file.places.get(key)?;
        let bundle = self.file.sections.get(place)?.bundle();
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
