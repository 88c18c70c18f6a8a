//! Carriers in the order of the configuration. The next carrier is tried only where the one before has certainly sent
//! nothing, and for a reason that the next one may not share: never two messages without a person's decision, and a number
//! that one carrier calls wrong or blocked is no better with another.

use super::SmsFailure;
use crate::campus::{Calling, CodeChecker, MessageFate, Probing, Receipt, Sending, Sms, Unsent};
use crate::visit::{Code, Failure, Mobile, SmsRefusal};

/// A carrier by its name in the configuration.
pub type Carrier = (&'static str, Box<dyn Sms>);

/// Several carriers as one.
pub struct FailoverSms {
    carriers: Vec<Carrier>,
}

impl FailoverSms {
    /// Carriers in the order in which they are tried.
    pub fn new(carriers: Vec<Carrier>) -> Self {
        FailoverSms { carriers }
    }

    async fn hand_over(&self, mobile: &Mobile, code: &Code) -> Result<Receipt, Unsent> {
        let mut told: Option<Unsent> = None;
        for (name, carrier) in &self.carriers {
            match carrier.send(mobile, code).await {
                Ok(receipt) => return Ok(receipt),
                Err(unsent) => {
                    let next = unsent.is_certain && may_differ(&unsent.why);
                    tracing::warn!(carrier = name, next, "a message was not taken");
                    if !next {
                        return Err(unsent);
                    }
                    told = Some(match told {
                        Some(before) => more_telling(before, unsent),
                        None => unsent,
                    });
                }
            }
        }
        Err(told.unwrap_or_else(|| {
            let text = "no SMS carrier is configured";
            Failure::Misconfigured(text.into()).into()
        }))
    }
}

impl Sms for FailoverSms {
    fn send<'a>(&'a self, mobile: &'a Mobile, code: &'a Code) -> Sending<'a> {
        Box::pin(self.hand_over(mobile, code))
    }

    fn fate<'a>(&'a self, receipt: &'a Receipt) -> Calling<'a, MessageFate, SmsRefusal> {
        let known = |(name, _): &&Carrier| *name == receipt.carrier;
        match self.carriers.iter().find(known) {
            Some((_, carrier)) => carrier.fate(receipt),
            None => Box::pin(std::future::ready(Ok(MessageFate::NoReport))),
        }
    }

    /// A carrier that checks its codes is the only one: a message of another could not be checked there.
    fn checker(&self) -> Option<&dyn CodeChecker> {
        match self.carriers.as_slice() {
            [(_, only)] => only.checker(),
            _ => None,
        }
    }

    fn probe(&self) -> Probing<'_> {
        Box::pin(async {
            let mut probed = Vec::new();
            for (_, carrier) in &self.carriers {
                probed.extend(carrier.probe().await);
            }
            probed
        })
    }
}

/// Whether another carrier may take a message that this one refused.
fn may_differ(why: &SmsFailure) -> bool {
    match why {
        Failure::Rejected(SmsRefusal::BadNumber | SmsRefusal::Blocked | SmsRefusal::DeskFull) => {
            false
        }
        Failure::Rejected(SmsRefusal::Other)
        | Failure::Offline
        | Failure::Unavailable
        | Failure::Limited { .. }
        | Failure::Misconfigured(_) => true,
    }
}

/// Of two failures, the one that a student can do more about. Two causes for the volunteer are joined.
fn more_telling(before: Unsent, after: Unsent) -> Unsent {
    let rank = |unsent: &Unsent| match unsent.why {
        Failure::Misconfigured(_) => 0,
        Failure::Offline | Failure::Unavailable => 1,
        Failure::Rejected(_) => 2,
        Failure::Limited { .. } => 3,
    };
    match (&before.why, &after.why) {
        (Failure::Misconfigured(one), Failure::Misconfigured(other)) => {
            Failure::Misconfigured(format!("{one}; {other}")).into()
        }
        _ if rank(&after) >= rank(&before) => after,
        _ => before,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::campus::fake::FakeCampus;
    use crate::visit::{CodeKey, Nonce, VisitId};

    type SendAnswer = Result<(), Unsent>;

    /// Two carriers, in this order.
    fn carriers() -> (Arc<FakeCampus>, Arc<FakeCampus>, FailoverSms) {
        let (first, second) = (FakeCampus::carrier("one"), FakeCampus::carrier("two"));
        let row = |fake: &Arc<FakeCampus>| -> Carrier { (fake.carrier, Box::new(fake.port())) };
        let sms = FailoverSms::new(vec![row(&first), row(&second)]);
        (first, second, sms)
    }

    /// Sends one message by carriers that answer so. Returns the receipt's carrier, and how many were asked.
    async fn send(one: SendAnswer, two: SendAnswer) -> (Result<&'static str, Unsent>, usize) {
        let (first, second, sms) = carriers();
        first.send.push(one);
        second.send.push(two);
        let mobile = Mobile::parse("13900139001").unwrap();
        let code = CodeKey::new([7; 32]).derive(VisitId(1), &mobile, Nonce(1));
        let sent = sms.send(&mobile, &code).await;
        let count = first.calls().len() + second.calls().len();
        (sent.map(|receipt| receipt.carrier), count)
    }

    fn no(why: SmsFailure) -> SendAnswer {
        Err(why.into())
    }

    #[tokio::test]
    async fn the_next_is_tried_only_where_nothing_was_sent_and_it_may_do_better() {
        let broke = || Failure::Misconfigured("no money".into());
        let limited = || Failure::Limited {
            retry_after: Some(Duration::from_secs(30)),
        };
        let unreached = || {
            Err(Unsent {
                why: Failure::Offline,
                is_certain: true,
            })
        };
        assert_eq!(send(Ok(()), Ok(())).await, (Ok("one"), 1));
        for goes_on in [
            no(broke()),
            no(limited()),
            no(Failure::Rejected(SmsRefusal::Other)),
            unreached(),
        ] {
            assert_eq!(send(goes_on, Ok(())).await, (Ok("two"), 2));
        }
        for (stays, why) in [
            // It is unknown whether the message went out.
            (no(Failure::Offline), Failure::Offline),
            (
                no(Failure::Rejected(SmsRefusal::BadNumber)),
                Failure::Rejected(SmsRefusal::BadNumber),
            ),
            (
                no(Failure::Rejected(SmsRefusal::Blocked)),
                Failure::Rejected(SmsRefusal::Blocked),
            ),
        ] {
            let (sent, asked) = send(stays, Ok(())).await;
            assert_eq!((sent.unwrap_err().why, asked), (why, 1));
        }
        // Where all refuse, the student sees the most useful failure and the volunteer every cause.
        let (sent, _) = send(no(limited()), no(broke())).await;
        assert_eq!(sent.unwrap_err().why, limited());
        let (sent, _) = send(no(broke()), no(Failure::Misconfigured("no sign".into()))).await;
        let both = Failure::Misconfigured("no money; no sign".into());
        assert_eq!(sent.unwrap_err().why, both);
        let (sent, _) = send(unreached(), no(Failure::Offline)).await;
        assert!(
            !sent.unwrap_err().is_certain,
            "the second may have gone out"
        );
    }

    #[tokio::test]
    async fn the_carrier_that_took_it_is_asked_what_became_of_it() {
        let (first, second, sms) = carriers();
        second.fate.push(Ok(MessageFate::Delivered));
        let receipt = |carrier| Receipt {
            carrier,
            id: String::new(),
            mobile: Mobile::parse("13900139001").unwrap(),
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        let fate = sms.fate(&receipt("two")).await;
        assert_eq!(fate, Ok(MessageFate::Delivered));
        assert_eq!(second.calls(), ["fate two"]);
        assert!(first.calls().is_empty());
        let fate = sms.fate(&receipt("gone")).await;
        assert_eq!(fate, Ok(MessageFate::NoReport));
    }
}
