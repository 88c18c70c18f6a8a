//! The trusted certificates: the system's, and beside them a campus's own authority. No setting trusts every certificate.
//! HTTP and LDAP share the configuration that is made here.

use crate::cli_lang::pick;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// The trusted certificates.
#[derive(Clone, Debug, Default)]
pub enum Trust {
    /// The system's certificate store.
    #[default]
    System,
    /// The system's, and the campus's own authorities.
    SystemAnd(Vec<CertificateDer<'static>>),
    /// None: only the practice campus on loopback can be reached, and no certificate store is read.
    LoopbackOnly,
}

/// Why TLS cannot be configured.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The system's certificate store is missing or empty.
    #[error("the system's certificates cannot be read: install the package ca-certificates ({0})")]
    System(String),
    /// The configured authority has no usable certificate.
    #[error(
        "{}",
        pick(
            "the campus's own authority has no certificate that can be used",
            "校园自己的证书颁发机构没有可用的证书"
        )
    )]
    Own,
    /// The TLS library offers no protocol version.
    #[error("there is no TLS on this machine ({0})")]
    Client(rustls::Error),
}

/// Reads the certificates of a campus's own authorities: PEM, one or several.
///
/// # Errors
/// Where there is none, or one of them cannot be used as an authority.
pub fn authorities(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let own = read.map_err(|_| TlsError::Own)?;
    let mut roots = RootCertStore::empty();
    for authority in &own {
        roots.add(authority.clone()).map_err(|_| TlsError::Own)?;
    }
    if own.is_empty() {
        Err(TlsError::Own)
    } else {
        Ok(own)
    }
}

/// A client's side of TLS 1.2 and 1.3, for every connection of this desk.
///
/// # Errors
/// Where there is no certificate to begin with.
pub fn client(trust: &Trust) -> Result<Arc<ClientConfig>, TlsError> {
    // For libraries that make a client of their own. An earlier call has installed the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Client)?
        .with_root_certificates(roots(trust)?)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn roots(trust: &Trust) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    if matches!(trust, Trust::LoopbackOnly) {
        return Ok(roots);
    }
    let system = rustls_native_certs::load_native_certs();
    // Certificates that cannot be parsed are left out.
    roots.add_parsable_certificates(system.certs);
    if let Trust::SystemAnd(own) = trust {
        for authority in own {
            roots.add(authority.clone()).map_err(|_| TlsError::Own)?;
        }
    }
    if roots.is_empty() {
        let first = system.errors.first().map(ToString::to_string);
        return Err(TlsError::System(
            first.unwrap_or_else(|| "there are none".into()),
        ));
    }
    Ok(roots)
}
