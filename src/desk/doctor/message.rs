//! One real message to the volunteer's own number, and its fate.

use std::time::Duration;

use tokio::sync::mpsc;

use super::gateways::unanswered;
use crate::campus::{Campus, MessageFate};
use crate::screen::checkup::CheckupFinding;
use crate::visit::{CodeKey, Failure, Mobile, Nonce, VisitId};

const CHECK: &str = "check-message";
/// How long a message may take until a carrier has it.
const DEADLINE: Duration = Duration::from_secs(20);
/// How often a report is looked for, and the pause before.
const LOOKS: u32 = 10;
const PAUSE: Duration = Duration::from_secs(3);

/// Sends it, says so, and says once more where it arrived. Its code opens nothing.
pub async fn send(campus: &Campus, mobile: &Mobile, found: &mpsc::Sender<CheckupFinding>) {
    let tell = async |finding: CheckupFinding| {
        // The receiver may have gone.
        let _ = found.send(finding).await;
    };
    let Some(sms) = &campus.sms else {
        return tell(CheckupFinding::warn(CHECK, "told-absent", "remedy-no-sms")).await;
    };
    let mut random = [0u8; 32];
    if getrandom::fill(&mut random).is_err() {
        return tell(CheckupFinding::fail(CHECK, "told-late", "remedy-late")).await;
    }
    let code = CodeKey::new(random).derive(VisitId(0), mobile, Nonce(0));
    let sent = tokio::time::timeout(DEADLINE, sms.send(mobile, &code)).await;
    let receipt = match sent {
        Ok(Ok(receipt)) => receipt,
        Ok(Err(unsent)) => {
            return tell(match unsent.why {
                Failure::Misconfigured(why) => CheckupFinding::misconfigured(CHECK, "sms", &why),
                Failure::Limited { .. } => {
                    CheckupFinding::warn(CHECK, "told-limited", "remedy-limited")
                }
                Failure::Rejected(_) => CheckupFinding::fail(CHECK, "told-refused", "remedy-log"),
                Failure::Offline => unanswered(CHECK, &sms.probe().await),
                Failure::Unavailable => {
                    CheckupFinding::fail(CHECK, "told-unavailable", "remedy-unavailable")
                }
            })
            .await;
        }
        Err(_) => return tell(CheckupFinding::fail(CHECK, "told-late", "remedy-late")).await,
    };
    let carrier = receipt.carrier;
    for _ in 0..LOOKS {
        match sms.fate(&receipt).await {
            Ok(MessageFate::Delivered) => {
                return tell(
                    CheckupFinding::pass(CHECK, "told-delivered").with("carrier", carrier),
                )
                .await;
            }
            Ok(MessageFate::Failed { code }) => {
                let failed = CheckupFinding::fail(CHECK, "told-undelivered", "remedy-undelivered");
                return tell(failed.with("carrier", carrier).with("code", code)).await;
            }
            Ok(MessageFate::NoReport) | Err(Failure::Rejected(_) | Failure::Misconfigured(_)) => {
                break;
            }
            Ok(MessageFate::Pending)
            | Err(Failure::Offline | Failure::Unavailable | Failure::Limited { .. }) => {
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    tell(CheckupFinding::pass(CHECK, "told-handed-over").with("carrier", carrier)).await;
}
