//! The code of the desk's own SMS. It is derived and never stored: the same visit, number and nonce give the same code,
//! also after a restart, so that a resend within its time says what the first message said.

use std::fmt;
use std::time::Duration;

use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{Mobile, Secret, VisitId};

/// The key that codes are derived from; it is made from the desk's key and lives in memory only.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct CodeKey([u8; 32]);

/// Six digits. Redacted in Debug, zeroized on drop, never serialized. They lie on the heap: what is moved by value leaves
/// copies on the stack that nothing wipes.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Code(Box<[u8]>);

/// What makes a code differ from the one before it. Not a secret by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Nonce(pub u64);

/// How codes are issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmsPolicy {
    /// How long a code is good for.
    pub life: Duration,
    /// How long until it may be sent again.
    pub resend_after: Duration,
    /// Wrong tries until the code is spent.
    pub tries: u8,
    /// The most codes sent to one number in an hour and in a day.
    pub per_hour: u32,
    /// The most codes sent to one number in a day.
    pub per_day: u32,
    /// The most codes that one desk sends in an hour, whatever the number.
    pub desk_per_hour: u32,
}

impl Default for SmsPolicy {
    /// The practice in China: five minutes, a minute, five tries, five an hour and ten a day; and for a desk far more
    /// than a queue can ask for.
    fn default() -> Self {
        SmsPolicy {
            life: Duration::from_secs(300),
            resend_after: Duration::from_secs(60),
            tries: 5,
            per_hour: 5,
            per_day: 10,
            desk_per_hour: 200,
        }
    }
}

impl CodeKey {
    /// Takes the key over.
    pub fn new(key: [u8; 32]) -> Self {
        CodeKey(key)
    }

    /// Derives the code of this visit, number and nonce: HMAC-SHA-256, eight bytes of it modulo a million.
    pub fn derive(&self, visit: VisitId, mobile: &Mobile, nonce: Nonce) -> Code {
        let mut message = Vec::with_capacity(64);
        message.extend_from_slice(b"yingxin code 1\0");
        message.extend_from_slice(&visit.0.to_be_bytes());
        message.extend_from_slice(mobile.as_str().as_bytes());
        message.extend_from_slice(&nonce.0.to_be_bytes());
        let mut tag: [u8; 32] = match Hmac::<Sha256>::new_from_slice(&self.0) {
            Ok(mac) => mac.chain_update(&message).finalize().into_bytes().into(),
            Err(_) => [0; 32], // HMAC takes keys of every length: this cannot happen.
        };
        let mut number = tag
            .iter()
            .take(8)
            .fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte))
            % 1_000_000;
        tag.zeroize();
        let mut digits = vec![0u8; 6].into_boxed_slice();
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
        }
        Code(digits)
    }
}

impl Code {
    /// The digits, for the one place that sends them.
    pub fn expose(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Compares in constant time.
    pub fn is(&self, typed: &Secret) -> bool {
        self.0.ct_eq(typed.expose().as_bytes()).into()
    }
}

impl fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeKey(***)")
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_belongs_to_its_visit_number_and_nonce() {
        let key = CodeKey::new([7; 32]);
        let mobile = Mobile::parse("13800138000").unwrap();
        let code = |visit, nonce| {
            key.derive(VisitId(visit), &mobile, Nonce(nonce))
                .expose()
                .to_owned()
        };
        assert_eq!(code(1, 1), code(1, 1));
        assert_ne!(code(1, 1), code(1, 2));
        assert_ne!(code(1, 1), code(2, 1));
        let other = Mobile::parse("13800138001").unwrap();
        let others = key.derive(VisitId(1), &other, Nonce(1));
        assert_ne!(others.expose(), code(1, 1));
        assert!(!others.is(&Secret::new(code(1, 1))));
        assert!(code(3, 9).bytes().all(|b| b.is_ascii_digit()) && code(3, 9).len() == 6);
        assert!(
            key.derive(VisitId(1), &mobile, Nonce(1))
                .is(&Secret::new(code(1, 1)))
        );
        assert!(
            !key.derive(VisitId(1), &mobile, Nonce(1))
                .is(&Secret::new("12345".into()))
        );
    }
}
