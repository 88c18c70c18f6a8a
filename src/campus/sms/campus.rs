//! The campus's own platform, which makes a code, sends it, and checks what the student types: the desk never knows the
//! code. The configuration describes both requests as `[sms.http]` describes its one, and what the answers mean. An answer
//! of a check that is in no list means that nobody knows, and the student may type the code again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::campus_settings::{
    ACCEPTED, BAD_NUMBER, BLOCKED, CHECK, EXPIRED, PARTS, REFUSED, RIGHT, SEND, TICKET_AT,
    TOO_MANY_TRIES, TOO_OFTEN, WRONG, WRONG_SETTINGS,
};
use super::http::SendMeaning;
use super::request::{
    AnswerCodes, Placeholder, PlaceholderValues, RequestSettings, RequestTemplate, SharedParts,
};
use crate::campus::http::{EndpointError, Http};
use crate::campus::setting::{Connector, InvalidSetting, SettingValues};
use crate::campus::{Calling, CodeChecker, Probing, Receipt, Sending, Sms, Unsent};
use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::{both, pick};
use crate::visit::{Code, CodeRefusal, CodeVerdict, Failure, Mobile, Secret};

/// This carrier's name in the configuration.
pub const NAME: &str = "campus";
/// The gateway's name in a probe, and in the log, of the request that sends.
const SENDING: &str = "sms.campus";
/// The same of the request that checks.
const CHECKING: &str = "sms.campus.check";
/// At most so many tickets are kept, the newest ones: each is for one number.
const MOST_TICKETS: usize = 64;

/// What the code of an answer to a check means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CheckMeaning {
    Right,
    Wrong,
    Expired,
    TooManyTries,
}

/// A platform of the campus that the configuration describes.
#[derive(Debug)]
pub struct CampusSmsOptions {
    send: RequestTemplate,
    sent: AnswerCodes<SendMeaning>,
    /// The platform gives a ticket, and the check needs it.
    has_tickets: bool,
    check: RequestTemplate,
    checked: AnswerCodes<CheckMeaning>,
    shared: SharedParts,
}

/// A platform of the campus, and the tickets of the codes that it sent.
pub struct CampusSms {
    http: Http,
    options: CampusSmsOptions,
    tickets: Mutex<VecDeque<(Mobile, Secret)>>,
}

impl CampusSmsOptions {
    /// Reads the section `[sms.campus]`.
    ///
    /// # Errors
    /// Where a setting is missing or wrong, or a secret cannot be read.
    pub fn read(values: &dyn SettingValues) -> CliResult<Self> {
        let shared = SharedParts::read(values, PARTS)?;
        let mut send = RequestTemplate::read(values, SEND)?;
        send.check(values, SEND, &shared, PARTS)?;
        let check = RequestTemplate::read(values, CHECK)?;
        check.check(values, CHECK, &shared, PARTS)?;
        let places = values.texts(&TICKET_AT);
        let has_tickets = !places.is_empty();
        let read = send.reads_ticket_at(places);
        read.map_err(|invalid| values.fault(&TICKET_AT, invalid))?;
        fits_sending(values, &send, &shared)?;
        fits_checking(values, &check, &shared, has_tickets)?;
        let sent = [
            (&ACCEPTED, SendMeaning::Accepted),
            (&BAD_NUMBER, SendMeaning::BadNumber),
            (&BLOCKED, SendMeaning::Blocked),
            (&TOO_OFTEN, SendMeaning::TooOften),
            (&WRONG_SETTINGS, SendMeaning::WrongSettings),
            (&REFUSED, SendMeaning::Refused),
        ];
        let checked = [
            (&RIGHT, CheckMeaning::Right),
            (&WRONG, CheckMeaning::Wrong),
            (&EXPIRED, CheckMeaning::Expired),
            (&TOO_MANY_TRIES, CheckMeaning::TooManyTries),
        ];
        if values.texts(&WRONG).is_empty() {
            return Err(values.missing(&WRONG));
        }
        Ok(CampusSmsOptions {
            send,
            sent: AnswerCodes::read(values, &sent)?,
            has_tickets,
            check,
            checked: AnswerCodes::read(values, &checked)?,
            shared,
        })
    }
}

/// Checks that the request that sends holds the number, and nothing that is not there yet.
fn fits_sending(
    values: &dyn SettingValues,
    send: &RequestTemplate,
    shared: &SharedParts,
) -> CliResult<()> {
    let used = used(send, shared);
    if !used.contains(&Placeholder::Mobile) {
        return Err(missing_in(values, SEND, Placeholder::Mobile));
    }
    let absent = [Placeholder::Code, Placeholder::Text, Placeholder::Ticket];
    match absent.into_iter().find(|one| used.contains(one)) {
        Some(one) => {
            let what = both!(
                "the request that sends holds {{{}}}",
                "发送的请求里有 {{{}}}",
                one.name()
            );
            let remedy = pick(
                "take it out of the request and of its digest: the platform makes the code and the message; where the desk \
                 makes them, use [sms.http]",
                "请从请求及其摘要里删掉：验证码和短信由平台生成；由迎新台生成时请用 [sms.http]",
            );
            Err(values.fault(SEND.content, InvalidSetting::new(what, remedy)))
        }
        None => Ok(()),
    }
}

/// Checks that the request that checks holds the code, what tells whose it is, and nothing that is not there.
fn fits_checking(
    values: &dyn SettingValues,
    check: &RequestTemplate,
    shared: &SharedParts,
    has_tickets: bool,
) -> CliResult<()> {
    let used = used(check, shared);
    if !used.contains(&Placeholder::Code) {
        return Err(missing_in(values, CHECK, Placeholder::Code));
    }
    let has_ticket = used.contains(&Placeholder::Ticket);
    if !has_ticket && !used.contains(&Placeholder::Mobile) {
        return Err(missing_in(values, CHECK, Placeholder::Mobile));
    }
    if used.contains(&Placeholder::Text) {
        let what = pick(
            "the request that checks holds {text}",
            "校验的请求里有 {text}",
        );
        let invalid = InvalidSetting::new(
            what,
            pick(
                "take it out: the platform makes the message",
                "请删掉：短信内容由平台生成",
            ),
        );
        return Err(values.fault(CHECK.content, invalid));
    }
    match (has_ticket, has_tickets) {
        (true, false) => Err(values.missing(&TICKET_AT)),
        (false, true) => {
            let what = pick(
                "the request that checks does not hold {ticket}",
                "校验的请求里没有 {ticket}",
            );
            let invalid = InvalidSetting::new(
                what,
                pick(
                    "put {ticket} into check_content, or take this out",
                    "请在 check_content 里写上 {ticket}，或删掉这一项",
                ),
            );
            Err(values.fault(&TICKET_AT, invalid))
        }
        (true, true) | (false, false) => Ok(()),
    }
}

/// What a request holds, in its digest as well.
fn used(request: &RequestTemplate, shared: &SharedParts) -> Vec<Placeholder> {
    let mut used = request.placeholders();
    if used.contains(&Placeholder::Digest) {
        used.extend(shared.digested());
    }
    used
}

/// The error about a request in which something stands nowhere.
fn missing_in(values: &dyn SettingValues, request: &RequestSettings, one: Placeholder) -> CliError {
    let what = both!(
        "{{{}}} stands nowhere in the request",
        "请求里没有 {{{}}}",
        one.name()
    );
    let (_, content) = request.content.split();
    let invalid = InvalidSetting::new(what, both!("put it into `{content}`", "请写进 `{content}`"));
    values.fault(request.content, invalid)
}

impl Connector<Box<dyn Sms>> for CampusSmsOptions {
    fn name(&self) -> &'static str {
        NAME
    }

    fn connect(self: Box<Self>, http: &Http) -> Result<Box<dyn Sms>, EndpointError> {
        self.send.check_address()?;
        self.check.check_address()?;
        Ok(Box::new(CampusSms {
            http: http.clone(),
            options: *self,
            tickets: Mutex::default(),
        }))
    }
}

impl CampusSms {
    async fn hand_over(&self, mobile: &Mobile) -> Result<Receipt, Unsent> {
        let at = jiff::Timestamp::now();
        let earlier = self.take_ticket(mobile);
        let (ticket, sent) = match self.ask_for_code(mobile, at).await {
            Ok(ticket) => (ticket, Ok(())),
            // The code that was sent before is still the last one.
            Err(unsent) if unsent.is_certain => (earlier, Err(unsent)),
            // Another code may be on its way: by the earlier ticket it would be called wrong.
            Err(unsent) => (None, Err(unsent)),
        };
        if let Some(ticket) = ticket {
            self.keep_ticket(mobile, ticket);
        }
        sent.map(|()| Receipt {
            carrier: NAME,
            id: String::new(),
            mobile: mobile.clone(),
            at,
        })
    }

    /// Has a code made and sent, and gives its ticket where the platform has tickets.
    async fn ask_for_code(
        &self,
        mobile: &Mobile,
        at: jiff::Timestamp,
    ) -> Result<Option<Secret>, Unsent> {
        let options = &self.options;
        let mut values = PlaceholderValues::default();
        values.set(Placeholder::Mobile, mobile.as_str());
        let answer = options
            .send
            .hand_over(&self.http, &options.shared, values, at, SENDING)
            .await?;
        match options.sent.meaning(&answer.code) {
            Some(meaning) => {
                if meaning != SendMeaning::Accepted {
                    tracing::warn!(code = answer.shown, ?meaning, "sms.campus: not taken");
                }
                meaning.of(&answer, NAME)?;
            }
            None => {
                tracing::warn!(code = answer.shown, "sms.campus: a code in no list");
                return Err(Failure::Unavailable.into());
            }
        }
        if options.has_tickets && answer.ticket.is_none() {
            tracing::warn!("sms.campus: no ticket in the answer");
            let why = "[sms.campus]: the answer to send has no ticket at ticket_at";
            return Err(Unsent {
                why: Failure::Misconfigured(why.into()),
                // The message may well be on its way.
                is_certain: false,
            });
        }
        Ok(answer.ticket)
    }

    async fn ask(
        &self,
        mobile: &Mobile,
        typed: &Secret,
    ) -> Result<CodeVerdict, Failure<CodeRefusal>> {
        let options = &self.options;
        let mut values = PlaceholderValues::default();
        values.set(Placeholder::Mobile, mobile.as_str());
        values.set(Placeholder::Code, typed.expose());
        if options.has_tickets && !self.fill_ticket(mobile, &mut values) {
            // The program was started again since, or a later code may be on its way: only another one can be checked.
            return Err(Failure::Rejected(CodeRefusal::Expired));
        }
        let at = jiff::Timestamp::now();
        let asked = options.check.hand_over::<CodeRefusal>(
            &self.http,
            &options.shared,
            values,
            at,
            CHECKING,
        );
        let answer = asked.await.map_err(|unanswered| unanswered.why)?;
        match options.checked.meaning(&answer.code) {
            // A success that HTTP denies is none.
            Some(CheckMeaning::Right) if !answer.is_success => Err(Failure::Unavailable),
            Some(CheckMeaning::Right) => Ok(CodeVerdict::Right),
            Some(CheckMeaning::Wrong) => Ok(CodeVerdict::Wrong),
            Some(CheckMeaning::Expired) => Err(Failure::Rejected(CodeRefusal::Expired)),
            Some(CheckMeaning::TooManyTries) => Err(Failure::Rejected(CodeRefusal::TooManyTries)),
            None => {
                tracing::warn!(code = answer.shown, "sms.campus.check: a code in no list");
                Err(Failure::Unavailable)
            }
        }
    }

    fn tickets(&self) -> MutexGuard<'_, VecDeque<(Mobile, Secret)>> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ticket of the code that was last sent to a number; it is gone then.
    fn take_ticket(&self, mobile: &Mobile) -> Option<Secret> {
        let mut tickets = self.tickets();
        let at = tickets.iter().position(|(of, _)| of == mobile)?;
        tickets.remove(at).map(|(_, ticket)| ticket)
    }

    fn keep_ticket(&self, mobile: &Mobile, ticket: Secret) {
        let mut tickets = self.tickets();
        tickets.push_back((mobile.clone(), ticket));
        while tickets.len() > MOST_TICKETS {
            tickets.pop_front();
        }
    }

    /// Fills the number's ticket in. Says whether there is one.
    fn fill_ticket(&self, mobile: &Mobile, values: &mut PlaceholderValues) -> bool {
        let tickets = self.tickets();
        let found = tickets.iter().find(|(of, _)| of == mobile);
        if let Some((_, ticket)) = found {
            values.set(Placeholder::Ticket, ticket.expose());
        }
        found.is_some()
    }
}

impl Sms for CampusSms {
    /// The platform makes the code itself: the desk's own is not in the request.
    fn send<'a>(&'a self, mobile: &'a Mobile, _: &'a Code) -> Sending<'a> {
        Box::pin(self.hand_over(mobile))
    }

    fn checker(&self) -> Option<&dyn CodeChecker> {
        Some(self)
    }

    fn probe(&self) -> Probing<'_> {
        Box::pin(async {
            let options = &self.options;
            vec![
                options.send.probe(&self.http, SENDING).await,
                options.check.probe(&self.http, CHECKING).await,
            ]
        })
    }
}

impl CodeChecker for CampusSms {
    fn check<'a>(
        &'a self,
        mobile: &'a Mobile,
        typed: &'a Secret,
    ) -> Calling<'a, CodeVerdict, CodeRefusal> {
        Box::pin(self.ask(mobile, typed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_has_this_limit() {
        let limits = crate::help::find("limits").unwrap().markdown;
        let row = format!("(`[sms.campus]`) | {MOST_TICKETS}, of ");
        assert!(limits.contains(&row), "{row}");
    }
}
