//! The checks of an ID token (OIDC Core 3.1.3.7): its signature by one of the issuer's keys, issuer, audience, time. A
//! token names its algorithm and its key; only the algorithms with public keys are accepted, and only with a key of that kind.

use std::fmt;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, Header, Validation, decode, decode_header,
};
use serde_json::{Map, Value};

use super::super::told_number::PlainJson;
use super::claims::Claims;

/// How far the issuer's clock and the desk's may be apart, in seconds.
const LEEWAY: u64 = 60;
/// More keys are not tried.
const MOST_KEYS: usize = 16;

/// An issuer's public keys.
pub struct Keys(Vec<Jwk>);

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdTokenError {
    /// The token is signed with a key that is not among the issuer's keys.
    UnknownKey,
    Shape,
    Algorithm,
    Signature,
    Issuer,
    Audience,
    Expired,
    NotYet,
    Claims,
}

impl IdTokenError {
    /// The reason, for the volunteer and the log.
    pub fn text(self) -> &'static str {
        match self {
            IdTokenError::UnknownKey => {
                "the ID token is signed with a key that the issuer does not show"
            }
            IdTokenError::Shape => "the ID token is none",
            IdTokenError::Algorithm => {
                "the ID token is signed with none of RS256 to PS512, ES256, ES384 and EdDSA: set one of them for this client"
            }
            IdTokenError::Signature => "the ID token's signature is wrong",
            IdTokenError::Issuer => "the ID token is another issuer's",
            IdTokenError::Audience => "the ID token is for another client",
            IdTokenError::Expired => "the ID token is over: is the desk's clock right?",
            IdTokenError::NotYet => "the ID token is not good yet: is the desk's clock right?",
            IdTokenError::Claims => "the ID token lacks a claim that every one has",
        }
    }
}

impl fmt::Display for IdTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl Keys {
    /// Reads a key set without the keys of unknown kinds; `None` where the body is no key set.
    pub fn read(body: &[u8]) -> Option<Self> {
        let set: Map<String, Value> = serde_json::from_slice(body).ok()?;
        let keys = set.get("keys")?.as_array()?;
        let known = |key: &Value| serde_json::from_value(key.clone()).ok();
        Some(Keys(
            keys.iter().filter_map(known).take(MOST_KEYS).collect(),
        ))
    }

    /// The keys that a token with this header may be signed with.
    fn fitting(&self, header: &Header) -> Vec<&Jwk> {
        let fits = |key: &&Jwk| {
            let common = &key.common;
            let is_kind = match &key.algorithm {
                AlgorithmParameters::RSA(_) => {
                    AlgorithmFamily::Rsa.algorithms().contains(&header.alg)
                }
                AlgorithmParameters::EllipticCurve(key) => match header.alg {
                    Algorithm::ES256 => key.curve == EllipticCurve::P256,
                    Algorithm::ES384 => key.curve == EllipticCurve::P384,
                    _ => false,
                },
                AlgorithmParameters::OctetKeyPair(key) => {
                    header.alg == Algorithm::EdDSA && key.curve == EllipticCurve::Ed25519
                }
                _ => false,
            };
            let wanted = KeyAlgorithm::from(header.alg);
            is_kind
                && common.key_algorithm.is_none_or(|given| given == wanted)
                && (header.kid.is_none() || common.key_id == header.kid)
                && !matches!(&common.public_key_use, Some(usage) if *usage != PublicKeyUse::Signature)
        };
        self.0.iter().filter(fits).collect()
    }
}

/// Whether a signature by this algorithm is verified here: every one with a public key.
fn is_taken(algorithm: Algorithm) -> bool {
    [
        AlgorithmFamily::Rsa,
        AlgorithmFamily::Ec,
        AlgorithmFamily::Ed,
    ]
    .iter()
    .any(|family| family.algorithms().contains(&algorithm))
}

/// Whether one of these algorithms, as a discovery document names them, is verified here.
pub fn takes_one_of(names: &[String]) -> bool {
    let known = names.iter().filter_map(|name| name.parse().ok());
    known.into_iter().any(is_taken)
}

/// Verifies a token and returns its claims.
///
/// # Errors
/// The first check that failed.
pub fn verify(
    token: &str,
    keys: &Keys,
    issuer: &str,
    client_id: &str,
) -> Result<Claims, IdTokenError> {
    let header = decode_header(token).map_err(|error| token_error(error.kind()))?;
    if !is_taken(header.alg) {
        return Err(IdTokenError::Algorithm);
    }
    // Extensions that must be understood (RFC 7515 4.1.11): none is.
    if header.crit.is_some() {
        return Err(IdTokenError::Shape);
    }
    let mut validation = Validation::new(header.alg);
    validation.leeway = LEEWAY;
    validation.validate_nbf = true;
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[client_id]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    let mut why = IdTokenError::UnknownKey;
    for key in keys.fitting(&header) {
        let Ok(key) = DecodingKey::from_jwk(key) else {
            continue;
        };
        match decode::<PlainJson>(token, &key, &validation) {
            Ok(token) => {
                let claims = Claims::new(token.claims).ok_or(IdTokenError::Shape)?;
                return authorised(claims, issuer, client_id);
            }
            Err(error) => why = token_error(error.kind()),
        }
        if why != IdTokenError::Signature {
            break;
        }
    }
    Err(why)
}

/// One issuer, and where there are several audiences this client is the one it was made for (3.1.3.7, 4 and 5).
fn authorised(claims: Claims, issuer: &str, client_id: &str) -> Result<Claims, IdTokenError> {
    if claims.get("iss").and_then(Value::as_str) != Some(issuer) {
        return Err(IdTokenError::Issuer);
    }
    let audiences = claims.get("aud").and_then(Value::as_array);
    let party = claims.get("azp").map(Value::as_str);
    let is_for_us = match party {
        Some(party) => party == Some(client_id),
        None => audiences.is_none_or(|all| all.len() == 1),
    };
    if is_for_us {
        Ok(claims)
    } else {
        Err(IdTokenError::Audience)
    }
}

fn token_error(kind: &ErrorKind) -> IdTokenError {
    match kind {
        ErrorKind::InvalidSignature => IdTokenError::Signature,
        ErrorKind::InvalidIssuer => IdTokenError::Issuer,
        ErrorKind::InvalidAudience => IdTokenError::Audience,
        ErrorKind::ExpiredSignature => IdTokenError::Expired,
        ErrorKind::ImmatureSignature => IdTokenError::NotYet,
        ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) => {
            IdTokenError::Claims
        }
        ErrorKind::InvalidAlgorithm
        | ErrorKind::InvalidAlgorithmName
        | ErrorKind::UnsupportedAlgorithm => IdTokenError::Algorithm,
        _ => IdTokenError::Shape,
    }
}
