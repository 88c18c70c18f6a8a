//! The configured search filter of LDAP, with a place for the student number.

use crate::cli_lang::pick;
use ldap3_proto::proto::LdapFilter;

/// The place of the student's number in a filter.
const NUMBER: &str = "{number}";

/// A search filter with a place for the student number. The number is put into the parsed filter, so that no character of
/// it can become a part of the filter.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberFilter(LdapFilter);

/// What is wrong with a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// No filter.
    #[error("{}", pick("not a filter (RFC 4515)", "不是过滤器（RFC 4515）"))]
    Syntax,
    /// No place for the number: the filter fits every entry.
    #[error(
        "{}",
        pick(
            "a filter without {number} as a value: it fits everybody",
            "过滤器里没有以 {number} 为值：对谁都符合"
        )
    )]
    NoNumber,
}

impl NumberFilter {
    /// Parses a filter in the notation of RFC 4515.
    ///
    /// # Errors
    /// Where the text is no filter, or has no place for the number.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let filter = ldap3_proto::parse_ldap_filter_str(text.trim());
        let filter = NumberFilter(filter.map_err(|_| FilterError::Syntax)?);
        if filter.with("\u{1}") == filter.0 {
            Err(FilterError::NoNumber)
        } else {
            Ok(filter)
        }
    }

    /// The filter for this student number.
    pub(super) fn with(&self, number: &str) -> LdapFilter {
        fill(&self.0, number)
    }
}

fn fill(filter: &LdapFilter, number: &str) -> LdapFilter {
    let all = |filters: &[LdapFilter]| filters.iter().map(|inner| fill(inner, number)).collect();
    match filter {
        LdapFilter::And(inner) => LdapFilter::And(all(inner)),
        LdapFilter::Or(inner) => LdapFilter::Or(all(inner)),
        LdapFilter::Not(inner) => LdapFilter::Not(Box::new(fill(inner, number))),
        LdapFilter::Equality(attribute, value) => {
            LdapFilter::Equality(attribute.clone(), value.replace(NUMBER, number))
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_cannot_change_the_filter() {
        let filter = NumberFilter::parse(
            "(&(objectClass=person)(|(uid={number})(mail={number}@a.example)))",
        );
        let put = filter.unwrap().with("*)(uid=*");
        let LdapFilter::And(parts) = put else {
            panic!("{put:?}")
        };
        let LdapFilter::Or(either) = &parts[1] else {
            panic!("{parts:?}")
        };
        assert_eq!(
            either[0],
            LdapFilter::Equality("uid".into(), "*)(uid=*".into())
        );
        assert_eq!(
            either[1],
            LdapFilter::Equality("mail".into(), "*)(uid=*@a.example".into())
        );
        for (bad, why) in [
            ("uid={number}", FilterError::Syntax),
            ("(uid={number}", FilterError::Syntax),
            ("", FilterError::Syntax),
            ("(uid=*)", FilterError::NoNumber),
            ("(uid=number)", FilterError::NoNumber),
        ] {
            assert_eq!(NumberFilter::parse(bad), Err(why), "{bad}");
        }
    }
}
