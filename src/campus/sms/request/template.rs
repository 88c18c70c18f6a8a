//! Texts with placeholders in braces, such as `{mobile}`. They come from the configuration; what is filled in does not
//! become a template again.

use strum::VariantArray;
use zeroize::Zeroizing;

use crate::campus::form_body::percent_encode;
use crate::campus::setting::InvalidSetting;
use crate::cli_lang::both;
use crate::table::suggest;

/// What a request can be filled in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub(in crate::campus::sms) enum Placeholder {
    /// The number: 11 digits.
    Mobile,
    /// The code.
    Code,
    /// The text of the message, with the code in it.
    Text,
    /// The time of the request, in the configured format.
    Time,
    /// 32 random hexadecimal digits.
    Nonce,
    /// The computed digest.
    Digest,
    /// What a platform answered to one request and needs in another: it ties a code to its message.
    Ticket,
    /// The secret of `account_file`.
    Account,
    /// The secret of `password_file`.
    Password,
    /// The secret of `key_file`.
    Key,
    /// Account and password as HTTP's basic authentication takes them (RFC 7617).
    Basic,
}

impl Placeholder {
    /// The word in the braces.
    pub fn name(self) -> &'static str {
        match self {
            Placeholder::Mobile => "mobile",
            Placeholder::Code => "code",
            Placeholder::Text => "text",
            Placeholder::Time => "time",
            Placeholder::Nonce => "nonce",
            Placeholder::Digest => "digest",
            Placeholder::Ticket => "ticket",
            Placeholder::Account => "account",
            Placeholder::Password => "password",
            Placeholder::Key => "key",
            Placeholder::Basic => "basic",
        }
    }

    /// Whether every server and proxy on the way may know it: addresses are logged.
    pub fn fits_address(self) -> bool {
        match self {
            Placeholder::Mobile | Placeholder::Time | Placeholder::Nonce | Placeholder::Digest => {
                true
            }
            Placeholder::Code
            | Placeholder::Text
            | Placeholder::Ticket
            | Placeholder::Account
            | Placeholder::Password
            | Placeholder::Key
            | Placeholder::Basic => false,
        }
    }

    fn named(name: &str) -> Result<Self, InvalidSetting> {
        let mut all = Placeholder::VARIANTS.iter().copied();
        all.find(|one| one.name() == name).ok_or_else(|| {
            let names: Vec<&str> = Placeholder::VARIANTS.iter().map(|one| one.name()).collect();
            let what = both!("{{{name}}} is no placeholder", "{{{name}}} 不是占位符");
            InvalidSetting::new(what, suggest(name, &names))
        })
    }
}

/// The values of one request.
#[derive(Default)]
pub(in crate::campus::sms) struct PlaceholderValues(Vec<(Placeholder, Zeroizing<String>)>);

impl PlaceholderValues {
    /// Sets a value. It is set once.
    pub fn set(&mut self, placeholder: Placeholder, value: impl Into<String>) {
        self.0.push((placeholder, Zeroizing::new(value.into())));
    }

    /// The value; empty where none was set.
    pub fn get(&self, placeholder: Placeholder) -> &str {
        let found = self.0.iter().find(|(of, _)| *of == placeholder);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Whether this text of the server's repeats something that is not to be shown or logged.
    pub fn is_repeated_in(&self, text: &str) -> bool {
        self.0.iter().any(|(of, value)| {
            let is_public = matches!(of, Placeholder::Time | Placeholder::Nonce);
            !is_public && value.len() >= 4 && text.contains(value.as_str())
        })
    }
}

/// How a value is written into the text around it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Escape {
    /// As it is.
    None,
    /// As character data or an attribute of XML.
    Xml,
    /// As a part of an address.
    Percent,
}

/// A text with placeholders.
#[derive(Debug)]
pub(in crate::campus::sms) struct Template(Vec<TemplatePart>);

#[derive(Debug)]
enum TemplatePart {
    Literal(String),
    Placeholder(Placeholder),
}

impl TemplatePart {
    /// The text, or the value that it stands for.
    fn text<'a>(&'a self, values: &'a PlaceholderValues) -> &'a str {
        match self {
            TemplatePart::Literal(text) => text,
            TemplatePart::Placeholder(placeholder) => values.get(*placeholder),
        }
    }
}

impl Template {
    /// Reads a template. Braces around anything but a word are literal: those of JSON.
    ///
    /// # Errors
    /// Where a word in braces is no placeholder.
    pub fn parse(text: &str) -> Result<Self, InvalidSetting> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some((before, from)) = rest.split_once('{') {
            literal.push_str(before);
            match word_in_braces(from) {
                Some((word, after)) => {
                    let placeholder = Placeholder::named(word)?;
                    if !literal.is_empty() {
                        parts.push(TemplatePart::Literal(std::mem::take(&mut literal)));
                    }
                    parts.push(TemplatePart::Placeholder(placeholder));
                    rest = after;
                }
                None => {
                    literal.push('{');
                    rest = from;
                }
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(TemplatePart::Literal(literal));
        }
        Ok(Template(parts))
    }

    /// The placeholders, in their order.
    pub fn placeholders(&self) -> impl Iterator<Item = Placeholder> {
        self.0.iter().filter_map(|part| match part {
            TemplatePart::Literal(_) => None,
            TemplatePart::Placeholder(placeholder) => Some(*placeholder),
        })
    }

    /// What stands around the placeholders.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            TemplatePart::Literal(text) => Some(text.as_str()),
            TemplatePart::Placeholder(_) => None,
        })
    }

    /// The text with the values in it.
    pub fn fill(&self, values: &PlaceholderValues) -> Zeroizing<String> {
        self.fill_escaped(values, Escape::None)
    }

    /// The text with the values in it, each escaped for what is around it.
    pub(super) fn fill_escaped(
        &self,
        values: &PlaceholderValues,
        escape: Escape,
    ) -> Zeroizing<String> {
        // The longest escape takes six bytes for one. A text that never grows leaves no pieces behind.
        let room: usize = self.0.iter().map(|part| part.text(values).len()).sum();
        let mut text = Zeroizing::new(String::with_capacity(room.saturating_mul(6)));
        for part in &self.0 {
            match part {
                TemplatePart::Literal(literal) => text.push_str(literal),
                TemplatePart::Placeholder(placeholder) => {
                    push_escaped(&mut text, values.get(*placeholder), escape);
                }
            }
        }
        text
    }
}

/// The word before the closing brace, and what follows it.
fn word_in_braces(text: &str) -> Option<(&str, &str)> {
    let (word, after) = text.split_once('}')?;
    let fits = |c: char| c.is_alphanumeric() || "_- ".contains(c);
    (!word.trim().is_empty() && word.chars().all(fits)).then_some((word, after))
}

fn push_escaped(to: &mut String, value: &str, escape: Escape) {
    match escape {
        Escape::None => to.push_str(value),
        Escape::Xml => {
            for c in value.chars() {
                match c {
                    '&' => to.push_str("&amp;"),
                    '<' => to.push_str("&lt;"),
                    '>' => to.push_str("&gt;"),
                    '"' => to.push_str("&quot;"),
                    '\'' => to.push_str("&#39;"),
                    _ => to.push(c),
                }
            }
        }
        Escape::Percent => {
            let mut escaped = Vec::with_capacity(value.len().saturating_mul(3));
            percent_encode(value.as_bytes(), &mut escaped);
            to.extend(escaped.into_iter().map(char::from));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> PlaceholderValues {
        let mut values = PlaceholderValues::default();
        values.set(Placeholder::Mobile, "13900139001");
        values.set(Placeholder::Key, "{code}&<\"'");
        values
    }

    #[test]
    fn a_template_is_filled_once_and_escaped() {
        let template = Template::parse(r#"{"to":"+86{mobile}", "k": "{key}"{ }"#).unwrap();
        assert_eq!(
            *template.fill(&values()),
            r#"{"to":"+8613900139001", "k": "{code}&<"'"{ }"#
        );
        let filled = |escape| {
            let template = Template::parse("{key}").unwrap();
            template.fill_escaped(&values(), escape).to_string()
        };
        assert_eq!(filled(Escape::Xml), "{code}&amp;&lt;&quot;&#39;");
        assert_eq!(filled(Escape::Percent), "%7Bcode%7D%26%3C%22%27");
        assert_eq!(
            *Template::parse("{nonce").unwrap().fill(&values()),
            "{nonce"
        );
    }

    #[test]
    fn an_unknown_placeholder_is_named_with_the_nearest_one() {
        for (text, what, remedy) in [
            ("{moblie}", "{moblie}", "did you mean `mobile`?"),
            ("a {Code} b", "{Code}", "did you mean `code`?"),
            ("{ code }", "{ code }", "did you mean `code`?"),
            ("{\"code\":\"{验证码}\"}", "{验证码}", "known here: mobile"),
        ] {
            let invalid = Template::parse(text).unwrap_err();
            assert_eq!(invalid.what, format!("{what} is no placeholder"));
            assert!(invalid.remedy.starts_with(remedy), "{}", invalid.remedy);
        }
    }

    #[test]
    fn what_an_answer_repeats_is_found() {
        assert!(values().is_repeated_in("no such number: 13900139001"));
        assert!(!values().is_repeated_in("no such number"));
    }
}
