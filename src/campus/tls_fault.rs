//! Why a connection could not be made private, named as what it is: an expired certificate is mended elsewhere than an
//! unknown authority. HTTP and LDAP share this.

use std::error::Error;
use std::fmt;

use rustls::{AlertDescription, CertificateError};

/// Errors stand in errors, but not for ever.
const DEPTH: usize = 12;

/// What is wrong with a server's TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsFault {
    /// The certificate has run out.
    Expired,
    /// It is not valid yet.
    NotYetValid,
    /// It is for another name.
    WrongName,
    /// Signed by nobody this machine knows, or by itself.
    UnknownIssuer,
    /// An authority's own certificate where a server's should be: how most self-signed ones are made.
    SelfSigned,
    /// It was withdrawn.
    Revoked,
    /// The certificate has another fault, such as a weak key.
    Certificate,
    /// The server speaks only versions or ciphers that are not safe any more.
    TooOld,
    /// What answered does not speak TLS: plain HTTP on that port, for example.
    NotTls,
    /// A directory that does not take StartTLS.
    NoStartTls,
    /// The handshake broke in another way.
    Handshake,
}

impl TlsFault {
    /// The fault of TLS in an error and the errors inside it; `None` where it is of another kind.
    pub fn in_error(error: &(dyn Error + 'static)) -> Option<TlsFault> {
        let mut inner = Some(error);
        for _ in 0..DEPTH {
            let error = inner?;
            if let Some(error) = error.downcast_ref::<rustls::Error>() {
                return Some(TlsFault::of(error));
            }
            // An I/O error shows the source of what it holds, and not that itself.
            let held = error.downcast_ref::<std::io::Error>();
            inner = match held.and_then(std::io::Error::get_ref) {
                Some(held) => Some(held),
                None => error.source(),
            };
        }
        None
    }

    fn of(error: &rustls::Error) -> TlsFault {
        use rustls::Error;
        match error {
            Error::InvalidCertificate(error) => TlsFault::of_certificate(error),
            Error::InvalidMessage(_)
            | Error::InappropriateMessage { .. }
            | Error::PeerSentOversizedRecord => TlsFault::NotTls,
            Error::PeerIncompatible(_)
            | Error::AlertReceived(
                AlertDescription::ProtocolVersion
                | AlertDescription::HandshakeFailure
                | AlertDescription::InsufficientSecurity,
            ) => TlsFault::TooOld,
            Error::NoCertificatesPresented | Error::UnsupportedNameType => TlsFault::Certificate,
            _ => TlsFault::Handshake,
        }
    }

    fn of_certificate(error: &CertificateError) -> TlsFault {
        match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                TlsFault::Expired
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                TlsFault::NotYetValid
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsFault::WrongName
            }
            // The second one is signed in the name of a known authority, by another key than that one's.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                TlsFault::UnknownIssuer
            }
            CertificateError::Revoked => TlsFault::Revoked,
            // The verifier's own word, which is no part of this library's.
            CertificateError::Other(other)
                if format!("{other:?}").contains("CaUsedAsEndEntity") =>
            {
                TlsFault::SelfSigned
            }
            _ => TlsFault::Certificate,
        }
    }

    /// The cause and what to do, for the volunteer, the doctor and the log.
    pub fn text(self) -> &'static str {
        match self {
            TlsFault::Expired => {
                "the server's certificate has expired, or this machine's clock is wrong"
            }
            TlsFault::NotYetValid => {
                "the server's certificate is not valid yet: is this machine's clock right?"
            }
            TlsFault::WrongName => {
                "the server's certificate is for another name: is the address written as the certificate has it?"
            }
            TlsFault::UnknownIssuer => {
                "the server's certificate is from an authority that this machine does not know: name the campus's authority under [tls]"
            }
            TlsFault::SelfSigned => {
                "the server's certificate is self-signed, as an authority: it needs one for a server"
            }
            TlsFault::Revoked => "the server's certificate was withdrawn",
            TlsFault::Certificate => {
                "the server's certificate cannot be verified: its key or its signature is too weak, or it is not for a server"
            }
            TlsFault::TooOld => {
                "the server has no version of TLS or no cipher that is safe: it needs TLS 1.2 or 1.3"
            }
            TlsFault::NotTls => {
                "what answers at this port does not speak TLS: are the scheme and the port right?"
            }
            TlsFault::NoStartTls => {
                "the server offers no StartTLS: use ldaps, or have StartTLS switched on"
            }
            TlsFault::Handshake => "the TLS handshake with the server failed",
        }
    }
}

impl fmt::Display for TlsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use rustls::{InvalidMessage, PeerIncompatible};

    use super::*;

    #[test]
    fn each_fault_of_tls_has_its_name_however_deep_it_stands() {
        use CertificateError as Certificate;
        use rustls::Error as Tls;
        for (error, wanted) in [
            (
                Tls::InvalidCertificate(Certificate::Expired),
                TlsFault::Expired,
            ),
            (
                Tls::InvalidCertificate(Certificate::NotValidYet),
                TlsFault::NotYetValid,
            ),
            (
                Tls::InvalidCertificate(Certificate::NotValidForName),
                TlsFault::WrongName,
            ),
            (
                Tls::InvalidCertificate(Certificate::UnknownIssuer),
                TlsFault::UnknownIssuer,
            ),
            (
                Tls::InvalidCertificate(Certificate::Revoked),
                TlsFault::Revoked,
            ),
            (
                Tls::InvalidCertificate(Certificate::BadSignature),
                TlsFault::UnknownIssuer,
            ),
            (
                Tls::InvalidCertificate(Certificate::BadEncoding),
                TlsFault::Certificate,
            ),
            (
                Tls::AlertReceived(AlertDescription::ProtocolVersion),
                TlsFault::TooOld,
            ),
            (
                Tls::AlertReceived(AlertDescription::HandshakeFailure),
                TlsFault::TooOld,
            ),
            (
                Tls::AlertReceived(AlertDescription::InternalError),
                TlsFault::Handshake,
            ),
            (
                Tls::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13),
                TlsFault::TooOld,
            ),
            (
                Tls::InvalidMessage(InvalidMessage::InvalidContentType),
                TlsFault::NotTls,
            ),
        ] {
            let told = format!("{error:?}");
            let deep = io::Error::other(io::Error::other(error.clone()));
            assert_eq!(TlsFault::in_error(&error), Some(wanted), "{told}");
            assert_eq!(TlsFault::in_error(&deep), Some(wanted), "{told}");
        }
        let cut = io::Error::new(io::ErrorKind::UnexpectedEof, "tls handshake eof");
        assert_eq!(TlsFault::in_error(&cut), None);
    }
}
