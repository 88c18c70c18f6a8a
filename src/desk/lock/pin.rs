//! The volunteer's PIN: kept as an argon2id hash in a file of mode 0600, never in plain.

use std::fmt;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::visit::Secret;

/// The fewest and the most characters of a PIN.
pub const LENGTH: std::ops::RangeInclusive<usize> = 4..=32;

/// A PIN's hash as a PHC string: `$argon2id$v=19$m=...`.
#[derive(Clone, PartialEq, Eq)]
pub struct PinHash(String);

impl PinHash {
    /// Hashes a PIN with a fresh salt: 19 MiB and two passes (OWASP's first choice for argon2id), some 30 ms.
    ///
    /// # Errors
    /// Says in a sentence what is wrong with the PIN, or that no randomness is to be had.
    pub fn new(pin: &Secret) -> Result<Self, String> {
        Self::hash(pin, 19 * 1024, 2)
    }

    /// Hashes a PIN that is shown on the screen anyway, as cheaply as argon2 allows.
    ///
    /// # Errors
    /// As [`PinHash::new`].
    pub fn for_practice(pin: &Secret) -> Result<Self, String> {
        Self::hash(pin, Params::MIN_M_COST, 1)
    }

    fn hash(pin: &Secret, memory_kib: u32, passes: u32) -> Result<Self, String> {
        let length = pin.expose().chars().count();
        if !LENGTH.contains(&length) || !pin.expose().bytes().all(|b| b.is_ascii_graphic()) {
            return Err(format!(
                "a PIN has {} to {} digits, letters or signs and no spaces",
                LENGTH.start(),
                LENGTH.end()
            ));
        }
        let mut salt = [0u8; 16];
        getrandom::fill(&mut salt).map_err(|e| format!("no randomness for a salt: {e}"))?;
        let salt = SaltString::encode_b64(&salt).map_err(|e| e.to_string())?;
        hasher(memory_kib, passes)?
            .hash_password(pin.expose().as_bytes(), &salt)
            .map(|hash| PinHash(hash.to_string()))
            .map_err(|e| e.to_string())
    }

    /// Reads a PHC string.
    ///
    /// # Errors
    /// Where it is no argon2id hash.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        match PasswordHash::new(text) {
            Ok(hash) if hash.algorithm.as_str() == "argon2id" && hash.hash.is_some() => {
                Ok(PinHash(text.to_owned()))
            }
            _ => Err("it holds no argon2id hash".into()),
        }
    }

    /// Whether this is the PIN. It takes some 30 ms of work: call it off the screen's thread.
    pub fn is(&self, pin: &Secret) -> bool {
        PasswordHash::new(&self.0).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(pin.expose().as_bytes(), &hash)
                .is_ok()
        })
    }

    /// The PHC string, for the file.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinHash(***)")
    }
}

fn hasher(memory_kib: u32, passes: u32) -> Result<Argon2<'static>, String> {
    let params = Params::new(memory_kib, passes, 1, None).map_err(|e| e.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_pin_opens() {
        let hash = PinHash::new(&Secret::new("4711".into())).unwrap();
        let read = PinHash::parse(&format!("{}\n", hash.as_str())).unwrap();
        assert!(read.is(&Secret::new("4711".into())));
        assert!(!read.is(&Secret::new("4712".into())));
        assert!(!read.is(&Secret::new(String::new())));
        assert_eq!(format!("{hash:?}"), "PinHash(***)");
    }

    #[test]
    fn what_is_no_hash_is_refused() {
        for text in [
            "",
            "4711",
            "$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aaaa",
            "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ",
        ] {
            assert!(PinHash::parse(text).is_err(), "{text}");
        }
        assert!(PinHash::new(&Secret::new("123".into())).is_err());
        assert!(PinHash::new(&Secret::new("12 34".into())).is_err());
    }
}
