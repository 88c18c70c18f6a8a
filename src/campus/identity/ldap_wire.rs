//! One connection to an LDAP server: dialled, made private, and asked one thing after the other (RFC 4511). A server is
//! hostile: what it sends is capped, its depth is bounded, referrals are read past, and none of its texts leaves this
//! file but a known code.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use ldap3_lber::common::TagClass;
use ldap3_lber::parse::Parser;
use ldap3_lber::structure::{PL, StructureTag};
use ldap3_proto::LdapCodec;
use ldap3_proto::control::LdapControl;
use ldap3_proto::proto::{LdapExtendedRequest, LdapMsg, LdapOp, LdapResultCode};
use reqwest::Url;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_util::codec::Encoder;
use zeroize::Zeroize;

use super::ldap_controls::{self, BindNotes};
use crate::campus::http::is_loopback;
use crate::campus::tls_fault::TlsFault;

/// The most that is read from one connection, in bytes. A student's entry has a few hundred.
const READ_CAP: usize = 64 * 1024;
/// How deep a message may be nested.
const DEPTH: usize = 16;
/// StartTLS (RFC 4511 4.14.1).
const START_TLS: &str = "1.3.6.1.4.1.1466.20037";

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LdapAddress {
    host: String,
    port: u16,
    /// `ldaps`: TLS from the first byte. Otherwise StartTLS.
    is_tls: bool,
}

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LdapAddressError {
    /// No address of an LDAP server.
    #[error("not an address: write it as ldaps://host")]
    Syntax,
    /// More than scheme, host and port.
    #[error("an address with more than a host and a port in it")]
    Extras,
}

/// Why a connection is of no more use: for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    #[error("no connection")]
    Dial,
    #[error("TLS: {0}")]
    Tls(TlsFault),
    #[error("the TLS handshake was broken off")]
    Handshake,
    #[error("broken off")]
    Cut,
    #[error("not an answer")]
    Garbage,
    #[error("too long an answer")]
    TooLong,
}

pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A private connection, or a plain one on this machine itself.
pub(crate) struct LdapWire {
    stream: Box<dyn Stream>,
    buffer: BytesMut,
    read: usize,
    last_id: i32,
}

impl LdapAddress {
    /// # Errors
    /// Says what is wrong with the address.
    pub fn parse(text: &str) -> Result<LdapAddress, LdapAddressError> {
        let url = Url::parse(text.trim()).map_err(|_| LdapAddressError::Syntax)?;
        let is_tls = match url.scheme() {
            "ldaps" => true,
            "ldap" => false,
            _ => return Err(LdapAddressError::Syntax),
        };
        let host = url.host_str().filter(|host| !host.is_empty());
        let has_extras = !url.username().is_empty()
            || url.password().is_some()
            || !matches!(url.path(), "" | "/")
            || url.query().is_some()
            || url.fragment().is_some();
        if has_extras {
            return Err(LdapAddressError::Extras);
        }
        let host = host.ok_or(LdapAddressError::Syntax)?;
        Ok(LdapAddress {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(if is_tls { 636 } else { 389 }),
            is_tls,
        })
    }
}

impl LdapWire {
    /// Connects and makes the connection private. Only where this machine itself refuses StartTLS does it stay plain.
    pub async fn dial(
        address: &LdapAddress,
        tls: &Arc<ClientConfig>,
        within: Duration,
    ) -> Result<LdapWire, Broken> {
        let dialled = TcpStream::connect((address.host.as_str(), address.port));
        let tcp = match tokio::time::timeout(within, dialled).await {
            Ok(Ok(tcp)) => tcp,
            _ => return Err(Broken::Dial),
        };
        if address.is_tls {
            return Ok(LdapWire::over(private(tcp, address, tls).await?));
        }
        let mut plain = LdapWire::over(tcp);
        let request = LdapExtendedRequest {
            name: START_TLS.to_owned(),
            value: None,
        };
        plain.send(LdapOp::ExtendedRequest(request), None).await?;
        let LdapOp::ExtendedResponse(answer) = plain.answer().await?.0 else {
            return Err(Broken::Garbage);
        };
        match answer.res.code {
            LdapResultCode::Success => plain.into_private(address, tls).await,
            _ if is_loopback(&address.host) => Ok(plain),
            _ => Err(Broken::Tls(TlsFault::NoStartTls)),
        }
    }

    pub(crate) fn over(stream: impl Stream + 'static) -> LdapWire {
        LdapWire {
            stream: Box::new(stream),
            buffer: BytesMut::with_capacity(4096),
            read: 0,
            last_id: 0,
        }
    }

    async fn into_private(
        self,
        address: &LdapAddress,
        tls: &Arc<ClientConfig>,
    ) -> Result<LdapWire, Broken> {
        // What came in the open behind the answer would be taken for private (RFC 4511 4.14.2).
        if !self.buffer.is_empty() {
            return Err(Broken::Garbage);
        }
        Ok(LdapWire::over(private(self.stream, address, tls).await?))
    }

    /// Sends a request; a password in it is wiped from the buffer afterwards.
    pub async fn send(&mut self, op: LdapOp, control: Option<LdapControl>) -> Result<(), Broken> {
        self.last_id = self.last_id.saturating_add(1);
        let message = LdapMsg {
            msgid: self.last_id,
            op,
            ctrl: control.into_iter().collect(),
        };
        // Room enough that nothing moves: the longest passwords have some hundred bytes.
        let mut bytes = BytesMut::with_capacity(8192);
        LdapCodec::default()
            .encode(message, &mut bytes)
            .map_err(|_| Broken::Garbage)?;
        let written = self.stream.write_all(&bytes).await;
        bytes.zeroize();
        written.map_err(|_| Broken::Cut)?;
        self.stream.flush().await.map_err(|_| Broken::Cut)
    }

    /// The next message that answers the last request, and what its controls say of the password.
    pub async fn answer(&mut self) -> Result<(LdapOp, BindNotes), Broken> {
        loop {
            if let Some((message, notes)) = self.decoded()? {
                // A message with another id is no answer: a notice of disconnection (RFC 4511 4.4.1), or no LDAP.
                return if message.msgid == self.last_id {
                    Ok((message.op, notes))
                } else {
                    Err(Broken::Cut)
                };
            }
            let got = self.stream.read_buf(&mut self.buffer).await;
            match got.map_err(|_| Broken::Cut)? {
                0 => return Err(Broken::Cut),
                more => self.read = self.read.saturating_add(more),
            }
            if self.read > READ_CAP {
                return Err(Broken::TooLong);
            }
        }
    }

    /// A whole message from the buffer. Its controls are read here and taken out: the codec takes the policy's for a
    /// request's, and complains in the log of every one that it does not know.
    fn decoded(&mut self) -> Result<Option<(LdapMsg, BindNotes)>, Broken> {
        let (rest, tag) = match Parser::new(DEPTH).parse(&self.buffer) {
            Ok((rest, tag)) => (rest.len(), tag),
            Err(ldap3_lber::Err::Incomplete(_)) => return Ok(None),
            Err(_) => return Err(Broken::Garbage),
        };
        let _ = self.buffer.split_to(self.buffer.len().saturating_sub(rest));
        let (tag, notes) = without_controls(tag);
        match LdapMsg::try_from(tag) {
            Ok(message) => Ok(Some((message, notes))),
            Err(_) => Err(Broken::Garbage),
        }
    }
}

async fn private<S: Stream + 'static>(
    stream: S,
    address: &LdapAddress,
    tls: &Arc<ClientConfig>,
) -> Result<tokio_rustls::client::TlsStream<S>, Broken> {
    let name = ServerName::try_from(address.host.clone());
    let name = name.map_err(|_| Broken::Tls(TlsFault::WrongName))?;
    let connector = TlsConnector::from(tls.clone());
    connector.connect(name, stream).await.map_err(|error| {
        tracing::warn!(%error, "ldap: no TLS");
        TlsFault::in_error(&error).map_or(Broken::Handshake, Broken::Tls)
    })
}

/// A message without its controls, and what they say: `LDAPMessage ::= { messageID, protocolOp, [0] controls }`.
fn without_controls(mut message: StructureTag) -> (StructureTag, BindNotes) {
    let PL::C(parts) = &mut message.payload else {
        return (message, BindNotes::default());
    };
    let is_controls = |part: &StructureTag| part.class == TagClass::Context && part.id == 0;
    let has_controls = parts.len() == 3 && parts.last().is_some_and(is_controls);
    let controls = if has_controls { parts.pop() } else { None };
    let notes = controls.map_or_else(BindNotes::default, |controls| {
        ldap_controls::read(&controls)
    });
    (message, notes)
}

#[cfg(test)]
mod tests {
    use super::super::ldap_controls::PasswordState;
    use super::super::ldap_controls::tests::policy_control;
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        let parse = |text: &str| {
            let address = LdapAddress::parse(text)?;
            Ok((address.host, address.port, address.is_tls))
        };
        assert_eq!(
            parse("ldaps://ldap.example"),
            Ok(("ldap.example".into(), 636, true))
        );
        assert_eq!(
            parse("ldap://ldap.example/"),
            Ok(("ldap.example".into(), 389, false))
        );
        assert_eq!(parse("ldap://[::1]:3890"), Ok(("::1".into(), 3890, false)));
        for bad in [
            "ldap.example",
            "https://ldap.example",
            "ldaps://",
            "",
            "ldapi:///x",
        ] {
            assert_eq!(parse(bad), Err(LdapAddressError::Syntax), "{bad}");
        }
        for bad in [
            "ldaps://me:secret@host",
            "ldaps://host/dc=a",
            "ldaps://host?x",
            "ldaps://host#x",
        ] {
            assert_eq!(parse(bad), Err(LdapAddressError::Extras), "{bad}");
        }
    }

    /// A bind response with a policy control, byte by byte, as OpenLDAP sends it.
    fn bind_response(inside: &[u8]) -> Vec<u8> {
        let control = policy_control(inside);
        let mut message = vec![2, 1, 1, 0x61, 7, 0x0a, 1, 49, 4, 0, 4, 0];
        message.extend_from_slice(&[0xa0, control.len() as u8]);
        message.extend_from_slice(&control);
        let mut whole = vec![0x30, message.len() as u8];
        whole.extend_from_slice(&message);
        whole
    }

    #[test]
    fn the_policys_word_comes_with_the_message() {
        let mut wire = LdapWire::over(tokio::io::empty());
        wire.buffer.extend_from_slice(&bind_response(&[0x81, 1, 1]));
        let (message, notes) = wire.decoded().unwrap().unwrap();
        assert!(matches!(message.op, LdapOp::BindResponse(_)) && message.ctrl.is_empty());
        assert_eq!(notes.state, Some(PasswordState::Locked));
        let bare = [0x30, 12, 2, 1, 1, 0x61, 7, 0x0a, 1, 0, 4, 0, 4, 0];
        wire.buffer.extend_from_slice(&bare);
        let (_, notes) = wire.decoded().unwrap().unwrap();
        assert_eq!(notes, BindNotes::default());
    }

    proptest::proptest! {
        /// Whatever a server sends, decoding does not panic, and decoded bytes are consumed.
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), flip in 0usize..60, to: u8) {
            let mut broken = bind_response(&[0x81, 1, 1]);
            let place = flip % broken.len();
            broken[place] = to;
            for bytes in [bytes, broken] {
                let mut wire = LdapWire::over(tokio::io::empty());
                wire.buffer.extend_from_slice(&bytes);
                let before = wire.buffer.len();
                if let Ok(Some(_)) = wire.decoded() {
                    proptest::prop_assert!(wire.buffer.len() < before);
                }
            }
        }
    }
}
