//! The claims of an issuer about the student. A student number is accepted only where it has the form of an account's
//! name as it is: no character is dropped to make it fit.

use serde_json::{Map, Value};

use crate::visit::{Name, Student, StudentNumber};

/// Claims from an ID token or from the userinfo endpoint.
pub struct Claims(Map<String, Value>);

/// The claim that holds the number without a configured one. `sub` is an issuer's own key for an account, a serial number
/// or random letters on many: it is a student number only where the configuration says so.
const USUAL: &str = "preferred_username";

/// How many claims a path may lead through, and how many of a list are looked at.
const DEPTH: usize = 4;
const MOST: usize = 100;

impl Claims {
    pub fn new(claims: Map<String, Value>) -> Self {
        Claims(claims)
    }

    /// `None` where it is no object.
    pub fn read(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok().map(Claims)
    }

    /// Whether the claim with the number is here.
    pub fn has_number(&self, claim: Option<&str>) -> bool {
        self.text(claim.unwrap_or(USUAL)).is_some()
    }

    pub fn has_name(&self) -> bool {
        self.text("name").is_some()
    }

    /// These claims, completed by more claims about the same person (OIDC Core 5.3.2: `sub` must be the same).
    ///
    /// # Errors
    /// Where `more` is about another person.
    pub fn with(mut self, more: Claims) -> Result<Self, &'static str> {
        if self.0.get("sub").is_none() || self.0.get("sub") != more.0.get("sub") {
            return Err("userinfo tells of somebody else than the ID token");
        }
        for (name, value) in more.0 {
            self.0.entry(name).or_insert(value);
        }
        Ok(self)
    }

    /// The student, by the configured claim or the usual one.
    ///
    /// # Errors
    /// Where the claim is missing, or holds no student number.
    pub fn student(&self, claim: Option<&str>) -> Result<Student, &'static str> {
        let claim = claim.unwrap_or(USUAL);
        let number = self.text(claim).ok_or(if is_too_long(claim) {
            "there is no claim of this name, and as a path it leads through more than four"
        } else {
            "the claim with the student number is not given: set claim to its name"
        })?;
        let number = StudentNumber::exactly(&number).ok_or("the claim holds no student number")?;
        let name = self.text("name").unwrap_or_default();
        Ok(Student {
            number,
            name: Name::new(&name),
        })
    }

    /// A claim that is a text and not blank, or a number. Dots lead to a claim inside another one, where no claim has the
    /// whole name. A path is followed to its end or not at all: what stands on the way is another claim.
    fn text(&self, claim: &str) -> Option<String> {
        let found = match self.0.get(claim) {
            Some(found) => found,
            None if is_too_long(claim) => return None,
            None => {
                let mut parts = claim.split('.');
                let first = self.0.get(parts.next()?)?;
                parts.try_fold(first, inside)?
            }
        };
        let text = match found {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }
}

fn is_too_long(path: &str) -> bool {
    path.split('.').count() > DEPTH
}

/// A claim inside another one. CAS writes a list with one claim in each of its objects.
fn inside<'a>(of: &'a Value, name: &str) -> Option<&'a Value> {
    match of {
        Value::Object(claims) => claims.get(name),
        Value::Array(all) => all.iter().take(MOST).find_map(|one| one.get(name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn describe(claims: &str, claim: Option<&str>) -> String {
        let claims = Claims::read(claims.as_bytes()).unwrap();
        match claims.student(claim) {
            Ok(student) => format!("{}/{}", student.number.as_str(), student.name.as_str()),
            Err(why) => why.to_owned(),
        }
    }

    #[test]
    fn the_number_stands_where_it_is_said_to() {
        let both = r#"{"sub":"a-b","preferred_username":"20260001","xh":20260002,"name":"张三"}"#;
        assert_eq!(describe(both, None), "20260001/张三");
        assert_eq!(describe(both, Some("sub")), "a-b/张三");
        assert_eq!(describe(both, Some("xh")), "20260002/张三");
        let missing = "the claim with the student number is not given: set claim to its name";
        assert_eq!(describe(both, Some("uid")), missing);
        assert_eq!(describe(r#"{"sub":"20260001"}"#, None), missing);
        assert_eq!(describe(r#"{"sub":"20260001"}"#, Some("sub")), "20260001/");
        assert_eq!(
            describe(r#"{"sub":"1","preferred_username":" "}"#, None),
            missing,
            "a blank one is none"
        );
        assert_eq!(describe(r#"{"sub":["20260001"]}"#, None), missing);
        assert_eq!(describe("{}", None), missing);
    }

    #[test]
    fn a_claim_may_stand_inside_others() {
        let told = |claims: &str| describe(claims, Some("attributes.xh"));
        let missing = "the claim with the student number is not given: set claim to its name";
        for given in [
            r#"{"attributes":{"xh":"20260001"}}"#,
            r#"{"attributes":[{"cn":"x"},{"xh":20260001}]}"#,
            r#"{"attributes.xh":"20260001","attributes":{"xh":"20260002"}}"#,
        ] {
            assert_eq!(told(given), "20260001/", "{given}");
        }
        for bad in [
            "{}",
            r#"{"attributes":"xh"}"#,
            r#"{"attributes":[[{"xh":"20260001"}]]}"#,
            r#"{"attributes":{"xh":{"a":1}}}"#,
        ] {
            assert_eq!(told(bad), missing, "{bad}");
        }
    }

    #[test]
    fn a_path_that_is_too_long_is_an_error_and_not_cut() {
        let nested = r#"{"a":{"b":{"c":{"d":"20260001","e":{"f":"x"}}}},"a.b.c.d.e":"20260002"}"#;
        assert_eq!(describe(nested, Some("a.b.c.d")), "20260001/");
        assert_eq!(describe(nested, Some("a.b.c.d.e")), "20260002/", "a name");
        let too_long =
            "there is no claim of this name, and as a path it leads through more than four";
        assert_eq!(describe(nested, Some("a.b.c.d.f")), too_long);
        assert_eq!(describe(nested, Some("a.b.c.e.f")), too_long);
        let claims = Claims::read(nested.as_bytes()).unwrap();
        assert!(!claims.has_number(Some("a.b.c.d.f")));
    }

    #[test]
    fn nothing_is_dropped_to_make_a_number_fit_and_a_name_is_cleaned() {
        for bad in [
            "auth0|20260001",
            "2026 0001",
            "20260001\\u001b[2J",
            "２０２６",
        ] {
            let claims = format!(r#"{{"preferred_username":"{bad}"}}"#);
            assert_eq!(
                describe(&claims, None),
                "the claim holds no student number",
                "{bad}"
            );
        }
        let long = format!(r#"{{"preferred_username":"{}"}}"#, "1".repeat(65));
        assert_eq!(describe(&long, None), "the claim holds no student number");
        let escape = r#"{"preferred_username":"20260001","name":"\u001b[31m张\u202e三\u0007"}"#;
        assert_eq!(describe(escape, None), "20260001/[31m张三");
    }

    #[test]
    fn more_is_believed_of_the_same_person_alone() {
        let claims = |text: &str| Claims::read(text.as_bytes()).unwrap();
        let token = || claims(r#"{"sub":"u1"}"#);
        let more = claims(r#"{"sub":"u1","preferred_username":"20260001","name":"张三"}"#);
        let student = token().with(more).unwrap().student(None).unwrap();
        assert_eq!(student.number.as_str(), "20260001");
        assert!(token().with(claims(r#"{"sub":"u2"}"#)).is_err());
        assert!(token().with(claims("{}")).is_err());
    }
}
