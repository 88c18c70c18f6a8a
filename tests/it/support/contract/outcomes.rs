//! Every outcome of a sign-in on a bad network: an answer that arrived whole is its outcome, however late; one that was cut
//! is none.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use yingxin::visit::{Failure, SignInRefusal};

use super::{Judged, Subject, Suite};
use crate::support::proxy::{Exchange, Fault};
use crate::torture::is_long;

/// Late, and well within the deadline.
const LATE: Duration = Duration::from_millis(100);
const TOO_OFTEN: &str = "429 Too Many Requests\r\nretry-after: 7";
const AWAY: &str = "503 Service Unavailable";
/// The next number that nobody has.
static NOBODY: AtomicU32 = AtomicU32::new(1000);

/// What arrives of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arrives {
    Whole,
    /// All of it or nothing, by how fast it is read.
    Perhaps,
    Cut,
}

/// What a bad network does to an answer of so many bytes.
fn bad_answers(length: usize) -> Vec<(Fault, Arrives)> {
    let last = length.saturating_sub(1);
    let cuts = if is_long() {
        (0..16)
            .map(|part| length * part / 16)
            .chain([last])
            .collect()
    } else {
        vec![length / 2, last]
    };
    let mut bad = vec![(Fault::Late(LATE), Arrives::Whole)];
    bad.extend(is_long().then_some((Fault::Drip, Arrives::Perhaps)));
    for bytes in cuts {
        bad.push((Fault::Cut(bytes), Arrives::Cut));
        bad.push((Fault::Reset(bytes), Arrives::Cut));
    }
    bad
}

fn is_no_answer(judged: &Judged) -> bool {
    matches!(judged, Err(Failure::Offline | Failure::Unavailable))
}

impl<S: Subject> Suite<'_, S> {
    /// An account and a password for each outcome that the server has: what each means is tried elsewhere, on a good
    /// network. The password is wrong where there is no account: each try has another one, so that none is locked.
    fn outcomes(&self) -> Vec<(Option<&'static str>, &'static str)> {
        let accounts = self.subject.accounts();
        let known = |(user, password)| (Some(user), password);
        let mut outcomes = vec![known(accounts.right), (None, "no-such-thing")];
        outcomes.extend(accounts.locked.map(known));
        outcomes.extend(accounts.disabled.map(known));
        let refused = accounts.refused.into_iter();
        outcomes.extend(
            refused
                .filter(|(_, _, why)| *why != Failure::Rejected(SignInRefusal::WrongPassword))
                .map(|(user, password, _)| known((user, password))),
        );
        outcomes
    }

    /// Each outcome, each of its exchanges, and everything that a bad network does to an answer.
    pub(super) async fn no_outcome_is_misread(&self) {
        let before = self.subject.before_the_password();
        let outcomes = self.outcomes();
        let mut tried = 0;
        for (user, password) in &outcomes {
            self.proxy.heals();
            let nobody = || format!("9{:07}", NOBODY.fetch_add(1, Ordering::Relaxed));
            let user = || user.map_or_else(nobody, str::to_owned);
            let outcome = self.sign_in(&user(), password).await;
            for (at, length) in self.proxy.answers() {
                for (fault, arrives) in bad_answers(length) {
                    tried += 1;
                    let user = user();
                    let told = format!("{user}, {fault:?} of {length} bytes at {at}");
                    self.proxy.breaks(at, fault);
                    let judged = self.sign_in(&user, password).await;
                    // The server finds so many tries of one account too often, and says so.
                    if matches!(judged, Err(Failure::Limited { .. })) {
                        break;
                    }
                    // What comes after the ticket was seen right is not the student's affair.
                    if at > before && judged.is_ok() && outcome.is_ok() {
                        continue;
                    }
                    let is_right = match arrives {
                        Arrives::Whole => judged == outcome,
                        Arrives::Perhaps => judged == outcome || is_no_answer(&judged),
                        Arrives::Cut => is_no_answer(&judged),
                    };
                    assert!(
                        is_right,
                        "{told}: {judged:?}, on a good network {outcome:?}"
                    );
                }
            }
        }
        if self.subject.exchange() == Exchange::Connection {
            tried += self.what_the_server_says_for_itself_is_not_misread().await;
        }
        println!(
            "| network: each outcome of sign-in by {}, late, slow, cut and reset | {} outcomes, {tried} answers | \
             0 misread |",
            self.name(),
            outcomes.len() + 2
        );
    }

    /// Too often and unavailable: whole and cut, in the place of the answer to the password.
    async fn what_the_server_says_for_itself_is_not_misread(&self) -> usize {
        let (user, password) = self.subject.accounts().right;
        let limited = Failure::Limited {
            retry_after: Some(Duration::from_secs(7)),
        };
        let mut tried = 0;
        for (head, outcome) in [(TOO_OFTEN, limited), (AWAY, Failure::Unavailable)] {
            let body = "用户名或密码错误";
            let length = body.len();
            let whole = format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n{body}");
            let whole = whole.into_bytes();
            for length in [whole.len() / 3, whole.len() - 1, whole.len()] {
                tried += 1;
                let answer = Fault::Answer(whole[..length].to_vec());
                self.proxy
                    .breaks(self.subject.before_the_password(), answer);
                let judged = self.sign_in(user, password).await;
                // The head says it already.
                let is_told = judged == Err(outcome.clone());
                let is_right = is_told || length < whole.len() && is_no_answer(&judged);
                assert!(is_right, "{head:?}, {length} bytes: {judged:?}");
            }
        }
        tried
    }
}
