//! Tokens made by hand, good and bad ones, with keys for tests alone.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::{Value, json};

const RSA: &str = include_str!("../support/keys/rsa.pem");

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A fresh key of its kind.
pub enum Key {
    Es256(Box<EcdsaKeyPair>),
    Rs256(Box<RsaKeyPair>),
}

impl Key {
    pub fn es256() -> Key {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &random)
                .unwrap();
        Key::Es256(Box::new(pair))
    }

    pub fn rs256() -> Key {
        let body: String = RSA
            .lines()
            .filter(|line| !line.starts_with("---"))
            .collect();
        let der = STANDARD.decode(body).unwrap();
        Key::Rs256(Box::new(RsaKeyPair::from_pkcs8(&der).unwrap()))
    }

    pub fn alg(&self) -> &'static str {
        match self {
            Key::Es256(_) => "ES256",
            Key::Rs256(_) => "RS256",
        }
    }

    /// As it stands in a key set.
    pub fn jwk(&self, kid: &str) -> Value {
        match self {
            Key::Es256(pair) => {
                let point = pair.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid,
                    "x": encode(&point[1..33]), "y": encode(&point[33..])})
            }
            Key::Rs256(pair) => {
                let public = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
                    "n": encode(public.n), "e": encode(public.e)})
            }
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
        let random = SystemRandom::new();
        let signature = match self {
            Key::Es256(pair) => pair
                .sign(&random, message.as_bytes())
                .unwrap()
                .as_ref()
                .to_vec(),
            Key::Rs256(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(
                    &RSA_PKCS1_SHA256,
                    &random,
                    message.as_bytes(),
                    &mut signature,
                )
                .unwrap();
                signature
            }
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
