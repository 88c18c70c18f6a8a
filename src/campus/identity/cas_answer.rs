//! Reading what a CAS server answers: JSON where it can, else the XML that every CAS server speaks. Server texts end
//! here: what leaves is a student, or a code of a few capitals.

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

/// What a validation says.
pub enum Judged {
    Student(Student),
    /// The failure's code: capitals and underscores.
    Refused(String),
}

/// Reads a validation's answer; `None` where it is none.
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

/// What the exceptions of a refused sign-in mean. Several handlers may have refused, each in its own way: the most
/// telling one counts. Newer servers add a text behind the name.
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

/// The few elements that are needed. Whatever does not look just so is no answer.
fn read_xml(text: &str) -> Option<Judged> {
    let response = element(text, "serviceResponse")?;
    if let Some(success) = element(response, "authenticationSuccess") {
        let user = unescape(element(success, "user")?);
        let attributes = element(success, "attributes").unwrap_or_default();
        let name = NAME_KEYS.iter().find_map(|key| element(attributes, key));
        return student(&user, &unescape(name.unwrap_or_default()));
    }
    let (_, after) = response.split_once("authenticationFailure")?;
    let (attributes, _) = after.split_once('>')?;
    let (_, code) = attributes.split_once("code=")?;
    let quote = code.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let code = code.get(1..)?.split(quote).next()?;
    Some(Judged::Refused(clean_code(code)))
}

/// What stands inside the first element of this local name.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text;
    loop {
        let (_, tag) = rest.split_once('<')?;
        let (head, inside) = tag.split_once('>')?;
        rest = inside;
        let full = head.split_whitespace().next().unwrap_or_default();
        if head.ends_with('/') || full.rsplit(':').next() != Some(name) {
            continue;
        }
        let (inner, _) = inside.split_once(&format!("</{full}>"))?;
        return Some(inner);
    }
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
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

    fn told(body: &str) -> String {
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
            ("<html>502", "nothing"),
            ("<", "nothing"),
            ("", "nothing"),
            ("{}", "nothing"),
        ] {
            assert_eq!(told(body), expected, "{body}");
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
