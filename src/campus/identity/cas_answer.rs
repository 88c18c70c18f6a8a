//! Reads the answers of a CAS server: JSON, or the XML that every CAS server speaks. Server texts end here: the result is
//! a student, or a code of a few capitals.

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::Value;

use crate::visit::{Name, SignInRefusal, Student, StudentNumber};

/// Where a student's name stands, in the order it is looked for: campuses name it differently.
const NAME_KEYS: [&str; 7] = [
    "name",
    "cn",
    "displayName",
    "userName",
    "realName",
    "xm",
    "XM",
];

/// More elements and texts than any answer has.
const MOST_NODES: u32 = 2000;

/// The answer of a validation.
pub enum Judged {
    Student(Student),
    /// The failure's code: capitals and underscores.
    Refused(String),
}

/// Reads the answer of a validation; `None` where the body is no such answer.
pub fn read(body: &[u8]) -> Option<Judged> {
    let text = std::str::from_utf8(body).ok()?.trim();
    if text.starts_with('<') {
        return read_xml(text);
    }
    let answer: Value = serde_json::from_str(text).ok()?;
    let response = answer.get("serviceResponse")?;
    if let Some(success) = response.get("authenticationSuccess") {
        let attributes = success.get("attributes");
        let name = NAME_KEYS
            .iter()
            .find_map(|key| first_text(attributes?.get(key)?));
        return student(first_text(success.get("user")?)?, name.unwrap_or_default());
    }
    let code = response
        .get("authenticationFailure")?
        .get("code")?
        .as_str()?;
    Some(Judged::Refused(clean_code(code)))
}

/// The refusal that the exceptions of a sign-in mean. Several handlers may have refused, each with its own exception: the
/// most specific one counts. Newer servers add a text behind the exception's name.
pub fn exceptions(body: &[u8]) -> SignInRefusal {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let listed = answer.get("authentication_exceptions");
    let listed = listed.and_then(Value::as_array).into_iter().flatten();
    let names: Vec<&str> = listed.filter_map(Value::as_str).collect();
    let any = |words: &[&str]| {
        names
            .iter()
            .any(|name| words.iter().any(|w| name.contains(w)))
    };
    if any(&["AccountLocked"]) {
        SignInRefusal::Locked
    } else if any(&[
        "AccountDisabled",
        "AccountExpired",
        "CredentialExpired",
        "MustChange",
        "InvalidLogin",
    ]) {
        SignInRefusal::Disabled
    } else {
        SignInRefusal::WrongPassword
    }
}

fn student(user: &str, name: &str) -> Option<Judged> {
    let number = StudentNumber::from_campus(user);
    let name = Name::new(name);
    (!number.as_str().is_empty()).then_some(Judged::Student(Student { number, name }))
}

/// An attribute is a text, or a list of which the first is the one.
fn first_text(value: &Value) -> Option<&str> {
    match value {
        Value::Array(all) => all.first()?.as_str(),
        one => one.as_str(),
    }
}

/// Reads the few elements that are needed. The parser refuses a document type, and with it all custom entities.
fn read_xml(text: &str) -> Option<Judged> {
    let options = ParsingOptions {
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).ok()?;
    let response = document.root_element();
    if response.tag_name().name() != "serviceResponse" {
        return None;
    }
    if let Some(success) = child(response, "authenticationSuccess") {
        let attributes = child(success, "attributes");
        let name = NAME_KEYS
            .iter()
            .find_map(|key| xml_attribute(attributes?, key));
        return student(text_of(child(success, "user")?), name.unwrap_or_default());
    }
    let failure = child(response, "authenticationFailure")?;
    Some(Judged::Refused(clean_code(failure.attribute("code")?)))
}

/// The first element of this local name: prefixes differ, and some servers have none.
fn child<'a, 'input>(of: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    of.children().find(|node| node.tag_name().name() == name)
}

fn text_of<'a>(node: Node<'a, '_>) -> &'a str {
    node.text().unwrap_or_default()
}

/// `<cas:cn>...</cas:cn>`, or as older servers write it, `<cas:attribute name="cn" value="..."/>`.
fn xml_attribute<'a>(attributes: Node<'a, '_>, key: &str) -> Option<&'a str> {
    if let Some(node) = child(attributes, key) {
        return node.text();
    }
    attributes
        .children()
        .filter(|node| node.tag_name().name() == "attribute" && node.attribute("name") == Some(key))
        .find_map(|node| node.attribute("value"))
}

fn clean_code(code: &str) -> String {
    code.chars()
        .filter(|c| c.is_ascii_uppercase() || *c == '_')
        .take(40)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn describe(body: &str) -> String {
        match read(body.as_bytes()) {
            Some(Judged::Student(s)) => format!("{}/{}", s.number.as_str(), s.name.as_str()),
            Some(Judged::Refused(code)) => code,
            None => "nothing".into(),
        }
    }

    #[test]
    fn both_formats_of_every_answer() {
        for (body, expected) in [
            (
                r#"{"serviceResponse":{"authenticationSuccess":{"user":"20260001","attributes":{"cn":["张三"]}}}}"#,
                "20260001/张三",
            ),
            (
                r#"{"serviceResponse":{"authenticationSuccess":{"user":"20260001"}}}"#,
                "20260001/",
            ),
            (
                r#"{"serviceResponse":{"authenticationFailure":{"code":"INVALID_TICKET","description":"x"}}}"#,
                "INVALID_TICKET",
            ),
            (
                "<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>\n <cas:authenticationSuccess>\
                 <cas:user>20260001</cas:user><cas:attributes><cas:isOld>false</cas:isOld><cas:name>O&amp;M</cas:name>\
                 </cas:attributes></cas:authenticationSuccess></cas:serviceResponse>",
                "20260001/O&M",
            ),
            (
                "<?xml version='1.0'?><cas:serviceResponse xmlns:cas='x'><cas:authenticationFailure code=\"INVALID_SERVICE\">\
                 no</cas:authenticationFailure></cas:serviceResponse>",
                "INVALID_SERVICE",
            ),
            (
                r#"{"serviceResponse":{"authenticationSuccess":{"user":"\u001b[2J"}}}"#,
                "2J/",
            ),
            (
                r#"{"serviceResponse":{"authenticationSuccess":{"user":"//"}}}"#,
                "nothing",
            ),
            (
                "<serviceResponse><authenticationSuccess><user>20260001</user><attributes>\
                 <attribute name='cn' value='张三'/></attributes></authenticationSuccess></serviceResponse>",
                "20260001/张三",
            ),
            // A tag in a comment or a text is none.
            (
                "<serviceResponse><!-- <authenticationSuccess><user>evil</user></authenticationSuccess> -->\
                 <authenticationFailure code='INVALID_TICKET'>&lt;user>evil&lt;/user></authenticationFailure></serviceResponse>",
                "INVALID_TICKET",
            ),
            // Entities of one's own, and what they would be read from.
            (
                "<!DOCTYPE a [<!ENTITY u '20260001'>]><serviceResponse><authenticationSuccess><user>&u;</user>\
                 </authenticationSuccess></serviceResponse>",
                "nothing",
            ),
            (
                "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><serviceResponse><authenticationSuccess><user>20260001</user>\
                 </authenticationSuccess></serviceResponse>",
                "nothing",
            ),
            (
                "<serviceResponse><authenticationSuccess><user>&u;</user></authenticationSuccess></serviceResponse>",
                "nothing",
            ),
            ("<html>502", "nothing"),
            ("<", "nothing"),
            ("", "nothing"),
            ("{}", "nothing"),
        ] {
            assert_eq!(describe(body), expected, "{body}");
        }
    }

    #[test]
    fn an_answer_that_is_deep_or_wide_is_none() {
        for hostile in [
            "<a>".repeat(20_000),
            format!(
                "<serviceResponse>{}</serviceResponse>",
                "<a/>".repeat(15_000)
            ),
            format!("<serviceResponse{}/>", " a='b'".repeat(9000)),
        ] {
            assert_eq!(describe(&hostile), "nothing");
        }
    }

    #[test]
    fn the_most_telling_exception_counts() {
        for (list, expected) in [
            (r#"["FailedLoginException"]"#, SignInRefusal::WrongPassword),
            (
                r#"["AccountNotFoundException"]"#,
                SignInRefusal::WrongPassword,
            ),
            (
                r#"["FailedLoginException","AccountLockedException: x"]"#,
                SignInRefusal::Locked,
            ),
            (r#"["AccountDisabledException"]"#, SignInRefusal::Disabled),
            (r#"["CredentialExpiredException"]"#, SignInRefusal::Disabled),
            ("[]", SignInRefusal::WrongPassword),
        ] {
            let body = format!(r#"{{"authentication_exceptions":{list}}}"#);
            assert_eq!(exceptions(body.as_bytes()), expected, "{list}");
        }
    }
}
