//! SMS by Aliyun against a service on loopback that checks what it is sent. That the signature itself is right is shown
//! beside it, by the requests of the vendor's own SDK (tests/vectors).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use yingxin::campus::http::{Http, HttpOptions, Timing, Trust};
use yingxin::campus::sms::{Aliyun, aliyun::AliyunOptions};
use yingxin::campus::{MessageFate, Receipt, Sms, Unsent};
use yingxin::visit::{CodeKey, Failure, Nonce, Secret, SmsRefusal, VisitId};

use super::house::{DEADLINE, mobile};

const NUMBER: &str = "13900139001";

type Params = BTreeMap<String, String>;

/// What the service answers next, and what it was asked.
#[derive(Default)]
struct Desk {
    answer: (u16, Value),
    /// How far its clock is ahead, in seconds.
    ahead: i64,
    asked: Vec<(String, Params, HeaderMap)>,
}

pub struct Service {
    desk: Arc<Mutex<Desk>>,
    pub url: String,
}

impl Service {
    pub async fn new() -> Service {
        let desk = Arc::new(Mutex::new(Desk::default()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = axum::Router::new()
            .route("/", axum::routing::post(answer))
            .with_state(desk.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Service { desk, url }
    }

    /// Each call so far: its action, what it said, its headers.
    pub fn asked(&self) -> Vec<(String, Params, HeaderMap)> {
        self.desk.lock().unwrap().asked.clone()
    }

    pub fn is_ahead(&self, seconds: i64) {
        self.desk.lock().unwrap().ahead = seconds;
    }

    pub fn says(&self, status: u16, answer: Value) {
        self.desk.lock().unwrap().answer = (status, answer);
    }

    fn sms(&self) -> Aliyun {
        let http = Http::new(&HttpOptions {
            timing: Timing {
                total: DEADLINE,
                ..Timing::default()
            },
            trust: Trust::LoopbackOnly,
        });
        let secret = |text: &str| Secret::new(text.to_owned());
        let options = AliyunOptions {
            endpoint: self.url.clone(),
            key_id: secret("FAKEID"),
            key: secret("fake+/=key"),
            sign: "练习大学 A".into(),
            template: "SMS_1".into(),
            parameter: "code".into(),
        };
        Aliyun::new(http.unwrap(), options).unwrap()
    }
}

async fn answer(
    State(desk): State<Arc<Mutex<Desk>>>,
    Query(params): Query<Params>,
    headers: HeaderMap,
) -> Response {
    let mut desk = desk.lock().unwrap();
    let action = headers["x-acs-action"].to_str().unwrap().to_owned();
    desk.asked.push((action, params, headers));
    let (status, answer) = desk.answer.clone();
    let status = StatusCode::from_u16(status).unwrap();
    let now = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(desk.ahead);
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    (status, [("date", date)], Json(answer)).into_response()
}

async fn send(sms: &Aliyun) -> Result<Receipt, Unsent> {
    let to = mobile(NUMBER);
    let code = CodeKey::new([7; 32]).derive(VisitId(1), &to, Nonce(1));
    sms.send(&to, &code).await
}

#[tokio::test]
async fn a_message_is_asked_for_as_the_vendors_sdk_does() {
    let service = Service::new().await;
    service.says(200, json!({"Code": "OK", "BizId": "900619746936498440^0"}));
    let receipt = send(&service.sms()).await.unwrap();
    assert_eq!(
        (receipt.carrier, receipt.id.as_str()),
        ("aliyun", "900619746936498440^0")
    );
    let made: Value = serde_json::from_str(include_str!("../../vectors/aliyun.json")).unwrap();
    let theirs = &made["requests"][0];
    let asked = service.desk.lock().unwrap().asked.pop().unwrap();
    let (action, params, headers) = asked;
    assert_eq!(action, "SendSms");
    let target = theirs["target"].as_str().unwrap();
    let url = reqwest::Url::parse(&format!("http://h{target}")).unwrap();
    let names: Vec<String> = url.query_pairs().map(|(name, _)| name.into()).collect();
    assert_eq!(params.keys().cloned().collect::<Vec<_>>(), names);
    assert_eq!(params["SignName"], "练习大学 A");
    let parameter: Value = serde_json::from_str(&params["TemplateParam"]).unwrap();
    assert_eq!(parameter["code"].as_str().unwrap().len(), 6);
    for name in ["x-acs-version", "x-acs-content-sha256"] {
        assert_eq!(headers[name], theirs["headers"][name].as_str().unwrap());
    }
    let authorization = headers["authorization"].to_str().unwrap();
    assert!(authorization.starts_with("ACS3-HMAC-SHA256 Credential=FAKEID,SignedHeaders=host;"));
    assert!(!authorization.contains("fake+/=key"));
}

#[tokio::test]
async fn what_became_of_a_message_is_told() {
    let service = Service::new().await;
    service.says(200, json!({"Code": "OK", "BizId": "9^0"}));
    let sms = service.sms();
    let receipt = send(&sms).await.unwrap();
    let report = |status: u8, code: &str| {
        let detail = json!({"SendStatus": status, "ErrCode": code, "PhoneNum": NUMBER});
        let details = json!({"SmsSendDetailDTO": [detail]});
        json!({"Code": "OK", "SmsSendDetailDTOs": details, "TotalCount": 1})
    };
    let failed = MessageFate::Failed {
        code: "MK:0001".into(),
    };
    let none = json!({"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": []}});
    for (told, fate) in [
        (report(3, "DELIVERED"), MessageFate::Delivered),
        (report(2, "MK:0001"), failed),
        (report(1, ""), MessageFate::Pending),
        (none, MessageFate::Pending),
    ] {
        service.says(200, told.clone());
        assert_eq!(sms.fate(&receipt).await, Ok(fate), "{told}");
    }
    let (action, params, _) = service.desk.lock().unwrap().asked.pop().unwrap();
    assert_eq!(action, "QuerySendDetails");
    assert_eq!(params["BizId"], "9^0");
    assert_eq!(params["SendDate"].len(), 8);
}

#[tokio::test]
async fn each_refusal_has_its_kind() {
    let service = Service::new().await;
    let sms = service.sms();
    let other = Failure::Rejected(SmsRefusal::Other);
    let limited = || Failure::Limited { retry_after: None };
    for (status, code, why) in [
        (200, "isv.BUSINESS_LIMIT_CONTROL", limited()),
        (200, "isv.DAY_LIMIT_CONTROL", limited()),
        (400, "Throttling.User", limited()),
        (429, "Throttling", limited()),
        (
            200,
            "isv.MOBILE_NUMBER_ILLEGAL",
            Failure::Rejected(SmsRefusal::BadNumber),
        ),
        (200, "isv.SOMETHING_NEW", other),
        (200, "isp.SYSTEM_ERROR", Failure::Unavailable),
        (500, "InternalError", Failure::Unavailable),
    ] {
        service.says(status, json!({"Code": code, "Message": "no"}));
        let unsent = send(&sms).await.unwrap_err();
        assert_eq!(unsent.is_certain, !why.is_fate_unknown(), "{code}");
        assert_eq!(unsent.why, why, "{code}");
    }
    for (status, code, naming) in [
        (200, "isv.AMOUNT_NOT_ENOUGH", "money"),
        (200, "isv.SMS_SIGNATURE_ILLEGAL", "signature"),
        (200, "isv.SMS_TEMPLATE_ILLEGAL", "template"),
        (400, "SignatureDoesNotMatch", "secret"),
        (404, "InvalidAccessKeyId.NotFound", "secret"),
        (400, "InvalidTimeStamp.Expired", "clock"),
        (403, "Forbidden.RAM\u{1b}[2J", "(Forbidden.RAM2J)"),
    ] {
        service.says(status, json!({"Code": code}));
        let unsent = send(&sms).await.unwrap_err();
        assert!(
            matches!(&unsent.why, Failure::Misconfigured(text) if text.contains(naming)),
            "{code}: {unsent:?}"
        );
    }
}
