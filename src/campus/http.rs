//! The one HTTP client for the campus: deadlines, a cap on every answer, no redirects, no retries and no proxy. It never
//! logs an address (queries hold tokens), and never passes a server's text on to the screen.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use zeroize::Zeroizing;

pub(super) use super::http_answer::HttpAnswer;
use super::http_answer::{NotReceived, receive};
pub use super::tls::Trust;
use super::tls::{self, TlsError};
use super::tls_fault::TlsFault;
use crate::cli_lang::pick;
use crate::clock::{Clock, SystemClock};
use crate::visit::Failure;

/// The largest answer that is read, in bytes. The services send less than 4 KB.
pub(super) const BODY_CAP: usize = 64 * 1024;
/// The largest page that is read, in bytes: login pages contain scripts and pictures.
pub(super) const PAGE_CAP: usize = 1024 * 1024;

/// A cheap handle: clones share one client. Each clone records the clock of the server that answered it last, so every
/// adapter has a clone of its own.
///
/// Making it takes 8 to 47 ms where certificates are read, so it is made after the first frame. No connection is kept
/// between calls: an idle desk holds none and wakes for none, and a call that finds a dead one is never sent again.
pub struct Http {
    client: reqwest::Client,
    tls: Arc<rustls::ClientConfig>,
    timing: Timing,
    clock: Arc<dyn Clock>,
    last: Mutex<LastCall>,
}

/// What is known of the last call.
#[derive(Clone, Copy, Debug, Default)]
struct LastCall {
    /// How far the server's clock is ahead, in seconds.
    ahead: Option<i64>,
    /// Why the connection could not be made private.
    fault: Option<TlsFault>,
}

impl Clone for Http {
    fn clone(&self) -> Self {
        Http {
            client: self.client.clone(),
            tls: self.tls.clone(),
            timing: self.timing,
            clock: self.clock.clone(),
            last: Mutex::default(),
        }
    }
}

/// How calls are made.
#[derive(Clone, Debug, Default)]
pub struct HttpOptions {
    /// How long a call may take.
    pub timing: Timing,
    /// The trusted certificates.
    pub trust: Trust,
}

/// How long a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until the whole answer is there. The desk's own deadline for an effect may be shorter.
    pub total: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Timing {
            connect: Duration::from_secs(3),
            total: Duration::from_secs(8),
        }
    }
}

/// Why no HTTP client can be made.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// TLS cannot be configured.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The HTTP library makes no client.
    #[error("no client can be made ({0})")]
    Client(String),
}

/// A service's address, checked: `https`, or `http` to this machine itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Url);

/// What is wrong with an address. None of them repeats it: it may hold a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// No address of a server.
    #[error(
        "{}",
        pick(
            "not an address: write it as https://host/path",
            "不是网址：请写成 https://主机/路径"
        )
    )]
    Syntax,
    /// http to another machine.
    #[error(
        "{}",
        pick(
            "an address without https: passwords and secrets would travel in the open",
            "网址没有用 https：密码和密钥会在网上明文传输"
        )
    )]
    Plain,
    /// More than scheme, host, port and path.
    #[error(
        "{}",
        pick(
            "an address with a name, password, query or fragment in it",
            "网址里有用户名、密码、查询或片段"
        )
    )]
    Extras,
}

/// Why a request has no usable answer.
#[derive(Debug)]
pub(super) struct Unanswered<R> {
    pub why: Failure<R>,
    /// Whether the request may have reached the server. False where there was no connection: no byte was sent.
    pub left: bool,
}

impl Http {
    /// # Errors
    /// Where the system's certificates cannot be read, or TLS is not available.
    pub fn new(options: &HttpOptions) -> Result<Http, HttpError> {
        let tls = tls::client(&options.trust)?;
        let client = reqwest::Client::builder()
            .user_agent(concat!("yingxin/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured(tls.as_ref().clone())
            .connect_timeout(options.timing.connect)
            .timeout(options.timing.total)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .pool_max_idle_per_host(0)
            .referer(false)
            .no_proxy()
            .build()
            .map_err(|error| HttpError::Client(error.to_string()))?;
        Ok(Http {
            client,
            tls,
            timing: options.timing,
            clock: Arc::new(SystemClock::start()),
            last: Mutex::default(),
        })
    }

    /// The same client for adapters whose time is another clock's: for tests. The deadlines of a call stay the system's.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Http {
        Http { clock, ..self }
    }

    /// What the adapters measure lives and pauses by.
    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The TLS configuration and the deadlines, for a protocol other than HTTP.
    pub(super) fn for_others(&self) -> (Arc<rustls::ClientConfig>, Timing) {
        (self.tls.clone(), self.timing)
    }

    /// How far the clock of the server that answered last is ahead of this machine's.
    pub(super) fn ahead(&self) -> Option<jiff::SignedDuration> {
        self.last().ahead.map(jiff::SignedDuration::from_secs)
    }

    /// Why the last connection could not be made private, where it was that. The call itself ended as
    /// [`Failure::Offline`]: nothing answered whom the desk may talk to, and clocks and certificates mend by themselves
    /// or while the desk runs.
    pub(super) fn fault(&self) -> Option<TlsFault> {
        self.last().fault
    }

    fn last(&self) -> LastCall {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, last: LastCall) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = last;
    }

    fn record_clock(&self, date: Option<jiff::Timestamp>) {
        let now = jiff::Timestamp::now().as_second();
        let ahead = date.map(|date| date.as_second().saturating_sub(now));
        self.record(LastCall { ahead, fault: None });
    }

    pub(super) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends a request once and reads its answer. What stands for every service is decided here: no answer is
    /// [`Failure::Offline`], 429 is [`Failure::Limited`], and 5xx, a redirect and an answer of any length are
    /// [`Failure::Unavailable`].
    pub(super) async fn ask<R>(
        &self,
        what: &'static str,
        request: RequestBuilder,
    ) -> Result<HttpAnswer, Failure<R>> {
        let answered = self.hand_over(what, request).await;
        answered.map_err(|unanswered| unanswered.why)
    }

    /// Sends a request whose answer tells nothing, as a sign-out, which servers answer by a redirect as well. Where there is
    /// no answer the log says so.
    pub(super) async fn tell(&self, what: &'static str, request: RequestBuilder) {
        let _ = self.hand_over_any::<()>(what, request, BODY_CAP).await;
    }

    /// As [`Http::ask`], for a request that must not be sent twice: the error says whether the request left.
    pub(super) async fn hand_over<R>(
        &self,
        what: &'static str,
        request: RequestBuilder,
    ) -> Result<HttpAnswer, Unanswered<R>> {
        let answer = self.hand_over_any(what, request, BODY_CAP).await?;
        if answer.status.is_redirection() {
            tracing::warn!(what, status = answer.status.as_u16(), "no proper answer");
            let why = Failure::Unavailable;
            return Err(Unanswered { why, left: true });
        }
        Ok(answer)
    }

    /// As [`Http::hand_over`], with redirects as answers. `cap` is the longest answer in bytes.
    pub(super) async fn hand_over_any<R>(
        &self,
        what: &'static str,
        request: RequestBuilder,
        cap: usize,
    ) -> Result<HttpAnswer, Unanswered<R>> {
        let received = receive(request, cap).await;
        self.received(what, cap, received)
    }

    /// What was received, where it is an answer.
    fn received<R>(
        &self,
        what: &'static str,
        cap: usize,
        received: Result<HttpAnswer, NotReceived>,
    ) -> Result<HttpAnswer, Unanswered<R>> {
        let answer = match received {
            Ok(answer) => {
                self.record_clock(answer.date);
                answer
            }
            Err(NotReceived::Lost { why, left, fault }) => {
                self.record(LastCall { ahead: None, fault });
                match fault {
                    Some(fault) => tracing::warn!(what, %fault, left, "no private connection"),
                    None => tracing::warn!(what, why, left, "no answer"),
                }
                let why = Failure::Offline;
                return Err(Unanswered { why, left });
            }
            Err(NotReceived::Unreadable) => {
                tracing::warn!(what, "an answer in a compression that cannot be read");
                let why = Failure::Unavailable;
                return Err(Unanswered { why, left: true });
            }
            Err(NotReceived::TooLong) => {
                tracing::warn!(what, cap, "too long an answer");
                let why = Failure::Unavailable;
                return Err(Unanswered { why, left: true });
            }
        };
        tracing::debug!(what, status = answer.status.as_u16(), "answered");
        check_status(what, answer).map_err(|why| Unanswered { why, left: true })
    }

    /// As [`Http::hand_over_any`], for a page that people read: one that is too long is named as what it is.
    pub(super) async fn hand_over_page<R>(
        &self,
        what: &'static str,
        request: RequestBuilder,
    ) -> Result<HttpAnswer, Unanswered<R>> {
        match receive(request, PAGE_CAP).await {
            Err(NotReceived::TooLong) => {
                let most = PAGE_CAP / 1024;
                let why = format!("{what}: the page is longer than {most} KiB");
                tracing::warn!(what, "too long a page");
                let why = Failure::Misconfigured(why);
                Err(Unanswered { why, left: true })
            }
            received => self.received(what, PAGE_CAP, received),
        }
    }
}

/// Checks the statuses that mean the same for every service.
fn check_status<R>(what: &'static str, answer: HttpAnswer) -> Result<HttpAnswer, Failure<R>> {
    let retry_after = answer.retry_after;
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => Err(Failure::Limited { retry_after }),
        StatusCode::SERVICE_UNAVAILABLE if retry_after.is_some() => {
            Err(Failure::Limited { retry_after })
        }
        status if status.is_server_error() => {
            tracing::warn!(what, status = status.as_u16(), "no proper answer");
            Err(Failure::Unavailable)
        }
        _ => Ok(answer),
    }
}

impl Endpoint {
    /// # Errors
    /// Says what is wrong with the address.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let url = Url::parse(text.trim()).map_err(|_| EndpointError::Syntax)?;
        let host = url.host_str().ok_or(EndpointError::Syntax)?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(host) => {}
            "http" => return Err(EndpointError::Plain),
            _ => return Err(EndpointError::Syntax),
        }
        let has_extras = !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some();
        if has_extras {
            return Err(EndpointError::Extras);
        }
        Ok(Endpoint(url))
    }

    /// This address with more path behind it.
    pub(super) fn join(&self, parts: &[&str]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        url
    }

    /// The address as it stands.
    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }

    /// The host as the `Host` header has it: with the port where it is not the scheme's own.
    pub(super) fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }
}

pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// A body that is wiped after its last part was sent.
pub(super) fn secret_body(body: Zeroizing<Vec<u8>>) -> reqwest::Body {
    Bytes::from_owner(body).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_has_these_limits() {
        let limits = crate::help::find("limits").unwrap().markdown;
        let row = format!(
            "| an answer of the campus | {} KB; {} MB for a page; {} s |",
            BODY_CAP >> 10,
            PAGE_CAP >> 20,
            Timing::default().total.as_secs()
        );
        assert!(limits.contains(&row), "{row}");
    }

    #[test]
    fn an_endpoint_is_https_or_here() {
        for good in [
            "https://sso.example.edu/cas",
            "http://127.0.0.1:8080",
            "http://[::1]:80/x/",
            "http://localhost:1",
        ] {
            assert!(Endpoint::parse(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("http://sso.example.edu/cas", EndpointError::Plain),
            ("http://127.0.0.1.example.edu", EndpointError::Plain),
            ("ftp://sso.example.edu", EndpointError::Syntax),
            ("sso.example.edu", EndpointError::Syntax),
            ("", EndpointError::Syntax),
            ("https://me:secret@sso.example.edu", EndpointError::Extras),
            ("https://sso.example.edu/?a=b", EndpointError::Extras),
        ] {
            assert_eq!(Endpoint::parse(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn an_endpoint_grows_by_segments() {
        let joined = |base: &str| {
            Endpoint::parse(base)
                .unwrap()
                .join(&["v1", "a/../b"])
                .to_string()
        };
        assert_eq!(joined("https://h/cas"), "https://h/cas/v1/a%2F..%2Fb");
        assert_eq!(joined("https://h/cas/"), "https://h/cas/v1/a%2F..%2Fb");
        assert_eq!(joined("https://h"), "https://h/v1/a%2F..%2Fb");
        let host = |base: &str| Endpoint::parse(base).unwrap().host();
        assert_eq!(host("https://h:443/x"), "h");
        assert_eq!(host("https://h:8443/x"), "h:8443");
    }
}
