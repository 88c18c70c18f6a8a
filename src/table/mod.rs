//! Reads TOML files that people write: the configuration and the packs.
//!
//! Every [`Fault`] names the file, the line, the key and the remedy. A key that the program never reads is a fault, with
//! the nearest known key. This module does not know what the keys mean.

mod fault;
mod lists;
mod near;

use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::visit::is_format;

pub use fault::{Fault, Source};
pub use near::{nearest, suggest};

/// The largest file that is accepted, in bytes.
pub const FILE_CAP: usize = 256 * 1024;
/// The longest text in a file, in characters.
const TEXT_CAP: usize = 2000;

/// Reads a file that a person wrote. `name` describes it in an error, such as "the pack x.toml", and is asked only then: the
/// language is looked for by it. `exit` is the exit code when it is not text.
///
/// # Errors
/// When the file cannot be read or is not UTF-8. [`Document::parse`] reports a file that is too large.
pub fn read_file(path: &Path, name: impl Fn() -> String, exit: Exit) -> CliResult<String> {
    use std::io::Read;
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        // One byte more than is accepted, so that a larger file is noticed.
        .and_then(|file| file.take(FILE_CAP as u64 + 1).read_to_end(&mut bytes))
        .map_err(|e| CliError::io(both!("cannot read {}", "读不了 {}", name()), &e))?;
    String::from_utf8(bytes).map_err(|_| {
        CliError::new(
            exit,
            both!("{} is not UTF-8 text", "{} 不是 UTF-8 文字", path.display()),
            both!("save it as UTF-8", "请另存为 UTF-8"),
        )
    })
}

/// A parsed file.
pub struct Document<'a> {
    source: &'a Source<'a>,
    /// The byte offset of each line's end. The line of every value is looked up here.
    line_ends: Vec<usize>,
    root: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    /// Parses a file's text.
    ///
    /// # Errors
    /// When the file is too large or not valid TOML.
    pub fn parse(source: &'a Source<'a>) -> Result<Self, Fault> {
        if source.text.len() > FILE_CAP {
            return Err(source.fault(
                both!(
                    "the file is larger than {} KB",
                    "文件超过 {} KB",
                    FILE_CAP / 1024
                ),
                both!("make it smaller", "请缩小它"),
            ));
        }
        let root = DeTable::parse(source.text).map_err(|e| Fault {
            line: e.span().map(|span| source.line(span.start)),
            ..source.fault(
                both!(
                    "not valid TOML: {}",
                    "不是有效的 TOML：{}",
                    e.message().replace('\n', " ")
                ),
                both!(
                    "mend that line; texts stand in \"quotes\", sections in [brackets]",
                    "请改正那一行；文字放在 \"引号\" 里，节名放在 [方括号] 里"
                ),
            )
        })?;
        let bytes = source.text.bytes().enumerate();
        let line_ends = bytes.filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at);
        Ok(Document {
            source,
            line_ends: line_ends.collect(),
            root,
        })
    }

    /// The line of this byte, from 1.
    fn line(&self, at: usize) -> usize {
        let before = self.line_ends.partition_point(|end| *end < at);
        before.saturating_add(1)
    }

    /// The table at the top of the file.
    pub fn root(&self) -> Table<'_> {
        Table {
            document: self,
            path: String::new(),
            span: self.root.span(),
            entries: self.root.get_ref(),
            read_keys: RefCell::default(),
        }
    }
}

/// A value with its line, for faults that are found later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its line, from 1.
    pub line: usize,
}

/// A table of a file. It records which keys were read, and [`Table::finish`] refuses the others.
pub struct Table<'a> {
    document: &'a Document<'a>,
    path: String,
    span: Range<usize>,
    entries: &'a DeTable<'a>,
    read_keys: RefCell<Vec<String>>,
}

impl<'a> Table<'a> {
    /// The keys of this table, in alphabetical order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(|key| key.get_ref().as_ref())
    }

    /// Whether the table has the key. [`Table::finish`] then accepts it.
    pub fn has(&self, key: &str) -> bool {
        self.read_keys.borrow_mut().push(key.to_owned());
        self.entries.contains_key(key)
    }

    /// Whether the key holds a list.
    pub fn is_list(&self, key: &str) -> bool {
        self.entries
            .get(key)
            .is_some_and(|value| value.get_ref().is_array())
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
            file: self.document.source.file.to_owned(),
            line: Some(self.document.line(at)),
            key,
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    fn path_to(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.read_keys.borrow_mut().push(key.to_owned());
        self.entries.get(key)
    }

    fn wrong_type(&self, key: &str, value: &DeValue<'_>, wanted: &str) -> Fault {
        self.fault_in(
            key,
            both!(
                "{} where {wanted} is wanted",
                "这里是{}，应当是{wanted}",
                name_of(value)
            ),
            both!("write {wanted}", "请写{wanted}"),
        )
    }

    fn missing(&self, key: &str) -> Fault {
        self.fault_in(
            key,
            both!("is missing", "缺少"),
            if self.path.is_empty() {
                both!(
                    "add `{key} = ...` at the top of the file",
                    "请在文件最上面加上 `{key} = ...`"
                )
            } else {
                both!(
                    "add `{key} = ...` to [{}]",
                    "请在 [{}] 里加上 `{key} = ...`",
                    self.path
                )
            },
        )
    }

    fn locate<T>(&self, at: &Spanned<DeValue<'_>>, value: T) -> Located<T> {
        Located {
            value,
            line: self.document.line(at.span().start),
        }
    }

    /// A text that is not empty, has no control or invisible characters and at most `TEXT_CAP` characters; `None` without
    /// the key.
    ///
    /// # Errors
    /// When the value is anything else.
    pub fn text(&self, key: &str) -> Result<Option<Located<String>>, Fault> {
        let Some(spanned) = self.get(key) else {
            return Ok(None);
        };
        let DeValue::String(text) = spanned.get_ref() else {
            return Err(self.wrong_type(
                key,
                spanned.get_ref(),
                &both!("a text in \"quotes\"", "\"引号\" 里的文字"),
            ));
        };
        self.check_text(key, text)?;
        Ok(Some(self.locate(spanned, text.to_string())))
    }

    fn check_text(&self, key: &str, text: &str) -> Result<(), Fault> {
        if text.trim().is_empty() {
            return Err(self.fault_in(
                key,
                both!("an empty text", "文字是空的"),
                both!(
                    "write something, or leave the key out",
                    "请写点什么，或不写这个键"
                ),
            ));
        }
        if let Some(odd) = text.chars().find(|c| c.is_control() || is_format(*c)) {
            return Err(self.fault_in(
                key,
                both!(
                    "the character U+{:04X} cannot be shown",
                    "字符 U+{:04X} 显示不出来",
                    u32::from(odd)
                ),
                both!(
                    "take it out; long texts are wrapped by the program",
                    "请删掉它；长的文字由程序换行"
                ),
            ));
        }
        if text.chars().count() > TEXT_CAP {
            return Err(self.fault_in(
                key,
                both!(
                    "longer than {TEXT_CAP} characters",
                    "超过 {TEXT_CAP} 个字符"
                ),
                both!("make it shorter", "请缩短它"),
            ));
        }
        Ok(())
    }

    /// A required text.
    ///
    /// # Errors
    /// As [`Table::text`], or when it is missing.
    pub fn need_text(&self, key: &str) -> Result<Located<String>, Fault> {
        self.text(key)?.ok_or_else(|| self.missing(key))
    }

    /// A whole number within `range`; `None` without the key.
    ///
    /// # Errors
    /// When the value is anything else.
    pub fn number(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<u64>,
    ) -> Result<Option<Located<u64>>, Fault> {
        let Some(spanned) = self.get(key) else {
            return Ok(None);
        };
        let DeValue::Integer(integer) = spanned.get_ref() else {
            return Err(self.wrong_type(
                key,
                spanned.get_ref(),
                &both!("a whole number without quotes", "不加引号的整数"),
            ));
        };
        match u64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) if range.contains(&number) => Ok(Some(self.locate(spanned, number))),
            _ => Err(self.fault_in(
                key,
                both!("{} is out of range", "{} 超出范围", integer.as_str()),
                both!(
                    "write a number from {} to {}",
                    "请写 {} 到 {} 的数",
                    range.start(),
                    range.end()
                ),
            )),
        }
    }

    /// `true` or `false`; `false` without the key.
    ///
    /// # Errors
    /// When the value has another type.
    pub fn flag(&self, key: &str) -> Result<bool, Fault> {
        match self.get(key).map(Spanned::get_ref) {
            None => Ok(false),
            Some(DeValue::Boolean(flag)) => Ok(*flag),
            Some(other) => Err(self.wrong_type(key, other, pick("true or false", "true 或 false"))),
        }
    }

    /// A day, such as 2026-10-01 without quotes; `None` without the key.
    ///
    /// # Errors
    /// When the value has another type.
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
                &both!(
                    "a day such as 2026-10-01, without quotes",
                    "不加引号的日期，如 2026-10-01"
                ),
            )
        })
    }

    /// A table within this one; `None` without the key.
    ///
    /// # Errors
    /// When the value has another type.
    pub fn table(&self, key: &str) -> Result<Option<Table<'a>>, Fault> {
        match self.get(key) {
            None => Ok(None),
            Some(spanned) => self
                .as_table(spanned, self.path_to(key))
                .map(Some)
                .ok_or_else(|| {
                    self.wrong_type(
                        key,
                        spanned.get_ref(),
                        pick("a section or { ... }", "一节或 { ... }"),
                    )
                }),
        }
    }

    /// A required table.
    ///
    /// # Errors
    /// As [`Table::table`], or when it is missing.
    pub fn need_table(&self, key: &str) -> Result<Table<'a>, Fault> {
        self.table(key)?.ok_or_else(|| self.missing(key))
    }

    fn as_table(&self, spanned: &'a Spanned<DeValue<'a>>, path: String) -> Option<Table<'a>> {
        let DeValue::Table(entries) = spanned.get_ref() else {
            return None;
        };
        // A table that only contains other tables has no span of its own.
        let mut span = spanned.span();
        if span == (0..0) {
            let inner = entries.iter().map(|(key, _)| key.span().start).min();
            span = inner.unwrap_or(0)..inner.unwrap_or(0);
        }
        Some(Table {
            document: self.document,
            path,
            span,
            entries,
            read_keys: RefCell::default(),
        })
    }

    /// Refuses the keys that were not read.
    ///
    /// # Errors
    /// Names the first such key and the nearest known one.
    pub fn finish(&self) -> Result<(), Fault> {
        match self.unknown().into_iter().next() {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    /// A fault for each key that was not read, with the nearest known key, in the order of the file.
    pub fn unknown(&self) -> Vec<Fault> {
        let read_keys = self.read_keys.borrow();
        let known: Vec<&str> = read_keys.iter().map(String::as_str).collect();
        let mut unknown: Vec<_> = self
            .entries
            .keys()
            .filter(|key| !known.contains(&key.get_ref().as_ref()))
            .collect();
        unknown.sort_by_key(|key| key.span().start);
        unknown
            .into_iter()
            .map(|key| {
                self.fault_at(
                    key.span().start,
                    self.path_to(key.get_ref()),
                    both!("no such key", "没有这个键"),
                    suggest(key.get_ref(), &known),
                )
            })
            .collect()
    }
}

fn name_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => pick("a text", "文字"),
        DeValue::Integer(_) => pick("a whole number", "整数"),
        DeValue::Float(_) => pick("a number with a point", "小数"),
        DeValue::Boolean(_) => pick("true or false", "true 或 false"),
        DeValue::Datetime(_) => pick("a date", "日期"),
        DeValue::Array(_) => pick("a list", "列表"),
        DeValue::Table(_) => pick("a section", "一节"),
    }
}

#[cfg(test)]
mod tests;
