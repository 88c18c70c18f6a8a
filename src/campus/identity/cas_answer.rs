//! Reads the answers of a CAS server: JSON, or the XML that every CAS server speaks. Server texts end here: the result is
//! a student, or a code of a few capitals.

use roxmltree::{Document, Node, ParsingOptions};

use super::told_number::{NoNumber, PlainJson, ToldValues, json_values, told_number};
use crate::visit::{Name, Student};

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
    /// A success without a student number: where it should stand, and why it is none.
    NoNumber(String),
    /// The failure's code: capitals and underscores.
    Refused(String),
}

/// What a success is called, and a failure.
const SUCCESS: &str = "authenticationSuccess";
const FAILURE: &str = "authenticationFailure";

/// Reads the answer of a validation; `None` where the text is no such answer. The number stands in this attribute, or is the
/// user.
pub fn read(text: &str, number_attribute: Option<&str>) -> Option<Judged> {
    let text = text.trim().trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') {
        return read_xml(text, number_attribute);
    }
    let PlainJson(answer) = serde_json::from_str(text).ok()?;
    let response = answer.get("serviceResponse")?;
    match (response.get(SUCCESS), response.get(FAILURE)) {
        (Some(success), None) => {
            let attributes = success.get("attributes");
            let values = |key: &str| {
                attributes
                    .and_then(|all| all.get(key))
                    .map_or(Ok(Vec::new()), json_values)
            };
            let user = || success.get("user").map_or(Ok(Vec::new()), json_values);
            Some(student(number_attribute, user, values))
        }
        (None, Some(failure)) => {
            let code = failure.get("code")?.as_str()?;
            Some(Judged::Refused(clean_code(code)))
        }
        // An answer that says both says neither.
        (Some(_), Some(_)) | (None, None) => None,
    }
}

/// The student of a success: the number stands in the configured attribute, or is the user.
fn student(
    number_attribute: Option<&str>,
    user: impl Fn() -> ToldValues,
    values: impl Fn(&str) -> ToldValues,
) -> Judged {
    let number = match number_attribute {
        Some(key) => told_number(key, values(key)),
        None => told_number("user", user()),
    };
    let number = match number {
        Ok(number) => number,
        Err(why) => return Judged::NoNumber(why),
    };
    let name = NAME_KEYS
        .iter()
        .find_map(|key| values(key).ok()?.into_iter().next());
    let name = Name::new(&name.unwrap_or_default());
    Judged::Student(Student { number, name })
}

/// Reads the few elements that are needed. The parser refuses a document type, and with it all custom entities.
fn read_xml(text: &str, number_attribute: Option<&str>) -> Option<Judged> {
    let options = ParsingOptions {
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).ok()?;
    let response = document.root_element();
    if response.tag_name().name() != "serviceResponse" {
        return None;
    }
    let all = |name| children(response, name).collect::<Vec<_>>();
    match (all(SUCCESS).as_slice(), all(FAILURE).as_slice()) {
        ([success], []) => {
            let values = |key: &str| {
                let named = children(*success, "attributes").map(|all| xml_attribute(all, key));
                Ok(named.collect::<Result<Vec<_>, _>>()?.concat())
            };
            let user = || children(*success, "user").map(text_of).collect();
            Some(student(number_attribute, user, values))
        }
        ([], [failure]) => Some(Judged::Refused(clean_code(failure.attribute("code")?))),
        // An answer that says several things says none.
        _ => None,
    }
}

/// The elements of this local name: prefixes differ, and some servers have none.
fn children<'a, 'input>(
    of: Node<'a, 'input>,
    name: &'a str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    of.children()
        .filter(move |node| node.tag_name().name() == name)
}

/// The whole text of an element that holds nothing else: a reader that skips a comment or an element inside reads another
/// number than the server wrote. Blanks of XML around it are how the document is laid out (XML 1.0, 2.3).
fn text_of(node: Node<'_, '_>) -> Result<String, NoNumber> {
    let mut text = String::new();
    for child in node.children() {
        if !child.is_text() {
            return Err(NoNumber::MoreThanText);
        }
        text.push_str(child.text().unwrap_or_default());
    }
    Ok(text.trim_matches([' ', '\t', '\r', '\n']).to_owned())
}

/// `<cas:cn>...</cas:cn>`, and as older servers write it, `<cas:attribute name="cn" value="..."/>`.
fn xml_attribute(attributes: Node<'_, '_>, key: &str) -> ToldValues {
    let mut values: Vec<String> = children(attributes, key)
        .map(text_of)
        .collect::<Result<_, _>>()?;
    let old = children(attributes, "attribute").filter(|node| node.attribute("name") == Some(key));
    values.extend(
        old.filter_map(|node| node.attribute("value"))
            .map(str::to_owned),
    );
    Ok(values)
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
        describe_by(body, None)
    }

    fn describe_by(body: &str, number_attribute: Option<&str>) -> String {
        match read(body, number_attribute) {
            Some(Judged::Student(s)) => format!("{}/{}", s.number.as_str(), s.name.as_str()),
            Some(Judged::NoNumber(why)) => why,
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
                r#"{"serviceResponse":{"authenticationSuccess":{"user":20260001}}}"#,
                "20260001/",
            ),
            (
                "\u{feff}<serviceResponse><authenticationSuccess><user> 20260001\n</user></authenticationSuccess></serviceResponse>",
                "20260001/",
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
    fn a_user_is_taken_as_it_stands_or_refused_with_the_reason() {
        let xml = |users: &str| {
            describe(&format!(
                "<serviceResponse><authenticationSuccess>{users}</authenticationSuccess></serviceResponse>"
            ))
        };
        let json = |user: &str| {
            describe(&format!(
                r#"{{"serviceResponse":{{"authenticationSuccess":{{"user":{user}}}}}}}"#
            ))
        };
        let (more, form) = (
            "user: the element with the student number holds more than a text",
            "user: the value there has not the form of a student number",
        );
        assert_eq!(xml("<user>2026<!-- -->0001</user>"), more);
        assert_eq!(xml("<user>2026<b>0001</b></user>"), more);
        assert_eq!(xml("<user>2026<?x?>0001</user>"), more);
        assert_eq!(xml("<user>2026<![CDATA[0001]]></user>"), "20260001/");
        let several = "user: there are several values where one student number should be";
        assert_eq!(xml("<user>20260001</user><user>20260002</user>"), several);
        assert_eq!(json(r#"["20260001","20260002"]"#), several);
        for strange in [
            "2026 0001",
            "２０２６０００１",
            "20260001\u{200b}",
            "//",
            "",
        ] {
            assert_eq!(xml(&format!("<user>{strange}</user>")), form, "{strange:?}");
        }
        assert_eq!(json(r#""\u001b[2J""#), form);
        assert_eq!(
            json("{}"),
            "user: the value with the student number is no text"
        );
        assert_eq!(xml(""), "user: the student number is not given there");
        assert_eq!(json(r#""20260001","user":"20260002""#), "nothing");
        // Blanks of XML are the document's; those of other scripts, and those of JSON, are the value's.
        assert_eq!(xml("<user>\n\t20260001 \r\n</user>"), "20260001/");
        assert_eq!(xml("<user>20260001\u{3000}</user>"), form);
        assert_eq!(xml("<user>20260001&#xa0;</user>"), form);
        assert_eq!(json(r#""20260001 ""#), form);
    }

    #[test]
    fn the_number_may_stand_in_an_attribute() {
        let by = |attributes: &str, key: &str| {
            let body = format!(
                "<serviceResponse><authenticationSuccess><user>zhangsan</user><attributes>{attributes}</attributes>\
                 </authenticationSuccess></serviceResponse>"
            );
            describe_by(&body, Some(key))
        };
        assert_eq!(by("<xh>20260001</xh><cn>张三</cn>", "xh"), "20260001/张三");
        assert_eq!(
            by("<attribute name='xh' value='20260001'/>", "xh"),
            "20260001/"
        );
        assert_eq!(
            by("<cn>张三</cn>", "xh"),
            "xh: the student number is not given there"
        );
        let several = "xh: there are several values where one student number should be";
        assert_eq!(by("<xh>20260001</xh><xh>20260002</xh>", "xh"), several);
        let both = "<xh>20260001</xh><attribute name='xh' value='20260002'/>";
        assert_eq!(by(both, "xh"), several);
        let blocks = "<xh>20260001</xh></attributes><attributes><xh>20260002</xh>";
        assert_eq!(by(blocks, "xh"), several);
        let json = r#"{"serviceResponse":{"authenticationSuccess":{"user":"zs","attributes":{"xh":["20260001"]}}}}"#;
        assert_eq!(describe_by(json, Some("xh")), "20260001/");
    }

    #[test]
    fn an_answer_that_says_two_things_says_none() {
        let one = "<authenticationSuccess><user>20260001</user></authenticationSuccess>";
        let other = one.replace('1', "2");
        let failure = "<authenticationFailure code='INVALID_TICKET'/>";
        for (first, second) in [(one, other.as_str()), (one, failure), (failure, failure)] {
            let body = format!("<serviceResponse>{first}{second}</serviceResponse>");
            assert_eq!(describe(&body), "nothing", "{body}");
        }
        let both = r#"{"serviceResponse":{"authenticationSuccess":{"user":"20260001"},
            "authenticationFailure":{"code":"INVALID_TICKET"}}}"#;
        assert_eq!(describe(both), "nothing");
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
}
