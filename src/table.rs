//! Reading TOML files that people write: the configuration and the packs.
//!
//! Every [`Fault`] names the file, the line, the key and what to do. Keys that nobody asked for are refused with the
//! nearest one that exists. It knows nothing of what the keys mean.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// The largest file that is read, in bytes.
pub const FILE_CAP: usize = 256 * 1024;
/// The longest text in a file, in characters.
pub const TEXT_CAP: usize = 2000;

/// What is wrong in a file, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub file: String,
    /// Counted from 1; `None` where the fault is not at one place.
    pub line: Option<usize>,
    /// The key from the top of the file, such as `desk.letter`; empty for the file as a whole.
    pub key: String,
    pub what: String,
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for Fault {}

/// A file's text and its name for people.
pub struct Source<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

impl Source<'_> {
    /// A fault of the file as a whole.
    pub fn fault(&self, what: impl Into<String>, remedy: impl Into<String>) -> Fault {
        Fault {
            file: self.file.to_owned(),
            line: None,
            key: String::new(),
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        before
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            .saturating_add(1)
    }
}

/// A parsed file.
pub struct Document<'a> {
    source: &'a Source<'a>,
    root: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    /// # Errors
    /// Where the file is too large, holds control characters or is no TOML.
    pub fn parse(source: &'a Source<'a>) -> Result<Self, Fault> {
        if source.text.len() > FILE_CAP {
            return Err(source.fault(
                format!("the file is larger than {} KB", FILE_CAP / 1024),
                "make it smaller",
            ));
        }
        let root = DeTable::parse(source.text).map_err(|e| Fault {
            line: e.span().map(|span| source.line(span.start)),
            ..source.fault(
                format!("not valid TOML: {}", e.message().replace('\n', " ")),
                "mend that line; texts stand in \"quotes\", sections in [brackets]",
            )
        })?;
        Ok(Document { source, root })
    }

    pub fn root(&self) -> Table<'_> {
        Table {
            source: self.source,
            path: String::new(),
            span: self.root.span(),
            entries: self.root.get_ref(),
            asked: RefCell::default(),
        }
    }
}

/// A value with its place, for faults that are found later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    pub value: T,
    /// The line it stands on, counted from 1.
    pub line: usize,
    pub key: String,
}

/// A table of a file. It notes which keys were asked for, and [`Table::finish`] refuses the others.
pub struct Table<'a> {
    source: &'a Source<'a>,
    path: String,
    span: Range<usize>,
    entries: &'a DeTable<'a>,
    asked: RefCell<Vec<String>>,
}

impl<'a> Table<'a> {
    /// The keys that stand in this table, in the alphabet's order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(|key| key.get_ref().as_ref())
    }

    /// Whether the key is there. To ask is to know it: [`Table::finish`] lets it pass.
    pub fn has(&self, key: &str) -> bool {
        self.asked.borrow_mut().push(key.to_owned());
        self.entries.contains_key(key)
    }

    /// A fault of this table.
    pub fn fault(&self, what: impl Into<String>, remedy: impl Into<String>) -> Fault {
        self.fault_at(self.span.start, self.path.clone(), what, remedy)
    }

    /// A fault of one key of this table.
    pub fn fault_in(&self, key: &str, what: impl Into<String>, remedy: impl Into<String>) -> Fault {
        let at = match self.entries.get_key_value(key) {
            Some((_, value)) if value.span() != (0..0) => value.span().start,
            Some((name, _)) => name.span().start,
            None => self.span.start,
        };
        self.fault_at(at, self.path_to(key), what, remedy)
    }

    fn fault_at(
        &self,
        at: usize,
        key: String,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Fault {
        Fault {
            file: self.source.file.to_owned(),
            line: Some(self.source.line(at)),
            key,
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    fn path_to(&self, key: &str) -> String {
        match self.path.is_empty() {
            true => key.to_owned(),
            false => format!("{}.{key}", self.path),
        }
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key.to_owned());
        self.entries.get(key)
    }

    fn wrong_type(&self, key: &str, value: &DeValue<'_>, wanted: &str) -> Fault {
        self.fault_in(
            key,
            format!("{} where {wanted} is wanted", name_of(value)),
            format!("write {wanted}"),
        )
    }

    fn missing(&self, key: &str) -> Fault {
        self.fault_in(
            key,
            "is missing",
            match self.path.is_empty() {
                true => format!("add `{key} = ...` at the top of the file"),
                false => format!("add `{key} = ...` to [{}]", self.path),
            },
        )
    }

    fn found<T>(&self, key: &str, at: &Spanned<DeValue<'_>>, value: T) -> Found<T> {
        Found {
            value,
            line: self.source.line(at.span().start),
            key: self.path_to(key),
        }
    }

    /// A text: not empty, without control or invisible characters, at most [`TEXT_CAP`] characters.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn text(&self, key: &str) -> Result<Option<Found<String>>, Fault> {
        let Some(spanned) = self.get(key) else {
            return Ok(None);
        };
        let DeValue::String(text) = spanned.get_ref() else {
            return Err(self.wrong_type(key, spanned.get_ref(), "a text in \"quotes\""));
        };
        self.check_text(key, text)?;
        Ok(Some(self.found(key, spanned, text.to_string())))
    }

    fn check_text(&self, key: &str, text: &str) -> Result<(), Fault> {
        if text.trim().is_empty() {
            return Err(self.fault_in(
                key,
                "an empty text",
                "write something, or leave the key out",
            ));
        }
        if let Some(odd) = text
            .chars()
            .find(|c| c.is_control() || crate::visit::is_format(*c))
        {
            return Err(self.fault_in(
                key,
                format!("the character U+{:04X} cannot be shown", u32::from(odd)),
                "take it out; long texts are wrapped by the program",
            ));
        }
        if text.chars().count() > TEXT_CAP {
            return Err(self.fault_in(
                key,
                format!("longer than {TEXT_CAP} characters"),
                "make it shorter",
            ));
        }
        Ok(())
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// As [`Table::text`], or where it is missing.
    pub fn need_text(&self, key: &str) -> Result<Found<String>, Fault> {
        self.text(key)?.ok_or_else(|| self.missing(key))
    }

    /// A whole number, not negative.
    ///
    /// # Errors
    /// Where it is something else or outside `range`.
    pub fn number(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<u64>,
    ) -> Result<Option<Found<u64>>, Fault> {
        let Some(spanned) = self.get(key) else {
            return Ok(None);
        };
        let DeValue::Integer(integer) = spanned.get_ref() else {
            return Err(self.wrong_type(key, spanned.get_ref(), "a whole number without quotes"));
        };
        match u64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) if range.contains(&number) => Ok(Some(self.found(key, spanned, number))),
            _ => Err(self.fault_in(
                key,
                format!("{} is out of range", integer.as_str()),
                format!("write a number from {} to {}", range.start(), range.end()),
            )),
        }
    }

    /// `true` or `false`; `false` where the key is left out.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn flag(&self, key: &str) -> Result<bool, Fault> {
        match self.get(key).map(Spanned::get_ref) {
            None => Ok(false),
            Some(DeValue::Boolean(flag)) => Ok(*flag),
            Some(other) => Err(self.wrong_type(key, other, "true or false")),
        }
    }

    /// A day, such as 2026-10-01 without quotes.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn date(&self, key: &str) -> Result<Option<jiff::civil::Date>, Fault> {
        let Some(spanned) = self.get(key) else {
            return Ok(None);
        };
        let day = match spanned.get_ref() {
            DeValue::Datetime(day) => day.to_string().parse().ok(),
            _ => None,
        };
        day.map(Some).ok_or_else(|| {
            self.wrong_type(
                key,
                spanned.get_ref(),
                "a day such as 2026-10-01, without quotes",
            )
        })
    }

    /// A table within this one.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn table(&self, key: &str) -> Result<Option<Table<'a>>, Fault> {
        match self.get(key) {
            None => Ok(None),
            Some(spanned) => self
                .as_table(spanned, self.path_to(key))
                .map(Some)
                .ok_or_else(|| self.wrong_type(key, spanned.get_ref(), "a section or { ... }")),
        }
    }

    /// A table that must be there.
    ///
    /// # Errors
    /// As [`Table::table`], or where it is missing.
    pub fn need_table(&self, key: &str) -> Result<Table<'a>, Fault> {
        self.table(key)?.ok_or_else(|| self.missing(key))
    }

    fn as_table(&self, spanned: &'a Spanned<DeValue<'a>>, path: String) -> Option<Table<'a>> {
        let DeValue::Table(entries) = spanned.get_ref() else {
            return None;
        };
        // A table that only holds other tables has no place of its own.
        let mut span = spanned.span();
        if span == (0..0) {
            let inner = entries.iter().map(|(key, _)| key.span().start).min();
            span = inner.unwrap_or(0)..inner.unwrap_or(0);
        }
        Some(Table {
            source: self.source,
            path,
            span,
            entries,
            asked: RefCell::default(),
        })
    }

    fn array(&self, key: &str) -> Result<Option<&'a DeArray<'a>>, Fault> {
        match self.get(key).map(Spanned::get_ref) {
            None => Ok(None),
            Some(DeValue::Array(array)) => Ok(Some(array)),
            Some(other) => Err(self.wrong_type(key, other, "a list in [brackets]")),
        }
    }

    /// A list of tables; `None` where the key is left out.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn tables(&self, key: &str) -> Result<Option<Vec<Table<'a>>>, Fault> {
        let Some(array) = self.array(key)? else {
            return Ok(None);
        };
        array
            .iter()
            .enumerate()
            .map(|(place, spanned)| {
                let path = format!("{}[{}]", self.path_to(key), place.saturating_add(1));
                self.as_table(spanned, path).ok_or_else(|| {
                    self.wrong_type(key, spanned.get_ref(), "a list of { ... } tables")
                })
            })
            .collect::<Result<Vec<_>, Fault>>()
            .map(Some)
    }

    /// A list of texts; `None` where the key is left out.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn texts(&self, key: &str) -> Result<Option<Vec<String>>, Fault> {
        let Some(array) = self.array(key)? else {
            return Ok(None);
        };
        array
            .iter()
            .map(|spanned| match spanned.get_ref() {
                DeValue::String(text) => {
                    self.check_text(key, text)?;
                    Ok(text.to_string())
                }
                other => Err(self.wrong_type(key, other, "a list of texts")),
            })
            .collect::<Result<Vec<_>, Fault>>()
            .map(Some)
    }

    /// A text that names one of `choices`.
    ///
    /// # Errors
    /// Where it names something else, with the nearest that exists.
    pub fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Result<Option<T>, Fault> {
        match self.text(key)? {
            None => Ok(None),
            Some(found) => self.pick(key, &found.value, choices).map(Some),
        }
    }

    /// The choice that `name` names.
    ///
    /// # Errors
    /// Where there is none, with the nearest that exists.
    pub fn pick<T: Copy>(&self, key: &str, name: &str, choices: &[(&str, T)]) -> Result<T, Fault> {
        let found = choices.iter().find(|(known, _)| *known == name);
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(known, _)| *known).collect();
            self.fault_in(key, format!("\"{name}\" is not known here"), {
                suggest(name, &names)
            })
        })
    }

    /// Refuses the keys that nobody asked for.
    ///
    /// # Errors
    /// Names the first such key and the nearest one that exists.
    pub fn finish(&self) -> Result<(), Fault> {
        let asked = self.asked.borrow();
        let unknown = self
            .entries
            .keys()
            .filter(|key| !asked.iter().any(|known| known == key.get_ref().as_ref()))
            .min_by_key(|key| key.span().start);
        let Some(key) = unknown else {
            return Ok(());
        };
        let known: Vec<&str> = asked.iter().map(String::as_str).collect();
        Err(self.fault_at(
            key.span().start,
            self.path_to(key.get_ref()),
            "no such key",
            suggest(key.get_ref(), &known),
        ))
    }
}

fn name_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

/// Reads a file of at most [`FILE_CAP`] bytes and one more, by which the excess is noticed.
///
/// # Errors
/// The file system's own.
pub fn read_capped(path: &std::path::Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(FILE_CAP as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// "did you mean", or all that there is.
pub fn suggest(name: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .map(|known| (distance(name, known), *known))
        .min_by_key(|(far, _)| *far)
        .filter(|(far, known)| *far <= 1 + known.chars().count() / 4);
    match near {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None if known.is_empty() => "take it out".into(),
        None => format!("known here: {}", known.join(", ")),
    }
}

/// Edits (insert, delete, replace) that make one text of the other; texts over 64 characters are far from everything.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    if from.len() > 64 || to.len() > 64 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (b, above) in to.iter().zip(row.iter_mut().skip(1)) {
            let here = (diagonal + usize::from(a != *b))
                .min(left + 1)
                .min(*above + 1);
            diagonal = *above;
            *above = here;
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str, read: impl Fn(&Table<'_>) -> Result<(), Fault>) -> String {
        let source = Source {
            file: "x.toml",
            text,
        };
        let fault = match Document::parse(&source) {
            Ok(document) => read(&document.root()).unwrap_err(),
            Err(fault) => fault,
        };
        format!("{fault}; {}", fault.remedy)
    }

    #[test]
    fn a_fault_names_file_line_key_and_remedy() {
        let read = |root: &Table<'_>| {
            let desk = root.need_table("desk")?;
            desk.need_text("letter")?;
            desk.number("idle", 1..=9)?;
            desk.finish()?;
            root.finish()
        };
        for (text, wanted) in [
            (
                "",
                "x.toml:1: desk: is missing; add `desk = ...` at the top of the file",
            ),
            (
                "\n[desk]\n",
                "x.toml:2: desk.letter: is missing; add `letter = ...` to [desk]",
            ),
            (
                "[desk]\nletter = 3",
                "x.toml:2: desk.letter: a whole number where a text in \"quotes\" is wanted; write a text in \"quotes\"",
            ),
            (
                "[desk]\nletter = \"A\"\n\nlettre = 3",
                "x.toml:4: desk.lettre: no such key; did you mean `letter`?",
            ),
            (
                "[desk]\nletter = \"A\"\nidle = 10",
                "x.toml:3: desk.idle: 10 is out of range; write a number from 1 to 9",
            ),
            (
                "[desk]\nletter = \"A\\u001b\"",
                "x.toml:2: desk.letter: the character U+001B cannot be shown; take it out; long texts are wrapped by the program",
            ),
            (
                "[desk]\nletter = \"A\"\n[dask]\nx = 1",
                "x.toml:3: dask: no such key; did you mean `desk`?",
            ),
        ] {
            assert_eq!(fault(text, read), wanted, "{text}");
        }
        assert!(fault("[desk", read).starts_with("x.toml:1: not valid TOML: "));
        assert!(fault(&" ".repeat(FILE_CAP + 1), read).contains("larger than 256 KB"));
    }

    #[test]
    fn near_names_are_suggested_and_far_ones_listed() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(
            suggest("languge", &["letter", "language"]),
            "did you mean `language`?"
        );
        assert_eq!(
            suggest("quux", &["letter", "language"]),
            "known here: letter, language"
        );
        assert_eq!(suggest("quux", &[]), "take it out");
    }
}
