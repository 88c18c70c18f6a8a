//! (二) with a code that the campus makes, sends and checks: a whole visit, with a platform of the university's own on
//! loopback that judges by itself what is typed.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, mpsc};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{ZH, member, to_number};
use crate::support::kiosk::Place;
use crate::support::{ENTER, memory};

const KEY: &str = "canary-campus-key";
const MOBILE: &str = "13700137002";

/// The campus's platform: what it sent, by ticket and code, the last one last.
#[derive(Default)]
struct Codes {
    sent: Vec<(String, String)>,
    checks: usize,
    is_down: bool,
    has_expired: bool,
}

type Shared = Arc<Mutex<Codes>>;

fn says(code: &str) -> Response {
    Json(json!({ "code": code })).into_response()
}

async fn send(State(codes): State<Shared>, Json(asked): Json<Value>) -> Response {
    if asked["key"] != KEY || asked["mobile"] != MOBILE {
        return says("4001");
    }
    let mut codes = codes.lock().unwrap();
    let n = codes.sent.len();
    let ticket = format!("canary-ticket-{n}");
    codes
        .sent
        .push((ticket.clone(), format!("{}", 735_104 + n)));
    Json(json!({"code": "0", "data": {"ticket": ticket}})).into_response()
}

async fn check(State(codes): State<Shared>, Json(asked): Json<Value>) -> Response {
    let mut codes = codes.lock().unwrap();
    codes.checks += 1;
    if codes.is_down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let has_expired = std::mem::take(&mut codes.has_expired);
    match codes.sent.last() {
        Some((ticket, code)) if asked["ticket"] == *ticket && asked["key"] == KEY => {
            says(match () {
                () if has_expired => "2002",
                () if asked["code"] == *code => "0",
                () => "2001",
            })
        }
        _ => says("4001"),
    }
}

/// The platform, on a thread of its own.
fn platform() -> (SocketAddr, Shared) {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let codes = Shared::default();
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send((listener.local_addr().unwrap(), codes.clone()))
                .unwrap();
            let router = Router::new()
                .route("/api/code/send", post(send))
                .route("/api/code/check", post(check));
            let served = axum::serve(listener, router.with_state(codes));
            served.await.unwrap();
        });
    });
    told.recv().unwrap()
}

#[test]
fn another_number_with_a_code_that_the_campus_makes_and_checks() {
    let (at, codes) = platform();
    let place = Place::connected();
    place.secret_file("campus.secret", KEY);
    place.pack_section("[sms]\nresend_after_seconds = 1");
    place.sends_by(&format!(
        "[sms.campus]\nsend_address = \"http://{at}/api/code/send\"\nsend_body = \"json\"\n\
         send_content = ['{{\"key\": \"{{key}}\", \"mobile\": \"{{mobile}}\"}}']\naccepted = [\"0\"]\n\
         ticket_at = [\"/data/ticket\"]\n\
         check_address = \"http://{at}/api/code/check\"\ncheck_body = \"json\"\n\
         check_content = ['{{\"key\": \"{{key}}\", \"ticket\": \"{{ticket}}\", \"code\": \"{{code}}\"}}']\n\
         right = [\"0\"]\nwrong = [\"2001\"]\nexpired = [\"2002\"]\nkey_file = \"campus.secret\"\n"
    ));
    let code = |n: usize| codes.lock().unwrap().sent[n].1.clone();
    let mut desk = place.kiosk("zh-CN", 100, 45);
    to_number(&mut desk, &ZH, "20260002");
    desk.types(MOBILE).types(ENTER);
    desk.shows(ZH.ask).types("2");
    desk.shows(ZH.follow);
    place.campus().phone("scan-follow");
    desk.types(ENTER).shows(ZH.send_code).types(ENTER);
    desk.shows(ZH.code_sent);
    // Nobody knows whether it is right: no try is lost, and the desk does not ask again by itself.
    codes.lock().unwrap().is_down = true;
    desk.types(&code(0)).shows("暂时没有核对出结果");
    codes.lock().unwrap().is_down = false;
    desk.types("000000").shows("还可以试 4 次");
    assert_eq!(codes.lock().unwrap().checks, 2);
    // The platform's word that its code is over is taken, whatever the desk's own clock says.
    codes.lock().unwrap().has_expired = true;
    desk.types(&code(0)).shows("验证码过期了");
    desk.hides(ZH.code_sent).shows("S 重新发送").types("s");
    desk.shows(ZH.code_sent).shows("重发的是新验证码");
    assert_eq!(codes.lock().unwrap().sent.len(), 2);
    desk.types(&code(0)).shows("还可以试 4 次");
    assert_eq!(member(&place, "20260002")["status"], 4);
    desk.types(&code(1)).shows(ZH.bound);
    assert_eq!(member(&place, "20260002")["status"], 1);
    assert_eq!(codes.lock().unwrap().checks, 5);
    desk.types(ENTER).shows(ZH.welcome);
    memory::holds_none(desk.pid(), &[&code(0), &code(1)]);
    desk.signal("TERM");
    desk.ends();
    let log = std::fs::read_to_string(place.store().join("yingxin.log")).unwrap();
    assert!(log.contains("sms.campus.check"), "{log}");
    for secret in [KEY, "canary-ticket", MOBILE, &code(0), &code(1)] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}
