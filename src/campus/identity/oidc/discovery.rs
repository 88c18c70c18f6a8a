//! The endpoints of an issuer (OIDC Discovery 1.0, 4). An endpoint that is not in the document is not offered; an address
//! without https is refused.

use reqwest::{Method, Url};
use serde::Deserialize;

use super::misconfigured;
use crate::campus::http::{Endpoint, Http};
use crate::visit::Failure;

/// The endpoints that a desk needs of an issuer.
#[derive(Clone)]
pub struct IssuerEndpoints {
    /// The issuer's name, as its tokens contain it.
    pub issuer: String,
    pub token: Url,
    pub jwks: Url,
    /// Where a device grant begins (RFC 8628 4).
    pub device: Option<Url>,
    pub userinfo: Option<Url>,
    /// A client's secret goes into the header, not into the form.
    pub takes_basic: bool,
}

#[derive(Deserialize)]
struct DiscoveryDocument {
    issuer: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    device_authorization_endpoint: Option<String>,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// Reads the discovery document. It must name the configured issuer (4.3).
///
/// # Errors
/// Where the issuer does not answer, or the document is another issuer's or incomplete.
pub async fn find<R>(
    http: &Http,
    base: &Endpoint,
    issuer: &str,
) -> Result<IssuerEndpoints, Failure<R>> {
    let url = base.join(&[".well-known", "openid-configuration"]);
    let request = http.request(Method::GET, url);
    let answer = http.ask("oidc discovery", request).await?;
    if !answer.status.is_success() {
        let text = format!(
            "there is no discovery document at the issuer (HTTP {})",
            answer.status.as_u16()
        );
        return Err(misconfigured(&text));
    }
    let Ok(wire) = serde_json::from_slice::<DiscoveryDocument>(&answer.body) else {
        tracing::warn!("oidc discovery: not an answer");
        return Err(Failure::Unavailable);
    };
    if wire.issuer.trim_end_matches('/') != issuer.trim().trim_end_matches('/') {
        return Err(misconfigured("the discovery document is another issuer's"));
    }
    let address = |text: &str| match Endpoint::parse(text) {
        Ok(endpoint) => Ok(endpoint.url()),
        Err(_) => Err(misconfigured(
            "an endpoint in the discovery document is not https",
        )),
    };
    let optional = |text: Option<String>| text.as_deref().map(address).transpose();
    Ok(IssuerEndpoints {
        token: address(&wire.token_endpoint)?,
        jwks: address(&wire.jwks_uri)?,
        device: optional(wire.device_authorization_endpoint)?,
        userinfo: optional(wire.userinfo_endpoint)?,
        takes_basic: wire
            .token_endpoint_auth_methods_supported
            .is_none_or(|methods| {
                let names = |name: &str| methods.iter().any(|method| method == name);
                names("client_secret_basic") || !names("client_secret_post")
            }),
        issuer: wire.issuer,
    })
}
