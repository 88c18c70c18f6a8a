//! How limits know a phone number or an account: by an HMAC with a key of the desk, for limits outlive what they count and
//! may be in no visit's hands when a student is forgotten.

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Mobile, StudentNumber};

/// A phone number or an account as limits know it. Equal ones have equal tags; no tag leads back to its number without the
/// key.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct LimitTag([u8; 16]);

/// The keys that tags are made with. The first makes them; the others made those that were counted under earlier keys of
/// the desk and still count.
#[derive(Clone, PartialEq, Eq)]
pub struct LimitKeys(Arc<Vec<Zeroizing<[u8; 32]>>>);

impl LimitTag {
    /// The tag of these bytes.
    pub fn new(bytes: [u8; 16]) -> Self {
        LimitTag(bytes)
    }

    /// Its bytes.
    pub fn bytes(self) -> [u8; 16] {
        self.0
    }
}

impl TryFrom<String> for LimitTag {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match u128::from_str_radix(&text, 16) {
            Ok(number) if is_hex => Ok(LimitTag(number.to_be_bytes())),
            _ => Err("no tag of a limit"),
        }
    }
}

impl From<LimitTag> for String {
    fn from(tag: LimitTag) -> String {
        format!("{:032x}", u128::from_be_bytes(tag.0))
    }
}

impl LimitKeys {
    /// The key that makes new tags, then earlier ones.
    pub fn new(keys: impl IntoIterator<Item = [u8; 32]>) -> Self {
        LimitKeys(Arc::new(keys.into_iter().map(Zeroizing::new).collect()))
    }

    /// The tags of a phone number, the one that is counted now first.
    pub fn mobile(&self, mobile: &Mobile) -> Vec<LimitTag> {
        self.tags(b"mobile\0", mobile.as_str())
    }

    /// The tags of an account, without regard to the case of its letters: campuses take both for one.
    pub fn student(&self, student: &StudentNumber) -> Vec<LimitTag> {
        let text = Zeroizing::new(student.as_str().to_ascii_uppercase());
        self.tags(b"student\0", &text)
    }

    fn tags(&self, kind: &[u8], text: &str) -> Vec<LimitTag> {
        let tag = |key: &Zeroizing<[u8; 32]>| {
            let mut short = [0; 16];
            // HMAC takes keys of every length: it cannot fail.
            if let Ok(mac) = <Hmac<Sha256> as Mac>::new_from_slice(key.as_slice()) {
                let whole = mac.chain_update(kind).chain_update(text.as_bytes());
                short.copy_from_slice(&whole.finalize().into_bytes()[..16]);
            }
            LimitTag(short)
        };
        self.0.iter().map(tag).collect()
    }
}

impl Default for LimitKeys {
    /// A key that is no secret: before the store is opened, and for tests.
    fn default() -> Self {
        LimitKeys::new([[0; 32]])
    }
}

impl fmt::Debug for LimitKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LimitKeys(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_as_it_was_written_and_tells_numbers_apart() {
        let keys = LimitKeys::new([[7; 32], [8; 32]]);
        let mobile = Mobile::parse("13800138000").unwrap();
        let tags = keys.mobile(&mobile);
        assert_eq!(tags.len(), 2);
        assert_ne!(tags[0], tags[1], "by the key");
        let text = serde_json::to_string(&tags[0]).unwrap();
        assert_eq!(text.len(), 34);
        assert_eq!(serde_json::from_str::<LimitTag>(&text).unwrap(), tags[0]);
        for wrong in [
            "\"13800138000\"",
            "\"\"",
            "\"+0000000000000000000000000000000\"",
        ] {
            assert!(serde_json::from_str::<LimitTag>(wrong).is_err(), "{wrong}");
        }
        let student = |text| keys.student(&StudentNumber::from_campus(text));
        assert_eq!(student("b26x1"), student("B26X1"), "whatever the case");
        assert_ne!(student("13800138000"), tags, "by the kind");
        assert!(!format!("{keys:?}").contains('7'));
    }
}
