//! The volunteer's PIN: kept as an argon2id hash in a file of mode 0600, never in plain.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use argon2::password_hash::{Output, ParamsString, PasswordHash, Salt, SaltString};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::cli_lang::both;
use crate::visit::Secret;

/// The fewest and the most characters of a PIN.
pub const LENGTH: std::ops::RangeInclusive<usize> = 4..=32;

/// The most memory of a hash that is read, in KiB, and the most passes: a file must not stop the desk.
const MOST_KIB: u32 = 32 * 1024;
const MOST_PASSES: u32 = 16;
/// A buffer for more blocks than this is taken from the system by itself.
const SMALL: usize = 128;
/// How many blocks there is room for then: more than the 32 MiB up to which the system's allocator may keep what is freed
/// (mallopt(3), `M_MMAP_THRESHOLD`), so that all of it is given back. Room that is not written to is no memory.
const ROOM: usize = 33 * 1024;

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
            return Err(both!(
                "a PIN has {} to {} digits, letters or signs and no spaces",
                "PIN 是 {} 到 {} 位数字、字母或符号，没有空格",
                LENGTH.start(),
                LENGTH.end()
            ));
        }
        let mut salt = [0u8; 16];
        getrandom::fill(&mut salt)
            .map_err(|e| both!("no randomness for a salt: {e}", "得不到随机数：{e}"))?;
        let params = Params::new(memory_kib, passes, 1, None).map_err(|e| e.to_string())?;
        let mut out = Zeroizing::new([0u8; Params::DEFAULT_OUTPUT_LEN]);
        PinMemory::default().derive(&params, pin, &salt, &mut *out)?;
        let salt = SaltString::encode_b64(&salt).map_err(|e| e.to_string())?;
        let hash = PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params).map_err(|e| e.to_string())?,
            salt: Some(salt.as_salt()),
            hash: Some(Output::new(&*out).map_err(|e| e.to_string())?),
        };
        Ok(PinHash(hash.to_string()))
    }

    /// Reads a PHC string.
    ///
    /// # Errors
    /// Where it is no argon2id hash.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        match PasswordHash::new(text) {
            Ok(hash) if hash.algorithm == ARGON2ID_IDENT && hash.hash.is_some() => {
                match Params::try_from(&hash) {
                    Ok(of) if of.m_cost() <= MOST_KIB && of.t_cost() <= MOST_PASSES => {
                        Ok(PinHash(text.to_owned()))
                    }
                    _ => Err(both!(
                        "its hash takes more than {MOST_KIB} KiB or {MOST_PASSES} passes",
                        "它的散列超过 {MOST_KIB} KiB 或 {MOST_PASSES} 遍"
                    )),
                }
            }
            _ => Err(both!("it holds no argon2id hash", "里面没有 argon2id 散列")),
        }
    }

    /// Whether this is the PIN. It takes some 30 ms of work: call it off the screen's thread.
    pub fn is(&self, pin: &Secret) -> bool {
        self.is_in(pin, &mut PinMemory::default())
    }

    /// The same in memory that serves for others too.
    pub fn is_in(&self, pin: &Secret, memory: &mut PinMemory) -> bool {
        self.verify(pin, memory).unwrap_or(false)
    }

    fn verify(&self, pin: &Secret, memory: &mut PinMemory) -> Option<bool> {
        let hash = PasswordHash::new(&self.0).ok()?;
        let is_known = hash.version.is_none_or(|v| v == u32::from(Version::V0x13));
        let params = Params::try_from(&hash).ok().filter(|_| is_known)?;
        let mut room = [0u8; Salt::MAX_LENGTH];
        let salt = hash.salt?.decode_b64(&mut room).ok()?;
        let expected = hash.hash?;
        let mut out = Zeroizing::new([0u8; Output::MAX_LENGTH]);
        let out = out.get_mut(..expected.len())?;
        memory.derive(&params, pin, salt, out).ok()?;
        Some(out.ct_eq(expected.as_bytes()).into())
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

/// One at a time in the whole process.
static TURN: Mutex<()> = Mutex::new(());

/// The memory in which PINs are hashed, one after another. While it is there no other thread has one; dropped, it is given
/// back to the system.
pub struct PinMemory {
    _turn: MutexGuard<'static, ()>,
    blocks: Vec<Block>,
}

impl Default for PinMemory {
    fn default() -> Self {
        PinMemory {
            _turn: TURN.lock().unwrap_or_else(PoisonError::into_inner),
            blocks: Vec::new(),
        }
    }
}

impl PinMemory {
    fn derive(
        &mut self,
        params: &Params,
        pin: &Secret,
        salt: &[u8],
        out: &mut [u8],
    ) -> Result<(), String> {
        let count = params.block_count();
        if self.blocks.capacity() < count {
            self.blocks = Vec::new();
            let room = if count > SMALL {
                ROOM.max(count)
            } else {
                count
            };
            let taken = self.blocks.try_reserve_exact(room);
            taken.map_err(|e| format!("no memory to hash a PIN: {e}"))?;
        }
        if self.blocks.len() < count {
            self.blocks.resize(count, Block::default());
        }
        let blocks = self.blocks.get_mut(..count).unwrap_or_default();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
            .hash_password_into_with_memory(pin.expose().as_bytes(), salt, out, blocks)
            .map_err(|e| e.to_string())
    }
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
    fn memory_that_was_used_gives_the_same_answers() {
        let secret = |pin: &str| Secret::new(pin.into());
        // The large one first, and last: what it left must not matter.
        let large = PinHash::new(&secret("4711")).unwrap();
        let small = PinHash::for_practice(&secret("1234")).unwrap();
        let mut memory = PinMemory::default();
        for _ in 0..2 {
            assert!(large.is_in(&secret("4711"), &mut memory));
            assert!(!small.is_in(&secret("4711"), &mut memory));
            assert!(small.is_in(&secret("1234"), &mut memory));
            assert!(!large.is_in(&secret("1234"), &mut memory));
        }
    }

    #[test]
    fn the_hashes_of_earlier_programs_are_read() {
        use argon2::PasswordHasher;
        let salt = SaltString::encode_b64(&[7; 16]).unwrap();
        let params = Params::new(19 * 1024, 2, 1, None).unwrap();
        let earlier = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password(b"4711", &salt)
            .unwrap()
            .to_string();
        let hash = PinHash::parse(&earlier).unwrap();
        assert!(hash.is(&Secret::new("4711".into())));
        assert!(!hash.is(&Secret::new("4712".into())));
    }

    #[test]
    fn a_hash_that_would_take_all_memory_is_refused() {
        let hash = |m: &str, t: &str| {
            format!(
                "$argon2id$v=19$m={m},t={t},p=1$c2FsdHNhbHRzYWx0$6jiLu2Vmr9uwOnkS9SL0uTZUFrDGrhBTrfP6NKs7o3w"
            )
        };
        assert!(PinHash::parse(&hash("32768", "16")).is_ok());
        for (m, t) in [("32769", "2"), ("4294967295", "2"), ("19456", "17")] {
            assert!(PinHash::parse(&hash(m, t)).is_err(), "{m} {t}");
        }
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
