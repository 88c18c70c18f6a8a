//! Signs ID tokens with ES256 (RFC 7518 3.4). The key is generated at each start of the practice campus.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

use super::hex::random_hex;

/// A key pair and its key id.
pub struct Signer {
    /// `None` when the system provides no randomness: then nothing is signed.
    pair: Option<EcdsaKeyPair>,
    kid: String,
    random: SystemRandom,
}

impl Signer {
    /// Generates a key.
    pub fn new() -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let made = EcdsaKeyPair::generate_pkcs8(algorithm, &random).ok();
        let pair =
            made.and_then(|made| EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref(), &random).ok());
        Signer {
            pair,
            kid: random_hex(4),
            random,
        }
    }

    /// The public key as a JSON Web Key (RFC 7517).
    pub fn jwk(&self) -> Value {
        let point = self.pair.as_ref().map(|pair| pair.public_key().as_ref());
        let part = |from: usize, to: usize| {
            let bytes = point.and_then(|point| point.get(from..to));
            URL_SAFE_NO_PAD.encode(bytes.unwrap_or_default())
        };
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.kid,
            "x": part(1, 33), "y": part(33, 65)})
    }

    /// A signed token with these claims (RFC 7519). `None` without a key.
    pub fn sign(&self, claims: &Value) -> Option<String> {
        let header = json!({"typ": "JWT", "alg": "ES256", "kid": self.kid});
        let [head, body] = [&header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let message = format!("{head}.{body}");
        let pair = self.pair.as_ref()?;
        let signature = pair.sign(&self.random, message.as_bytes()).ok()?;
        Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
