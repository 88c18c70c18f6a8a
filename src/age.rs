//! Files sealed with a passphrase in the `age` format, version 1 (<https://age-encryption.org/v1>) with its scrypt
//! recipient: the tools `age` and `rage` open and make them too. Only what these files need of the format is here; the crate
//! `age` would bring 67 others for the rest.
//!
//! All of a file is in memory, so that nothing of it is used before its end was authenticated.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hmac::{Hmac, Mac};
use scrypt::Params;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::cli_lang::pick;
use crate::visit::Secret;

const VERSION: &[u8] = b"age-encryption.org/v1\n";
const RECIPIENT: &str = "-> scrypt ";
const MAC: &str = "---";
/// scrypt's salt begins with this.
const LABEL: &[u8] = b"age-encryption.org/v1/scrypt";
/// The work of a guess: 2^18 with r = 8, as `age` has it: 256 MiB, about a second. A file that asks for more is refused.
const WORK: u8 = 18;
/// The work that is put in; the tests, which are many, put in less.
const WORK_PUT_IN: u8 = if cfg!(test) { 10 } else { WORK };
const SALT: usize = 16;
const FILE_KEY: usize = 16;
const TAG: usize = 16;
const NONCE: usize = 16;
/// The plain bytes of a chunk.
const CHUNK: usize = 64 * 1024;
/// The longest header that is read: its four lines are shorter than this.
const LONGEST_HEADER: usize = 512;

/// Why a file was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgeFault {
    /// It is no file of this kind.
    #[error(
        "{}",
        pick(
            "it is no file in the age format that a passphrase opens",
            "它不是口令能打开的 age 格式文件"
        )
    )]
    NotSealed,
    /// It wants more memory than a desk may be made to spend.
    #[error(
        "{}",
        pick(
            "it was sealed with more work than is done here",
            "封它所用的工作量超过这里的上限"
        )
    )]
    TooMuchWork,
    /// Another passphrase, or the part that depends on it was changed.
    #[error(
        "{}",
        pick(
            "the passphrase is wrong, or the beginning of the file was changed",
            "口令不对，或文件的开头被改过"
        )
    )]
    Passphrase,
    /// What follows was changed or cut.
    #[error(
        "{}",
        pick(
            "the file was changed or cut after it was made",
            "文件做好之后被改过或截断过"
        )
    )]
    Damaged,
}

/// Seals bytes with a passphrase.
///
/// # Errors
/// No randomness is to be had, or memory for the passphrase's key.
pub fn seal(passphrase: &Secret, plain: &[u8]) -> Result<Vec<u8>, String> {
    seal_with(passphrase, plain, WORK_PUT_IN)
}

fn seal_with(passphrase: &Secret, plain: &[u8], work: u8) -> Result<Vec<u8>, String> {
    let mut salt = [0u8; SALT];
    let mut nonce = [0u8; NONCE];
    let mut file_key = Zeroizing::new([0u8; FILE_KEY]);
    for random in [&mut salt[..], &mut nonce[..], &mut file_key[..]] {
        getrandom::fill(random).map_err(|e| format!("no randomness: {e}"))?;
    }
    let no_key = || "the passphrase's key cannot be made".to_owned();
    let wrapping = wrapping_key(passphrase, &salt, work).ok_or_else(no_key)?;
    let wrapped = wrapping.encrypt(&Nonce::default(), &file_key[..]);
    let wrapped = wrapped.map_err(|_| no_key())?;
    let mut sealed = VERSION.to_vec();
    let stanza = format!(
        "{RECIPIENT}{} {work}\n{}\n{MAC}",
        BASE64.encode(salt),
        BASE64.encode(wrapped)
    );
    sealed.extend_from_slice(stanza.as_bytes());
    let mac = header_mac(&file_key[..], &sealed).finalize().into_bytes();
    sealed.extend_from_slice(format!(" {}\n", BASE64.encode(mac)).as_bytes());
    sealed.extend_from_slice(&nonce);
    let payload = payload_key(&file_key[..], &nonce);
    // An empty file is one empty chunk.
    let most = plain.len().div_ceil(CHUNK).max(1);
    let mut chunks = plain.chunks(CHUNK);
    for place in 0..most {
        let is_last = place.saturating_add(1) == most;
        let chunk = chunks.next().unwrap_or_default();
        let done = payload.encrypt(&chunk_nonce(place as u64, is_last), chunk);
        sealed.extend(done.map_err(|_| "it cannot be sealed".to_owned())?);
    }
    Ok(sealed)
}

/// Opens what a passphrase sealed.
///
/// # Errors
/// Another passphrase, a file that was changed or cut, or another kind of file.
pub fn open(passphrase: &Secret, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, AgeFault> {
    let header = Header::read(sealed).ok_or(AgeFault::NotSealed)?;
    if header.work > WORK {
        return Err(AgeFault::TooMuchWork);
    }
    let wrapping = wrapping_key(passphrase, &header.salt, header.work);
    let file_key = wrapping
        .ok_or(AgeFault::NotSealed)?
        .decrypt(&Nonce::default(), &header.wrapped[..])
        .map_err(|_| AgeFault::Passphrase)?;
    let file_key = Zeroizing::new(file_key);
    header_mac(&file_key, header.signed)
        .verify_slice(&header.mac)
        .map_err(|_| AgeFault::Damaged)?;
    let (nonce, body) = header
        .rest
        .split_at_checked(NONCE)
        .ok_or(AgeFault::Damaged)?;
    let payload = payload_key(&file_key, nonce);
    let mut plain = Zeroizing::new(Vec::with_capacity(body.len()));
    let most = body.len().div_ceil(CHUNK + TAG);
    for (place, chunk) in body.chunks(CHUNK + TAG).enumerate() {
        let is_last = place.saturating_add(1) == most;
        let opened = payload.decrypt(&chunk_nonce(place as u64, is_last), chunk);
        let opened = Zeroizing::new(opened.map_err(|_| AgeFault::Damaged)?);
        // Only an empty file ends with an empty chunk.
        if opened.is_empty() && place > 0 {
            return Err(AgeFault::Damaged);
        }
        plain.extend_from_slice(&opened);
    }
    if most == 0 {
        return Err(AgeFault::Damaged);
    }
    Ok(plain)
}

/// What stands before the sealed bytes.
struct Header<'a> {
    salt: [u8; SALT],
    work: u8,
    wrapped: [u8; FILE_KEY + TAG],
    /// What its own check runs over.
    signed: &'a [u8],
    mac: [u8; 32],
    rest: &'a [u8],
}

impl<'a> Header<'a> {
    fn read(sealed: &'a [u8]) -> Option<Self> {
        let start = sealed.get(..LONGEST_HEADER.min(sealed.len()))?;
        let mut at = VERSION.len();
        if !start.starts_with(VERSION) {
            return None;
        }
        let mut line = || {
            let rest = start.get(at..)?;
            let length = rest.iter().position(|byte| *byte == b'\n')?;
            at = at.checked_add(length)?.checked_add(1)?;
            std::str::from_utf8(rest.get(..length)?).ok()
        };
        let (salt, work) = line()?.strip_prefix(RECIPIENT)?.split_once(' ')?;
        let wrapped = line()?;
        let mac = line()?.strip_prefix(MAC)?.strip_prefix(' ')?;
        let is_number = !work.starts_with(['0', '+']) && work.len() <= 2;
        let mac_line = MAC.len().checked_add(mac.len())?.checked_add(2)?;
        let signed = at.checked_sub(mac_line)?.checked_add(MAC.len())?;
        Some(Header {
            salt: decoded(salt)?,
            work: work.parse().ok().filter(|_| is_number)?,
            wrapped: decoded(wrapped)?,
            signed: sealed.get(..signed)?,
            mac: decoded(mac)?,
            rest: sealed.get(at..)?,
        })
    }
}

fn decoded<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE64.decode(text).ok()?.try_into().ok()
}

fn wrapping_key(passphrase: &Secret, salt: &[u8; SALT], work: u8) -> Option<ChaCha20Poly1305> {
    let params = Params::new(work, 8, 1, 32).ok()?;
    let salt = [LABEL, salt].concat();
    let mut key = Zeroizing::new([0u8; 32]);
    scrypt::scrypt(passphrase.expose().as_bytes(), &salt, &params, &mut key[..]).ok()?;
    ChaCha20Poly1305::new_from_slice(&key[..]).ok()
}

/// HKDF-SHA256 (RFC 5869) of one block.
fn derive(key: &[u8], salt: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut extract = hmac(salt);
    extract.update(key);
    let mut expand = hmac(&extract.finalize().into_bytes());
    expand.update(info);
    expand.update(&[1]);
    Zeroizing::new(expand.finalize().into_bytes().into())
}

fn hmac(key: &[u8]) -> Hmac<Sha256> {
    // A key of any length is taken: what is longer than a block is hashed (RFC 2104 2).
    <Hmac<Sha256> as Mac>::new_from_slice(key)
        .unwrap_or_else(|_| <Hmac<Sha256> as Mac>::new(&Default::default()))
}

fn header_mac(file_key: &[u8], signed: &[u8]) -> Hmac<Sha256> {
    let mut mac = hmac(&derive(file_key, &[], b"header")[..]);
    mac.update(signed);
    mac
}

fn payload_key(file_key: &[u8], nonce: &[u8]) -> ChaCha20Poly1305 {
    let key = derive(file_key, nonce, b"payload");
    ChaCha20Poly1305::new(&(*key).into())
}

/// Eleven bytes that count the chunks, and one that says which is the last.
fn chunk_nonce(place: u64, is_last: bool) -> Nonce {
    let mut nonce = Nonce::default();
    if let Some(counter) = nonce.get_mut(3..11) {
        counter.copy_from_slice(&place.to_be_bytes());
    }
    if let Some(last) = nonce.last_mut() {
        *last = u8::from(is_last);
    }
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    /// Made by `age -p` 1.1.1 from "yingxin desk\n" with the passphrase "correct horse".
    const OF_AGE: &str = "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCA1akNmbExmcUZhRWlpR1lKczVRc1pBIDE4CkgrSGRPNTI0R0ZlU1NiT1RSd2hEczl5eTRxQVF1Tlg4RGZtL1RwSzRJNUUKLS0tIFRRenFxVGRCSkVWbFFpT1JCUHM1cE5YeWNPb0p6Ui8zWjQ0OWRjaml5UnMKD4yr3q1M7PfGC3guCrh9JAEiyaAfb7umlcgN9z8YFrvvlBBfStjmK0qk7NPX";

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    /// Sealed with little work: the tests open it often.
    fn sealed(plain: &[u8]) -> Vec<u8> {
        seal_with(&secret("correct horse"), plain, 4).unwrap()
    }

    fn opened(bytes: &[u8]) -> Result<Vec<u8>, AgeFault> {
        open(&secret("correct horse"), bytes).map(|plain| plain.to_vec())
    }

    #[test]
    fn a_file_of_the_tool_is_opened() {
        let bytes = STANDARD.decode(OF_AGE).unwrap();
        assert_eq!(opened(&bytes).unwrap(), b"yingxin desk\n");
    }

    #[test]
    fn what_was_sealed_is_opened_whatever_its_length() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let plain = vec![7u8; length];
            let sealed = sealed(&plain);
            assert_eq!(opened(&sealed).unwrap(), plain, "{length}");
            if length > CHUNK {
                // Whole chunks were taken away or swapped.
                let end = sealed.len() - (length % CHUNK + TAG).min(CHUNK + TAG);
                assert_eq!(opened(&sealed[..end]), Err(AgeFault::Damaged));
            }
        }
    }

    #[test]
    fn a_flipped_bit_and_a_cut_are_found_wherever_they_are() {
        let sealed = sealed(b"the desk's files");
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert!(opened(&flipped).is_err(), "{at}");
            assert!(opened(&sealed[..at]).is_err(), "{at}");
        }
        let another = open(&secret("x"), &sealed).unwrap_err();
        assert_eq!(another, AgeFault::Passphrase);
        let longer = [&sealed[..], b"x"].concat();
        assert_eq!(opened(&longer), Err(AgeFault::Damaged));
    }

    #[test]
    fn a_file_that_asks_for_much_work_is_refused_before_it() {
        let sealed = String::from_utf8_lossy(&sealed(b"")).into_owned();
        let costly = sealed.replacen(" 4\n", " 40\n", 1);
        assert_eq!(opened(costly.as_bytes()), Err(AgeFault::TooMuchWork));
        assert_eq!(opened(b"PK\x03\x04"), Err(AgeFault::NotSealed));
        assert_eq!(opened(b""), Err(AgeFault::NotSealed));
    }
}
