//! Effects, done: each is a task with a deadline that can be cancelled and answers with a reply. Tasks hold no visit.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::delivery;
use crate::campus::Port;
use crate::campus::{Campus, DeviceGrant, Probed, Receipt};
use crate::clock::Clock;
use crate::desk::event::{EffectAnswer, LoopEvent};
use crate::visit::{
    Act, CodeKey, Effect, EffectId, Failure, GrantRefusal, Reply, Student, VisitId,
};

/// How long a probe may take, whatever the adapter's own patience: then it was not answered.
const PROBE_DEADLINE: Duration = Duration::from_secs(20);

/// Runs effects against the campus.
pub struct EffectRunner {
    campus: Arc<Campus>,
    codes: Arc<CodeKey>,
    answers: mpsc::Sender<LoopEvent>,
    clock: Arc<dyn Clock>,
}

impl EffectRunner {
    /// A runner against this campus, whose answers go to the loop.
    pub fn new(
        campus: Campus,
        codes: Arc<CodeKey>,
        answers: mpsc::Sender<LoopEvent>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        EffectRunner {
            campus: Arc::new(campus),
            codes,
            answers,
            clock,
        }
    }

    /// What the effects are run against.
    pub fn campus(&self) -> Arc<Campus> {
        self.campus.clone()
    }

    /// Asks a port something that changes nothing, and sends the answer to the loop.
    pub fn probe(&self, port: Port) {
        let (campus, news) = (self.campus.clone(), self.answers.clone());
        let clock = self.clock.clone();
        tokio::spawn(async move {
            let _fall = TellFall(news.clone());
            let probe = match port {
                Port::Identity => campus.identity.as_ref().map(|identity| identity.probe()),
                Port::DeviceGrant => campus.device_grant.as_ref().map(|device| device.probe()),
                Port::Directory => Some(campus.directory.probe()),
                Port::Sms => campus.sms.as_ref().map(|sms| sms.probe()),
            };
            let answers = match probe {
                Some(probe) => clock
                    .timeout(PROBE_DEADLINE, probe)
                    .await
                    .unwrap_or_else(|| vec![Probed::silent()]),
                None => Vec::new(),
            };
            // Without a receiver the loop has ended.
            let _ = news.send(LoopEvent::Probed { port, answers }).await;
        });
    }

    /// Begins an effect.
    pub fn begin(&self, effect: Effect) -> AbortHandle {
        let (campus, codes, answers) = (
            self.campus.clone(),
            self.codes.clone(),
            self.answers.clone(),
        );
        let clock = self.clock.clone();
        let task = tokio::spawn(async move {
            let _fall = TellFall(answers.clone());
            let Effect {
                id,
                visit,
                after,
                deadline,
                act,
            } = effect;
            let kind = act.kind();
            clock.sleep(after).await;
            let begun = clock.now().mono;
            let reach = CampusCall {
                campus: &campus,
                codes: &codes,
                news: &answers,
            };
            let call = clock.timeout(deadline, reach.perform(id, visit, act));
            let (reply, receipt) = call.await.unwrap_or((Reply::offline(kind), None));
            let took = clock.now().mono.saturating_sub(begun);
            tracing::debug!(
                ?kind,
                ?visit,
                offline = reply.is_offline(),
                took_ms = took.as_millis(),
                "answered"
            );
            // Without a receiver the loop has ended and needs no answer.
            let _ = answers
                .send(LoopEvent::Answered(EffectAnswer {
                    id,
                    kind,
                    reply,
                    took,
                }))
                .await;
            if let (Some(receipt), Some(sms)) = (receipt, &campus.sms) {
                delivery::follow(sms.as_ref(), (visit, id), receipt, &answers, &*clock).await;
            }
        });
        task.abort_handle()
    }
}

/// A task that panics leaves the runtime alive, and the panic hook has given the terminal back: the loop must know.
struct TellFall(mpsc::Sender<LoopEvent>);

impl Drop for TellFall {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Where the inbox is full the loop is behind, and the next answer finds it; nothing more can be done here.
            let _ = self.0.try_send(LoopEvent::Fell);
        }
    }
}

/// What a task has of the outside.
struct CampusCall<'a> {
    campus: &'a Campus,
    codes: &'a CodeKey,
    news: &'a mpsc::Sender<LoopEvent>,
}

impl CampusCall<'_> {
    /// A reply, and for a message that was taken what it takes to ask for it again.
    async fn perform(&self, id: EffectId, visit: VisitId, act: Act) -> (Reply, Option<Receipt>) {
        let kind = act.kind();
        let directory = &self.campus.directory;
        let reply = match act {
            Act::SignIn { student, password } => match &self.campus.identity {
                Some(identity) => Reply::SignedIn(identity.sign_in(&student, &password).await),
                None => Reply::offline(kind),
            },
            Act::StartDeviceGrant => match &self.campus.device_grant {
                Some(device) => Reply::DeviceGranted(self.grant(id, device.as_ref()).await),
                None => Reply::offline(kind),
            },
            Act::FindMember { student } => Reply::MemberFound(directory.find(&student).await),
            Act::BindNumber { student, mobile } => {
                Reply::NumberBound(directory.bind(&student, &mobile).await)
            }
            Act::ConfirmMember { student } => Reply::Confirmed(directory.confirm(&student).await),
            Act::Unbind { student } => Reply::Unbound(directory.unbind(&student).await),
            Act::SendCode { mobile, nonce } => {
                let Some(sms) = &self.campus.sms else {
                    return (Reply::offline(kind), None);
                };
                let code = self.codes.derive(visit, &mobile, nonce);
                return match sms.send(&mobile, &code).await {
                    Ok(receipt) => (Reply::CodeSent(Ok(())), Some(receipt)),
                    Err(unsent) => (Reply::CodeSent(Err(unsent.why)), None),
                };
            }
            Act::CheckCode { mobile, code } => {
                let checker = self.campus.sms.as_ref().and_then(|sms| sms.checker());
                match checker {
                    Some(checker) => Reply::CodeChecked(checker.check(&mobile, &code).await),
                    None => Reply::offline(kind),
                }
            }
        };
        (reply, None)
    }

    /// The grant's news go to the loop in their order, before its answer does.
    async fn grant(
        &self,
        id: EffectId,
        device: &dyn DeviceGrant,
    ) -> Result<Student, Failure<GrantRefusal>> {
        let (tell, mut told) = mpsc::channel(2);
        let mut call = device.grant(&tell);
        loop {
            tokio::select! {
                biased;
                Some(news) = told.recv() => {
                    // Without a receiver the loop has ended.
                    let _ = self.news.send(LoopEvent::Grant { id, news }).await;
                }
                answer = &mut call => {
                    if let Err(Failure::Misconfigured(what)) = &answer {
                        tracing::warn!(way = "device grant", what, "misconfigured");
                    }
                    return answer;
                }
            }
        }
    }
}
