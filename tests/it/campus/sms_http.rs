//! `[sms.http]`: each recipe of `yingxin help sms` sends a message to a server on loopback that checks what it gets as the
//! platform's public document says, with its own computation of every digest, and answers as the document says.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::GBK;
use serde_json::{Value, json};
use yingxin::campus::{Campus, Unsent};
use yingxin::cli_error::Exit;
use yingxin::visit::{Failure, SmsRefusal};

use super::house::mobile;
use super::sms_platform;
use super::sms_platform::{ACCOUNT, Asked, KEY, NUMBER, PASSWORD, Platform, digest, form, utf8};

async fn send(campus: &Campus) -> Result<(), Unsent> {
    let to = mobile(NUMBER);
    let sms = campus.sms.as_ref().unwrap();
    sms.send(&to, &sms_platform::code()).await.map(|receipt| {
        assert_eq!((receipt.carrier, receipt.mobile), ("http", to));
    })
}

fn code() -> String {
    sms_platform::code().expose().to_owned()
}

/// Sends once and gives what arrived.
async fn sent(platform: &Platform, campus: &Campus) -> Asked {
    let before = platform.asked().len();
    assert_eq!(send(campus).await, Ok(()));
    let asked = platform.asked();
    assert_eq!(asked.len(), before + 1, "handed over once");
    let last = asked.last().unwrap().clone();
    for secret in [ACCOUNT, PASSWORD, KEY, &code()] {
        assert!(!last.target.contains(secret), "{}", last.target);
    }
    last
}

/// What each answer leads to. No answer leads to a second message.
async fn answers(platform: &Platform, campus: &Campus, rows: &[(u16, String, Wanted)]) {
    for (status, body, wanted) in rows {
        platform.says(*status, body.clone());
        let unsent = send(campus).await.unwrap_err();
        let fits = match (&unsent.why, wanted) {
            (Failure::Rejected(why), Wanted::Refused(refusal)) => why == refusal,
            (Failure::Limited { .. }, Wanted::Limited) => true,
            (Failure::Misconfigured(text), Wanted::Misconfigured(code)) => text.contains(code),
            (Failure::Unavailable, Wanted::Unknown) => true,
            _ => false,
        };
        assert!(fits, "{status} {body}: {unsent:?}");
        assert_eq!(
            unsent.is_certain,
            !matches!(wanted, Wanted::Unknown),
            "{body}"
        );
    }
}

enum Wanted {
    Refused(SmsRefusal),
    Limited,
    Misconfigured(&'static str),
    Unknown,
}

fn gbk(bytes: &[u8]) -> String {
    let (text, _, has_errors) = GBK.decode(bytes);
    assert!(!has_errors);
    text.into_owned()
}

#[tokio::test]
async fn yunmas_takes_json_in_base64_with_its_mac() {
    let platform = Platform::new().await;
    let campus = platform.recipe("云MAS");
    platform.says(
        200,
        json!({"msgGroup": "0906", "rspcod": "success", "success": true}).to_string(),
    );
    let asked = sent(&platform, &campus).await;
    assert_eq!(
        (asked.method, asked.target.as_str()),
        (Method::POST, "/sms/tmpsubmit")
    );
    let body: Value = serde_json::from_slice(&STANDARD.decode(&asked.body).unwrap()).unwrap();
    let field = |name: &str| body[name].as_str().unwrap().to_owned();
    // The document's order: ecName, apId, secretKey, templateId, mobiles, params, sign, addSerial.
    let params = format!("[\"{}\"]", code());
    assert_eq!(
        (field("mobiles"), field("params")),
        (NUMBER.into(), params.clone())
    );
    let of = [
        &field("ecName"),
        &field("apId"),
        KEY,
        &field("templateId"),
        NUMBER,
        &params,
        &field("sign"),
        "",
    ];
    assert_eq!(field("mac"), digest("md5sum", &of.concat()));
    assert!(!body.to_string().contains(KEY));
    let says = |code: &str| json!({"msgGroup": "", "rspcod": code, "success": false}).to_string();
    answers(
        &platform,
        &campus,
        &[
            (200, says("IllegalMac"), Wanted::Misconfigured("IllegalMac")),
            (
                200,
                says("InvalidUsrOrPwd"),
                Wanted::Misconfigured("InvalidUsrOrPwd"),
            ),
            (
                200,
                says("InvalidMobile"),
                Wanted::Refused(SmsRefusal::BadNumber),
            ),
            (200, says("SomethingNew"), Wanted::Unknown),
        ],
    )
    .await;
}

#[tokio::test]
async fn huawei_takes_a_wsse_digest_in_the_headers() {
    let platform = Platform::new().await;
    let campus = platform.recipe("华为云");
    let says = |code: &str, status: &str| {
        json!({"code": code, "description": "", "result": [{"originTo": "+86139", "status": status}]}).to_string()
    };
    platform.says(200, says("000000", "000000"));
    let asked = sent(&platform, &campus).await;
    let header = |name: &str| asked.headers[name].to_str().unwrap();
    assert_eq!(
        header("authorization"),
        "WSSE realm=\"SDP\",profile=\"UsernameToken\",type=\"Appkey\""
    );
    assert_eq!(header("content-type"), "application/x-www-form-urlencoded");
    let wsse = header("x-wsse");
    let part = |name: &str| {
        let (_, rest) = wsse.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    assert_eq!(part("Username"), ACCOUNT);
    let (nonce, created) = (part("Nonce"), part("Created"));
    assert!(
        nonce.len() == 32 && created.len() == 20 && created.ends_with('Z'),
        "{wsse}"
    );
    let computed = digest("sha256sum", &format!("{nonce}{created}{PASSWORD}"));
    assert_eq!(part("PasswordDigest"), STANDARD.encode(computed));
    assert!(!wsse.contains(PASSWORD));
    let fields = form(&asked.body, utf8);
    assert_eq!(fields["to"], format!("+86{NUMBER}"));
    assert_eq!(fields["templateParas"], format!("[\"{}\"]", code()));
    assert_eq!(fields["signature"], "某某大学");
    let again = sent(&platform, &campus).await;
    assert_ne!(
        again.headers["x-wsse"], asked.headers["x-wsse"],
        "a nonce is used once"
    );
    let bare = |code: &str| json!({"code": code, "description": "x"}).to_string();
    answers(
        &platform,
        &campus,
        &[
            (401, bare("E000105"), Wanted::Misconfigured("E000105")),
            (403, bare("E000620"), Wanted::Misconfigured("E000620")),
            (
                200,
                says("E200037", "E200028"),
                Wanted::Misconfigured("E200028"),
            ),
            (200, says("E200037", "E200015"), Wanted::Limited),
            (400, bare("E000000"), Wanted::Unknown),
        ],
    )
    .await;
}

#[tokio::test]
async fn yunpian_takes_a_form_and_refuses_with_status_400() {
    let platform = Platform::new().await;
    let campus = platform.recipe("云片");
    let taken = json!({"code": 0, "msg": "发送成功", "count": 1, "fee": 0.05, "mobile": NUMBER, "sid": 3_310_228_982_u64});
    platform.says(200, taken.to_string());
    let asked = sent(&platform, &campus).await;
    let fields = form(&asked.body, utf8);
    assert_eq!(fields["apikey"], KEY);
    assert_eq!(fields["mobile"], NUMBER);
    assert_eq!(
        fields["text"],
        format!("【某某大学】您的验证码是{}", code())
    );
    let says = |code: i64| json!({"http_status_code": 400, "code": code, "msg": "x"}).to_string();
    answers(
        &platform,
        &campus,
        &[
            (400, says(22), Wanted::Limited),
            (400, says(-1), Wanted::Misconfigured("-1")),
            (400, says(10), Wanted::Refused(SmsRefusal::Blocked)),
            (400, says(4), Wanted::Refused(SmsRefusal::Other)),
            (400, says(-51), Wanted::Unknown),
            // A success that HTTP denies is none.
            (400, says(0), Wanted::Unknown),
        ],
    )
    .await;
}

#[tokio::test]
async fn chuanglan_takes_json_with_its_account() {
    let platform = Platform::new().await;
    let campus = platform.recipe("创蓝");
    let says = |code: &str| {
        json!({"code": code, "msgId": "17041010383624511", "errorMsg": ""}).to_string()
    };
    platform.says(200, says("0"));
    let asked = sent(&platform, &campus).await;
    assert_eq!(asked.headers["content-type"], "application/json");
    let body: Value = serde_json::from_slice(&asked.body).unwrap();
    assert_eq!(
        (&body["account"], &body["password"]),
        (&json!(ACCOUNT), &json!(PASSWORD))
    );
    assert_eq!(body["phone"], NUMBER);
    assert!(body["msg"].as_str().unwrap().contains(&code()));
    answers(
        &platform,
        &campus,
        &[
            (200, says("102"), Wanted::Misconfigured("102")),
            (200, says("103"), Wanted::Limited),
            (200, says("107"), Wanted::Refused(SmsRefusal::BadNumber)),
            (200, says("104"), Wanted::Unknown),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_campus_platform_takes_gbk_and_answers_xml() {
    let platform = Platform::new().await;
    let campus = platform.recipe("A campus's own platform, XML in GBK");
    let says = |status: &str, message: &str| {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"gb2312\" ?><returnsms>\n <returnstatus>{status}</returnstatus>\n <message>{message}</message>\n <remainpoint>7</remainpoint>\n <taskID>1</taskID>\n</returnsms>"
        );
        GBK.encode(&text).0.into_owned()
    };
    platform.says(200, says("Success", "操作成功"));
    let asked = sent(&platform, &campus).await;
    assert_eq!(
        asked.headers["content-type"],
        "application/x-www-form-urlencoded; charset=GBK"
    );
    let fields = form(&asked.body, gbk);
    assert_eq!(
        (fields["action"].as_str(), fields["password"].as_str()),
        ("send", PASSWORD)
    );
    assert_eq!(
        fields["content"],
        format!("您的迎新验证码是{}，五分钟内有效。【某某大学】", code())
    );
    for (body, wanted) in [
        (says("Faild", "用户名或密码错误"), Some(SmsRefusal::Other)),
        (says("Queued", ""), None),
        (b"<html>busy</html>".to_vec(), None),
    ] {
        platform.says(200, body);
        let unsent = send(&campus).await.unwrap_err();
        let why = wanted.map_or(Failure::Unavailable, Failure::Rejected);
        assert_eq!((unsent.why, unsent.is_certain), (why, wanted.is_some()));
    }
}

/// A platform in its simplest form, with more settings behind it.
fn plain(more: &str) -> String {
    let content = "[\"to={mobile}\", \"code={code}\", \"key={key}\"]";
    let lists = "accepted = [\"0\"]\nrefused = [\"9\"]\n";
    format!(
        "[sms.http]\naddress = \"https://sms.example.edu/send\"\ncontent = {content}\nkey_file = \"key.secret\"\n{lists}{more}"
    )
}

#[tokio::test]
async fn a_hostile_answer_tells_nothing_and_leads_nowhere() {
    let platform = Platform::new().await;
    let campus = platform.campus(&plain("")).unwrap();
    let deep = "[".repeat(50_000);
    for body in [
        String::new(),
        "not json".into(),
        deep,
        format!("{{\"code\": \"{}\"}}", "0".repeat(200_000)),
        "{\"code\": null}".into(),
        "\u{feff}{\"code\": \"00\"}".into(),
    ] {
        platform.says(200, body.clone());
        let unsent = send(&campus).await.unwrap_err();
        let head: String = body.chars().take(20).collect();
        assert_eq!(
            (unsent.why, unsent.is_certain),
            (Failure::Unavailable, false),
            "{head}"
        );
    }
    // A redirect is not followed: the secrets stay with the server that they were meant for.
    let before = platform.asked().len();
    platform.leads_to(format!("{}/elsewhere", platform.url));
    let unsent = send(&campus).await.unwrap_err();
    assert_eq!(
        (unsent.why, unsent.is_certain),
        (Failure::Unavailable, false)
    );
    let asked = platform.asked();
    assert_eq!(asked.len(), before + 1);
    assert!(asked.iter().all(|one| one.target == "/send"));
    // A mark of the byte order is no part of the answer.
    platform.says(200, "\u{feff}{\"code\": 0}");
    assert_eq!(send(&campus).await, Ok(()));
    // What an answer repeats of the request reaches no volunteer and no log.
    let repeats = plain(&format!("wrong_settings = [\"{KEY}\"]\n"));
    let campus = platform.campus(&repeats).unwrap();
    platform.says(200, json!({"code": KEY}).to_string());
    match send(&campus).await.unwrap_err().why {
        Failure::Misconfigured(text) => {
            assert!(text.contains("***") && !text.contains(KEY), "{text}")
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn no_answer_is_unknown_and_no_connection_is_not_sent() {
    let platform = Platform::new().await;
    let campus = platform.campus(&plain("")).unwrap();
    platform.says(500, "{\"code\": 0}");
    let unsent = send(&campus).await.unwrap_err();
    assert_eq!(
        (unsent.why, unsent.is_certain),
        (Failure::Unavailable, false)
    );
    platform.says(404, "");
    let listed = platform
        .campus(&plain("wrong_settings = [\"http-404\"]\n"))
        .unwrap();
    let unsent = send(&listed).await.unwrap_err();
    assert!(matches!(unsent.why, Failure::Misconfigured(text) if text.contains("http-404")));
    let nowhere = plain("").replace("https://sms.example.edu", "http://127.0.0.1:1");
    let campus = platform.campus(&nowhere).unwrap();
    let unsent = send(&campus).await.unwrap_err();
    assert_eq!((unsent.why, unsent.is_certain), (Failure::Offline, true));
}

#[tokio::test]
async fn a_probe_sends_nothing() {
    let platform = Platform::new().await;
    let campus = platform.campus(&plain("")).unwrap();
    let sms = campus.sms.as_ref().unwrap();
    for (status, is_well) in [(200, true), (405, true), (302, true), (500, false)] {
        platform.says(status, "");
        let probed = sms.probe().await;
        let [one] = probed.as_slice() else {
            panic!("{probed:?}")
        };
        assert_eq!(
            (one.gateway, one.said.is_ok()),
            ("sms.http", is_well),
            "{status}"
        );
    }
    for asked in platform.asked() {
        assert_eq!(
            (asked.method, asked.target.as_str()),
            (Method::HEAD, "/send")
        );
        let told = format!("{:?}", asked.headers);
        assert!(asked.body.is_empty() && !told.contains(KEY), "{told}");
    }
}

#[tokio::test]
async fn what_cannot_work_is_a_configuration_error_with_its_line() {
    let platform = Platform::new().await;
    for (change, to, line, what, remedy) in [
        (
            "to={mobile}",
            "to={moblie}",
            3,
            "{moblie} is no placeholder",
            "did you mean `mobile`?",
        ),
        (
            "edu/send",
            "edu/send?k={key}",
            2,
            "{key} stands in an address",
            "send it in `content`",
        ),
        (
            "edu/send",
            "edu/send?token=s3cret",
            2,
            "a secret seems to stand in the field token",
            "put it into a file",
        ),
        (
            "key={key}",
            "password=s3cret",
            3,
            "a secret seems to stand in the field password",
            "put it into a file",
        ),
        (
            "to={mobile}",
            "to=me",
            3,
            "{mobile} stands nowhere in the request",
            "put it into `content`",
        ),
        (
            "code={code}",
            "code=1",
            3,
            "neither {text} nor {code} stands in the request",
            "put it into `content`",
        ),
        (
            "key={key}",
            "key={password}",
            0,
            "is missing",
            "add `password_file = ...` to [sms.http]",
        ),
        (
            "key={key}",
            "key={digest}",
            0,
            "is missing",
            "add `digest = ...` to [sms.http]",
        ),
        (
            "key={key}",
            "text={text}",
            0,
            "is missing",
            "add `text = ...` to [sms.http]",
        ),
        (
            "accepted",
            "blocked",
            0,
            "is missing",
            "add `accepted = ...` to [sms.http]",
        ),
        (
            "[\"9\"]",
            "[\"9\", \"0\"]",
            6,
            "the code 0 stands in two lists",
            "leave it in the one",
        ),
        (
            "accepted",
            "method = \"GET\"\naccepted",
            5,
            "GET, and `content` holds a body",
            "write method",
        ),
        (
            "accepted",
            "headers = [\"Host: x\"]\naccepted",
            5,
            "the header host is set by the program",
            "take it out",
        ),
        (
            "accepted",
            "headers = [\"Authorization: Bearer abc\"]\naccepted",
            5,
            "a secret seems to stand in the header Authorization",
            "put it into a file",
        ),
        (
            "accepted",
            "text = \"no place\"\naccepted",
            5,
            "the message does not hold {code}",
            "write {code} once",
        ),
        (
            "accepted",
            "code_at = [\"code\"]\naccepted",
            5,
            "\"code\" is no place in an answer",
            "begin with a slash",
        ),
        (
            "key={key}",
            "key={key}\", \"sign=🙂",
            3,
            "holds a character that the charset does not have",
            "write it otherwise",
        ),
        (
            "edu/send\"",
            "edu/send?s={digest}\"\ndigest = \"md5\"\ndigest_of = \"{key}\"",
            2,
            "the digest in the address is the same each time",
            "put {time} or {nonce} into digest_of",
        ),
        (
            "accepted",
            "digest_of = \"{digest}\"\naccepted",
            5,
            "cannot be computed from itself",
            "take {digest} out",
        ),
    ] {
        let text = plain("charset = \"gbk\"\n").replacen(change, to, 1);
        let complaint = platform
            .campus(&text)
            .err()
            .unwrap_or_else(|| panic!("{text}"));
        assert_eq!(complaint.exit, Exit::Configuration, "{text}");
        let place = match line {
            0 => "yingxin.toml".to_owned(),
            line => format!("yingxin.toml:{line}"),
        };
        assert!(complaint.what.contains(&place), "{}", complaint.what);
        assert!(complaint.what.contains(what), "{}", complaint.what);
        assert!(complaint.remedy.contains(remedy), "{}", complaint.remedy);
        assert!(!format!("{complaint:?}").contains("s3cret"));
    }
    assert!(platform.asked().is_empty());
}
