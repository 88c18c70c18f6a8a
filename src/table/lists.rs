//! Reads lists and choices from a table. This module does not know what they mean.

use toml::Spanned;
use toml::de::{DeArray, DeValue};

use super::{Fault, Table, suggest};
use crate::cli_lang::{both, pick};

impl<'a> Table<'a> {
    fn array(&self, key: &str) -> Result<Option<&'a DeArray<'a>>, Fault> {
        match self.get(key).map(Spanned::get_ref) {
            None => Ok(None),
            Some(DeValue::Array(array)) => Ok(Some(array)),
            Some(other) => Err(self.wrong_type(
                key,
                other,
                pick("a list in [brackets]", "[方括号] 里的列表"),
            )),
        }
    }

    /// A list of tables; `None` without the key.
    ///
    /// # Errors
    /// When the value has another type.
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
                    self.wrong_type(
                        key,
                        spanned.get_ref(),
                        pick("a list of { ... } tables", "{ ... } 表的列表"),
                    )
                })
            })
            .collect::<Result<Vec<_>, Fault>>()
            .map(Some)
    }

    /// The line of a key's value, from 1; the table's own line without the key.
    pub fn line_of(&self, key: &str) -> usize {
        let value = self.get(key).map(Spanned::span);
        self.document.line(value.unwrap_or(self.span.clone()).start)
    }

    /// A list of texts; `None` without the key.
    ///
    /// # Errors
    /// When the value has another type.
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
                other => Err(self.wrong_type(key, other, pick("a list of texts", "文字的列表"))),
            })
            .collect::<Result<Vec<_>, Fault>>()
            .map(Some)
    }

    /// A text that names one of `choices`; `None` without the key.
    ///
    /// # Errors
    /// When the text names none of them, with the nearest name.
    pub fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Result<Option<T>, Fault> {
        match self.text(key)? {
            None => Ok(None),
            Some(found) => self.pick(key, &found.value, choices).map(Some),
        }
    }

    /// The choice with this name.
    ///
    /// # Errors
    /// When there is none, with the nearest name.
    pub fn pick<T: Copy>(&self, key: &str, name: &str, choices: &[(&str, T)]) -> Result<T, Fault> {
        let found = choices.iter().find(|(known, _)| *known == name);
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(known, _)| *known).collect();
            self.fault_in(
                key,
                both!("\"{name}\" is not known here", "这里没有“{name}”"),
                suggest(name, &names),
            )
        })
    }
}
