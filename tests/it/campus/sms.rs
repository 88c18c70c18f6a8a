//! SMS by Tencent Cloud against a service that really checks signatures.

use std::time::Duration;

use serde_json::{Value, json};
use yingxin::campus::sms::Tencent;
use yingxin::campus::{MessageFate, Receipt, Sms};
use yingxin::visit::{Code, CodeKey, Failure, Mobile, Nonce, SmsRefusal, VisitId};

use super::house::{House, mobile, unusable};

const NUMBER: &str = "13900139001";

fn code(to: &Mobile) -> Code {
    CodeKey::new([7; 32]).derive(VisitId(1), to, Nonce(1))
}

async fn send(sms: &Tencent, to: &str) -> Result<(), Failure<SmsRefusal>> {
    let to = mobile(to);
    match sms.send(&to, &code(&to)).await {
        Ok(_) => Ok(()),
        Err(unsent) => {
            // What the service refused was not sent; where it did not answer, the fate is unknown.
            assert_eq!(unsent.is_certain, !unsent.why.is_fate_unknown());
            Err(unsent.why)
        }
    }
}

fn limited(secs: u64) -> Result<(), Failure<SmsRefusal>> {
    let retry_after = Some(Duration::from_secs(secs));
    Err(Failure::Limited { retry_after })
}

fn is_misconfigured(answer: Result<(), Failure<SmsRefusal>>, naming: &str) -> bool {
    matches!(answer, Err(Failure::Misconfigured(text)) if text.contains(naming))
}

#[tokio::test]
async fn a_code_lands_on_the_phone() {
    let house = House::new().await;
    assert_eq!(send(&house.sms(), NUMBER).await, Ok(()));
    let (_, phone) = house.get("/practice/phone").await;
    let message = phone["messages"][0].as_str().unwrap();
    assert!(message.starts_with(NUMBER) && message.contains(code(&mobile(NUMBER)).expose()));
}

#[tokio::test]
async fn what_became_of_a_message_is_told() {
    let house = House::new().await;
    let (sms, to) = (house.sms(), mobile(NUMBER));
    let receipt = sms.send(&to, &code(&to)).await.unwrap();
    assert_eq!(receipt.carrier, "tencent");
    assert_eq!(sms.fate(&receipt).await, Ok(MessageFate::Delivered));
    house.set(json!({"sms_reports": "none"})).await;
    assert_eq!(sms.fate(&receipt).await, Ok(MessageFate::Pending));
    house.set(json!({"sms_reports": "failed"})).await;
    let code = "EXPIRED".to_owned();
    assert_eq!(sms.fate(&receipt).await, Ok(MessageFate::Failed { code }));
    // Of another message to the same number nothing is said.
    let other = Receipt {
        id: "another".into(),
        ..receipt
    };
    assert_eq!(sms.fate(&other).await, Ok(MessageFate::Pending));
}

#[tokio::test]
async fn a_service_that_cannot_be_reached_was_given_nothing() {
    let house = House::new().await;
    let sms = house.sms();
    house.campus.stop().await;
    let to = mobile(NUMBER);
    let unsent = sms.send(&to, &code(&to)).await.unwrap_err();
    assert_eq!((unsent.why, unsent.is_certain), (Failure::Offline, true));
}

#[tokio::test]
async fn the_services_limits_are_told_with_their_window() {
    let house = House::new().await;
    let sms = house.sms();
    assert_eq!(send(&sms, NUMBER).await, Ok(()));
    assert_eq!(send(&sms, NUMBER).await, limited(30));
    assert_eq!(send(&sms, "13900139002").await, Ok(()), "another number");
    house.set(json!({"sms_pause": false})).await;
    for _ in 0..4 {
        assert_eq!(send(&sms, NUMBER).await, Ok(()));
    }
    assert_eq!(send(&sms, NUMBER).await, limited(3600));
    let daily = "LimitExceeded.PhoneNumberDailyLimit";
    house.fault("sms", "errcode", json!(daily), 1).await;
    let refused = send(&sms, "13900139003").await;
    assert_eq!(refused, Err(Failure::Limited { retry_after: None }));
}

#[tokio::test]
async fn a_wrong_key_or_clock_is_found_out() {
    let house = House::new().await;
    let key = house.sms_with(|with| with.sms_secret_key.push('x'));
    assert!(is_misconfigured(
        send(&key, NUMBER).await,
        "AuthFailure.SignatureFailure"
    ));
    let id = house.sms_with(|with| with.sms_secret_id.push('x'));
    assert!(is_misconfigured(
        send(&id, NUMBER).await,
        "AuthFailure.SecretIdNotFound"
    ));
    for ahead in [310, -310] {
        house.set(json!({"clock_ahead_secs": ahead})).await;
        assert!(is_misconfigured(
            send(&house.sms(), NUMBER).await,
            "AuthFailure.SignatureExpire"
        ));
    }
    house.set(json!({"clock_ahead_secs": 200})).await;
    assert_eq!(send(&house.sms(), NUMBER).await, Ok(()));
    assert_eq!(
        house.state().await["phone"]["messages"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_body_changed_on_the_way_is_found_out() {
    let house = House::new().await;
    let request = house
        .tool()
        .post(house.url("/"))
        .header("authorization", "TC3-HMAC-SHA256 Credential=AKIDpractice/2026-01-01/sms/tc3_request, SignedHeaders=content-type;host, Signature=00")
        .header("x-tc-timestamp", jiff::Timestamp::now().as_second().to_string())
        .body("{}");
    let told: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(
        told["Response"]["Error"]["Code"],
        "AuthFailure.SignatureFailure"
    );
}

#[tokio::test]
async fn each_refusal_has_its_kind() {
    let house = House::new().await;
    let sms = house.sms();
    let blocked = send(&sms, "13900000000").await;
    assert_eq!(blocked, Err(Failure::Rejected(SmsRefusal::Blocked)));
    let sign = house.sms_with(|with| with.sms_sign.push('x'));
    assert!(is_misconfigured(
        send(&sign, NUMBER).await,
        "SignatureIncorrectOrUnapproved"
    ));
    let template = house.sms_with(|with| with.sms_template.push('1'));
    assert!(is_misconfigured(
        send(&template, NUMBER).await,
        "TemplateIncorrectOrUnapproved"
    ));
    let app = house.sms_with(|with| with.sms_app_id.push('1'));
    assert!(is_misconfigured(
        send(&app, NUMBER).await,
        "SmsSdkAppIdVerifyFail"
    ));
    let region = house.sms_with(|with| with.sms_region.clear());
    assert!(is_misconfigured(
        send(&region, NUMBER).await,
        "MissingParameter"
    ));
    for (told, expected) in [
        (
            "InvalidParameterValue.IncorrectPhoneNumber",
            Failure::Rejected(SmsRefusal::BadNumber),
        ),
        (
            "FailedOperation.Whatever",
            Failure::Rejected(SmsRefusal::Other),
        ),
        ("InternalError.Timeout", Failure::Unavailable),
        (
            "RequestLimitExceeded",
            Failure::Limited { retry_after: None },
        ),
    ] {
        house.fault("sms", "errcode", json!(told), 1).await;
        assert_eq!(send(&sms, NUMBER).await, Err(expected), "{told}");
    }
    let balance = "FailedOperation.InsufficientBalanceInSmsPackage";
    house.fault("sms", "errcode", json!(balance), 1).await;
    assert!(is_misconfigured(send(&sms, NUMBER).await, balance));
    // Whatever a service calls its code, it is cleaned before it is shown.
    house
        .fault("sms", "errcode", json!("AuthFailure.\u{1b}[2J<b>"), 1)
        .await;
    assert!(is_misconfigured(
        send(&sms, NUMBER).await,
        "(AuthFailure.2Jb)"
    ));
}

#[tokio::test]
async fn an_unknown_fate_is_offline_and_is_not_sent_again() {
    let house = House::new().await;
    house.set(json!({"sms_pause": false})).await;
    for (kind, value, arrives) in [
        ("lost", Value::Null, true),
        ("cut", Value::Null, true),
        ("cut", json!(0), true),
        ("slow", json!(2500), false),
        ("refuse", Value::Null, false),
        ("garbage", json!(10_000_000), false),
        ("status", json!(500), false),
    ] {
        let count = async || {
            let state = house.state().await;
            state["phone"]["messages"].as_array().unwrap().len()
        };
        let (calls, messages) = (house.calls("/").await, count().await);
        house.fault("sms", kind, value.clone(), 1).await;
        assert_eq!(
            send(&house.sms(), NUMBER).await,
            Err(unusable(kind)),
            "{kind} {value}"
        );
        assert_eq!(house.calls("/").await, calls + 1, "{kind} {value}");
        assert_eq!(
            count().await,
            messages + usize::from(arrives),
            "{kind} {value}"
        );
        house.no_faults().await;
    }
}
