//! Login servers as campuses have them: what each page, redirect, cookie and validation leads to. A server of a few lines
//! answers as a case says, over a real socket.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use yingxin::campus::identity::{CasForm, Missed, PasswordWay};
use yingxin::campus::tls::Trust;
use yingxin::visit::{Failure, Secret, SignInRefusal, Student};

use super::house::number;
use crate::support::contract;

mod scripts;
mod storage;
mod validation;

const SERVICE: &str = "https://desk.example/a";
const TICKET: &str = "ST-1-abcDEF-cas";

/// A server that answers as the case says: `login`, `post` and `validate` hold status, type, charset, headers, location,
/// ticket and body; `{FORM}`, `{SERVICE}`, `{TICKET}` and `{FILL}` are filled in.
struct CaseServer {
    at: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    /// What was posted.
    bodies: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Clone)]
struct CaseState {
    case: Arc<Value>,
    asked: Arc<Mutex<Vec<String>>>,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl CaseServer {
    async fn start(case: Value) -> CaseServer {
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let bodies = Arc::<Mutex<Vec<String>>>::default();
        let state = CaseState {
            case: Arc::new(case),
            asked: asked.clone(),
            bodies: bodies.clone(),
        };
        let app = Router::new().fallback(answer).with_state(state);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        CaseServer {
            at,
            asked,
            bodies,
            task,
        }
    }

    fn way(&self) -> CasForm {
        let http = contract::http(Trust::LoopbackOnly);
        CasForm::new(http, &contract::cas(self.at, false), SERVICE).unwrap()
    }

    async fn sign_in(&self) -> Result<Student, Missed> {
        let password = Secret::new("secretpw1".into());
        self.way().judge(&number("20260001"), &password).await
    }

    /// The requests so far whose line begins so.
    fn asked(&self, begin: &str) -> usize {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|line| line.starts_with(begin)).count()
    }
}

impl Drop for CaseServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

const FORM: &str = "<form method=post action='/cas/login?service=x'><input type=text name=username>\
    <input type=password name=password><input type=hidden name=execution value=e1s1></form>";
const OK: &str = "<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'><cas:authenticationSuccess>\
    <cas:user>20260001</cas:user></cas:authenticationSuccess></cas:serviceResponse>";

async fn answer(State(state): State<CaseState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let cookie = parts
        .headers
        .get("cookie")
        .map_or("", |line| line.to_str().unwrap());
    let line = format!("{} {} {cookie}", parts.method, parts.uri);
    state.asked.lock().unwrap().push(line);
    let none = json!({});
    let part = |name: &str| state.case.get(name).unwrap_or(&none).clone();
    if path.contains("erviceValidate") {
        let validate = part("validate");
        if path.contains("/p3/") && validate["no_p3"] == json!(true) {
            return StatusCode::NOT_FOUND.into_response();
        }
        if let Some(p3) = validate.get("p3").filter(|_| path.contains("/p3/")) {
            return give(p3, "");
        }
        return give(&validate, OK);
    }
    if parts.method == "POST" {
        let body = axum::body::to_bytes(body, 64 * 1024).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        state.bodies.lock().unwrap().push(body);
        if let Some(page) = state.case["posts"].get(&path) {
            return give(page, "");
        }
        let default = json!({"status": 302, "location": "{SERVICE}?ticket={TICKET}"});
        return give(state.case.get("post").unwrap_or(&default), "");
    }
    if let Some(page) = state.case["paths"].get(&path) {
        return give(page, "");
    }
    let login = part("login");
    let at = path
        .rsplit_once("hop")
        .map_or(0, |(_, n)| n.parse::<u64>().unwrap());
    if at < login["hops"].as_u64().unwrap_or(0) {
        let location = format!("/cas/hop{}", at + 1);
        return give(&json!({"status": 302, "location": location}), "");
    }
    give(&login, "<html><body>{FORM}</body></html>")
}

fn give(part: &Value, default: &str) -> Response {
    let fill = usize::try_from(part["fill"].as_u64().unwrap_or(0)).unwrap();
    let ticket = part["ticket"].as_str().unwrap_or(TICKET);
    let filled = |text: &str| {
        text.replace("{FORM}", FORM)
            .replace("{SERVICE}", SERVICE)
            .replace("{TICKET}", ticket)
            .replace("{FILL}", &"A".repeat(fill))
    };
    let text = filled(part["body"].as_str().unwrap_or(default));
    let charset = part["charset"].as_str().unwrap_or("utf-8");
    let encoding = encoding_rs::Encoding::for_label(charset.as_bytes()).unwrap();
    let mut body = encoding.encode(&text).0.into_owned();
    if part["bom"] == json!(true) {
        body.splice(0..0, *b"\xef\xbb\xbf");
    }
    let mut headers = HeaderMap::new();
    let default_type = format!("text/html;charset={charset}");
    let content_type = part["type"].as_str().unwrap_or(&default_type);
    headers.insert("content-type", content_type.parse().unwrap());
    if part["gzip"] == json!(true) {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&body).unwrap();
        body = packed.finish().unwrap();
        headers.insert("content-encoding", "gzip".parse().unwrap());
    }
    if let Some(location) = part["location"].as_str() {
        headers.insert("location", filled(location).parse().unwrap());
    }
    for line in part["cookies"].as_array().into_iter().flatten() {
        headers.append("set-cookie", line.as_str().unwrap().parse().unwrap());
    }
    let status = u16::try_from(part["status"].as_u64().unwrap_or(200)).unwrap();
    (
        StatusCode::from_u16(status).unwrap(),
        headers,
        Bytes::from(body),
    )
        .into_response()
}

async fn signed_in(case: Value) -> Result<Student, Missed> {
    CaseServer::start(case).await.sign_in().await
}

async fn refused(case: Value) -> SignInRefusal {
    match signed_in(case.clone()).await {
        Err(Missed::Sent(Failure::Rejected(why))) => why,
        other => panic!("{case}: {other:?}"),
    }
}

#[tokio::test]
async fn a_warning_of_a_lock_is_a_wrong_password() {
    for body in [
        "<html><body>用户名或密码错误，还可以尝试4次，4次后账号将被锁定{FORM}</body></html>",
        "<p>连续输错5次密码，账号将被锁定30分钟</p>{FORM}",
        "用户名或密码错误，您还有2次机会，之后账号将被锁定{FORM}",
        "连续错误5次账户将被冻结{FORM}",
    ] {
        let why = refused(json!({"post": {"status": 401, "body": body}})).await;
        assert_eq!(why, SignInRefusal::WrongPassword, "{body}");
    }
    // And a lock is one, also where the login page warns of it.
    let tip = "<p>连续输错5次账号将被锁定15分钟</p>{FORM}";
    let locked = format!("<p>您的账号已被锁定</p>{tip}");
    let case = json!({"login": {"body": tip}, "post": {"body": locked}});
    assert_eq!(refused(case).await, SignInRefusal::Locked);
}

#[tokio::test]
async fn a_password_that_must_be_changed_is_right() {
    for post in [
        json!({"body": "<html><body><h2>You must change your password.</h2><form method='post'>\
            <input type='password' name='password'><input type='password' name='confirmedPassword'></form></body></html>"}),
        json!({"body": "<p>您的密码过于简单，请修改初始密码</p><form><input type=password name=old>\
            <input type=password name=new><input type=password name=again></form>"}),
        json!({"body": "<h2>您的密码已过期</h2>"}),
        json!({"body": "<h2>Your password has expired.</h2>"}),
        json!({"status": 302, "location": "/im/securitycenter/modifyPwd/index.zf"}),
    ] {
        let case = json!({"post": post, "paths": {"/im/securitycenter/modifyPwd/index.zf": {"body": "{FORM}"}}});
        assert_eq!(refused(case).await, SignInRefusal::MustChange);
    }
}

#[tokio::test]
async fn a_session_that_expired_is_not_the_account() {
    for words in [
        "<div id=\"msg\">页面会话已失效，请刷新后重新登录</div>",
        "Your session has expired.",
    ] {
        let body = format!("<html><body>{words}{{FORM}}</body></html>");
        let judged = signed_in(json!({"post": {"body": body}})).await;
        assert_eq!(judged, Err(Missed::Sent(Failure::Unavailable)), "{words}");
    }
}

#[tokio::test]
async fn a_page_is_read_in_its_own_charset() {
    let body = "<html><head><meta charset=\"gbk\"></head><body>您的账号已被锁定，请30分钟后再试{FORM}</body></html>";
    let locked = SignInRefusal::LockedFor(Duration::from_secs(1800));
    for content_type in ["text/html;charset=gbk", "text/html"] {
        let post = json!({"status": 401, "charset": "gbk", "type": content_type, "body": body});
        assert_eq!(
            refused(json!({"post": post})).await,
            locked,
            "{content_type}"
        );
    }
    let in_utf_8 = json!({"post": {"status": 401, "body": body.replace("gbk", "utf-8")}});
    assert_eq!(refused(in_utf_8).await, locked);
    let alert = json!({"post": {"charset": "gbk", "body": "<script>alert(\"账号已被锁定\")</script>{FORM}"}});
    assert_eq!(refused(alert).await, SignInRefusal::Locked);
}

#[tokio::test]
async fn a_ticket_comes_in_every_form() {
    for post in [
        json!({"status": 302, "location": "{SERVICE}?ticket={TICKET}", "ticket": "ST-18-EHOFexample-https%3A%2F%2Fsso.example.edu%3A8443%2Fcas"}),
        json!({"status": 302, "location": "{SERVICE};jsessionid=A1?ticket=ST-1-a"}),
        json!({"status": 303, "location": "/cas/bounce"}),
        json!({"body": "<script>location.href='{SERVICE}?ticket={TICKET}'</script>"}),
        json!({"body": "<meta http-equiv=refresh content='0;url={SERVICE}?ticket={TICKET}'>"}),
        json!({"body": "<meta http-equiv=refresh content='1; url=/cas/bounce'>"}),
        json!({"type": "application/json", "body": "{\"data\":{\"url\":\"{SERVICE}?ticket={TICKET}\"}}"}),
    ] {
        let bounce = json!({"status": 302, "location": "{SERVICE}?ticket=ST-1-abc"});
        let case = json!({"post": post, "paths": {"/cas/bounce": bounce}});
        let student = signed_in(case).await.unwrap();
        assert_eq!(student.number.as_str(), "20260001", "{post}");
    }
    // The ticket is handed back as it came.
    let server = CaseServer::start(
        json!({"post": {"status": 302, "location": "{SERVICE}?ticket=ST-1-https%3A%2F%2Fs"}}),
    )
    .await;
    server.sign_in().await.unwrap();
    let encoded = "ticket=ST-1-https%3A%2F%2Fs";
    assert!(
        server
            .asked
            .lock()
            .unwrap()
            .iter()
            .any(|line| line.contains("erviceValidate") && line.contains(encoded))
    );
}

#[tokio::test]
async fn a_server_that_answers_is_read_or_told_as_what_it_is() {
    for case in [
        json!({"login": {"hops": 4}}),
        json!({"login": {"hops": 19}}),
        json!({"login": {"fill": 300_000, "body": "<img src='data:,{FILL}'>{FORM}"}}),
        json!({"login": {"gzip": true}, "validate": {"gzip": true}}),
        json!({"validate": {"bom": true}}),
        json!({"login": {"bom": true}}),
        json!({"validate": {"no_p3": true}}),
    ] {
        let student = signed_in(case.clone()).await;
        assert_eq!(student.unwrap().number.as_str(), "20260001", "{case}");
    }
    for (case, wanted) in [
        (json!({"login": {"hops": 30}}), "more than 20 redirects"),
        (
            json!({"login": {"fill": 2_000_000, "body": "{FILL}{FORM}"}}),
            "longer than 1024 KiB",
        ),
        (
            json!({"login": {"fill": 2_000_000, "gzip": true, "body": "{FILL}{FORM}"}}),
            "longer than 1024 KiB",
        ),
        (
            json!({"login": {"status": 302, "location": "https://other.example/cas/login"}}),
            "another server (other.example)",
        ),
        (
            json!({"login": {"body": "<h1>hello</h1>"}}),
            "no login form",
        ),
    ] {
        let judged = signed_in(case.clone()).await;
        assert!(
            matches!(&judged, Err(Missed::Kept(Failure::Misconfigured(why))) if why.contains(wanted)),
            "{case}: {judged:?}"
        );
    }
    for (post, wanted) in [
        (
            json!({"status": 200, "body": "<h1>Verification</h1><form><input name=code></form>"}),
            SignInRefusal::AnotherWay,
        ),
        (
            json!({"status": 200, "body": "<p>使用条款</p><form><input type=hidden name=a value=b></form>"}),
            SignInRefusal::AnotherWay,
        ),
        (
            json!({"status": 302, "location": "https://other.example/mfa"}),
            SignInRefusal::AnotherWay,
        ),
        (
            json!({"status": 200, "body": "您的IP已被限制访问{FORM}"}),
            SignInRefusal::AddressBarred,
        ),
    ] {
        assert_eq!(refused(json!({"post": post})).await, wanted, "{post}");
    }
    let circle = json!({"post": {"status": 302, "location": "/cas/login"}, "login": {"status": 302, "location": "/cas/login", "hops": 0}});
    assert!(matches!(
        signed_in(circle).await,
        Err(Missed::Kept(Failure::Misconfigured(_)))
    ));
}

/// A notice where the form should stand is the server's, not the configuration's.
#[tokio::test]
async fn a_page_of_maintenance_is_no_fault_of_the_desk() {
    let notice = json!({"body": "<h1>统一身份认证系统升级中</h1>"});
    let instead = signed_in(json!({"login": notice})).await;
    assert_eq!(instead, Err(Missed::Kept(Failure::Unavailable)));
    let after = signed_in(json!({"post": notice})).await;
    assert_eq!(after, Err(Missed::Sent(Failure::Unavailable)));
}

/// One POST, whatever comes after it.
#[tokio::test]
async fn the_form_is_sent_once() {
    for post in [
        json!({"status": 307, "location": "/cas/login?again"}),
        json!({"status": 302, "location": "/cas/login?again"}),
        json!({"body": "页面会话已失效{FORM}"}),
    ] {
        let server = CaseServer::start(json!({"post": post})).await;
        assert!(matches!(server.sign_in().await, Err(Missed::Sent(_))));
        assert_eq!(server.asked("POST"), 1, "{post}");
    }
}

#[tokio::test]
async fn the_form_is_chosen_by_its_user_field() {
    let sms = "<form action='/sms'><input name=mobile><input type=password name=dynamicCode></form>{FORM}";
    let server = CaseServer::start(json!({"login": {"body": sms}})).await;
    server.sign_in().await.unwrap();
    assert_eq!(
        (server.asked("POST /cas/login"), server.asked("POST /sms")),
        (1, 0)
    );
    let hidden = "<form method=post><input name=username><input type=password name=password>\
        <div style='display:none'><input name=captcha></div></form>";
    let server = CaseServer::start(json!({"login": {"body": hidden}})).await;
    server.sign_in().await.unwrap();
    let shown = hidden.replace("display:none", "");
    let server = CaseServer::start(json!({"login": {"body": shown}})).await;
    let another_way = Failure::Rejected(SignInRefusal::AnotherWay);
    assert_eq!(server.sign_in().await, Err(Missed::Kept(another_way)));
    let probed = server.way().probe().await;
    assert!(matches!(&probed[0].said, Err(Failure::Misconfigured(why)) if why.contains("captcha")));
    assert_eq!(server.asked("POST"), 0);
}

#[tokio::test]
async fn cookies_go_back_by_path_and_age() {
    let cookies = json!([
        "a=root; Path=/",
        "a=cas; Path=/cas",
        "b=1; Path=/other",
        "c=old; Max-Age=0",
        "d=1"
    ]);
    let server = CaseServer::start(json!({"login": {"cookies": cookies}})).await;
    server.sign_in().await.unwrap();
    let asked = server.asked.lock().unwrap().clone();
    let post = asked.iter().find(|line| line.starts_with("POST")).unwrap();
    assert!(post.ends_with(" a=cas; d=1; a=root"), "{post}");
}
