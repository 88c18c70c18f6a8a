//! `[sms.campus]`: the recipe of `yingxin help sms` against a platform on loopback that makes and checks the codes itself:
//! what each of its answers leads to, and where nothing secret may stand.

use std::time::Instant;

use axum::http::Method;
use serde_json::{Value, json};
use yingxin::campus::tls::Trust;
use yingxin::campus::{Campus, Sms, Unsent};
use yingxin::cli_error::Exit;
use yingxin::visit::{CodeRefusal, CodeVerdict, CodesBy, Failure, Mobile, Secret, SmsRefusal};

use super::house::mobile;
use super::sms_platform::{Asked, KEY, NUMBER, Platform, code, recipe};
use crate::support::contract::{DEADLINE, circle, faults, garbage, http};
use crate::support::log::Log;
use crate::support::proxy::{Exchange, Proxy};

const RECIPE: &str = "A campus that makes and checks the code";
const TICKET: &str = "canary-ticket-7";
const TYPED: &str = "864209";

type Checked = Result<CodeVerdict, Failure<CodeRefusal>>;

fn sms(campus: &Campus) -> &dyn Sms {
    campus.sms.as_deref().unwrap()
}

async fn send(sms: &dyn Sms) -> Result<(), Unsent> {
    let to = mobile(NUMBER);
    sms.send(&to, &code()).await.map(|receipt| {
        assert_eq!((receipt.carrier, receipt.mobile), ("campus", to));
    })
}

async fn check(sms: &dyn Sms) -> Checked {
    check_of(sms, &mobile(NUMBER)).await
}

async fn check_of(sms: &dyn Sms, of: &Mobile) -> Checked {
    let checker = sms.checker().expect("the campus checks its codes");
    checker.check(of, &Secret::new(TYPED.into())).await
}

fn says(code: impl Into<Value>) -> String {
    json!({"code": code.into(), "msg": "x"}).to_string()
}

/// A message is on its way, with a ticket for the check.
fn taken(ticket: &str) -> String {
    json!({"code": "0", "data": {"ticket": ticket}}).to_string()
}

/// A platform that has sent a code to the number.
async fn with_code() -> (Platform, Campus) {
    let platform = Platform::new().await;
    let campus = platform.recipe(RECIPE);
    platform.says(200, taken(TICKET));
    assert_eq!(send(sms(&campus)).await, Ok(()));
    (platform, campus)
}

/// A request of the recipe: where it went, and its JSON.
fn read(asked: &Asked) -> (&Method, &str, Value) {
    assert_eq!(asked.headers["content-type"], "application/json");
    let body = serde_json::from_slice(&asked.body).unwrap();
    (&asked.method, &asked.target, body)
}

/// The ticket of the newest request.
fn ticket_of_last(platform: &Platform) -> Value {
    let asked = platform.asked();
    read(asked.last().unwrap()).2["ticket"].clone()
}

#[tokio::test]
async fn the_campus_makes_the_code_and_judges_what_is_typed() {
    let (platform, campus) = with_code().await;
    assert_eq!(campus.codes_by(), CodesBy::Campus);
    for (answer, verdict) in [
        ("2001", CodeVerdict::Wrong),
        ("2001", CodeVerdict::Wrong),
        ("0", CodeVerdict::Right),
    ] {
        platform.says(200, says(answer));
        assert_eq!(check(sms(&campus)).await, Ok(verdict), "{answer}");
    }
    let asked = platform.asked();
    let (sending, checking) = asked.split_first().unwrap();
    // The code that the desk would have made is in neither request.
    let wanted = json!({"app": "yingxin", "key": KEY, "mobile": NUMBER});
    assert_eq!(read(sending), (&Method::POST, "/api/code/send", wanted));
    assert_eq!(checking.len(), 3);
    for one in checking {
        let wanted = json!({"app": "yingxin", "key": KEY, "ticket": TICKET, "code": TYPED});
        assert_eq!(read(one), (&Method::POST, "/api/code/check", wanted));
    }
}

#[tokio::test]
async fn each_answer_to_a_check_has_its_meaning_and_any_other_means_that_nobody_knows() {
    let (platform, campus) = with_code().await;
    let unknown = || Err(Failure::Unavailable);
    for (status, answer, wanted) in [
        (
            200,
            says("2002"),
            Err(Failure::Rejected(CodeRefusal::Expired)),
        ),
        (
            200,
            says(2003),
            Err(Failure::Rejected(CodeRefusal::TooManyTries)),
        ),
        // A platform may refuse with a status of its own.
        (400, says("2001"), Ok(CodeVerdict::Wrong)),
        (
            403,
            says("2002"),
            Err(Failure::Rejected(CodeRefusal::Expired)),
        ),
        (
            429,
            says("2001"),
            Err(Failure::Limited { retry_after: None }),
        ),
        // A success that HTTP denies is none.
        (400, says("0"), unknown()),
        (500, says("0"), unknown()),
        (503, says("2001"), unknown()),
        // Codes of the other request, and of none.
        (200, says("1002"), unknown()),
        (200, says("00"), unknown()),
        (200, says(Value::Null), unknown()),
        (200, says(json!(["0"])), unknown()),
        (200, says("0".repeat(60_000)), unknown()),
        (200, says("0".repeat(200_000)), unknown()),
        (200, "[".repeat(50_000), unknown()),
        (200, String::new(), unknown()),
        (200, "<html>busy</html>".into(), unknown()),
        (404, String::new(), unknown()),
    ] {
        let before = platform.asked().len();
        let head: String = answer.chars().take(30).collect();
        platform.says(status, answer);
        assert_eq!(check(sms(&campus)).await, wanted, "{status} {head}");
        assert_eq!(platform.asked().len(), before + 1, "{status} {head}");
    }
    // The code stays where it was meant to go.
    let before = platform.asked().len();
    platform.leads_to(format!("{}/elsewhere", platform.url));
    assert_eq!(check(sms(&campus)).await, unknown());
    let asked = platform.asked();
    assert_eq!(asked.len(), before + 1);
    assert!(asked.iter().all(|one| one.target != "/elsewhere"));
    platform.says(200, format!("\u{feff}{}", says(0)));
    assert_eq!(check(sms(&campus)).await, Ok(CodeVerdict::Right));
}

#[tokio::test]
async fn a_code_that_is_not_sent_is_refused_by_its_kind() {
    let platform = Platform::new().await;
    let campus = platform.recipe(RECIPE);
    let number = || Failure::Rejected(SmsRefusal::BadNumber);
    let no_ticket = || {
        Failure::Misconfigured("[sms.campus]: the answer to send has no ticket at ticket_at".into())
    };
    for (status, answer, why, is_certain) in [
        (200, says("1001"), number(), true),
        (422, says("1001"), number(), true),
        (
            200,
            says("1002"),
            Failure::Limited { retry_after: None },
            true,
        ),
        (429, says("0"), Failure::Limited { retry_after: None }, true),
        (200, says("2001"), Failure::Unavailable, false),
        (400, taken(TICKET), Failure::Unavailable, false),
        (500, says("1001"), Failure::Unavailable, false),
        // The message may well be on its way, and what is typed cannot be checked.
        (200, says("0"), no_ticket(), false),
        (200, taken(""), no_ticket(), false),
        (200, taken("a\nb"), no_ticket(), false),
        (200, taken(&"t".repeat(1025)), no_ticket(), false),
    ] {
        let before = platform.asked().len();
        let head: String = answer.chars().take(40).collect();
        platform.says(status, answer);
        let unsent = send(sms(&campus)).await.unwrap_err();
        assert_eq!((unsent.why, unsent.is_certain), (why, is_certain), "{head}");
        assert_eq!(platform.asked().len(), before + 1, "handed over once");
    }
    platform.says(200, says("4001"));
    let unsent = send(sms(&campus)).await.unwrap_err();
    assert!(matches!(unsent.why, Failure::Misconfigured(why) if why.contains("4001")));
    assert!(unsent.is_certain);
}

#[tokio::test]
async fn a_ticket_is_that_of_the_code_that_was_sent_last() {
    let (platform, campus) = with_code().await;
    let sms = sms(&campus);
    let over = || Err(Failure::Rejected(CodeRefusal::Expired));
    let checks = async |of: &str| {
        platform.says(200, says("0"));
        check_of(sms, &mobile(of)).await
    };
    // Of another number nothing is known, as after a restart: there is nothing to ask the platform.
    let before = platform.asked().len();
    assert_eq!(checks("13900139002").await, over());
    assert_eq!(platform.asked().len(), before);
    platform.says(200, taken("second"));
    assert_eq!(send(sms).await, Ok(()));
    assert_eq!(checks(NUMBER).await, Ok(CodeVerdict::Right));
    assert_eq!(ticket_of_last(&platform), "second");
    // What was certainly not sent leaves the last code good.
    platform.says(200, says("1002"));
    assert!(send(sms).await.unwrap_err().is_certain);
    assert_eq!(checks(NUMBER).await, Ok(CodeVerdict::Right));
    assert_eq!(ticket_of_last(&platform), "second");
    // Another code may be on its way, whose ticket nobody has: the second one's would call it wrong.
    platform.says(500, "");
    assert!(!send(sms).await.unwrap_err().is_certain);
    let before = platform.asked().len();
    assert_eq!(checks(NUMBER).await, over());
    assert_eq!(platform.asked().len(), before);
}

#[tokio::test]
async fn only_the_newest_tickets_are_kept() {
    let platform = Platform::new().await;
    let campus = platform.recipe(RECIPE);
    let number = |n: usize| mobile(&format!("1390013{n:04}"));
    for n in 0..=64 {
        platform.says(200, taken(&format!("ticket-{n}")));
        let sent = sms(&campus).send(&number(n), &code()).await;
        assert!(sent.is_ok(), "{sent:?}");
    }
    platform.says(200, says("0"));
    let over = Err(Failure::Rejected(CodeRefusal::Expired));
    assert_eq!(check_of(sms(&campus), &number(0)).await, over);
    for n in [1, 64] {
        let checked = check_of(sms(&campus), &number(n)).await;
        assert_eq!(checked, Ok(CodeVerdict::Right));
        assert_eq!(ticket_of_last(&platform), format!("ticket-{n}"));
    }
}

/// Each fault of the network: nobody knows, nothing is asked twice, and the student waits no longer than the deadline.
#[tokio::test]
async fn whatever_breaks_nobody_knows_and_nothing_is_asked_again() {
    let platform = Platform::new().await;
    let proxy = Proxy::to(platform.at, Exchange::Connection).await;
    let url = format!("http://{}", proxy.address);
    let mut connections = platform.connections(&recipe(RECIPE), &url).unwrap();
    let http = http(Trust::LoopbackOnly);
    let sms = connections.sms.remove(0).connect(&http).unwrap();
    let answers = || faults(garbage, circle(proxy.address, "/api/code/check"));
    for fault in answers() {
        platform.says(200, taken(TICKET));
        proxy.breaks(0, fault.clone());
        let began = Instant::now();
        let unsent = send(&*sms).await.unwrap_err();
        assert!(began.elapsed() < DEADLINE * 2, "{fault:?}");
        assert!(unsent.why.is_fate_unknown(), "{fault:?}: {unsent:?}");
        assert!(!unsent.is_certain, "{fault:?}");
        assert_eq!(proxy.exchanges(), 1, "{fault:?}");
    }
    proxy.heals();
    assert_eq!(send(&*sms).await, Ok(()));
    for fault in answers() {
        platform.says(200, says("0"));
        proxy.breaks(0, fault.clone());
        let began = Instant::now();
        let why = check(&*sms).await.unwrap_err();
        assert!(began.elapsed() < DEADLINE * 2, "{fault:?}");
        assert!(why.is_fate_unknown(), "{fault:?}: {why:?}");
        assert_eq!(proxy.exchanges(), 1, "{fault:?}");
        assert!(proxy.sent(TYPED) <= 1, "{fault:?}");
    }
    proxy.heals();
    assert_eq!(check(&*sms).await, Ok(CodeVerdict::Right));
    // Without a connection nothing was sent.
    let mut nowhere = platform
        .connections(&recipe(RECIPE), "http://127.0.0.1:1")
        .unwrap();
    let sms = nowhere.sms.remove(0).connect(&http).unwrap();
    let unsent = send(&*sms).await.unwrap_err();
    assert_eq!((unsent.why, unsent.is_certain), (Failure::Offline, true));
}

#[tokio::test]
async fn nothing_secret_stands_in_an_address_or_in_the_log() {
    let log = Log::begin();
    let platform = Platform::new().await;
    // A platform whose answers repeat what they were asked, and a configuration that takes that for codes.
    let repeating = recipe(RECIPE).replace("\"4001\"", &format!("\"4001\", \"{KEY}\""));
    let campus = platform.campus(&repeating).unwrap();
    let sms = sms(&campus);
    for answer in [
        says("1001"),
        says(NUMBER),
        says(KEY),
        says("0"),
        taken(TICKET),
    ] {
        platform.says(200, answer);
        if let Err(unsent) = send(sms).await
            && let Failure::Misconfigured(why) = unsent.why
        {
            assert!(!why.contains(KEY), "{why}");
        }
    }
    for answer in [TYPED, TICKET, KEY, NUMBER, "2001", "9999"] {
        platform.says(200, says(answer));
        let _ = check(sms).await;
    }
    // The place of the code is that of the ticket.
    let mistaken = format!("{}send_code_at = [\"/data/ticket\"]\n", recipe(RECIPE));
    platform.says(200, taken(TICKET));
    let campus = platform.campus(&mistaken).unwrap();
    let unsent = send(self::sms(&campus)).await.unwrap_err();
    assert_eq!(unsent.why, Failure::Unavailable);
    let log = log.take();
    assert!(log.contains("sms.campus.check: a code in no list"), "{log}");
    assert!(log.contains("9999") && log.contains("***"), "{log}");
    let desk_code = code();
    // The signs of the key are not shown in any case.
    let key = KEY.trim_end_matches("+/");
    for secret in [key, TICKET, TYPED, NUMBER, desk_code.expose()] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
        for asked in platform.asked() {
            assert!(!asked.target.contains(secret), "{}", asked.target);
            let headers = format!("{:?}", asked.headers);
            assert!(!headers.contains(secret), "{headers}");
        }
    }
}

#[tokio::test]
async fn a_probe_asks_both_addresses_and_sends_nothing() {
    let (platform, campus) = with_code().await;
    let before = platform.asked().len();
    for (status, is_well) in [(200, true), (405, true), (500, false)] {
        platform.says(status, "");
        let probed = sms(&campus).probe().await;
        let said: Vec<_> = probed
            .iter()
            .map(|one| (one.gateway, one.said.is_ok()))
            .collect();
        let wanted = [("sms.campus", is_well), ("sms.campus.check", is_well)];
        assert_eq!(said, wanted, "{status}");
    }
    let asked = platform.asked().split_off(before);
    assert_eq!(asked.len(), 6);
    for one in asked {
        assert_eq!(one.method, Method::HEAD);
        let told = format!("{:?}", one.headers);
        assert!(one.body.is_empty() && !told.contains(KEY), "{told}");
    }
}

/// A platform in its simplest form: a line each.
const PLAIN: &str = r#"[sms.campus]
send_address = "https://sms.example.edu/send"
send_content = ["to={mobile}", "key={key}"]
accepted = ["0"]
check_address = "https://sms.example.edu/check"
check_content = ["to={mobile}", "code={code}", "key={key}"]
right = ["0"]
wrong = ["1"]
key_file = "key.secret"
"#;

/// Without tickets the number tells which code it is: nothing has to be kept, and a restart loses nothing.
#[tokio::test]
async fn a_platform_without_tickets_finds_the_code_by_the_number() {
    let platform = Platform::new().await;
    let campus = platform.campus(PLAIN).unwrap();
    platform.says(200, says("0"));
    let checked = check(sms(&campus)).await;
    assert_eq!(checked, Ok(CodeVerdict::Right));
    let asked = platform.asked();
    let body = String::from_utf8(asked[0].body.clone()).unwrap();
    assert_eq!(
        body,
        format!("to={NUMBER}&code={TYPED}&key=canary-key%2B%2F")
    );
}

#[tokio::test]
async fn what_cannot_work_is_a_configuration_error_with_its_line() {
    let platform = Platform::new().await;
    assert!(platform.campus(PLAIN).is_ok());
    for (change, to, line, what, remedy) in [
        (
            "to={mobile}",
            "to=me",
            3,
            "{mobile} stands nowhere in the request",
            "put it into `send_content`",
        ),
        (
            "key={key}",
            "key={key}\", \"c={code}",
            3,
            "the request that sends holds {code}",
            "the platform makes the code",
        ),
        (
            "key={key}",
            "key={key}\", \"m={text}",
            3,
            "the request that sends holds {text}",
            "take it out",
        ),
        (
            "key={key}\"]",
            "key={digest}\"]\ndigest = \"md5\"\ndigest_of = \"{code}{key}\"",
            3,
            "the request that sends holds {code}",
            "and of its digest",
        ),
        (
            "code={code}",
            "code=1",
            6,
            "{code} stands nowhere in the request",
            "put it into `check_content`",
        ),
        (
            "\"to={mobile}\", \"code",
            "\"code",
            6,
            "{mobile} stands nowhere in the request",
            "put it into `check_content`",
        ),
        (
            "code={code}",
            "code={code}\", \"m={text}",
            6,
            "the request that checks holds {text}",
            "the platform makes the message",
        ),
        (
            "code={code}",
            "code={code}\", \"t={ticket}",
            0,
            "is missing",
            "add `ticket_at = ...` to [sms.campus]",
        ),
        (
            "wrong",
            "ticket_at = [\"/t\"]\nwrong",
            8,
            "the request that checks does not hold {ticket}",
            "put {ticket} into check_content",
        ),
        (
            "accepted",
            "send_answer = \"text\"\nticket_at = [\"/t\"]\naccepted",
            5,
            "an answer in text has no places",
            "take it out",
        ),
        (
            "edu/check",
            "edu/check?c={code}",
            5,
            "{code} stands in an address",
            "send it in",
        ),
        (
            "edu/check",
            "edu/check?t={ticket}",
            5,
            "{ticket} stands in an address",
            "send it in",
        ),
        (
            "accepted",
            "blocked",
            0,
            "is missing",
            "add `accepted = ...` to [sms.campus]",
        ),
        (
            "right",
            "expired",
            0,
            "is missing",
            "add `right = ...` to [sms.campus]",
        ),
        (
            "wrong",
            "expired",
            0,
            "is missing",
            "add `wrong = ...` to [sms.campus]",
        ),
        (
            "[\"1\"]",
            "[\"1\", \"0\"]",
            8,
            "the code 0 stands in two lists",
            "leave it in the one",
        ),
        (
            "[sms.campus]",
            "[sms.gammu]\noutbox = \"/o\"\nsent = \"/s\"\nerror = \"/e\"\n[sms.campus]",
            6,
            "another carrier is filled in beside it",
            "leave one section of [sms.*]",
        ),
    ] {
        is_refused(
            &platform,
            &PLAIN.replacen(change, to, 1),
            line,
            what,
            remedy,
        );
    }
    // No answer gives a ticket where the desk makes the code.
    let carrier = "[sms.http]\naddress = \"https://sms.example.edu/send\"\n\
                   content = [\"to={mobile}\", \"code={code}\", \"t={ticket}\"]\naccepted = [\"0\"]\n";
    let what = "{ticket} stands in the request, and no answer gives one";
    is_refused(&platform, carrier, 3, what, "described in [sms.campus]");
    assert!(platform.asked().is_empty());
}

fn is_refused(platform: &Platform, text: &str, line: usize, what: &str, remedy: &str) {
    let complaint = platform.campus(text).err();
    let complaint = complaint.unwrap_or_else(|| panic!("{text}"));
    assert_eq!(complaint.exit, Exit::Configuration, "{text}");
    let place = match line {
        0 => "yingxin.toml".to_owned(),
        line => format!("yingxin.toml:{line}"),
    };
    for part in [place.as_str(), what] {
        assert!(complaint.what.contains(part), "{part}: {}", complaint.what);
    }
    assert!(complaint.remedy.contains(remedy), "{}", complaint.remedy);
}
