//! Codes to phones: one adapter a carrier, and the order in which they are tried.

pub mod aliyun;
mod aliyun_sign;
pub mod gammu;
pub mod order;
pub mod tencent;
mod tencent_sign;

pub use aliyun::Aliyun;
pub use gammu::Gammu;
pub use order::Order;
pub use tencent::Tencent;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::plain;
use crate::visit::{Failure, SmsRefusal};

/// The longest name of a message that is kept, in bytes.
const LONGEST_ID: usize = 128;

/// HMAC-SHA-256, as both clouds sign with.
fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac.chain_update(message).finalize().into_bytes().into(),
        Err(_) => [0; 32], // HMAC takes keys of every length: this cannot happen.
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A probe's answer: that the number is none is what it should say.
fn expected<T>(said: Result<T, Failure<SmsRefusal>>) -> Result<(), Failure<()>> {
    match said {
        Ok(_) | Err(Failure::Rejected(SmsRefusal::BadNumber)) => Ok(()),
        Err(failure) => Err(plain(failure)),
    }
}

/// A carrier's code as it can be shown: letters, digits and a few signs, not too many.
fn clean(code: &str) -> String {
    code.chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._:-".contains(*c))
        .take(80)
        .collect()
}

/// A message's name as the carrier gave it, or none where it is not one.
fn clean_id(id: &str) -> String {
    let is_plain = |c: char| c.is_ascii_graphic();
    match id.len() <= LONGEST_ID && id.chars().all(is_plain) {
        true => id.to_owned(),
        false => String::new(),
    }
}
