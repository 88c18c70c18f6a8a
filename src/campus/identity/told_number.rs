//! Who signed in, as the campus says it: the one reading of a student number, for every adapter. What is answered is
//! compared and never cleaned: one value that is a number as it stands, or nobody is signed in and the reason is told.
//! Whether it is the number that was typed is for the visit to judge, as for every method.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::visit::StudentNumber;

/// Why an answer names nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoNumber {
    #[error("the student number is not given there")]
    Missing,
    #[error("there are several values where one student number should be")]
    Several,
    #[error("the value with the student number is no text")]
    NoText,
    #[error("the element with the student number holds more than a text")]
    MoreThanText,
    #[error("the value there has not the form of a student number")]
    Form,
}

/// The values at the place of the number, each as it was written.
pub(super) type ToldValues = Result<Vec<String>, NoNumber>;

/// The student number among the values at its place: the only one, as it stands.
///
/// # Errors
/// Names the place, and why there is none.
pub(super) fn told_number(place: &str, values: ToldValues) -> Result<StudentNumber, String> {
    let number = values.and_then(|values| match values.as_slice() {
        [one] => StudentNumber::exactly(one).ok_or(NoNumber::Form),
        [] => Err(NoNumber::Missing),
        _ => Err(NoNumber::Several),
    });
    number.map_err(|why| format!("{place}: {why}"))
}

/// The values of JSON: a text, a whole number, or a list of them.
pub(super) fn json_values(value: &Value) -> ToldValues {
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        // Anything else than its digits would be another spelling of it.
        Value::Number(number) if number.is_u64() => Ok(number.to_string()),
        _ => Err(NoNumber::NoText),
    };
    match value {
        Value::Array(all) => all.iter().map(text).collect(),
        one => Ok(vec![text(one)?]),
    }
}

/// JSON in which no object names a thing twice: of two values one reader takes the first and another the last.
pub(crate) struct PlainJson(pub Value);

impl<'de> Deserialize<'de> for PlainJson {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(PlainVisitor)
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = PlainJson;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON that names nothing twice")
    }

    fn visit_unit<E: Error>(self) -> Result<PlainJson, E> {
        Ok(PlainJson(Value::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<PlainJson, E> {
        Ok(PlainJson(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<PlainJson, E> {
        Ok(PlainJson(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<PlainJson, E> {
        Ok(PlainJson(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<PlainJson, E> {
        Ok(PlainJson(value.into()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<PlainJson, E> {
        Ok(PlainJson(value.into()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<PlainJson, E> {
        Ok(PlainJson(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<PlainJson, A::Error> {
        let mut values = Vec::new();
        while let Some(PlainJson(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(PlainJson(values.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<PlainJson, A::Error> {
        let mut values = BTreeMap::new();
        while let Some((name, PlainJson(value))) = object.next_entry::<String, PlainJson>()? {
            if values.insert(name, value).is_some() {
                return Err(Error::custom("something is named twice"));
            }
        }
        Ok(PlainJson(Value::Object(Map::from_iter(values))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ADAPTERS, cas_answer, ldap_entry, oidc};
    use super::*;

    /// Writes these values at the place of the number, as a protocol has it, and has its adapter read them.
    type Read = fn(&[&str]) -> Result<String, String>;

    fn xml(users: &[&str]) -> String {
        let users: String = users.iter().map(|u| format!("<user>{u}</user>")).collect();
        format!(
            "<serviceResponse><authenticationSuccess>{users}</authenticationSuccess></serviceResponse>"
        )
    }

    fn json(users: &[&str]) -> String {
        let success = match users {
            [] => serde_json::json!({}),
            [one] => serde_json::json!({"user": one}),
            several => serde_json::json!({"user": several}),
        };
        serde_json::json!({"serviceResponse": {"authenticationSuccess": success}}).to_string()
    }

    fn cas(body: &str) -> Result<String, String> {
        match cas_answer::read(body, None) {
            Some(cas_answer::Judged::Student(student)) => Ok(student.number.as_str().into()),
            Some(cas_answer::Judged::NoNumber(why)) => Err(why),
            Some(cas_answer::Judged::Refused(code)) => Err(code),
            None => Err("nothing".into()),
        }
    }

    fn ldap(values: &[&str]) -> Result<String, String> {
        let entry = ldap_entry::entry_with("uid", values);
        let number = told_number("uid", ldap_entry::told_values(&entry, "uid"));
        number.map(|number| number.as_str().into())
    }

    fn oidc(values: &[&str]) -> Result<String, String> {
        let claims = match values {
            [] => serde_json::json!({}),
            [one] => serde_json::json!({"xh": one}),
            several => serde_json::json!({"xh": several}),
        };
        let claims = oidc::Claims::read(claims.to_string().as_bytes()).unwrap();
        let student = claims.student("xh");
        student.map(|student| student.number.as_str().into())
    }

    /// How each adapter is told; a new one has to say it here.
    fn reads_of(adapter: &str) -> Vec<Read> {
        match adapter {
            // The ticket of each is validated by the same server's answer.
            "cas_rest" | "cas_form" | "wisedu" | "zfsoft" | "tpass" | "croypto" => {
                vec![|values| cas(&xml(values)), |values| cas(&json(values))]
            }
            "ldap" => vec![ldap],
            "oidc" => vec![oidc],
            new => panic!("how is {new} told who signed in?"),
        }
    }

    #[test]
    fn every_adapter_takes_a_number_as_it_stands_or_says_why_not() {
        let (form, several) = (NoNumber::Form, NoNumber::Several);
        for adapter in ADAPTERS {
            for read in reads_of(adapter.name) {
                for right in ["20260001", "20260002", "zhangsan", "T-1001", "a@b.cn"] {
                    assert_eq!(read(&[right]), Ok(right.into()), "{}", adapter.name);
                }
                for (values, why) in [
                    (&["2026 0001"][..], form),
                    (&["２０２６０００１"], form),
                    (&["20260001\u{200b}"], form),
                    (&["20260001\u{3000}"], form),
                    (&["\u{feff}20260001"], form),
                    (&["20260001\u{202e}"], form),
                    (&["2026\u{430}001"], form),
                    (&["auth0|20260001"], form),
                    (&["@all"], form),
                    (&[""], form),
                    (&["20260001", "20260002"], several),
                    (&["20260001", "20260001"], several),
                    (&["20260001", "zhangsan"], several),
                    (&["20260001", ""], several),
                    (&[], NoNumber::Missing),
                ] {
                    let told = read(values).unwrap_err();
                    assert!(
                        told.ends_with(&why.to_string()),
                        "{} {values:?}: {told}",
                        adapter.name
                    );
                }
                let long = "1".repeat(65);
                assert!(read(&[&long]).is_err(), "{}", adapter.name);
            }
        }
    }

    #[test]
    fn a_number_of_json_is_its_digits_alone() {
        let told = |json: &str| {
            let value: Value = serde_json::from_str(json).unwrap();
            told_number("xh", json_values(&value)).map(|number| number.as_str().to_owned())
        };
        assert_eq!(told("20260001"), Ok("20260001".into()));
        assert_eq!(told("[20260001]"), Ok("20260001".into()));
        for strange in ["2.0260001e7", "-20260001", "true", "null", "{}", "[[1]]"] {
            assert_eq!(told(strange), Err(format!("xh: {}", NoNumber::NoText)));
        }
    }

    #[test]
    fn json_that_names_a_thing_twice_is_none() {
        let read = |text: &str| serde_json::from_str::<PlainJson>(text).map(|json| json.0);
        let whole = r#"{"a":[1,-2,0.5,"x",true,null,{"b":{}}],"c":"d"}"#;
        let value: Value = serde_json::from_str(whole).unwrap();
        assert_eq!(read(whole).unwrap(), value);
        for twice in [r#"{"a":1,"a":1}"#, r#"{"x":[{"a":1,"\u0061":2}]}"#] {
            assert!(read(twice).is_err(), "{twice}");
        }
        assert!(read(&"[".repeat(5000)).is_err());
    }
}
