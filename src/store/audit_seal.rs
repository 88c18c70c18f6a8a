//! A seal of the journal: one line that says how far it went and what its hash was there, signed with the desk's key. Kept
//! elsewhere, on paper or on a stick, it shows later whether the journal still goes as far and is the same.

use std::fmt;

use jiff::Timestamp;

use super::error::StoreError;
use super::location::Location;
use super::marks::hex;
use super::seal::{self, DeskKey, KeyPlace, SecretKey};

/// What each line begins with.
const HEAD: &str = "yingxin-seal-1";
/// The longest line that is read, in bytes.
const LONGEST: usize = 512;
/// The most seals that are compared at once.
pub const MOST_SEALS: usize = 1000;

/// How far a journal went, and what its hash was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditSeal {
    /// The desk, as its pages name it.
    pub desk: String,
    /// When the seal was made, by the desk's clock.
    pub at: Timestamp,
    /// The number of the last record.
    pub record: u64,
    /// The chain's hash there, in lower-case hexadecimal.
    pub hash: String,
}

/// A seal as it was read, with its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedSeal {
    /// What it says.
    pub seal: AuditSeal,
    sign: String,
}

impl fmt::Display for AuditSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AuditSeal {
            desk,
            at,
            record,
            hash,
        } = self;
        write!(f, "{HEAD} desk={desk} at={at} record={record} hash={hash}")
    }
}

impl fmt::Display for SignedSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} sign={}", self.seal, self.sign)
    }
}

impl AuditSeal {
    /// Signs it with the desk key of this store.
    ///
    /// # Errors
    /// The key is missing or cannot be read.
    pub fn sign(self, location: &Location) -> Result<SignedSeal, StoreError> {
        let place = KeyPlace::find(location);
        let desk = place.read()?.ok_or_else(|| StoreError::KeyMissing {
            dir: location.dir.clone(),
            path: place.path.clone(),
            wanted: "it was made with".into(),
        })?;
        let sign = signature(&key(&desk), &self);
        Ok(SignedSeal { seal: self, sign })
    }
}

impl SignedSeal {
    /// Whether a line holds a seal, or what is left of one.
    pub fn is_meant(line: &str) -> bool {
        line.contains("yingxin-seal")
    }

    /// Reads a line; `None` where it is no seal.
    pub fn parse(line: &str) -> Option<SignedSeal> {
        let line = line.trim();
        let mut parts = line.split(' ');
        if line.len() > LONGEST || parts.next() != Some(HEAD) {
            return None;
        }
        let mut value = |name: &str| parts.next()?.strip_prefix(name)?.strip_prefix('=');
        let seal = AuditSeal {
            desk: value("desk")?.to_owned(),
            at: value("at")?.parse().ok()?,
            record: value("record")?.parse().ok()?,
            hash: value("hash")?.to_owned(),
        };
        let sign = value("sign")?.to_owned();
        let signed = SignedSeal { seal, sign };
        // Nothing else may stand in it.
        (signed.to_string() == line).then_some(signed)
    }

    /// Whether the key of this desk made it.
    pub(super) fn is_ours(&self, desk: &DeskKey) -> bool {
        self.sign == signature(&key(desk), &self.seal)
    }
}

fn key(desk: &DeskKey) -> SecretKey {
    desk.derive("seals")
}

fn signature(key: &SecretKey, seal: &AuditSeal) -> String {
    hex(&seal::hmac(key, &[seal.to_string().as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written_and_nothing_else_is() {
        let seal = AuditSeal {
            desk: "017".into(),
            at: "2026-09-01T10:00:00Z".parse().unwrap(),
            record: 1234,
            hash: "ab".repeat(32),
        };
        let key = SecretKey::new([7; 32]);
        let sign = signature(&key, &seal);
        let line = SignedSeal { seal, sign }.to_string();
        let read = SignedSeal::parse(&format!("  {line}\r\n")).unwrap();
        assert_eq!(read.to_string(), line);
        assert_eq!(read.sign, signature(&key, &read.seal));
        let other = line.replace("record=1234", "record=1235");
        let forged = SignedSeal::parse(&other).unwrap();
        assert_ne!(forged.sign, signature(&key, &forged.seal));
        for rubbish in [
            "",
            HEAD,
            &line.replace("-1 ", "-2 "),
            &line.replace("record=1234", "record=01234"),
            &format!("{line} x"),
            &format!("{line}{}", "a".repeat(600)),
        ] {
            assert_eq!(SignedSeal::parse(rubbish), None, "{rubbish}");
        }
    }
}
