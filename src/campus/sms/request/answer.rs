//! The answer of a platform: the code in it, what the code means, and the ticket that a later request needs. Answers are
//! hostile: their length, nesting and charset are bounded, and nothing of them but a cleaned code is shown or logged.

use crate::campus::answer_text::text_of;
use crate::campus::http::HttpAnswer;
use crate::campus::setting::{InvalidSetting, Setting, SettingValues};
use crate::cli_error::CliResult;
use crate::cli_lang::{both, pick};
use crate::visit::Secret;

/// The format of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AnswerFormat {
    Json,
    Xml,
    Text,
}

/// The names of the formats in the configuration.
pub(super) const FORMATS: &[(&str, AnswerFormat)] = &[
    ("json", AnswerFormat::Json),
    ("xml", AnswerFormat::Xml),
    ("text", AnswerFormat::Text),
];

/// The most elements and attributes of an answer in XML.
const MOST_NODES: u32 = 2000;
/// The longest code, in characters. A longer text is none.
const LONGEST_CODE: usize = 80;
/// The longest ticket, in bytes. A longer text is none.
const LONGEST_TICKET: usize = 1024;

/// Finds the code in an answer, and the ticket.
#[derive(Debug)]
pub(in crate::campus::sms) struct AnswerReader {
    pub(super) format: AnswerFormat,
    /// Where the code is; the first place that the answer has counts.
    pub(super) places: Vec<String>,
    /// Where the ticket is; none where no later request needs one.
    pub(super) ticket_places: Vec<String>,
}

/// Checks a place in an answer as it was written.
///
/// # Errors
/// Where it does not begin with a slash.
pub(super) fn check_place(text: &str) -> Result<(), InvalidSetting> {
    if text.len() > 1 && text.starts_with('/') && !text.ends_with('/') {
        Ok(())
    } else {
        Err(InvalidSetting::new(
            both!(
                "\"{text}\" is no place in an answer",
                "\"{text}\" 不是答复里的位置"
            ),
            pick(
                "begin with a slash: /code, /result/0/status, or /response/@code in XML",
                "请以斜杠开头：/code、/result/0/status，XML 写 /response/@code",
            ),
        ))
    }
}

impl AnswerReader {
    /// The code of an answer; `http-STATUS` where it has none.
    pub fn code(&self, answer: &HttpAnswer) -> String {
        let found = self.find(&text_of(answer));
        found.unwrap_or_else(|| format!("http-{}", answer.status.as_u16()))
    }

    /// The ticket of an answer. It goes into later requests, and is neither shown nor logged.
    pub fn ticket(&self, answer: &HttpAnswer) -> Option<Secret> {
        if self.ticket_places.is_empty() {
            return None;
        }
        let found = self.find_at(&self.ticket_places, &text_of(answer))?;
        let ticket = found.trim();
        let fits = !ticket.is_empty()
            && ticket.len() <= LONGEST_TICKET
            && ticket.chars().all(|c| c.is_ascii_graphic());
        fits.then(|| Secret::new(ticket.to_owned()))
    }

    fn find(&self, text: &str) -> Option<String> {
        let code = self.find_at(&self.places, text)?;
        let code = code.trim();
        let fits = !code.is_empty() && code.chars().count() <= LONGEST_CODE;
        fits.then(|| code.to_owned())
    }

    /// What stands at the first of these places that the answer has; of a text its first word.
    fn find_at(&self, places: &[String], text: &str) -> Option<String> {
        match self.format {
            AnswerFormat::Json => {
                // The parser ends at 128 levels.
                let json: serde_json::Value = serde_json::from_str(text).ok()?;
                let mut places = places.iter();
                places.find_map(|place| scalar(json.pointer(place)?))
            }
            AnswerFormat::Xml => {
                let options = roxmltree::ParsingOptions {
                    nodes_limit: MOST_NODES,
                    ..roxmltree::ParsingOptions::default()
                };
                let xml =
                    roxmltree::Document::parse_with_options(text.trim_start(), options).ok()?;
                let mut places = places.iter();
                places.find_map(|place| in_xml(&xml, place))
            }
            AnswerFormat::Text => {
                let end = |c: char| c.is_whitespace() || ",;:|&".contains(c);
                text.trim().split(end).next().map(str::to_owned)
            }
        }
    }
}

fn scalar(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(flag) => Some(flag.to_string()),
        serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => {
            None
        }
    }
}

/// The text of an element, or of an attribute after `@`, by the local names from the root on.
fn in_xml(xml: &roxmltree::Document<'_>, place: &str) -> Option<String> {
    let mut names = place.split('/').skip(1);
    let mut at = xml.root_element();
    if !names.next().is_some_and(|root| is_named(at, root)) {
        return None;
    }
    for name in names {
        if let Some(attribute) = name.strip_prefix('@') {
            let mut attributes = at.attributes();
            return attributes
                .find(|one| one.name() == attribute)
                .map(|one| one.value().to_owned());
        }
        at = at.children().find(|child| is_named(*child, name))?;
    }
    at.text().map(str::to_owned)
}

fn is_named(node: roxmltree::Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

/// What the codes of a platform mean, as the configuration lists them. A code in no list means that nothing is known.
#[derive(Debug)]
pub(in crate::campus::sms) struct AnswerCodes<M>(Vec<(String, M)>);

impl<M: Copy> AnswerCodes<M> {
    /// Reads the lists.
    ///
    /// # Errors
    /// Where the first list, which says what success is, is missing, or a code is in two lists.
    pub fn read(values: &dyn SettingValues, lists: &[(&Setting, M)]) -> CliResult<Self> {
        let mut codes: Vec<(String, M)> = Vec::new();
        for (place, (setting, meaning)) in lists.iter().enumerate() {
            let listed = values.texts(setting);
            if place == 0 && listed.is_empty() {
                return Err(values.missing(setting));
            }
            for code in listed {
                if codes.iter().any(|(known, _)| *known == code) {
                    let invalid = InvalidSetting::new(
                        both!(
                            "the code {code} stands in two lists",
                            "代码 {code} 出现在两栏里"
                        ),
                        pick(
                            "leave it in the one that says what it means",
                            "请只留在意思相符的那一栏",
                        ),
                    );
                    return Err(values.fault(setting, invalid));
                }
                codes.push((code, *meaning));
            }
        }
        Ok(AnswerCodes(codes))
    }

    /// What a code means.
    pub fn meaning(&self, code: &str) -> Option<M> {
        let found = self.0.iter().find(|(known, _)| known == code);
        found.map(|(_, meaning)| *meaning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(format: AnswerFormat, places: &[&str], text: &str) -> Option<String> {
        let places = places.iter().map(|place| (*place).to_owned()).collect();
        let reader = AnswerReader {
            format,
            places,
            ticket_places: Vec::new(),
        };
        reader.find(text)
    }

    #[test]
    fn a_code_is_found_where_the_configuration_says() {
        let json = |places: &[&str], text: &str| find(AnswerFormat::Json, places, text);
        let huawei = r#"{"code":"E200037","result":[{"status":"E200028"}]}"#;
        let places = ["/result/0/status", "/code"];
        assert_eq!(json(&places, huawei).as_deref(), Some("E200028"));
        assert_eq!(json(&places, r#"{"code": 0}"#).as_deref(), Some("0"));
        assert_eq!(json(&["/ok"], r#"{"ok": true}"#).as_deref(), Some("true"));
        assert_eq!(json(&["/ok"], r#"{"ok": {"a": 1}}"#), None);
        assert_eq!(json(&["/ok"], "<html>"), None);
        let xml = |place: &str, text: &str| find(AnswerFormat::Xml, &[place], text);
        let answer = "\n<?xml version='1.0' encoding='gb2312'?><returnsms a='7'>\n<returnstatus> Success </returnstatus></returnsms>";
        assert_eq!(
            xml("/returnsms/returnstatus", answer).as_deref(),
            Some("Success")
        );
        assert_eq!(xml("/returnsms/@a", answer).as_deref(), Some("7"));
        assert_eq!(xml("/other/returnstatus", answer), None);
        let soap =
            "<s:Envelope xmlns:s='urn:s'><s:Body><r xmlns='urn:r'>0</r></s:Body></s:Envelope>";
        assert_eq!(xml("/Envelope/Body/r", soap).as_deref(), Some("0"));
        let text = |text: &str| find(AnswerFormat::Text, &[], text);
        assert_eq!(text(" 100,20260901\n").as_deref(), Some("100"));
        assert_eq!(text("-3").as_deref(), Some("-3"));
        assert_eq!(text("result=1&id=7").as_deref(), Some("result=1"));
        assert_eq!(text(" "), None);
    }

    #[test]
    fn the_reference_has_the_limit_of_a_ticket() {
        let limits = crate::help::find("limits").unwrap().markdown;
        assert_eq!(LONGEST_TICKET, 1024);
        assert!(limits.contains(", of 1,024 bytes at most |"), "{limits}");
    }

    #[test]
    fn a_hostile_answer_has_no_code() {
        let deep = format!("{}1{}", "[".repeat(30_000), "]".repeat(30_000));
        assert_eq!(find(AnswerFormat::Json, &["/0"], &deep), None);
        let deep = "<a>".repeat(20_000) + &"</a>".repeat(20_000);
        assert_eq!(find(AnswerFormat::Xml, &["/a/a"], &deep), None);
        let entity = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>";
        assert_eq!(find(AnswerFormat::Xml, &["/a"], entity), None);
        assert_eq!(find(AnswerFormat::Text, &[], &"1".repeat(81)), None);
    }
}
