//! Tokens made by hand, good and bad ones, with keys for tests alone.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use serde_json::{Value, json};

const RSA: &str = include_str!("../support/keys/rsa.pem");

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A key of its kind, and what it signs by.
pub enum Key {
    /// On a curve of so many bytes.
    Ec(Box<EcdsaKeyPair>, usize),
    Rsa(Box<RsaKeyPair>, &'static str),
    Ed(Box<Ed25519KeyPair>),
}

impl Key {
    pub fn es256() -> Key {
        Key::ec(&ECDSA_P256_SHA256_FIXED_SIGNING, 32)
    }

    pub fn es384() -> Key {
        Key::ec(&ECDSA_P384_SHA384_FIXED_SIGNING, 48)
    }

    fn ec(how: &'static EcdsaSigningAlgorithm, bytes: usize) -> Key {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(how, made.as_ref(), &random).unwrap();
        Key::Ec(Box::new(pair), bytes)
    }

    pub fn rs256() -> Key {
        Key::rsa("RS256")
    }

    pub fn rsa(algorithm: &'static str) -> Key {
        let body: String = RSA
            .lines()
            .filter(|line| !line.starts_with("---"))
            .collect();
        let der = STANDARD.decode(body).unwrap();
        Key::Rsa(Box::new(RsaKeyPair::from_pkcs8(&der).unwrap()), algorithm)
    }

    pub fn ed25519() -> Key {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Key::Ed(Box::new(Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap()))
    }

    pub fn alg(&self) -> &'static str {
        match self {
            Key::Ec(_, 32) => "ES256",
            Key::Ec(..) => "ES384",
            Key::Rsa(_, algorithm) => algorithm,
            Key::Ed(_) => "EdDSA",
        }
    }

    /// As it stands in a key set.
    pub fn jwk(&self, kid: &str) -> Value {
        let alg = self.alg();
        match self {
            Key::Ec(pair, bytes) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(*bytes);
                let curve = format!("P-{}", bytes * 8);
                json!({"kty": "EC", "crv": curve, "use": "sig", "alg": alg, "kid": kid,
                    "x": encode(x), "y": encode(y)})
            }
            Key::Rsa(pair, _) => {
                let public = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({"kty": "RSA", "use": "sig", "alg": alg, "kid": kid,
                    "n": encode(public.n), "e": encode(public.e)})
            }
            Key::Ed(pair) => json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": alg,
                "kid": kid, "x": encode(pair.public_key())}),
        }
    }

    pub fn sign(&self, kid: &str, claims: &Value) -> String {
        self.sign_with(
            &json!({"typ": "JWT", "alg": self.alg(), "kid": kid}),
            claims,
        )
    }

    /// With a header of one's own.
    pub fn sign_with(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let (random, bytes) = (SystemRandom::new(), message.as_bytes());
        let signature = match self {
            Key::Ec(pair, _) => pair.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Key::Rsa(pair, algorithm) => {
                let how: &'static dyn RsaEncoding = match *algorithm {
                    "RS256" => &RSA_PKCS1_SHA256,
                    "RS384" => &RSA_PKCS1_SHA384,
                    "RS512" => &RSA_PKCS1_SHA512,
                    "PS256" => &RSA_PSS_SHA256,
                    "PS384" => &RSA_PSS_SHA384,
                    _ => &RSA_PSS_SHA512,
                };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(how, &random, bytes, &mut signature).unwrap();
                signature
            }
            Key::Ed(pair) => pair.sign(bytes).as_ref().to_vec(),
        };
        format!("{message}.{}", encode(signature))
    }
}

/// Signed with a secret that everybody knows: the issuer's public key.
pub fn hs256(secret: &[u8], kid: &str, claims: &Value) -> String {
    let message = message(&json!({"typ": "JWT", "alg": "HS256", "kid": kid}), claims);
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    let tag = ring::hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", encode(tag))
}

/// Unsigned (`alg` none).
pub fn none(claims: &Value) -> String {
    format!(
        "{}.",
        message(&json!({"typ": "JWT", "alg": "none"}), claims)
    )
}

fn message(header: &Value, claims: &Value) -> String {
    format!(
        "{}.{}",
        encode(header.to_string()),
        encode(claims.to_string())
    )
}
