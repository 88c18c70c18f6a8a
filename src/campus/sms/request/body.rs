//! The body of a request: a form, JSON, XML or another text. A value cannot leave the place that it is filled into.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;
use zeroize::Zeroizing;

use super::address::check_field;
use super::charset::{Charset, Unencodable};
use super::template::{Escape, Placeholder, PlaceholderValues, Template};
use crate::campus::form_body::encode_bytes;
use crate::campus::setting::InvalidSetting;
use crate::cli_lang::{both, pick};

/// The kind of a body in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyKind {
    Form,
    Json,
    Xml,
    Text,
}

/// The names of the kinds in the configuration.
pub(super) const KINDS: &[(&str, BodyKind)] = &[
    ("form", BodyKind::Form),
    ("json", BodyKind::Json),
    ("xml", BodyKind::Xml),
    ("text", BodyKind::Text),
];

/// A body with placeholders.
#[derive(Debug)]
pub(super) enum BodyTemplate {
    Empty,
    Form(Vec<(String, Template)>),
    Json(JsonTemplate),
    Xml(Template),
    Text(Template),
}

/// JSON whose texts are templates. Names, numbers and the rest are as they were written.
#[derive(Debug)]
pub(super) enum JsonTemplate {
    Plain(Value),
    Text(Template),
    List(Vec<JsonTemplate>),
    Members(Vec<(String, JsonTemplate)>),
}

impl BodyTemplate {
    /// Reads the entries of `content`: the fields of a form, or the pieces of one text.
    ///
    /// # Errors
    /// Says what is wrong with an entry.
    pub fn parse(kind: BodyKind, entries: &[String]) -> Result<Self, InvalidSetting> {
        if entries.is_empty() {
            return Ok(BodyTemplate::Empty);
        }
        let whole = entries.concat();
        match kind {
            BodyKind::Form => {
                let fields = entries.iter().map(|entry| form_field(entry));
                Ok(BodyTemplate::Form(fields.collect::<Result<_, _>>()?))
            }
            BodyKind::Json => {
                let value: Value = serde_json::from_str(&whole).map_err(|error| {
                    let what = both!("not JSON, at character {}", "第 {} 个字符处不是 JSON", error.column());
                    let remedy = pick("write JSON with the placeholders in its texts: '{\"mobile\": \"{mobile}\"}'", "请写 JSON，占位符放在其文字里：'{\"mobile\": \"{mobile}\"}'");
                    InvalidSetting::new(what, remedy)
                })?;
                Ok(BodyTemplate::Json(JsonTemplate::parse("", value)?))
            }
            BodyKind::Xml => {
                roxmltree::Document::parse(&whole).map_err(|_| {
                    InvalidSetting::new(
                        pick("not XML", "不是 XML"),
                        pick("write a whole document with the placeholders in its texts, or body = \"text\"", "请写完整的文档，占位符放在其文字里；或写 body = \"text\""),
                    )
                })?;
                Ok(BodyTemplate::Xml(Template::parse(&whole)?))
            }
            BodyKind::Text => Ok(BodyTemplate::Text(Template::parse(&whole)?)),
        }
    }

    /// The placeholders, in their order.
    pub fn placeholders(&self) -> Vec<Placeholder> {
        self.templates().flat_map(Template::placeholders).collect()
    }

    /// The templates within.
    pub fn templates(&self) -> Box<dyn Iterator<Item = &Template> + '_> {
        match self {
            BodyTemplate::Empty => Box::new(std::iter::empty()),
            BodyTemplate::Form(fields) => Box::new(fields.iter().map(|(_, value)| value)),
            BodyTemplate::Json(json) => json.templates(),
            BodyTemplate::Xml(template) | BodyTemplate::Text(template) => {
                Box::new(std::iter::once(template))
            }
        }
    }

    /// The `Content-Type`, where there is a body.
    pub fn content_type(&self, charset: Charset) -> Option<String> {
        let kind = match self {
            BodyTemplate::Empty => return None,
            BodyTemplate::Form(_) => "application/x-www-form-urlencoded",
            BodyTemplate::Json(_) => "application/json",
            BodyTemplate::Xml(_) => "text/xml",
            BodyTemplate::Text(_) => "text/plain",
        };
        Some(format!("{kind}{}", charset.parameter()))
    }

    /// The bytes of one request.
    ///
    /// # Errors
    /// Where the charset has no such character.
    pub fn fill(
        &self,
        values: &PlaceholderValues,
        charset: Charset,
    ) -> Result<Zeroizing<Vec<u8>>, Unencodable> {
        match self {
            BodyTemplate::Empty => Ok(Zeroizing::default()),
            BodyTemplate::Form(fields) => {
                let mut encoded = Vec::with_capacity(fields.len());
                for (name, value) in fields {
                    let name = charset.encode(Zeroizing::new(name.clone()))?;
                    encoded.push((name, charset.encode(value.fill(values))?));
                }
                let fields: Vec<_> = encoded
                    .iter()
                    .map(|(name, value)| (name.as_slice(), value.as_slice()))
                    .collect();
                Ok(encode_bytes(&fields))
            }
            BodyTemplate::Json(template) => {
                let filled = FilledJson { template, values };
                let mut bytes = Zeroizing::new(Vec::with_capacity(JSON_ROOM));
                serde_json::to_writer(&mut *bytes, &filled).map_err(|_| Unencodable)?;
                let text = String::from_utf8(std::mem::take(&mut *bytes));
                charset.encode(Zeroizing::new(text.map_err(|_| Unencodable)?))
            }
            BodyTemplate::Xml(template) => {
                charset.encode(template.fill_escaped(values, Escape::Xml))
            }
            BodyTemplate::Text(template) => charset.encode(template.fill(values)),
        }
    }
}

/// Room for any JSON that a configuration can hold: a buffer that grows leaves copies behind.
const JSON_ROOM: usize = 32 * 1024;

/// The bytes as base64, for the platforms that take a whole body so.
pub(super) fn wrapped(body: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(STANDARD.encode(body).into_bytes())
}

/// A field of a form: `name=value`. The value may hold more signs of equality.
fn form_field(entry: &str) -> Result<(String, Template), InvalidSetting> {
    let Some((name, value)) = entry.split_once('=') else {
        let what = both!(
            "\"{entry}\" is no field of a form",
            "\"{entry}\" 不是表单的字段"
        );
        let remedy = pick(
            "write \"name=value\", one field in each text of the list",
            "请写成 \"名称=值\"，列表里一项一个字段",
        );
        return Err(InvalidSetting::new(what, remedy));
    };
    let (name, value) = (name.trim(), value.trim());
    let template = Template::parse(value)?;
    check_literal(name, &template)?;
    Ok((name.to_owned(), template))
}

/// A field without any placeholder is literal as a whole.
fn check_literal(name: &str, template: &Template) -> Result<(), InvalidSetting> {
    let is_literal = template.placeholders().next().is_none();
    let literal: String = template.literals().collect();
    check_field(name, if is_literal { &literal } else { "" })
}

impl JsonTemplate {
    fn parse(name: &str, value: Value) -> Result<Self, InvalidSetting> {
        Ok(match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => JsonTemplate::Plain(value),
            Value::String(text) => {
                let template = Template::parse(&text)?;
                check_literal(name, &template)?;
                JsonTemplate::Text(template)
            }
            Value::Array(values) => {
                let list = values.into_iter().map(|one| JsonTemplate::parse(name, one));
                JsonTemplate::List(list.collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let members = members.into_iter().map(|(name, value)| {
                    let value = JsonTemplate::parse(&name, value)?;
                    Ok((name, value))
                });
                JsonTemplate::Members(members.collect::<Result<_, _>>()?)
            }
        })
    }

    fn templates(&self) -> Box<dyn Iterator<Item = &Template> + '_> {
        match self {
            JsonTemplate::Plain(_) => Box::new(std::iter::empty()),
            JsonTemplate::Text(template) => Box::new(std::iter::once(template)),
            JsonTemplate::List(list) => Box::new(list.iter().flat_map(JsonTemplate::templates)),
            JsonTemplate::Members(members) => {
                Box::new(members.iter().flat_map(|(_, value)| value.templates()))
            }
        }
    }
}

/// JSON while it is written: no tree with the secrets in it is made.
struct FilledJson<'a> {
    template: &'a JsonTemplate,
    values: &'a PlaceholderValues,
}

impl Serialize for FilledJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values = self.values;
        let filled = |template| FilledJson { template, values };
        match self.template {
            JsonTemplate::Plain(value) => value.serialize(serializer),
            JsonTemplate::Text(template) => serializer.serialize_str(&template.fill(values)),
            JsonTemplate::List(list) => {
                let mut written = serializer.serialize_seq(Some(list.len()))?;
                for one in list {
                    written.serialize_element(&filled(one))?;
                }
                written.end()
            }
            JsonTemplate::Members(members) => {
                let mut written = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    written.serialize_entry(name, &filled(value))?;
                }
                written.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(key: &str) -> PlaceholderValues {
        let mut values = PlaceholderValues::default();
        values.set(Placeholder::Mobile, "13900139001");
        values.set(Placeholder::Text, "验证码 123456");
        values.set(Placeholder::Key, key);
        values
    }

    fn filled(kind: BodyKind, entries: &[&str], key: &str, charset: Charset) -> Vec<u8> {
        let entries: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
        let body = BodyTemplate::parse(kind, &entries).unwrap();
        body.fill(&values(key), charset).unwrap().to_vec()
    }

    #[test]
    fn a_value_stays_in_its_place() {
        let bad = "a\"b&c=d<e>\\";
        let form = filled(
            BodyKind::Form,
            &["key = {key}", "to=+86{mobile}"],
            bad,
            Charset::Utf8,
        );
        assert_eq!(
            String::from_utf8(form).unwrap(),
            "key=a%22b%26c%3Dd%3Ce%3E%5C&to=%2B8613900139001"
        );
        let entries = [r#"{"to": ["{mobile}"], "n": 1.0, "#, r#""k": "{key}"}"#];
        let json = filled(BodyKind::Json, &entries, bad, Charset::Utf8);
        let json: Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["k"], bad);
        assert_eq!(
            (&json["to"][0], &json["n"]),
            (&"13900139001".into(), &1.0.into())
        );
        let entries = ["<a key='{key}'><to>{mobile}</to></a>"];
        let xml = String::from_utf8(filled(BodyKind::Xml, &entries, bad, Charset::Utf8)).unwrap();
        let document = roxmltree::Document::parse(&xml).unwrap();
        assert_eq!(document.root_element().attribute("key"), Some(bad));
    }

    #[test]
    fn a_form_is_encoded_in_its_charset() {
        let form = filled(BodyKind::Form, &["content={text}"], "", Charset::Gbk);
        assert_eq!(
            String::from_utf8(form).unwrap(),
            "content=%D1%E9%D6%A4%C2%EB%20123456"
        );
    }

    #[test]
    fn what_cannot_be_a_body_is_refused() {
        for (kind, entry, what) in [
            (BodyKind::Form, "mobile", "\"mobile\" is no field of a form"),
            (
                BodyKind::Json,
                "{\"a\": {mobile}}",
                "not JSON, at character 8",
            ),
            (
                BodyKind::Json,
                "{\"a\": \"{moblie}\"}",
                "{moblie} is no placeholder",
            ),
            (BodyKind::Xml, "<a>{mobile}", "not XML"),
            (
                BodyKind::Form,
                "password=s3cret",
                "a secret seems to stand in the field password",
            ),
            (
                BodyKind::Json,
                "{\"apiKey\": \"s3cret\"}",
                "a secret seems to stand in the field apiKey",
            ),
        ] {
            let invalid = BodyTemplate::parse(kind, &[entry.to_owned()]).unwrap_err();
            assert_eq!(invalid.what, what);
            assert!(!invalid.remedy.contains("s3cret"));
        }
        let empty = BodyTemplate::parse(BodyKind::Json, &["{\"secretKey\": \"\"}".into()]);
        assert!(empty.is_ok());
    }
}
