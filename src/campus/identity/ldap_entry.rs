//! What is read of a directory's entry: the number as it stands, the name, and other texts.

use ldap3_proto::proto::LdapSearchResultEntry;

use super::told_number::{NoNumber, ToldValues};
use crate::visit::Name;

/// The values of an attribute as they were sent: its order means nothing (RFC 4511 4.1.7), so of several none is the
/// first.
fn raw_values<'a>(entry: &'a LdapSearchResultEntry, wanted: &str) -> Vec<&'a [u8]> {
    let attributes = entry.attributes.iter();
    let named = attributes.filter(|attribute| attribute.atype.eq_ignore_ascii_case(wanted));
    let values = named.flat_map(|attribute| &attribute.vals);
    values.map(Vec::as_slice).collect()
}

/// The values at the place of the student number.
pub(super) fn told_values(entry: &LdapSearchResultEntry, wanted: &str) -> ToldValues {
    let text = |value: &[u8]| String::from_utf8(value.to_vec()).map_err(|_| NoNumber::NoText);
    raw_values(entry, wanted).into_iter().map(text).collect()
}

/// The texts of an attribute that is only shown or weighed.
pub(super) fn values(entry: &LdapSearchResultEntry, wanted: &str) -> Vec<String> {
    let values = raw_values(entry, wanted).into_iter();
    values
        .map(|value| String::from_utf8_lossy(value).trim().to_owned())
        .filter(|value| !value.is_empty())
        .collect()
}

/// The name among the values of its attribute. Where there are several, it is the same one each time: one in another
/// script than Latin letters before a transcription of it, and never the number.
pub(super) fn name_of(values: Vec<String>, number: &str) -> Name {
    let names = values.into_iter().filter(|value| value != number);
    let first = names.min_by_key(|value| (value.is_ascii(), value.clone()));
    Name::new(&first.unwrap_or_default())
}

/// An entry with one attribute, for tests.
#[cfg(test)]
pub(super) fn entry_with(attribute: &str, values: &[&str]) -> LdapSearchResultEntry {
    let vals = values.iter().map(|value| value.as_bytes().to_vec());
    LdapSearchResultEntry {
        dn: String::new(),
        attributes: vec![ldap3_proto::proto::LdapPartialAttribute {
            atype: attribute.to_owned(),
            vals: vals.collect(),
        }],
    }
}

#[cfg(test)]
mod tests {
    use ldap3_proto::proto::LdapPartialAttribute;

    use super::super::told_number::told_number;
    use super::*;

    fn texts(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn the_number_is_the_only_value_of_its_attribute() {
        let entry = |attributes: &[(&str, &[u8])]| LdapSearchResultEntry {
            dn: String::new(),
            attributes: attributes
                .iter()
                .map(|(name, value)| LdapPartialAttribute {
                    atype: (*name).to_owned(),
                    vals: vec![value.to_vec()],
                })
                .collect(),
        };
        let number = |attributes: &[(&str, &[u8])]| {
            let told = told_number("uid", told_values(&entry(attributes), "uid"));
            told.map(|number| number.as_str().to_owned())
        };
        assert_eq!(number(&[("UID", b"20260001")]), Ok("20260001".into()));
        // An attribute with options is another one (RFC 4512 2.5).
        let optional: (&str, &[u8]) = ("uid;x-old", b"20260002");
        let told = number(&[("uid", b"20260001"), optional]);
        assert_eq!(told, Ok("20260001".into()));
        // The same attribute twice has both values.
        let told = number(&[("uid", b"20260001"), ("Uid", b"zhangsan")]);
        assert_eq!(told, Err(format!("uid: {}", NoNumber::Several)));
        for (value, why) in [
            (&b"20260001 "[..], NoNumber::Form),
            (b" 20260001", NoNumber::Form),
            (b"2026\xff0001", NoNumber::NoText),
            (b"", NoNumber::Form),
        ] {
            assert_eq!(number(&[("uid", value)]), Err(format!("uid: {why}")));
        }
    }

    #[test]
    fn of_several_names_it_is_the_same_one_in_any_order() {
        let names = ["Zhang San", "张三", "20260001", "张三丰"];
        for turn in 0..names.len() {
            let mut turned = texts(&names);
            turned.rotate_left(turn);
            assert_eq!(name_of(turned.clone(), "20260001").as_str(), "张三");
            turned.reverse();
            assert_eq!(name_of(turned, "20260001").as_str(), "张三");
        }
        let latin = texts(&["San Zhang", "20260001"]);
        assert_eq!(name_of(latin, "20260001").as_str(), "San Zhang");
        assert_eq!(name_of(texts(&["20260001"]), "20260001").as_str(), "");
    }
}
