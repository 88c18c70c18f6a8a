//! The signatures of ID tokens, by `ring`, for `jsonwebtoken`: those with public keys (RFC 7518 3.3 to 3.5, RFC 8037 3.1), and
//! none with a shared secret. It signs nothing.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result, new_error};
use jsonwebtoken::signature::{Error, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
    UnparsedPublicKey, VerificationAlgorithm,
};

static RING: CryptoProvider = CryptoProvider {
    signer_factory,
    verifier_factory,
    // Only for making keys known, which a desk does not.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes `jsonwebtoken` use this provider. An earlier call has installed the same one.
pub fn install() {
    let _ = RING.install_default();
}

fn signer_factory(_: &Algorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    Err(new_error(ErrorKind::UnsupportedAlgorithm))
}

fn verifier_factory(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let verification =
        Verification::of(*algorithm).ok_or_else(|| new_error(ErrorKind::UnsupportedAlgorithm))?;
    let family = match verification {
        Verification::Rsa(_) => AlgorithmFamily::Rsa,
        Verification::Point(_) if *algorithm == Algorithm::EdDSA => AlgorithmFamily::Ed,
        Verification::Point(_) => AlgorithmFamily::Ec,
    };
    if key.family() != family {
        return Err(new_error(ErrorKind::InvalidKeyFormat));
    }
    Ok(Box::new(Ring {
        algorithm: *algorithm,
        verification,
        key: key.clone(),
    }))
}

/// How a signature is checked. Keys of RSA with less than 2048 bits are not taken.
#[derive(Clone, Copy)]
enum Verification {
    Rsa(&'static RsaParameters),
    /// By a key that is a point of a curve.
    Point(&'static dyn VerificationAlgorithm),
}

impl Verification {
    /// `None` for the algorithms with a shared secret.
    fn of(algorithm: Algorithm) -> Option<Verification> {
        Some(match algorithm {
            Algorithm::RS256 => Verification::Rsa(&RSA_PKCS1_2048_8192_SHA256),
            Algorithm::RS384 => Verification::Rsa(&RSA_PKCS1_2048_8192_SHA384),
            Algorithm::RS512 => Verification::Rsa(&RSA_PKCS1_2048_8192_SHA512),
            Algorithm::PS256 => Verification::Rsa(&RSA_PSS_2048_8192_SHA256),
            Algorithm::PS384 => Verification::Rsa(&RSA_PSS_2048_8192_SHA384),
            Algorithm::PS512 => Verification::Rsa(&RSA_PSS_2048_8192_SHA512),
            Algorithm::ES256 => Verification::Point(&ECDSA_P256_SHA256_FIXED),
            Algorithm::ES384 => Verification::Point(&ECDSA_P384_SHA384_FIXED),
            Algorithm::EdDSA => Verification::Point(&ED25519),
            _ => return None,
        })
    }
}

struct Ring {
    algorithm: Algorithm,
    verification: Verification,
    key: DecodingKey,
}

impl Verifier<Vec<u8>> for Ring {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let verified = match (self.verification, self.key.kind()) {
            (Verification::Rsa(how), DecodingKeyKind::RsaModulusExponent { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(how, message, signature)
            }
            (Verification::Point(how), DecodingKeyKind::SecretOrDer(point)) => {
                UnparsedPublicKey::new(how, point).verify(message, signature)
            }
            (Verification::Rsa(_) | Verification::Point(_), _) => return Err(Error::new()),
        };
        verified.map_err(|_| Error::new())
    }
}

impl JwtVerifier for Ring {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
