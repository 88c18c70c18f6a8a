//! The endpoints of an issuer: those of its document (OIDC Discovery 1.0, 4), and those of the configuration where the
//! document is silent or where there is none. An endpoint that is in neither is not offered; an address without https is
//! refused.

use reqwest::{Method, Url};
use serde::Deserialize;

use super::id_token::takes_one_of;
use super::misconfigured;
use crate::campus::http::{Endpoint, Http, HttpAnswer};
use crate::visit::Failure;

/// The endpoints that a desk needs of an issuer.
#[derive(Clone)]
pub struct IssuerEndpoints {
    /// The issuer's name, as its tokens contain it.
    pub issuer: String,
    pub token: Url,
    /// Where the keys are that ID tokens are signed with. Without it no ID token can be believed: plain OAuth 2.0.
    pub jwks: Option<Url>,
    /// Where a device grant begins (RFC 8628 4).
    pub device: Option<Url>,
    pub userinfo: Option<Url>,
    /// A client's secret goes into the header, not into the form.
    pub takes_basic: bool,
    /// It speaks OpenID Connect: the scope `openid` means something there.
    pub is_openid: bool,
    /// Whether its document names no algorithm that is verified here.
    pub signs_otherwise: bool,
}

/// The endpoints that the configuration sets.
#[derive(Clone, Debug, Default)]
pub struct SetEndpoints {
    /// Where tokens are given (RFC 6749 3.2).
    pub token: Option<Endpoint>,
    /// Where a device grant begins (RFC 8628 3.1).
    pub device: Option<Endpoint>,
    /// Where the bearer of an access token is named (OIDC Core 5.3).
    pub userinfo: Option<Endpoint>,
}

#[derive(Deserialize)]
struct DiscoveryDocument {
    issuer: String,
    #[serde(default)]
    token_endpoint: Option<String>,
    #[serde(default)]
    jwks_uri: Option<String>,
    #[serde(default)]
    device_authorization_endpoint: Option<String>,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    id_token_signing_alg_values_supported: Option<Vec<String>>,
}

/// Reads the discovery document, which must name the configured issuer (4.3); the endpoints of the configuration replace
/// its own. Where there is none, whatever the server answers in its place, they are all that is known, and they are enough
/// where they say who signed in.
///
/// # Errors
/// Where the issuer does not answer, or the document is another issuer's or incomplete.
pub async fn find<R>(
    http: &Http,
    base: &Endpoint,
    issuer: &str,
    set: &SetEndpoints,
) -> Result<IssuerEndpoints, Failure<R>> {
    let url = base.join(&[".well-known", "openid-configuration"]);
    let request = http.request(Method::GET, url);
    let answered = http.ask("oidc discovery", request).await;
    match answered.and_then(|answer| read(&answer)) {
        Ok(document) => endpoints(document, issuer, set),
        // Whether there is a document is not known.
        Err(Failure::Offline) => Err(Failure::Offline),
        Err(why) => plain_oauth(issuer, set).ok_or(why),
    }
}

/// The document in an answer.
fn read<R>(answer: &HttpAnswer) -> Result<DiscoveryDocument, Failure<R>> {
    if !answer.status.is_success() {
        let text = format!(
            "there is no discovery document at the issuer (HTTP {})",
            answer.status.as_u16()
        );
        return Err(misconfigured(&text));
    }
    serde_json::from_slice(&answer.body).map_err(|_| {
        tracing::warn!("oidc discovery: not an answer");
        Failure::Unavailable
    })
}

fn endpoints<R>(
    wire: DiscoveryDocument,
    issuer: &str,
    set: &SetEndpoints,
) -> Result<IssuerEndpoints, Failure<R>> {
    if wire.issuer.trim_end_matches('/') != issuer.trim().trim_end_matches('/') {
        return Err(misconfigured("the discovery document is another issuer's"));
    }
    let address = |text: &str| match Endpoint::parse(text) {
        Ok(endpoint) => Ok(endpoint.url()),
        Err(_) => Err(misconfigured(
            "an endpoint in the discovery document is not https",
        )),
    };
    let either = |set: &Option<Endpoint>, text: Option<String>| match set {
        Some(set) => Ok(Some(set.url())),
        None => text.as_deref().map(address).transpose(),
    };
    Ok(IssuerEndpoints {
        token: either(&set.token, wire.token_endpoint)?.ok_or_else(|| {
            misconfigured("the discovery document names no token endpoint: set token_endpoint")
        })?,
        jwks: wire.jwks_uri.as_deref().map(address).transpose()?,
        device: either(&set.device, wire.device_authorization_endpoint)?,
        userinfo: either(&set.userinfo, wire.userinfo_endpoint)?,
        takes_basic: wire
            .token_endpoint_auth_methods_supported
            .is_none_or(|methods| {
                let names = |name: &str| methods.iter().any(|method| method == name);
                names("client_secret_basic") || !names("client_secret_post")
            }),
        is_openid: true,
        signs_otherwise: wire
            .id_token_signing_alg_values_supported
            .is_some_and(|names| !names.is_empty() && !takes_one_of(&names)),
        issuer: wire.issuer,
    })
}

/// A server of plain OAuth 2.0: what it is asked for is in the configuration, and who signed in is asked of its userinfo
/// endpoint.
fn plain_oauth(issuer: &str, set: &SetEndpoints) -> Option<IssuerEndpoints> {
    Some(IssuerEndpoints {
        issuer: issuer.to_owned(),
        token: set.token.as_ref()?.url(),
        jwks: None,
        device: set.device.as_ref().map(Endpoint::url),
        userinfo: Some(set.userinfo.as_ref()?.url()),
        takes_basic: true,
        is_openid: false,
        signs_otherwise: false,
    })
}
