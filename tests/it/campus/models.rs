//! Models of login pages, a few lines each, for what no installable server does: Apereo's CAS, which speaks JSON and locks
//! accounts, and 金智 Wisedu's authserver, as public scripts describe it. It decrypts the password and checks it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use aes::Aes128;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockDecryptMut, KeyIvInit};
use serde_json::json;

use crate::support::passwords::{UNICODE, long};

pub const SERVICE: &str = "https://desk.example.edu.cn/";
type Fields = BTreeMap<String, String>;

/// Which product it models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    Apereo,
    /// The same, and it answers in XML alone.
    OldCas,
    /// The same, by its REST protocol.
    Rest,
    Wisedu,
}

pub struct Model {
    pub at: SocketAddr,
    pub seen: Arc<Mutex<Seen>>,
    task: tokio::task::JoinHandle<()>,
}

/// What the model keeps.
#[derive(Default)]
pub struct Seen {
    /// Salts and login tickets, by the session's cookie.
    sessions: BTreeMap<String, String>,
    tickets: BTreeMap<String, String>,
    pub wants_captcha: BTreeSet<String>,
    pub captcha_is_broken: bool,
    pub posts: usize,
    pub sign_outs: usize,
    count: usize,
}

#[derive(Clone)]
struct House {
    product: Product,
    seen: Arc<Mutex<Seen>>,
}

impl Model {
    pub async fn start(product: Product) -> Model {
        let seen = Arc::<Mutex<Seen>>::default();
        let house = House {
            product,
            seen: seen.clone(),
        };
        let app = Router::new()
            .route("/cas/login", get(page).post(login))
            .route("/cas/checkNeedCaptcha.htl", get(captcha))
            .route("/cas/p3/serviceValidate", get(validate))
            .route("/cas/logout", get(logout))
            .route("/cas/v1/tickets", post(grant))
            .route("/cas/v1/tickets/{granting}", post(ticket).delete(ungrant))
            .with_state(house);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Model { at, seen, task }
    }
}

impl Seen {
    /// A service ticket for this user.
    fn ticket(&mut self, user: String) -> String {
        self.count += 1;
        let ticket = format!("ST-{}-abc", self.count);
        self.tickets.insert(ticket.clone(), user);
        ticket
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn password(user: &str) -> Option<String> {
    match user {
        "20260001" | "20260005" => Some("practice-0001".into()),
        // The refused ones.
        user if ("20260011"..="20260019").contains(&user) => Some("practice-0001".into()),
        "20260002" => Some(UNICODE.into()),
        "20260003" => Some(long()),
        "20260004" | "20260006" => Some("another".into()),
        _ => None,
    }
}

fn form(product: Product, secret: &str) -> String {
    match product {
        Product::Wisedu => format!(
            r#"<form id="qrLoginForm" method="post"><input type="hidden" name="lt" value="of-the-qr"></form>
            <form id="pwdFromId" class="loginFromClass" action="/cas/login?service=x" method="post">
            <input id="username" name="username" type="text"><input id="password" name="passwordText" type="password">
            <input id="captcha" name="captcha" type="text" style="display:none">
            <input id="saltPassword" name="password" type="hidden"><input type="hidden" id="lt" name="lt" value="">
            <input type="hidden" id="cllt" name="cllt" value="userNameLogin">
            <input type="hidden" id="dllt" name="dllt" value="generalLogin">
            <input type="hidden" id="_eventId" name="_eventId" value="submit">
            <input type="hidden" id="execution" name="execution" value="e1s1"/>
            <input type="hidden" id="pwdEncryptSalt" value="{secret}"/></form>"#
        ),
        _ => format!(
            r#"<form method="post" id="fm1"><input type="text" name="username"><input type="password" name="password">
            <input type="hidden" name="execution" value="{secret}_ZXlK&#43;aGJH&quot;"/>
            <input type="hidden" name="_eventId" value="submit"/><input type="hidden" name="geolocation"/></form>
            <p>CAPS LOCK is on</p>"#
        ),
    }
}

async fn page(State(house): State<House>, Query(query): Query<Fields>) -> Response {
    if query.get("service").map(String::as_str) != Some(SERVICE) {
        return (
            StatusCode::FORBIDDEN,
            "<h1>Application Not Authorized to Use CAS</h1>",
        )
            .into_response();
    }
    let mut seen = house.seen.lock().unwrap();
    seen.count += 1;
    let (session, secret) = (
        format!("s{}", seen.count),
        format!("rjBFAaHsNkK{:05}", seen.count),
    );
    let page = format!(
        "<html><script>var x = '<form>';</script>{}</html>",
        form(house.product, &secret)
    );
    seen.sessions.insert(session.clone(), secret);
    let cookies = [
        (
            "set-cookie",
            format!("SESSION={session}; Path=/cas; HttpOnly"),
        ),
        ("content-type", "text/html;charset=utf-8".into()),
    ];
    (cookies, page).into_response()
}

async fn captcha(State(house): State<House>, Query(query): Query<Fields>) -> Response {
    let seen = house.seen.lock().unwrap();
    if seen.captcha_is_broken {
        return (StatusCode::NOT_FOUND, "<h1>404</h1>").into_response();
    }
    let user = query.get("username").cloned().unwrap_or_default();
    json!({"isNeed": seen.wants_captcha.contains(&user)})
        .to_string()
        .into_response()
}

fn session(headers: &HeaderMap) -> String {
    let cookies = headers
        .get("cookie")
        .and_then(|line| line.to_str().ok())
        .unwrap_or_default();
    let mut pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(name, _)| *name == "SESSION")
        .map(|(_, value)| value.to_owned())
        .unwrap_or_default()
}

/// What the encrypted password says.
fn decrypted(sealed: &str, salt: &str) -> Option<String> {
    let mut bytes = base64::engine::general_purpose::STANDARD
        .decode(sealed)
        .ok()?;
    let cipher = cbc::Decryptor::<Aes128>::new_from_slices(salt.as_bytes(), &[0; 16]).ok()?;
    let clear = cipher.decrypt_padded_mut::<Pkcs7>(&mut bytes).ok()?;
    String::from_utf8(clear.get(64..)?.to_vec()).ok()
}

async fn login(
    State(house): State<House>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let mut seen = house.seen.lock().unwrap();
    seen.posts += 1;
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    // A session's secret is good once.
    let Some(secret) = seen.sessions.remove(&session(&headers)) else {
        return (StatusCode::FORBIDDEN, "no session").into_response();
    };
    let user = field("username");
    let typed = match house.product {
        Product::Wisedu => {
            for (name, value) in [
                ("_eventId", "submit"),
                ("cllt", "userNameLogin"),
                ("dllt", "generalLogin"),
                ("execution", "e1s1"),
            ] {
                assert_eq!(field(name), value, "{name}");
            }
            decrypted(&field("password"), &secret)
        }
        _ => {
            assert_eq!(field("execution"), format!("{secret}_ZXlK+aGJH\""));
            Some(field("password"))
        }
    };
    if typed.is_none() || typed != password(&user) {
        return refused(&house, "您提供的用户名或者密码有误", "Invalid credentials.");
    }
    match user.as_str() {
        "20260005" => {
            return refused(
                &house,
                "该帐号已被冻结，请稍后再试",
                "Your account has been locked.",
            );
        }
        "20260011" => return refused(&house, "该帐号已停用", "Your account has been disabled."),
        "20260012" => {
            return refused(
                &house,
                "您的密码已过期，请修改",
                "Your password has expired.",
            );
        }
        "20260013" => {
            return refused(
                &house,
                "首次登录请修改密码",
                "You must change your password.",
            );
        }
        "20260014" => return refused(&house, "您的账号已过期", "Your account has expired."),
        "20260015" => {
            let told = "You are forbidden to login at this time.";
            return refused(&house, "当前时段不允许登录", told);
        }
        "20260016" => {
            let told = "You are forbidden to login from this workstation.";
            return refused(&house, "您的IP已被限制访问", told);
        }
        "20260017" => {
            let told = "Please enter the verification code";
            return refused(&house, "请输入动态口令", told);
        }
        "20260018" => {
            let told = "This account is locked for 30 minutes";
            return refused(&house, "您的账号已被锁定，请30分钟后再试", told);
        }
        "20260019" => return refused(&house, "操作频繁，请稍后再试", "Too many login attempts"),
        _ => {}
    }
    let ticket = seen.ticket(user);
    let location = format!("{SERVICE}?ticket={ticket}");
    (
        StatusCode::FOUND,
        [
            ("location", location),
            ("set-cookie", "CASTGC=TGT-1; Path=/cas".into()),
        ],
    )
        .into_response()
}

fn refused(house: &House, zh: &str, en: &str) -> Response {
    let form = form(house.product, "rjBFAaHsNkKA0000");
    match house.product {
        Product::Wisedu => {
            let page = format!("<span id=\"showErrorTip\"><span>{zh}</span></span>{form}");
            (StatusCode::OK, page).into_response()
        }
        _ => (
            StatusCode::UNAUTHORIZED,
            format!("<div class=\"alert\">{en}</div>{form}"),
        )
            .into_response(),
    }
}

/// `POST /v1/tickets` (Apereo, "REST Protocol").
async fn grant(State(house): State<House>, Form(fields): Form<Fields>) -> Response {
    let (Some(user), Some(typed)) = (fields.get("username"), fields.get("password")) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let refused = |why: &str| {
        let told = json!({"authentication_exceptions": [why]});
        (StatusCode::UNAUTHORIZED, told.to_string()).into_response()
    };
    let mut seen = house.seen.lock().unwrap();
    seen.posts += 1;
    if password(user).as_ref() != Some(typed) {
        return refused("FailedLoginException");
    }
    match user.as_str() {
        "20260005" => return refused("AccountLockedException"),
        "20260011" => return refused("AccountDisabledException"),
        "20260012" => return refused("CredentialExpiredException"),
        "20260013" => return refused("AccountPasswordMustChangeException: x"),
        "20260014" => return refused("1 errors, 0 successes:Your account has expired."),
        "20260015" => return refused("InvalidLoginTimeException"),
        "20260016" => return refused("InvalidLoginLocationException"),
        "20260017" => {
            return refused("Unable to extract credentials for multifactor authentication:");
        }
        _ => {}
    }
    seen.count += 1;
    let granting = format!("TGT-{}-abc", seen.count);
    seen.sessions.insert(granting.clone(), user.clone());
    let location = format!("http://model.invalid/cas/v1/tickets/{granting}");
    (StatusCode::CREATED, [("location", location)]).into_response()
}

async fn ticket(State(house): State<House>, Path(granting): Path<String>) -> Response {
    let mut seen = house.seen.lock().unwrap();
    match seen.sessions.get(&granting).cloned() {
        Some(user) => seen.ticket(user).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn ungrant(State(house): State<House>, Path(granting): Path<String>) -> StatusCode {
    let mut seen = house.seen.lock().unwrap();
    seen.sign_outs += usize::from(seen.sessions.remove(&granting).is_some());
    StatusCode::OK
}

async fn validate(State(house): State<House>, Query(query): Query<Fields>) -> Response {
    let field = |name: &str| query.get(name).cloned().unwrap_or_default();
    let user = house.seen.lock().unwrap().tickets.remove(&field("ticket"));
    let user = user.filter(|_| field("service") == SERVICE);
    let as_json = field("format") == "JSON" && house.product != Product::OldCas;
    match (user, as_json) {
        (Some(user), true) => {
            let success = json!({"user": user, "attributes": {"cn": ["张三"]}});
            json!({"serviceResponse": {"authenticationSuccess": success}}).to_string().into_response()
        }
        (Some(user), false) => format!(
            "<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'><cas:authenticationSuccess><cas:user>{user}</cas:user>\
             <cas:attributes><cas:cn>张三</cas:cn></cas:attributes></cas:authenticationSuccess></cas:serviceResponse>"
        )
        .into_response(),
        (None, true) => {
            json!({"serviceResponse": {"authenticationFailure": {"code": "INVALID_TICKET"}}}).to_string().into_response()
        }
        (None, false) => "<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>\
            <cas:authenticationFailure code='INVALID_TICKET'/></cas:serviceResponse>"
            .into_response(),
    }
}

async fn logout(State(house): State<House>, headers: HeaderMap) -> Redirect {
    let cookies = headers
        .get("cookie")
        .and_then(|line| line.to_str().ok())
        .unwrap_or_default();
    house.seen.lock().unwrap().sign_outs += usize::from(cookies.contains("CASTGC=TGT-1"));
    // As LemonLDAP::NG and django-mama-cas do.
    Redirect::to("/cas/login")
}
