//! Identity by OpenID Connect: the issuer's endpoints, its claims about the student, and two ways of signing in: the
//! device grant (RFC 8628) and the password grant (RFC 6749 4.3). The protocol's words end here.
//!
//! `jsonwebtoken` checks the tokens, with `ring`, which TLS depends on already: these checks are easily got wrong.
//! `openidconnect` would bring 46 packages more, among them `rsa` with an advisory that has no fix (RUSTSEC-2023-0071),
//! and `oauth2` below it keeps passwords and codes in texts that are never wiped. Of the issuer's texts only a student's
//! number and name are shown, and a code with its address.

pub(crate) mod claims;
mod device;
mod discovery;
pub(crate) mod id_token;
mod pace;
mod password;
pub(crate) mod provider;
pub mod settings;

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use serde::Deserialize;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::form_body::encode;
use crate::campus::http::{Endpoint, EndpointError, Http, HttpAnswer, secret_body};
use crate::campus::{Probed, UNKNOWN_ACCOUNT};
use crate::visit::{Failure, Secret, Student};
pub(super) use claims::Claims;
use discovery::IssuerEndpoints;
pub use discovery::SetEndpoints;
use id_token::{IdTokenError, Keys};

pub use password::OidcPassword;
pub use settings::{OidcGrants, OidcSection};

/// This adapter's name in the configuration.
pub const NAME: &str = "oidc";
/// Endpoints and keys of an issuer are fetched again after this long: keys change, endpoints rarely.
const FOUND_FOR: Duration = Duration::from_secs(600);

/// How a campus's issuer is reached.
#[derive(Debug, Default)]
pub struct OidcOptions {
    /// Below it stands `/.well-known/openid-configuration`.
    pub issuer: String,
    /// The client id of this desk.
    pub client_id: String,
    /// None for a public client.
    pub client_secret: Option<Secret>,
    /// Separated by spaces; `openid` is asked for in any case.
    pub scopes: String,
    /// Which claim holds the student number.
    pub claim: String,
    /// Endpoints that the issuer's document does not name.
    pub endpoints: SetEndpoints,
}

/// A client of an issuer: a cheap handle, shared by both ways of signing in.
#[derive(Clone)]
pub struct Oidc(Arc<Inner>);

struct Inner {
    http: Http,
    issuer: Endpoint,
    options: OidcOptions,
    /// The discovery document, and since when it is kept, monotonic.
    found: Mutex<Option<(Duration, IssuerEndpoints)>>,
    /// The issuer's keys, and since when they are kept, monotonic.
    keys: Mutex<Option<(Duration, Keys)>>,
}

/// Whether what is kept since this monotonic time may still be used.
fn is_fresh(since: Duration, now: Duration) -> bool {
    now.saturating_sub(since) < FOUND_FOR
}

/// What a token endpoint gives (OIDC Core 3.1.3.3). Wiped when dropped; not for Debug.
struct Tokens {
    id: Option<Zeroizing<String>>,
    access: Option<Zeroizing<String>>,
}

/// Whether an issuer of OpenID Connect is at this address: its discovery document names it.
///
/// # Errors
/// Why it is none.
pub async fn is_issuer(http: &Http, address: &str) -> Result<(), Failure<()>> {
    let base =
        Endpoint::parse(address).map_err(|error| Failure::Misconfigured(error.to_string()))?;
    let found = discovery::find(http, &base, address, &SetEndpoints::default()).await;
    found.map(drop)
}

impl Oidc {
    /// A client of the issuer in `options`. Nothing is sent.
    ///
    /// # Errors
    /// Says what is wrong with the issuer's address.
    pub fn new(http: Http, options: OidcOptions) -> Result<Self, EndpointError> {
        provider::install();
        Ok(Oidc(Arc::new(Inner {
            issuer: Endpoint::parse(&options.issuer)?,
            http,
            options,
            found: Mutex::new(None),
            keys: Mutex::new(None),
        })))
    }

    fn now(&self) -> Duration {
        self.0.http.clock().now().mono
    }

    /// The issuer's endpoints, from its discovery document.
    async fn found<R>(&self) -> Result<IssuerEndpoints, Failure<R>> {
        let mut kept = self.0.found.lock().await;
        let now = self.now();
        if let Some((_, found)) = kept.as_ref().filter(|(since, _)| is_fresh(*since, now)) {
            return Ok(found.clone());
        }
        let OidcOptions {
            issuer, endpoints, ..
        } = &self.0.options;
        let found = discovery::find(&self.0.http, &self.0.issuer, issuer, endpoints).await?;
        *kept = Some((now, found.clone()));
        Ok(found)
    }

    /// Checks the discovery document, the keys, and whether the issuer accepts this client: everything that can be checked
    /// without a student. A cached document does not count.
    async fn examine(&self, needs_device: bool) -> Probed {
        *self.0.found.lock().await = None;
        let said = match self.found::<()>().await {
            Ok(found) if needs_device && found.device.is_none() => {
                Err(misconfigured("the issuer offers no device grant"))
            }
            Ok(found) if found.signs_otherwise => {
                Err(misconfigured(IdTokenError::Algorithm.text()))
            }
            Ok(found) => match self.examine_keys(&found).await {
                Ok(()) => self.check_client(&found, needs_device).await,
                Err(why) => Err(why),
            },
            Err(why) => Err(why),
        };
        Probed::through(&self.0.http, "identity.oidc", said)
    }

    /// Whether the keys can be read, where the issuer has some.
    async fn examine_keys(&self, found: &IssuerEndpoints) -> Result<(), Failure<()>> {
        match &found.jwks {
            Some(url) => self.keys(url).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// Checks whether the token endpoint accepts this client. The request is for a grant that does not exist, or without
    /// a password; most servers check the client first (RFC 6749 5.2), some only at a real sign-in.
    async fn check_client(
        &self,
        found: &IssuerEndpoints,
        by_device: bool,
    ) -> Result<(), Failure<()>> {
        let fields: &[(&str, &str)] = if by_device {
            &[
                ("grant_type", device::GRANT_TYPE),
                ("device_code", UNKNOWN_ACCOUNT),
            ]
        } else {
            &[("grant_type", "password")]
        };
        let request = self.post(&found.token, found, fields);
        let answer = self.0.http.ask("oidc probe", request).await?;
        let code = error_code(&answer);
        // The request itself is incomplete: this is the expected answer.
        let is_question = code == "invalid_request";
        match client_failure("token", &code, answer.status).filter(|_| !is_question) {
            Some(why) => Err(why),
            None if answer.status == StatusCode::UNAUTHORIZED => {
                Err(misconfigured("the client is not taken (HTTP 401)"))
            }
            // No issuer accepts this request: it is a network's portal page.
            None if answer.status.is_success() => Err(Failure::Unavailable),
            None => Ok(()),
        }
    }

    /// A form for the endpoint at which a device grant begins. It names the client in the form also where the client
    /// authenticates otherwise: RFC 8628 3.1 lists the name among the parameters, and django-oauth-toolkit insists on it.
    fn post_device(
        &self,
        url: &Url,
        found: &IssuerEndpoints,
        fields: &[(&str, &str)],
    ) -> RequestBuilder {
        let mut fields = fields.to_vec();
        if found.takes_basic && self.0.options.client_secret.is_some() {
            fields.push(("client_id", &self.0.options.client_id));
        }
        self.post(url, found, &fields)
    }

    /// A form for one of the issuer's endpoints, with this client's name on it (RFC 6749 2.3.1).
    fn post(&self, url: &Url, found: &IssuerEndpoints, fields: &[(&str, &str)]) -> RequestBuilder {
        let OidcOptions {
            client_id,
            client_secret,
            ..
        } = &self.0.options;
        let mut fields = fields.to_vec();
        let request = self.0.http.request(Method::POST, url.clone());
        let request = match client_secret {
            Some(secret) if found.takes_basic => {
                let (id, secret) = (encode(&[("", client_id)]), encode(&[("", secret.expose())]));
                request.basic_auth(encoded_value(&id), Some(encoded_value(&secret)))
            }
            Some(secret) => {
                fields.push(("client_id", client_id));
                fields.push(("client_secret", secret.expose()));
                request
            }
            None => {
                fields.push(("client_id", client_id));
                request
            }
        };
        request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(secret_body(encode(&fields)))
    }

    /// The scopes that are asked for. A server of plain OAuth 2.0 may refuse `openid` as unknown.
    fn scopes(&self, found: &IssuerEndpoints) -> String {
        if !found.is_openid {
            return self.0.options.scopes.clone();
        }
        let given = self.0.options.scopes.split_whitespace();
        let mut scopes = vec!["openid"];
        scopes.extend(given.filter(|scope| *scope != "openid"));
        scopes.join(" ")
    }

    /// The student who signed in: from the verified ID token, completed from the userinfo endpoint where the token lacks
    /// a claim (OIDC Core 5.4: with an access token the profile is often only there).
    async fn student<R>(
        &self,
        found: &IssuerEndpoints,
        tokens: &Tokens,
    ) -> Result<Student, Failure<R>> {
        let said = match (&tokens.id, &found.jwks) {
            (Some(token), Some(keys)) => Some(self.verified(found, keys, token).await?),
            // What cannot be verified is not read: the bearer of the access token is asked for.
            (Some(_), None) | (None, _) => None,
        };
        let claim = &self.0.options.claim;
        let is_enough = said
            .as_ref()
            .is_some_and(|claims| claims.has_number(claim) && claims.has_name());
        let more = match (&found.userinfo, &tokens.access) {
            (Some(url), Some(access)) if !is_enough => self.user_info(url, access).await,
            _ => Ok(None),
        };
        let more = match (more, &said) {
            (Ok(more), _) => more,
            // Without a name it goes on as well; without a number it does not.
            (Err(_), Some(claims)) if claims.has_number(claim) => None,
            (Err(why), _) => return Err(why),
        };
        let claims = match (said, more) {
            (Some(said), Some(more)) => said.with(more, claim).map_err(misconfigured)?,
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => {
                return Err(misconfigured(
                    "who signed in is told neither by an ID token nor by userinfo: is openid allowed?",
                ));
            }
        };
        claims.student(claim).map_err(|why| misconfigured(&why))
    }

    /// The ID token's claims. For an unknown key the keys are fetched once more: the issuer may have a new one.
    async fn verified<R>(
        &self,
        found: &IssuerEndpoints,
        url: &Url,
        token: &str,
    ) -> Result<Claims, Failure<R>> {
        let client = &self.0.options.client_id;
        let mut kept = self.0.keys.lock().await;
        let now = self.now();
        let known = kept.take().filter(|(since, _)| is_fresh(*since, now));
        let was_known = known.is_some();
        let (since, mut keys) = match known {
            Some(known) => known,
            None => (now, self.keys(url).await?),
        };
        let mut judged = id_token::verify(token, &keys, &found.issuer, client);
        let mut since = since;
        if matches!(judged, Err(IdTokenError::UnknownKey)) && was_known {
            (since, keys) = (now, self.keys(url).await?);
            judged = id_token::verify(token, &keys, &found.issuer, client);
        }
        *kept = Some((since, keys));
        judged.map_err(|why| {
            tracing::warn!(%why, "an ID token is not believed");
            misconfigured(why.text())
        })
    }

    /// The issuer's keys (RFC 7517).
    async fn keys<R>(&self, url: &Url) -> Result<Keys, Failure<R>> {
        let request = self.0.http.request(Method::GET, url.clone());
        let answer = self.0.http.ask("oidc keys", request).await?;
        match Keys::read(&answer.body).filter(|_| answer.status.is_success()) {
            Some(keys) => Ok(keys),
            None => {
                tracing::warn!(status = answer.status.as_u16(), "oidc keys: not an answer");
                Err(Failure::Unavailable)
            }
        }
    }

    /// The claims of the userinfo endpoint (OIDC Core 5.3).
    async fn user_info<R>(&self, url: &Url, access: &str) -> Result<Option<Claims>, Failure<R>> {
        let request = self.0.http.request(Method::GET, url.clone());
        let request = request.bearer_auth(access);
        let answer = self.0.http.ask("oidc userinfo", request).await?;
        match Claims::read(&answer.body).filter(|_| answer.status.is_success()) {
            Some(claims) => Ok(Some(claims)),
            None => {
                tracing::warn!(
                    status = answer.status.as_u16(),
                    "oidc userinfo: not an answer"
                );
                Err(Failure::Unavailable)
            }
        }
    }
}

impl Tokens {
    /// `None` where the answer is none.
    fn read(answer: &HttpAnswer) -> Option<Self> {
        #[derive(Deserialize)]
        struct TokenBody {
            #[serde(default)]
            id_token: Option<String>,
            #[serde(default)]
            access_token: Option<String>,
        }
        let body: TokenBody = serde_json::from_slice(&answer.body).ok()?;
        Some(Tokens {
            id: body.id_token.map(Zeroizing::new),
            access: body.access_token.map(Zeroizing::new),
        })
    }
}

/// What stands behind the `=` of a form with one field: ASCII, because it is encoded.
fn encoded_value(form: &[u8]) -> &str {
    let text = std::str::from_utf8(form).unwrap_or_default();
    text.split_once('=').map_or("", |(_, value)| value)
}

/// The `error` of a refusal (RFC 6749 5.2): a few small letters, else nothing. Its description is not read.
fn error_code(answer: &HttpAnswer) -> String {
    #[derive(Deserialize)]
    struct ErrorBody {
        error: String,
    }
    let body = serde_json::from_slice::<ErrorBody>(&answer.body);
    let clean = |code: String| {
        let letters = code.chars().filter(|c| c.is_ascii_lowercase() || *c == '_');
        letters.take(40).collect()
    };
    body.map(|body| clean(body.error)).unwrap_or_default()
}

/// The failure for a refusal of this client; `None` where the refusal is about the student.
fn client_failure<R>(call: &str, code: &str, status: StatusCode) -> Option<Failure<R>> {
    let is_clients = matches!(
        code,
        "invalid_client"
            | "unauthorized_client"
            | "unsupported_grant_type"
            | "invalid_scope"
            | "invalid_request"
    );
    is_clients.then(|| {
        misconfigured_with(format!(
            "the OIDC {call} endpoint refuses this desk: {code} (HTTP {})",
            status.as_u16()
        ))
    })
}

fn misconfigured<R>(text: &str) -> Failure<R> {
    misconfigured_with(format!("OIDC: {text}"))
}

fn misconfigured_with<R>(text: String) -> Failure<R> {
    Failure::Misconfigured(text)
}
