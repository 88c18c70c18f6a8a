//! The GSM modem on the desk against a real gammu-smsd, with its dummy phone.

use serde_json::{Value, json};
use yingxin::campus::Sms;
use yingxin::campus::sms::{FailoverSms, Gammu, failover::Carrier};
use yingxin::visit::{Code, CodeKey, Failure, Mobile, Nonce, SmsRefusal, VisitId};

use super::house::{House, mobile};
use crate::support::gammu::Modem;

fn adapter(modem: &Modem) -> Gammu {
    Gammu {
        outbox: modem.at("outbox"),
        sent: modem.at("sent"),
        error: modem.at("error"),
        text: "【练习大学】验证码 {code}，五分钟内有效。".into(),
    }
}

fn code(to: &Mobile) -> Code {
    CodeKey::new([7; 32]).derive(VisitId(1), to, Nonce(1))
}

#[tokio::test]
async fn a_real_daemon_reads_number_and_text() {
    let modem = Modem::start(1);
    let (sms, to) = (adapter(&modem), mobile("13900139001"));
    assert_eq!(sms.probe().await[0].said, Ok(()));
    // It has looked into its outbox and found nothing: it looks again after its `commtimeout`.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let receipt = sms.send(&to, &code(&to)).await.unwrap();
    assert_eq!(receipt.carrier, "gammu");
    let log = std::fs::read_to_string(modem.at("log")).unwrap();
    let text = format!("【练习大学】验证码 {}，五分钟内有效。", code(&to).expose());
    let read = format!("Found 1 sms to \"+8613900139001\" with text \"{text}\"");
    assert!(log.contains(&read), "{log}");
    assert!(log.contains("Transmitted OUTA"), "{log}");
}

#[tokio::test]
async fn nothing_of_a_message_stays_sent_or_not() {
    let modem = Modem::start(0);
    let (sms, to) = (adapter(&modem), mobile("13900139001"));
    sms.send(&to, &code(&to)).await.unwrap();
    // A daemon that hangs: the message's fate is unknown, and nothing waits for the daemon.
    modem.signal("STOP");
    let unsent = sms.send(&to, &code(&to)).await.unwrap_err();
    assert_eq!((unsent.why, unsent.is_certain), (Failure::Offline, false));
    modem.signal("CONT");
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    for folder in ["outbox", "sent", "error", "inbox"] {
        assert!(modem.files(folder).is_empty(), "{folder}");
    }
    let log = std::fs::read_to_string(modem.at("log")).unwrap();
    assert_eq!(log.matches("Transmitted OUTA").count(), 1, "{log}");
    assert!(!log.contains(code(&to).expose()), "{log}");
}

/// Tencent first, and the modem on the desk where it has certainly sent nothing for a reason of its own.
#[tokio::test]
async fn the_modem_sends_what_another_carrier_did_not_and_never_what_it_may_have() {
    let (house, modem) = (House::new().await, Modem::start(0));
    let carriers: Vec<Carrier> = vec![
        ("tencent", Box::new(house.sms())),
        ("gammu", Box::new(adapter(&modem))),
    ];
    let order = FailoverSms::new(carriers);
    house.set(json!({"sms_pause": false})).await;
    let to = mobile("13900139001");
    let no_money = json!("FailedOperation.InsufficientBalanceInSmsPackage");
    let wrong_number = json!("InvalidParameterValue.IncorrectPhoneNumber");
    for (kind, value, by) in [
        ("none", Value::Null, Ok("tencent")),
        ("errcode", no_money, Ok("gammu")),
        (
            "errcode",
            wrong_number,
            Err(Failure::Rejected(SmsRefusal::BadNumber)),
        ),
        // It reached the phone, and its answer did not come.
        ("lost", Value::Null, Err(Failure::Offline)),
    ] {
        if kind != "none" {
            house.fault("sms", kind, value, 1).await;
        }
        let sent = order.send(&to, &code(&to)).await;
        let sent = sent.map(|receipt| receipt.carrier).map_err(|u| u.why);
        assert_eq!(sent, by, "{kind}");
        house.no_faults().await;
    }
    let log = std::fs::read_to_string(modem.at("log")).unwrap();
    assert_eq!(log.matches("Transmitted OUTA").count(), 1, "{log}");
    let phone = &house.state().await["phone"]["messages"];
    assert_eq!(phone.as_array().map(Vec::len), Some(2), "{phone}");
    // The first gateway is down: nothing has left, and the modem sends the message.
    house.campus.stop().await;
    let sent = order.send(&to, &code(&to)).await.unwrap();
    assert_eq!(sent.carrier, "gammu");
}
