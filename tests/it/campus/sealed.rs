//! Identity by login pages that encrypt the password in their scripts: models of the pages of ZFSoft, TPASS and `croypto`, as
//! their public scripts describe them. What the adapters send is compared with vectors of another implementation
//! (tests/vectors/pages.py).

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use yingxin::campus::http::Http;
use yingxin::campus::identity::{CasForm, Croypto, Missed, PasswordWay, Tpass, ZfSoft};
use yingxin::campus::tls::Trust;
use yingxin::visit::{Failure, Secret, SignInRefusal};

use super::house::number;
use super::models::SERVICE;
use crate::support::contract::{self, Accounts, Subject};

type Fields = BTreeMap<String, String>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sealing {
    Rsa,
    StrEnc,
    Croypto,
}

const EACH: [Sealing; 3] = [Sealing::Rsa, Sealing::StrEnc, Sealing::Croypto];

/// A model of such a server.
struct SealedModel {
    at: SocketAddr,
    sealing: Sealing,
    seen: Arc<Mutex<SealedSeen>>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct SealedSeen {
    tickets: BTreeMap<String, String>,
    bodies: Vec<Fields>,
    count: usize,
    wants_captcha: bool,
}

#[derive(Clone)]
struct SealedState {
    sealing: Sealing,
    vectors: Arc<Value>,
    seen: Arc<Mutex<SealedSeen>>,
}

impl SealedModel {
    async fn start(sealing: Sealing) -> SealedModel {
        let all: Value = serde_json::from_str(include_str!("../../vectors/pages.json")).unwrap();
        let seen = Arc::<Mutex<SealedSeen>>::default();
        let state = SealedState {
            sealing,
            vectors: Arc::new(all["models"].clone()),
            seen: seen.clone(),
        };
        let app = Router::new()
            .route("/cas/login", get(page).post(login))
            .route("/cas/v2/getPubKey", get(public_key))
            .route("/cas/v2/getKaptchaStatus", get(kaptcha))
            .route("/cas/p3/serviceValidate", get(validate))
            .route("/cas/logout", get(async || "bye"))
            .with_state(state);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        SealedModel {
            at,
            sealing,
            seen,
            task,
        }
    }
}

impl Drop for SealedModel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn form(state: &SealedState, message: &str) -> String {
    let known = |key: &str| state.vectors[key].as_str().unwrap().to_owned();
    match state.sealing {
        Sealing::Rsa => format!(
            "<script src='js/login/security.js'></script><form id=fm1 method=post><input id=username name=username>\
             <input type=password id=password name=password><div id=kaptcha><input id=authcode name=authcode></div>\
             <input type=hidden name=execution value=e1s1><input type=hidden name=_eventId value=submit></form>\
             <span id=errormsg>{message}</span>"
        ),
        Sealing::StrEnc => format!(
            "<script src='comm/js/des.js'></script><div id=errormsg>{message}</div>\
             <form id=loginForm action='/cas/login?service=x' method=post><input type=text id=un><input type=password id=pd>\
             <input type=hidden id=rsa name=rsa><input type=hidden id=ul name=ul><input type=hidden id=pl name=pl>\
             <input type=hidden id=lt name=lt value={}><input type=hidden name=execution value=e1s1>\
             <input type=hidden name=_eventId value=submit></form>",
            known("ticket")
        ),
        Sealing::Croypto => format!(
            "<app-root></app-root><div style='display:none'><p id=login-croypto>{}</p><p id=login-page-flowkey>e1s1</p>\
             <p id=current-login-type>UsernamePassword</p><p id=login-error-msg>{message}</p></div>",
            known("key")
        ),
    }
}

async fn page(State(state): State<SealedState>) -> impl IntoResponse {
    let html = [("content-type", "text/html;charset=utf-8")];
    (html, form(&state, ""))
}

async fn public_key(State(state): State<SealedState>) -> String {
    json!({"modulus": state.vectors["modulus"], "exponent": state.vectors["exponent"]}).to_string()
}

async fn kaptcha(State(state): State<SealedState>) -> String {
    state.seen.lock().unwrap().wants_captcha.to_string()
}

async fn login(State(state): State<SealedState>, Form(fields): Form<Fields>) -> Response {
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let mut seen = state.seen.lock().unwrap();
    seen.bodies.push(fields.clone());
    assert_eq!(
        (field("execution"), field("_eventId")),
        ("e1s1".into(), "submit".into())
    );
    let (key, sealed) = match state.sealing {
        Sealing::Rsa => ("rsa", field("password")),
        Sealing::StrEnc => ("str_enc", field("rsa")),
        Sealing::Croypto => ("croypto", field("password")),
    };
    let users = state.vectors["users"].as_array().unwrap();
    let is_known = |user: &&Value| {
        user[key] == sealed.as_str()
            && (state.sealing == Sealing::StrEnc || user["user"] == field("username").as_str())
    };
    let refused = |message: &str| {
        let html = [("content-type", "text/html;charset=utf-8")];
        (html, form(&state, message)).into_response()
    };
    let Some(user) = users.iter().find(is_known) else {
        return refused("用户名或密码错误，连续错误5次账号将被锁定");
    };
    match user["user"].as_str().unwrap() {
        "20260005" => return refused("您的账号已被锁定"),
        "20260011" => return refused("您的账号已停用"),
        "20260012" => return refused("您的密码已过期，请修改"),
        "20260013" => return refused("首次登录请修改密码"),
        "20260014" => return refused("您的账号已过期"),
        "20260015" => return refused("当前时间段不允许登录"),
        "20260016" => return refused("当前IP登录失败次数过多"),
        "20260017" => return refused("未绑定手机，请先绑定"),
        "20260018" => return refused("密码输入错误超过5次，账号被锁定，请30分钟后重试"),
        "20260019" => return refused("登录过于频繁，请稍后再试"),
        _ => {}
    }
    seen.count += 1;
    let ticket = format!("ST-{}-abc", seen.count);
    let location = format!("{SERVICE}?ticket={ticket}");
    seen.tickets
        .insert(ticket, user["user"].as_str().unwrap().to_owned());
    (StatusCode::FOUND, [("location", location)]).into_response()
}

async fn validate(State(state): State<SealedState>, Query(query): Query<Fields>) -> String {
    let ticket = query.get("ticket").cloned().unwrap_or_default();
    let user = state.seen.lock().unwrap().tickets.remove(&ticket);
    let success = json!({"user": user, "attributes": {"cn": ["张三"]}});
    json!({"serviceResponse": {"authenticationSuccess": success}}).to_string()
}

impl Subject for SealedModel {
    fn server(&self) -> SocketAddr {
        self.at
    }

    fn way(&self, at: SocketAddr, with_tls: bool, http: &Http) -> Box<dyn PasswordWay> {
        let (http, base) = (http.clone(), contract::cas(at, with_tls));
        match self.sealing {
            Sealing::Rsa => Box::new(ZfSoft::new(http, &base, SERVICE).unwrap()),
            Sealing::StrEnc => Box::new(Tpass::new(http, &base, SERVICE).unwrap()),
            Sealing::Croypto => Box::new(Croypto::new(http, &base, SERVICE).unwrap()),
        }
    }

    fn before_the_password(&self) -> usize {
        match self.sealing {
            // The page, the key, and whether there is a captcha.
            Sealing::Rsa => 3,
            Sealing::StrEnc | Sealing::Croypto => 1,
        }
    }

    fn accounts(&self) -> Accounts {
        Accounts {
            refused: contract::refusals(),
            ..Accounts::usual()
        }
    }
}

#[tokio::test]
async fn rsa_pages_hold_the_contract() {
    contract::holds(&SealedModel::start(Sealing::Rsa).await).await;
}

#[tokio::test]
async fn str_enc_pages_hold_the_contract() {
    contract::holds(&SealedModel::start(Sealing::StrEnc).await).await;
}

#[tokio::test]
async fn croypto_pages_hold_the_contract() {
    contract::holds(&SealedModel::start(Sealing::Croypto).await).await;
}

/// What the fields hold beside the password.
#[tokio::test]
async fn the_forms_are_filled_in_as_the_scripts_do_it() {
    for sealing in EACH {
        let model = SealedModel::start(sealing).await;
        let way = model.way(model.at, false, &contract::http(Trust::LoopbackOnly));
        let password = Secret::new("practice-0001".into());
        way.judge(&number("20260001"), &password).await.unwrap();
        let fields = model.seen.lock().unwrap().bodies[0].clone();
        let names: Vec<&str> = fields.keys().map(String::as_str).collect();
        let wanted: &[&str] = match sealing {
            Sealing::Rsa => &["_eventId", "authcode", "execution", "password", "username"],
            Sealing::StrEnc => &["_eventId", "execution", "lt", "pl", "rsa", "ul"],
            Sealing::Croypto => &[
                "_eventId",
                "captcha_code",
                "captcha_payload",
                "croypto",
                "execution",
                "geolocation",
                "password",
                "type",
                "username",
            ],
        };
        assert_eq!(names, wanted);
        assert!(
            !format!("{fields:?}").contains("practice-0001"),
            "{sealing:?}"
        );
        if sealing == Sealing::StrEnc {
            assert_eq!((&*fields["ul"], &*fields["pl"]), ("8", "13"));
        }
    }
}

/// The plain adapter sends nothing to a page that encrypts, and the doctor's probe fails with that reason.
#[tokio::test]
async fn the_plain_adapter_keeps_the_password_from_a_page_that_encrypts() {
    for sealing in EACH {
        let model = SealedModel::start(sealing).await;
        let http = contract::http(Trust::LoopbackOnly);
        let way = CasForm::new(http, &contract::cas(model.at, false), SERVICE).unwrap();
        let judged = way
            .judge(&number("20260001"), &Secret::new("practice-0001".into()))
            .await;
        let is_told = |why: &str| why.contains("encrypts the password");
        assert!(
            matches!(&judged, Err(Missed::Kept(Failure::Misconfigured(why))) if is_told(why)),
            "{sealing:?} {judged:?}"
        );
        let probed = way.probe().await;
        assert!(matches!(&probed[0].said, Err(Failure::Misconfigured(why)) if is_told(why)));
        assert!(model.seen.lock().unwrap().bodies.is_empty());
    }
}

#[tokio::test]
async fn a_captcha_of_a_page_that_encrypts_keeps_the_password() {
    let model = SealedModel::start(Sealing::Rsa).await;
    let way = model.way(model.at, false, &contract::http(Trust::LoopbackOnly));
    assert_eq!(way.probe().await[0].said, Ok(()));
    model.seen.lock().unwrap().wants_captcha = true;
    let judged = way
        .judge(&number("20260001"), &Secret::new("practice-0001".into()))
        .await;
    let another_way = Failure::Rejected(SignInRefusal::AnotherWay);
    assert_eq!(judged, Err(Missed::Kept(another_way)));
    assert!(
        matches!(&way.probe().await[0].said, Err(Failure::Misconfigured(why)) if why.contains("captcha"))
    );
    assert!(model.seen.lock().unwrap().bodies.is_empty());
}
