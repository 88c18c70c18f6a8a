//! A scripted issuer: it gives the answers a test sets and records each request and its moment. It ends with its value.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use yingxin::campus::http::{Http, HttpOptions, Timing, Trust};
use yingxin::campus::identity::{Oidc, OidcOptions, SetEndpoints};
use yingxin::campus::{DeviceGrant, GrantNews};
use yingxin::visit::{Failure, GrantRefusal, Secret, Student};

use super::jose::Key;
use crate::support::clock::HeldClock;
use crate::support::passwords::{UNICODE, long};

pub type Granted = Result<Student, Failure<GrantRefusal>>;

/// What an endpoint answers.
#[derive(Clone, Debug)]
pub enum Say {
    Json(u16, Value),
    Bytes(u16, Vec<u8>),
    /// The head of a true answer and half of its body.
    Cut(Value),
    /// Late, by so many milliseconds.
    Late(u64),
    /// The password of the password grant is judged: the accounts are those of [`Accounts::usual`].
    Judged,
}

/// What the issuer says. The last answer of a list is said again and again.
pub struct Script {
    /// `null`: there is no document.
    pub discovery: Value,
    /// What is answered in place of the document.
    pub no_document: Option<Say>,
    pub device: Say,
    pub tokens: VecDeque<Say>,
    pub keys: VecDeque<Say>,
    pub userinfo: Say,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    /// When it came, by the issuer's clock.
    pub at: Duration,
    pub path: String,
    pub form: HashMap<String, String>,
    pub authorization: Option<String>,
}

pub struct Issuer {
    pub url: String,
    pub key: Arc<Key>,
    pub at: SocketAddr,
    /// What its adapters wait by: it jumps, and knows nothing of the time that calls take.
    pub clock: Arc<HeldClock>,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    clock: Arc<HeldClock>,
    key: Arc<Key>,
    script: Mutex<Script>,
    calls: Mutex<Vec<Call>>,
}

impl Issuer {
    /// A proper one, whose device grant is pending for ever.
    pub async fn new() -> Issuer {
        Issuer::with_key(Key::es256()).await
    }

    pub async fn with_key(key: Key) -> Issuer {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let url = format!("http://{at}");
        let key = Arc::new(key);
        let script = Script {
            discovery: discovery(&url),
            no_document: None,
            device: Say::Json(
                200,
                json!({
                    "device_code": "canary-device-code", "user_code": "WDJB-MJHT", "expires_in": 60, "interval": 1,
                    "verification_uri": format!("{url}/verify"),
                    "verification_uri_complete": format!("{url}/verify?code=WDJB-MJHT"),
                }),
            ),
            tokens: [error("authorization_pending")].into(),
            keys: [Say::Json(200, json!({"keys": [key.jwk("k1")]}))].into(),
            userinfo: Say::Json(404, json!({})),
        };
        let clock = HeldClock::jumping();
        let shared = Arc::new(Shared {
            clock: clock.clone(),
            key: key.clone(),
            script: Mutex::new(script),
            calls: Mutex::default(),
        });
        let app = Router::new().fallback(answer).with_state(shared.clone());
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, app).await;
        });
        Issuer {
            url,
            key,
            at,
            clock,
            shared,
            task,
        }
    }

    /// It is reached at this address from now on, through a proxy: its document names it so.
    pub fn is_known_as(&self, url: &str) {
        self.tell(|script| script.discovery = discovery(url));
    }

    pub fn tell(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.shared.script.lock().unwrap());
    }

    /// The token endpoint's answers from now on.
    pub fn answers(&self, tokens: impl Into<VecDeque<Say>>) {
        let tokens = tokens.into();
        self.tell(|script| script.tokens = tokens);
    }

    /// The claims of a student who signed in just now.
    pub fn claims(&self) -> Value {
        let now = jiff::Timestamp::now().as_second();
        json!({"iss": self.url, "aud": "desk", "sub": "u-1", "preferred_username": "20260001", "name": "陈晓雨",
            "iat": now, "exp": now + 300})
    }

    /// The claims with some of them changed; `null` takes one out.
    pub fn claims_with(&self, changes: Value) -> Value {
        let mut claims = self.claims();
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => _ = claims.as_object_mut().unwrap().remove(name),
                value => claims[name] = value.clone(),
            }
        }
        claims
    }

    /// What a granted sign-in is answered with.
    pub fn token(&self) -> Say {
        tokens(&self.key.sign("k1", &self.claims()))
    }

    pub fn calls(&self, path: &str) -> Vec<Call> {
        let calls = self.shared.calls.lock().unwrap();
        calls
            .iter()
            .filter(|call| call.path == path)
            .cloned()
            .collect()
    }

    pub fn oidc(&self) -> Oidc {
        self.oidc_with(|_| ())
    }

    pub fn oidc_with(&self, change: impl FnOnce(&mut OidcOptions)) -> Oidc {
        let mut options = options(&self.url);
        change(&mut options);
        Oidc::new(http().with_clock(self.clock.clone()), options).unwrap()
    }

    /// Signs in on the phone, and returns the progress messages sent meanwhile.
    pub async fn grant(&self) -> (Granted, Vec<String>) {
        grant(&self.oidc()).await
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub fn http() -> Http {
    Http::new(&HttpOptions {
        timing: Timing {
            total: Duration::from_millis(1500),
            ..Timing::default()
        },
        trust: Trust::LoopbackOnly,
    })
    .unwrap()
}

/// A client of the issuer that is found at this address.
pub fn options(url: &str) -> OidcOptions {
    OidcOptions {
        issuer: url.to_owned(),
        client_id: "desk".into(),
        client_secret: Some(Secret::new("canary:client".into())),
        scopes: "openid profile".into(),
        claim: "preferred_username".into(),
        endpoints: SetEndpoints::default(),
    }
}

pub async fn grant(oidc: &Oidc) -> (Granted, Vec<String>) {
    let (tell, mut told) = mpsc::channel(8);
    let granted = oidc.grant(&tell).await;
    drop(tell);
    let mut news = Vec::new();
    while let Some(one) = told.recv().await {
        news.push(match one {
            GrantNews::Code(code) => format!(
                "{} {} {}",
                *code.user_code,
                code.address,
                code.whole_address
                    .map_or("-".into(), |whole| (*whole).clone())
            ),
            GrantNews::Heard(heard) => format!("heard {heard}"),
        });
    }
    (granted, news)
}

pub fn error(code: &str) -> Say {
    Say::Json(
        400,
        json!({"error": code, "error_description": "\u{1b}[2J"}),
    )
}

pub fn tokens(id_token: &str) -> Say {
    Say::Json(
        200,
        json!({"access_token": "canary-access", "token_type": "Bearer", "expires_in": 60, "id_token": id_token}),
    )
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 64 * 1024)
        .await
        .unwrap_or_default();
    let path = head.uri.path().to_owned();
    let form = form(&body);
    shared.calls.lock().unwrap().push(Call {
        at: shared.clock.moved(),
        path: path.clone(),
        form: form.clone(),
        authorization: authorization(&head.headers),
    });
    let say = {
        let mut script = shared.script.lock().unwrap();
        match path.as_str() {
            "/.well-known/openid-configuration" => match &script.no_document {
                Some(say) => say.clone(),
                None if script.discovery.is_null() => Say::Json(404, json!({})),
                None => Say::Json(200, script.discovery.clone()),
            },
            "/device" => script.device.clone(),
            "/token" => match next(&mut script.tokens) {
                Say::Judged => judged(&form, &shared.key, &script.discovery),
                say => say,
            },
            "/keys" => next(&mut script.keys),
            "/userinfo" => script.userinfo.clone(),
            _ => Say::Json(404, json!({})),
        }
    };
    speak(say).await
}

fn next(answers: &mut VecDeque<Say>) -> Say {
    match answers.len() {
        0 | 1 => answers
            .front()
            .cloned()
            .unwrap_or(Say::Json(500, json!({}))),
        _ => answers.pop_front().unwrap(),
    }
}

/// A token for a user with the right password (RFC 6749 5.2 knows one code for all others: the description says more).
fn judged(form: &HashMap<String, String>, key: &Key, discovery: &Value) -> Say {
    let Some(user) = form.get("username").map(String::as_str) else {
        return error("invalid_request");
    };
    let password = match user {
        "20260001" => "practice-0001".to_owned(),
        "20260002" => UNICODE.into(),
        "20260003" => long(),
        "20260005" => "practice-0001".to_owned(),
        user if ("20260011"..="20260019").contains(&user) => "practice-0001".to_owned(),
        _ => return error("invalid_grant"),
    };
    if form["grant_type"] != "password" || form["password"] != password {
        return error("invalid_grant");
    }
    let described = match user {
        "20260005" => "The account is locked",
        "20260011" => "Account disabled",
        "20260012" => "Account is not fully set up",
        "20260013" => "The password is expired.",
        "20260014" => "Your account has expired.",
        "20260015" => "You are forbidden to login at this time.",
        "20260016" => "Sign-in from this IP address was blocked.",
        "20260017" => "You must use multi-factor authentication",
        "20260018" => "The account is locked for 30 minutes",
        "20260019" => "Too many login attempts",
        _ => "",
    };
    if !described.is_empty() {
        let told = json!({"error": "invalid_grant", "error_description": described});
        return Say::Json(400, told);
    }
    let now = jiff::Timestamp::now().as_second();
    let claims = json!({"iss": discovery["issuer"], "aud": "desk", "sub": "u-1", "preferred_username": user, "name": "张三", "iat": now,
        "exp": now + 300});
    tokens(&key.sign("k1", &claims))
}

fn discovery(url: &str) -> Value {
    json!({
        "issuer": url,
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"),
        "device_authorization_endpoint": format!("{url}/device"),
        "userinfo_endpoint": format!("{url}/userinfo"),
    })
}

async fn speak(say: Say) -> Response {
    let status = |code: u16| StatusCode::from_u16(code).unwrap();
    match say {
        Say::Json(code, value) => (status(code), axum::Json(value)).into_response(),
        Say::Bytes(code, bytes) => (status(code), bytes).into_response(),
        Say::Cut(value) => {
            let whole = Bytes::from(value.to_string());
            let half = whole.slice(..whole.len() / 2);
            let pieces = [Ok(half), Err(std::io::Error::other("cut"))];
            let body = Body::from_stream(futures_util::stream::iter(pieces));
            ([(header::CONTENT_LENGTH, whole.len())], body).into_response()
        }
        Say::Judged => StatusCode::NOT_FOUND.into_response(),
        Say::Late(millis) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            StatusCode::OK.into_response()
        }
    }
}

fn form(body: &[u8]) -> HashMap<String, String> {
    let url = format!("http://x/?{}", String::from_utf8_lossy(body));
    let url = reqwest::Url::parse(&url).unwrap();
    url.query_pairs().into_owned().collect()
}

fn authorization(headers: &HeaderMap) -> Option<String> {
    Some(
        headers
            .get(header::AUTHORIZATION)?
            .to_str()
            .ok()?
            .to_owned(),
    )
}
