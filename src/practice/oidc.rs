//! The unified identity over OpenID Connect: discovery, the device grant of RFC 8628 with its `slow_down`, the password
//! grant, and signed ID tokens. The practice phone approves or denies device grants.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::credentials::Credentials;
use super::device_grants::GrantPoll;
use super::server::{Fields, Server, lock};
use super::state::Condition;
use super::{cas, owner};

const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// How long an ID token is valid, in seconds.
const TOKEN_LIFE: i64 = 300;

/// `GET /oidc/.well-known/openid-configuration`.
pub async fn discovery(State(server): State<Arc<Server>>) -> Json<Value> {
    let issuer = issuer(&server);
    Json(json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/token"),
        "device_authorization_endpoint": format!("{issuer}/device_authorization"),
        "jwks_uri": format!("{issuer}/jwks"),
        "grant_types_supported": [DEVICE_GRANT, "password"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "subject_types_supported": ["public"],
        "response_types_supported": [],
    }))
}

/// `GET /oidc/jwks`: the public key (RFC 7517).
pub async fn jwks(State(server): State<Arc<Server>>) -> Json<Value> {
    Json(json!({ "keys": [server.signer.jwk()] }))
}

/// `POST /oidc/device_authorization` (RFC 8628 3.1).
pub async fn begin(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    Form(form): Form<Fields>,
) -> Response {
    if !is_client(&headers, &form) {
        return refusal("invalid_client");
    }
    let settings = server.with(|state| state.settings.clone());
    let interval = u64::from(settings.device_interval_secs);
    let life = u64::from(settings.device_life_secs);
    let grant = lock(&server.grants).begin(life, interval);
    let page = format!("{}/device", issuer(&server));
    Json(json!({
        "device_code": grant.device_code,
        "user_code": grant.user_code,
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?code={}", grant.user_code),
        "expires_in": life,
        "interval": interval,
    }))
    .into_response()
}

/// `GET /oidc/device`: the page that a browser would show. The practice phone does not use it.
pub async fn page(Query(params): Query<Fields>) -> String {
    let code = params.get("code").map(String::as_str).unwrap_or_default();
    let shown: String = code
        .chars()
        .filter(char::is_ascii_graphic)
        .take(16)
        .collect();
    format!(
        "practice / 练习: {shown}\nF9: the practice phone scans and signs in / 用练习手机扫码登录\n"
    )
}

/// `POST /oidc/token`: the device grant and the password grant.
pub async fn token(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    Form(form): Form<Fields>,
) -> Response {
    if !is_client(&headers, &form) {
        return refusal("invalid_client");
    }
    let given = |key: &str| form.get(key).map(String::as_str).unwrap_or_default();
    match given("grant_type") {
        DEVICE_GRANT => match lock(&server.grants).poll(given("device_code")) {
            GrantPoll::Pending => refusal("authorization_pending"),
            GrantPoll::SlowDown => refusal("slow_down"),
            GrantPoll::Denied => refusal("access_denied"),
            GrantPoll::Expired => refusal("expired_token"),
            GrantPoll::Granted(student) => tokens(&server, &student),
        },
        "password" => {
            let (user, password) = (given("username"), given("password"));
            if lock(&server.tickets).is_throttled(user) {
                return StatusCode::TOO_MANY_REQUESTS.into_response();
            }
            if cas::check(&server, user, password).is_err() {
                lock(&server.tickets).record_failure(user.chars().take(64).collect());
                return refusal("invalid_grant");
            }
            server.with(|state| owner::hand_over(state, user));
            tokens(&server, user)
        }
        _ => refusal("unsupported_grant_type"),
    }
}

/// Approves or denies the newest device grant as this student. Returns the id of the phone's message
/// (`phone-said-<id>`).
pub fn decide(server: &Server, student: &str, approves: bool) -> &'static str {
    let condition = server.with(|state| state.condition(student));
    if approves && condition != Some(Condition::Good) {
        return "account-locked";
    }
    let student = approves.then(|| student.to_owned());
    match (lock(&server.grants).decide(student), approves) {
        (false, _) => "grant-expired",
        (true, true) => "grant-approved",
        (true, false) => "grant-denied",
    }
}

fn tokens(server: &Server, student: &str) -> Response {
    let (now, name) = server.with(|state| {
        let account = state.accounts.get(student);
        (
            state.now(),
            account.map(|a| a.name.clone()).unwrap_or_default(),
        )
    });
    let claims = json!({
        "iss": issuer(server),
        "aud": Credentials::practice().oidc_client,
        "sub": format!("practice-{student}"),
        "preferred_username": student,
        "name": name,
        "iat": now,
        "exp": now.saturating_add(TOKEN_LIFE),
    });
    match server.signer.sign(&claims) {
        Some(token) => Json(json!({
            "access_token": super::hex::random_hex(16),
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFE,
            "id_token": token,
        }))
        .into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// An error response (RFC 6749 5.2).
pub fn refusal(error: &str) -> Response {
    let status = match error {
        "invalid_client" => StatusCode::UNAUTHORIZED,
        _ => StatusCode::BAD_REQUEST,
    };
    (status, Json(json!({ "error": error }))).into_response()
}

fn issuer(server: &Server) -> String {
    format!("{}/oidc", server.base_url)
}

/// Whether the request carries the client's id and secret, in the header or in the form.
fn is_client(headers: &HeaderMap, form: &Fields) -> bool {
    let known = Credentials::practice();
    let basic = headers.get(header::AUTHORIZATION);
    let basic = basic.and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    match basic {
        Some(given) => {
            let pair = format!("{}:{}", known.oidc_client, known.oidc_secret);
            given == STANDARD.encode(pair)
        }
        None => {
            form.get("client_id") == Some(&known.oidc_client)
                && form.get("client_secret") == Some(&known.oidc_secret)
        }
    }
}
