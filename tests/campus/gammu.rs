//! The GSM modem on the desk against a real gammu-smsd, with its dummy phone.

use yingxin::campus::Sms;
use yingxin::campus::sms::Gammu;
use yingxin::visit::{Code, CodeKey, Failure, Mobile, Nonce, VisitId};

use super::house::mobile;
use crate::gammu::Modem;

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
    // A daemon that hangs: nobody knows whether it did it, and nothing waits for it to go on.
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
