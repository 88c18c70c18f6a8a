//! The claims of an issuer about the student. The configuration names the one with the number, in one notation: a name as
//! it is, or with a slash before it a path (RFC 6901). Nothing else is looked at where it is missing.

use serde_json::{Map, Value};

use super::super::told_number::{NoNumber, PlainJson, ToldValues, json_values, told_number};
use crate::visit::{Name, Student};

/// Claims from an ID token or from the userinfo endpoint.
pub struct Claims(Map<String, Value>);

/// How many claims a path may lead through, and how many of a list are looked at.
const DEPTH: usize = 4;
const MOST: usize = 100;

impl Claims {
    /// `None` where it is no object, or names a claim twice.
    pub fn new(PlainJson(json): PlainJson) -> Option<Self> {
        match json {
            Value::Object(claims) => Some(Claims(claims)),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => None,
        }
    }

    /// `None` where it is no object, or names a claim twice.
    pub fn read(body: &[u8]) -> Option<Self> {
        Claims::new(serde_json::from_slice(body).ok()?)
    }

    /// A claim as it is.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Whether the claim with the number is here.
    pub fn has_number(&self, claim: &str) -> bool {
        self.values(claim) != Ok(Vec::new())
    }

    pub fn has_name(&self) -> bool {
        matches!(self.0.get("name"), Some(Value::String(name)) if !name.trim().is_empty())
    }

    /// These claims, completed by more claims about the same person (OIDC Core 5.3.2: `sub` must be the same). The claim
    /// with the number stands in one of the two, or is the same in both.
    ///
    /// # Errors
    /// Where `more` is about another person.
    pub fn with(mut self, more: Claims, claim: &str) -> Result<Self, &'static str> {
        let is_same = self.0.get("sub").is_some() && self.0.get("sub") == more.0.get("sub");
        let says_both = self.has_number(claim) && more.has_number(claim);
        if !is_same || says_both && self.values(claim) != more.values(claim) {
            return Err("userinfo tells of somebody else than the ID token");
        }
        for (name, value) in more.0 {
            self.0.entry(name).or_insert(value);
        }
        Ok(self)
    }

    /// The student, by the configured claim.
    ///
    /// # Errors
    /// Where the claim is missing, or holds no student number.
    pub fn student(&self, claim: &str) -> Result<Student, String> {
        if is_too_long(claim) {
            return Err(format!("{claim} leads through more than four claims"));
        }
        let name = self.0.get("name").and_then(Value::as_str);
        Ok(Student {
            number: told_number(claim, self.values(claim))?,
            name: Name::new(name.unwrap_or_default()),
        })
    }

    /// What stands in the claim. A path is followed to its end or not at all: what stands on the way is another claim.
    fn values(&self, claim: &str) -> ToldValues {
        let found = match path_of(claim) {
            None => self.0.get(claim).map(|found| vec![found]),
            Some(_) if is_too_long(claim) => None,
            Some(path) => {
                let mut parts = path.split('/').map(unescaped);
                let first = parts.next().and_then(|name| self.0.get(&name));
                let first: Vec<&Value> = first.into_iter().collect();
                Some(parts.fold(first, |found, name| inside(&found, &name)))
            }
        };
        match found.unwrap_or_default().as_slice() {
            [] => Ok(Vec::new()),
            [one] => json_values(one),
            _ => Err(NoNumber::Several),
        }
    }
}

/// The path that a claim is named by, without its first slash.
fn path_of(claim: &str) -> Option<&str> {
    claim.strip_prefix('/')
}

fn is_too_long(claim: &str) -> bool {
    path_of(claim).is_some_and(|path| path.split('/').count() > DEPTH)
}

/// A name in a path (RFC 6901, 4).
fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

/// The claims of this name inside others. CAS writes a list with one claim in each of its objects: all of them are looked
/// at, so that a second one is seen.
fn inside<'a>(of: &[&'a Value], name: &str) -> Vec<&'a Value> {
    let objects = of.iter().flat_map(|value| match value {
        Value::Array(all) => all.iter().take(MOST).collect(),
        one => vec![*one],
    });
    objects.filter_map(|one| one.get(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn describe(claims: &str, claim: &str) -> String {
        let claims = Claims::read(claims.as_bytes()).unwrap();
        match claims.student(claim) {
            Ok(student) => format!("{}/{}", student.number.as_str(), student.name.as_str()),
            Err(why) => why,
        }
    }

    fn because(claim: &str, why: NoNumber) -> String {
        format!("{claim}: {why}")
    }

    #[test]
    fn the_number_stands_where_it_is_said_to() {
        let all = r#"{"sub":"a-b","preferred_username":"20260001","xh":20260002,"name":"张三"}"#;
        assert_eq!(describe(all, "preferred_username"), "20260001/张三");
        assert_eq!(describe(all, "sub"), "a-b/张三");
        assert_eq!(describe(all, "xh"), "20260002/张三");
        for (claims, claim) in [
            (all, "uid"),
            (r#"{"sub":"20260001"}"#, "preferred_username"),
            ("{}", "sub"),
        ] {
            assert_eq!(describe(claims, claim), because(claim, NoNumber::Missing));
        }
        let blank = r#"{"sub":"1","preferred_username":" "}"#;
        let told = because("preferred_username", NoNumber::Form);
        assert_eq!(describe(blank, "preferred_username"), told);
        // A list of one, as CAS writes attributes.
        assert_eq!(describe(r#"{"sub":["20260001"]}"#, "sub"), "20260001/");
    }

    /// A name is a name and a path is a path: neither stands behind the other.
    #[test]
    fn a_claim_is_looked_for_in_one_place() {
        let both = r#"{"attributes.xh":"20260001","attributes":{"xh":"20260002"}}"#;
        assert_eq!(describe(both, "attributes.xh"), "20260001/");
        assert_eq!(describe(both, "/attributes/xh"), "20260002/");
        let nested = r#"{"attributes":{"xh":"20260002"}}"#;
        let told = because("attributes.xh", NoNumber::Missing);
        assert_eq!(describe(nested, "attributes.xh"), told);
        let named = r#"{"/attributes/xh":"20260001","attributes.xh":"20260001"}"#;
        let told = because("/attributes/xh", NoNumber::Missing);
        assert_eq!(describe(named, "/attributes/xh"), told);
        let url = r#"{"https://sso.example.edu.cn/xh":"20260001"}"#;
        assert_eq!(describe(url, "https://sso.example.edu.cn/xh"), "20260001/");
        let escaped = r#"{"a/b":{"c~d":"20260001"}}"#;
        assert_eq!(describe(escaped, "/a~1b/c~0d"), "20260001/");
    }

    #[test]
    fn a_claim_may_stand_inside_others() {
        let told = |claims: &str| describe(claims, "/attributes/xh");
        for given in [
            r#"{"attributes":{"xh":"20260001"}}"#,
            r#"{"attributes":[{"cn":"x"},{"xh":20260001}]}"#,
        ] {
            assert_eq!(told(given), "20260001/", "{given}");
        }
        for (bad, why) in [
            ("{}", NoNumber::Missing),
            (r#"{"attributes":"xh"}"#, NoNumber::Missing),
            (r#"{"attributes":[[{"xh":"20260001"}]]}"#, NoNumber::Missing),
            (r#"{"attributes":{"xh":{"a":1}}}"#, NoNumber::NoText),
            (
                r#"{"attributes":[{"xh":"20260001"},{"xh":"20260002"}]}"#,
                NoNumber::Several,
            ),
        ] {
            assert_eq!(told(bad), because("/attributes/xh", why), "{bad}");
        }
        assert!(Claims::read(br#"{"xh":"20260001","xh":"20260002"}"#).is_none());
    }

    #[test]
    fn a_path_that_is_too_long_is_an_error_and_not_cut() {
        let nested = r#"{"a":{"b":{"c":{"d":"20260001","e":{"f":"x"}}}}}"#;
        assert_eq!(describe(nested, "/a/b/c/d"), "20260001/");
        let told = "/a/b/c/e/f leads through more than four claims";
        assert_eq!(describe(nested, "/a/b/c/e/f"), told);
        let claims = Claims::read(nested.as_bytes()).unwrap();
        assert!(!claims.has_number("/a/b/c/e/f"));
    }

    #[test]
    fn nothing_is_dropped_to_make_a_number_fit_and_a_name_is_cleaned() {
        for bad in [
            "auth0|20260001",
            "2026 0001",
            " 20260001",
            "20260001\\u001b[2J",
            "２０２６",
        ] {
            let claims = format!(r#"{{"preferred_username":"{bad}"}}"#);
            let told = because("preferred_username", NoNumber::Form);
            assert_eq!(describe(&claims, "preferred_username"), told, "{bad}");
        }
        let escape = r#"{"preferred_username":"20260001","name":"\u001b[31m张\u202e三\u0007"}"#;
        assert_eq!(describe(escape, "preferred_username"), "20260001/[31m张三");
    }

    #[test]
    fn more_is_believed_of_the_same_person_alone() {
        let claims = |text: &str| Claims::read(text.as_bytes()).unwrap();
        let token = || claims(r#"{"sub":"u1"}"#);
        let more = claims(r#"{"sub":"u1","xh":"20260001","name":"张三"}"#);
        let student = token().with(more, "xh").unwrap().student("xh").unwrap();
        assert_eq!(student.number.as_str(), "20260001");
        assert!(token().with(claims(r#"{"sub":"u2"}"#), "xh").is_err());
        assert!(token().with(claims("{}"), "xh").is_err());
        // Two numbers for one person are none.
        let numbered = || claims(r#"{"sub":"u1","xh":"20260001"}"#);
        let other = claims(r#"{"sub":"u1","xh":"20260002"}"#);
        assert!(numbered().with(other, "xh").is_err());
        let same = claims(r#"{"sub":"u1","xh":"20260001","name":"张三"}"#);
        assert!(numbered().with(same, "xh").is_ok());
    }
}
