//! The desk's key, the keys derived from it, and the sealing of bytes. Keys live in zeroized memory only and are never
//! printed.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::disk::{self, Disk};
use super::error::StoreError;
use super::location::Location;
use crate::ours;

/// A symmetric key, zeroized when dropped.
pub type SecretKey = Zeroizing<[u8; 32]>;

/// How much longer a sealed text is than its plain text, in bytes: nonce and tag.
pub const SEAL_OVERHEAD: usize = NONCE + 16;
const NONCE: usize = 24;
const FILE_NAME: &str = "desk.key";
const FILE_MAGIC: &str = "yingxin-desk-key-1";

/// The desk's key: all data at rest is sealed by keys derived from it, or by keys that those seal.
pub struct DeskKey(SecretKey);

/// The id of a desk key: an HMAC, which reveals nothing of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId(pub [u8; 8]);

/// Where the desk key is read from, and whether it may be created there.
pub struct KeyPlace {
    /// The key's file.
    pub path: PathBuf,
    /// The service manager gives the key: it is never created here.
    given: bool,
}

/// The file of the desk key, where it exists and the service manager does not guard it.
pub fn key_file(location: &Location) -> Option<PathBuf> {
    let place = KeyPlace::find(location);
    Some(place.path).filter(|path| !place.given && path.exists())
}

impl KeyPlace {
    /// A configured file, else the service manager's credentials (`$CREDENTIALS_DIRECTORY/desk.key`, systemd.exec(5)),
    /// else the store's own directory.
    pub fn find(location: &Location) -> Self {
        if let Some(path) = &location.key {
            return KeyPlace {
                path: path.clone(),
                given: false,
            };
        }
        if let Some(dir) = std::env::var_os("CREDENTIALS_DIRECTORY") {
            let path = Path::new(&dir).join(FILE_NAME);
            if path.exists() {
                return KeyPlace { path, given: true };
            }
        }
        KeyPlace {
            path: location.dir.join(FILE_NAME),
            given: false,
        }
    }

    /// Whether the service manager gives the key.
    pub fn is_given(&self) -> bool {
        self.given
    }

    /// Reads the key; `None` where there is no file.
    ///
    /// # Errors
    /// The file holds no key, or cannot be read.
    pub fn read(&self) -> Result<Option<DeskKey>, StoreError> {
        let mut text = Zeroizing::new(String::with_capacity(256));
        match ours::open_secret(&self.path, self.given) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(StoreError::at(&self.path, e)),
            Ok(file) => {
                // Read less than the capacity, so that the text is never moved and no copy stays in memory.
                if let Err(e) = file.take(200).read_to_string(&mut text) {
                    return Err(match e.kind() {
                        io::ErrorKind::InvalidData => self.unreadable(),
                        _ => StoreError::at(&self.path, e),
                    });
                }
            }
        }
        let mut key = SecretKey::default();
        let hex = text
            .trim()
            .strip_prefix(FILE_MAGIC)
            .map(str::trim)
            .filter(|hex| hex.len() == 64 && hex.is_ascii())
            .ok_or_else(|| self.unreadable())?;
        for (byte, pair) in key.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).unwrap_or_default();
            *byte = u8::from_str_radix(pair, 16).map_err(|_| self.unreadable())?;
        }
        Ok(Some(DeskKey(key)))
    }

    /// Creates a key and syncs its file before anything is sealed with it.
    ///
    /// # Errors
    /// The system gives no random numbers, or the file cannot be written.
    pub fn create(&self, disk: &dyn Disk) -> Result<DeskKey, StoreError> {
        let key = DeskKey::random()?;
        self.write(disk, &key)?;
        Ok(key)
    }

    /// Replaces the key's file whole.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, disk: &dyn Disk, key: &DeskKey) -> Result<(), StoreError> {
        use std::fmt::Write;
        let mut text = Zeroizing::new(String::with_capacity(128));
        text.push_str(FILE_MAGIC);
        text.push(' ');
        for byte in key.0.iter() {
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\n');
        disk::replace(disk, &self.path, text.as_bytes()).map_err(|e| StoreError::at(&self.path, e))
    }

    fn unreadable(&self) -> StoreError {
        StoreError::KeyUnreadable {
            path: self.path.clone(),
        }
    }
}

impl DeskKey {
    /// A key of given bytes, for tests.
    #[cfg(test)]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        DeskKey(SecretKey::new(bytes))
    }

    /// A copy of the key, for another thread.
    pub fn duplicate(&self) -> Self {
        DeskKey(self.0.clone())
    }

    /// A random key.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn random() -> Result<Self, StoreError> {
        random_key().map(DeskKey).map_err(|_| StoreError::Random)
    }

    /// The id of this key.
    pub fn id(&self) -> KeyId {
        let mut id = [0; 8];
        let derived = self.derive("key id");
        id.copy_from_slice(&derived[..8]);
        KeyId(id)
    }

    /// A key for one purpose: HMAC-SHA-256 over the name of the purpose.
    pub fn derive(&self, purpose: &str) -> SecretKey {
        let mut tag = hmac(&self.0, &[b"yingxin 1\0", purpose.as_bytes()]);
        let key = Zeroizing::new(tag);
        tag.zeroize();
        key
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// HMAC-SHA-256 over the joined parts.
pub fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    match <Hmac<Sha256> as Mac>::new_from_slice(key) {
        Ok(mac) => parts
            .iter()
            .fold(mac, |mac, part| mac.chain_update(part))
            .finalize()
            .into_bytes()
            .into(),
        Err(_) => [0; 32], // Cannot happen: HMAC takes keys of every length.
    }
}

/// A random key.
///
/// # Errors
/// The system gives no random numbers.
pub fn random_key() -> io::Result<SecretKey> {
    let mut key = SecretKey::default();
    getrandom::fill(key.as_mut_slice()).map_err(|e| io::Error::other(e.to_string()))?;
    Ok(key)
}

/// Seals bytes with XChaCha20-Poly1305 and a random nonce. Opening needs the same additional data (aad).
///
/// # Errors
/// The system gives no random numbers.
pub fn seal(key: &[u8; 32], aad: &[u8], plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(|e| io::Error::other(e.to_string()))?;
    let sealed = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: plain, aad })
        .map_err(|_| io::Error::other("sealing failed"))?;
    let mut out = Vec::with_capacity(NONCE + sealed.len());
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&sealed);
    Ok(out)
}

/// Opens bytes sealed by [`seal`]; `None` for another key, other additional data or a changed byte.
pub fn unseal(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, msg) = sealed.split_at_checked(NONCE)?;
    XChaCha20Poly1305::new(key.into())
        .decrypt(XNonce::from_slice(nonce), Payload { msg, aad })
        .ok()
        .map(Zeroizing::new)
}
