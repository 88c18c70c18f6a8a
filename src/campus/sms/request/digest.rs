//! The one computed value of a request: a digest or an HMAC over a template.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

use super::charset::{Charset, Unencodable};
use super::template::{PlaceholderValues, Template};
use crate::campus::sms::hex;

/// How the value is computed. The old digests are what the platforms ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DigestKind {
    Md5,
    Sha1,
    Sha256,
    Sha512,
    HmacMd5,
    HmacSha1,
    HmacSha256,
    HmacSha512,
}

/// How the value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DigestEncoding {
    Hex,
    UpperHex,
    Base64,
    Base64OfHex,
}

/// The names of the kinds in the configuration.
pub(super) const KINDS: &[(&str, DigestKind)] = &[
    ("md5", DigestKind::Md5),
    ("sha1", DigestKind::Sha1),
    ("sha256", DigestKind::Sha256),
    ("sha512", DigestKind::Sha512),
    ("hmac-md5", DigestKind::HmacMd5),
    ("hmac-sha1", DigestKind::HmacSha1),
    ("hmac-sha256", DigestKind::HmacSha256),
    ("hmac-sha512", DigestKind::HmacSha512),
];

/// The names of the encodings in the configuration.
pub(super) const ENCODINGS: &[(&str, DigestEncoding)] = &[
    ("hex", DigestEncoding::Hex),
    ("HEX", DigestEncoding::UpperHex),
    ("base64", DigestEncoding::Base64),
    ("base64-of-hex", DigestEncoding::Base64OfHex),
];

impl DigestKind {
    /// Whether it takes a key.
    pub fn has_key(self) -> bool {
        match self {
            DigestKind::Md5 | DigestKind::Sha1 | DigestKind::Sha256 | DigestKind::Sha512 => false,
            DigestKind::HmacMd5
            | DigestKind::HmacSha1
            | DigestKind::HmacSha256
            | DigestKind::HmacSha512 => true,
        }
    }

    fn compute(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        match self {
            DigestKind::Md5 => Md5::digest(message).to_vec(),
            DigestKind::Sha1 => Sha1::digest(message).to_vec(),
            DigestKind::Sha256 => Sha256::digest(message).to_vec(),
            DigestKind::Sha512 => Sha512::digest(message).to_vec(),
            DigestKind::HmacMd5 => mac::<Hmac<Md5>>(key, message),
            DigestKind::HmacSha1 => mac::<Hmac<Sha1>>(key, message),
            DigestKind::HmacSha256 => mac::<Hmac<Sha256>>(key, message),
            DigestKind::HmacSha512 => mac::<Hmac<Sha512>>(key, message),
        }
    }
}

fn mac<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    match <M as Mac>::new_from_slice(key) {
        Ok(mac) => mac.chain_update(message).finalize().into_bytes().to_vec(),
        Err(_) => Vec::new(), // HMAC takes keys of every length: this cannot happen.
    }
}

/// What is computed, from what, and how it is written.
#[derive(Debug)]
pub(super) struct DigestTemplate {
    pub kind: DigestKind,
    pub encoding: DigestEncoding,
    pub of: Template,
    /// Of an HMAC.
    pub key: Template,
}

impl DigestTemplate {
    /// The value of one request.
    ///
    /// # Errors
    /// Where the charset has no such character.
    pub fn compute(
        &self,
        values: &PlaceholderValues,
        charset: Charset,
    ) -> Result<String, Unencodable> {
        let message = charset.encode(self.of.fill(values))?;
        let key = charset.encode(self.key.fill(values))?;
        let digest = Zeroizing::new(self.kind.compute(&key, &message));
        Ok(match self.encoding {
            DigestEncoding::Hex => hex(&digest),
            DigestEncoding::UpperHex => hex(&digest).to_ascii_uppercase(),
            DigestEncoding::Base64 => STANDARD.encode(&*digest),
            DigestEncoding::Base64OfHex => STANDARD.encode(hex(&digest)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 1321 A.5, FIPS 180 and RFC 2202, 4231: the key is `Jefe`.
    #[test]
    fn each_kind_computes_what_its_standard_says() {
        let abc = |kind: DigestKind| hex(&kind.compute(b"", b"abc"));
        assert_eq!(abc(DigestKind::Md5), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(
            abc(DigestKind::Sha1),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
        assert!(abc(DigestKind::Sha256).starts_with("ba7816bf8f01cfea"));
        assert!(abc(DigestKind::Sha512).starts_with("ddaf35a193617aba"));
        let mac = |kind: DigestKind| hex(&kind.compute(b"Jefe", b"what do ya want for nothing?"));
        assert_eq!(mac(DigestKind::HmacMd5), "750c783e6ab0b503eaa86e310a5db738");
        assert_eq!(
            mac(DigestKind::HmacSha1),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
        assert!(mac(DigestKind::HmacSha256).starts_with("5bdcc146bf60754e"));
        assert!(mac(DigestKind::HmacSha512).starts_with("164b7a7bfcf819e2"));
    }

    #[test]
    fn a_digest_is_written_as_the_platform_reads_it() {
        let written = |encoding| {
            let of = Template::parse("abc").unwrap();
            let key = Template::parse("").unwrap();
            let kind = DigestKind::Md5;
            let digest = DigestTemplate {
                kind,
                encoding,
                of,
                key,
            };
            let values = PlaceholderValues::default();
            digest.compute(&values, Charset::Utf8).unwrap()
        };
        assert_eq!(
            written(DigestEncoding::UpperHex),
            "900150983CD24FB0D6963F7D28E17F72"
        );
        assert_eq!(written(DigestEncoding::Base64), "kAFQmDzST7DWlj99KOF/cg==");
        assert_eq!(
            written(DigestEncoding::Base64OfHex),
            "OTAwMTUwOTgzY2QyNGZiMGQ2OTYzZjdkMjhlMTdmNzI="
        );
    }
}
