//! A certificate authority for tests, and what it signs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// An authority trusted only by clients that are given its certificate.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: CertificateDer<'static>,
}

/// A server's certificate and key.
pub struct Signed {
    pub certificate: String,
    pub key: String,
    der: (CertificateDer<'static>, PrivateKeyDer<'static>),
}

impl Authority {
    pub fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Authority {
            pem: certificate.pem(),
            der: certificate.der().clone(),
            issuer: Issuer::new(params, key),
        }
    }

    pub fn der(&self) -> CertificateDer<'static> {
        self.der.clone()
    }

    /// Writes the authority's certificate as an administrator gets it.
    pub fn write(&self, folder: &Path) -> PathBuf {
        let path = folder.join("ca.pem");
        std::fs::write(&path, &self.pem).unwrap();
        path
    }

    /// A certificate for this name or address.
    pub fn signs(&self, name: &str) -> Signed {
        self.signs_with(name, |_| ())
    }

    /// One that ran out long ago.
    pub fn signs_expired(&self, name: &str) -> Signed {
        self.signs_with(name, |params| {
            params.not_before = rcgen::date_time_ymd(2001, 1, 1);
            params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        })
    }

    /// One that begins in many years.
    pub fn signs_later(&self, name: &str) -> Signed {
        self.signs_with(name, |params| {
            params.not_before = rcgen::date_time_ymd(2998, 1, 1);
            params.not_after = rcgen::date_time_ymd(2999, 1, 1);
        })
    }

    /// Its own certificate, as if it were a server's: what `openssl req -x509` makes.
    pub fn itself(&self) -> Signed {
        let key = self.issuer.key();
        Signed {
            certificate: self.pem.clone(),
            key: key.serialize_pem(),
            der: (
                self.der.clone(),
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            ),
        }
    }

    fn signs_with(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Signed {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Signed {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
            der: (certificate.der().clone(), key.into()),
        }
    }
}

impl Signed {
    /// A server's side of TLS.
    pub fn server(&self) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let (certificate, key) = &self.der;
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key.clone_key())
            .unwrap();
        Arc::new(config)
    }
}
