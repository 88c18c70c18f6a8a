//! The fate of a message that a carrier accepted: queried for a while, with growing pauses, and sent to the loop. It
//! is not the visit's business and in no journal: a report may come late, or never, and the code counts either way.

use std::time::Duration;

use tokio::sync::mpsc;

use crate::campus::in_flight::{Delivery, DeliveryIs};
use crate::campus::{MessageFate, Receipt, Sms};
use crate::clock::Clock;
use crate::desk::event::LoopEvent;
use crate::visit::{EffectId, Failure, VisitId};

/// The pauses before each look: most reports come within seconds, and after two minutes no student waits for one.
const PAUSES: [u64; 7] = [3, 4, 8, 15, 20, 30, 40];
/// How long one look may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// Follows a message until its fate is known, or cannot be known.
pub async fn follow(
    sms: &dyn Sms,
    (visit, id): (VisitId, EffectId),
    receipt: Receipt,
    news: &mpsc::Sender<LoopEvent>,
    clock: &dyn Clock,
) {
    let tell = async |is: DeliveryIs| {
        let carrier = receipt.carrier;
        let delivery = Delivery { carrier, is };
        // Without a receiver the loop has ended.
        let told = LoopEvent::Delivery {
            id,
            visit,
            delivery,
        };
        let _ = news.send(told).await;
    };
    tell(DeliveryIs::HandedOver).await;
    for pause in PAUSES {
        clock.sleep(Duration::from_secs(pause)).await;
        match clock.timeout(DEADLINE, sms.fate(&receipt)).await {
            Some(Ok(MessageFate::Delivered)) => return tell(DeliveryIs::Delivered).await,
            Some(Ok(MessageFate::Failed { code })) => {
                tracing::warn!(carrier = receipt.carrier, code, "a message did not arrive");
                return tell(DeliveryIs::Failed { code }).await;
            }
            Some(Ok(MessageFate::NoReport)) => return,
            Some(Err(Failure::Misconfigured(why))) => {
                return tracing::info!(why, "this carrier does not tell what became of a message");
            }
            Some(Err(Failure::Rejected(_))) => return,
            Some(
                Ok(MessageFate::Pending)
                | Err(Failure::Offline | Failure::Unavailable | Failure::Limited { .. }),
            )
            | None => {}
        }
    }
}
