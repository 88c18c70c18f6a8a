//! The practice student's phone: a small state machine of the pages that WeChat, the registration and the assistant show.
//! Actions drive it, from the kiosk's practice phone or from a test. It never calls the desk.
//!
//! `GET /practice/phone` returns `{page, wechat, messages, actions, said}`; `POST /practice/phone/do/{action}` takes an
//! action's id, or its index among the present actions from 0, and returns the same; `PUT /practice/phone/wechat` takes
//! `{"mobile": "13900139000"}`; [`super::bad_days`] are set here too. `next` is who can be registered next. The texts of
//! the ids are the kiosk's: `phone-page-<id>`, `phone-do-<id>`, `phone-said-<id>`, `bad-day-<id>`. `own_troubles` lists
//! the students who cannot register on any day, `{number, id}` with the text `own-trouble-<id>`.
//!
//! - pages: home, role, login, number, follow, followed-active, followed-inactive, assistant, assistant-number,
//!   assistant-code, verified, already-bound, sms, grant
//! - actions: scan-grant, grant-approve, grant-deny, scan-register, scan-follow, assistant, read-sms, reset, tap-role, sign-in, sign-in-wrong, fill-number,
//!   fill-other-number, follow, assistant-verify, assistant-number, assistant-other-number, assistant-code,
//!   assistant-wrong-code, home
//! - said: scanned, signed-in, password-wrong, account-locked, number-set, number-taken, followed-active,
//!   followed-inactive, follow-stranger, already-active, member-disabled, nothing-to-verify, code-sent,
//!   number-differs, code-wrong, code-expired, code-spent, verified, sms-none, sms-read, reset,
//!   grant-approved, grant-denied, grant-expired
//!
//! [`super::owner`] decides to which student the phone belongs.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::bad_days::BadDay;
use super::hex::random_hex;
use super::oidc;
use super::owner::{free_number, new_phone, next_student, student};
use super::seed::password;
use super::server::{Server, lock};
use super::state::{CampusState, Condition, PendingCode};
use super::wecom::{bind, clean_mobile};

/// Wrong codes per day at the assistant, as users of the real one report.
const TRIES_A_DAY: u8 = 5;
/// How long the assistant's code is valid, in seconds.
const CODE_LIFE: i64 = 300;
/// The first number for "another number".
const OTHER_NUMBERS: u64 = 13_900_139_000;

/// `GET /practice/phone`: what the phone shows.
pub async fn show(State(server): State<Arc<Server>>) -> Json<Value> {
    let awaits_grant = awaits_grant(&server);
    Json(server.with(|state| picture(state, awaits_grant)))
}

/// `POST /practice/phone/do/{action}`: performs an action. 404 if the present page does not have it.
pub async fn act(State(server): State<Arc<Server>>, Path(action): Path<String>) -> Response {
    let awaits_grant_now = awaits_grant(&server);
    let student = server.with(|state| student(state));
    let done = server.with(|state| {
        let now = actions(&state.phone.page, awaits_grant_now);
        let place = action.parse::<usize>().ok();
        let action = match place {
            Some(place) => now.get(place).copied(),
            None => now.iter().copied().find(|known| *known == action),
        }?;
        // A sign-in at the desk is decided below, after the state is unlocked.
        let (page, said) = match action {
            "grant-approve" | "grant-deny" => ("home", None),
            _ => perform(state, action),
        };
        state.phone.page = page.to_owned();
        state.phone.said = said.map(str::to_owned);
        Some((action, picture(state, awaits_grant_now)))
    });
    let done = done.map(|(action, phone)| match action {
        "grant-approve" | "grant-deny" => {
            let said = oidc::decide(&server, &student, action == "grant-approve");
            let awaits_grant = awaits_grant(&server);
            server.with(|state| {
                state.phone.student = Some(student);
                state.phone.said = Some(said.to_owned());
                picture(state, awaits_grant)
            })
        }
        _ => phone,
    });
    match done {
        Some(phone) => Json(phone).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What `PUT /practice/phone/wechat` takes.
#[derive(Deserialize)]
pub struct Wechat {
    mobile: String,
}

/// `PUT /practice/phone/wechat`: binds the phone's WeChat to another number.
pub async fn set_wechat(State(server): State<Arc<Server>>, Json(given): Json<Wechat>) -> Response {
    let Some(mobile) = clean_mobile(&given.mobile) else {
        return (StatusCode::BAD_REQUEST, "not a mobile number").into_response();
    };
    let awaits_grant = awaits_grant(&server);
    let phone = server.with(|state| {
        state.phone.wechat = mobile;
        state.phone.said = None;
        picture(state, awaits_grant)
    });
    Json(phone).into_response()
}

/// `POST /practice/phone/day/{id}`: sets a bad day, or takes it back. 404 if there is no such one.
pub async fn toggle_day(State(server): State<Arc<Server>>, Path(id): Path<String>) -> Response {
    let Some(day) = BadDay::of_id(&id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let awaits_grant = awaits_grant(&server);
    let phone = server.with(|state| {
        state.bad_days.toggle(day);
        picture(state, awaits_grant)
    });
    Json(phone).into_response()
}

/// Whether a desk shows a sign-in code that is not decided yet.
fn awaits_grant(server: &Server) -> bool {
    lock(&server.grants).pending().is_some()
}

fn picture(state: &CampusState, awaits_grant: bool) -> Value {
    let phone = &state.phone;
    let messages: Vec<String> = phone
        .messages
        .iter()
        .map(|message| format!("{}: {}", message.to, message.text))
        .collect();
    json!({
        "page": phone.page,
        "wechat": phone.wechat,
        "messages": messages,
        "actions": actions(&phone.page, awaits_grant),
        "said": phone.said,
        "bad_days": state.bad_days.listed(),
        "own_troubles": own_troubles(state),
        "next": next_student(state).map(|number| {
            let password = password(&number);
            json!({ "number": number, "password": password })
        }),
    })
}

/// Who cannot register whatever the day is, and why: a desk would look for a fault that nobody has set.
fn own_troubles(state: &CampusState) -> Vec<Value> {
    let all = state.accounts.iter().filter_map(|(number, account)| {
        let status = state.member(number).map(|member| member.status);
        let id = match (account.condition, status) {
            (Condition::Locked, _) => "account-locked",
            (Condition::Disabled, _) => "account-disabled",
            (Condition::Good, Some(2)) => "member-disabled",
            (Condition::Good, Some(5)) => "member-departed",
            (Condition::Good, _) => return None,
        };
        Some(json!({ "number": number, "id": id }))
    });
    all.collect()
}

/// The actions of a page, in the order of the keys. A code on the desk's screen can be scanned from the first page.
fn actions(page: &str, awaits_grant: bool) -> &'static [&'static str] {
    match page {
        "grant" => &["grant-approve", "grant-deny", "home"],
        "role" => &["tap-role", "home"],
        "login" => &["sign-in", "sign-in-wrong", "home"],
        "number" => &["fill-number", "fill-other-number", "home"],
        "follow" => &["follow", "home"],
        "followed-inactive" => &["assistant", "home"],
        "assistant" => &["assistant-verify", "home"],
        "assistant-number" => &["assistant-number", "assistant-other-number", "home"],
        "assistant-code" => &["assistant-code", "assistant-wrong-code", "home"],
        "followed-active" | "verified" | "already-bound" | "sms" => &["home"],
        _ if awaits_grant => &[
            "scan-grant",
            "scan-register",
            "scan-follow",
            "assistant",
            "read-sms",
            "reset",
        ],
        _ => &[
            "scan-register",
            "scan-follow",
            "assistant",
            "read-sms",
            "reset",
        ],
    }
}

/// The page that an action leads to, and the id of its message.
type PageChange = (&'static str, Option<&'static str>);

fn perform(state: &mut CampusState, action: &str) -> PageChange {
    match action {
        "scan-grant" => ("grant", None),
        "scan-register" => ("role", Some("scanned")),
        "tap-role" => ("login", None),
        "sign-in" => sign_in(state),
        "sign-in-wrong" => ("login", Some("password-wrong")),
        "fill-number" => {
            let mobile = state.phone.wechat.clone();
            fill(state, &mobile)
        }
        "fill-other-number" => {
            let mobile = free_number(state, OTHER_NUMBERS);
            fill(state, &mobile)
        }
        "follow" | "scan-follow" => follow(state),
        "assistant" => ("assistant", None),
        "assistant-verify" => begin_verifying(state),
        "assistant-number" => send_code(state),
        "assistant-other-number" => ("assistant-number", Some("number-differs")),
        "assistant-code" => {
            let code = state.phone.verifying.as_ref().map(|v| v.code.clone());
            match code {
                Some(code) if !has_arrived(state, &code) => ("assistant-code", Some("sms-none")),
                code => try_code(state, &code.unwrap_or_default()),
            }
        }
        "assistant-wrong-code" => try_code(state, ""),
        "read-sms" if state.phone.messages.is_empty() => ("home", Some("sms-none")),
        "read-sms" => ("sms", Some("sms-read")),
        "reset" => {
            state.phone = new_phone(state);
            ("home", Some("reset"))
        }
        _ => ("home", None),
    }
}

fn sign_in(state: &mut CampusState) -> PageChange {
    let number = student(state);
    match state.condition(&number) {
        Some(Condition::Good) => {}
        _ => return ("login", Some("account-locked")),
    }
    state.phone.student = Some(number.clone());
    match state.member(&number).map(|member| member.status) {
        Some(1) => ("already-bound", Some("already-active")),
        Some(2 | 5) => ("home", Some("member-disabled")),
        _ => ("number", Some("signed-in")),
    }
}

fn fill(state: &mut CampusState, mobile: &str) -> PageChange {
    let number = student(state);
    let account = state.accounts.get(&number);
    let name = account.map(|a| a.name.clone()).unwrap_or_default();
    match bind(state, &number, &name, mobile) {
        Ok(()) => ("follow", Some("number-set")),
        Err(_) => ("number", Some("number-taken")),
    }
}

/// Following makes a member active if the numbers match or the second verification is confirmed.
fn follow(state: &mut CampusState) -> PageChange {
    let number = student(state);
    let wechat = state.phone.wechat.clone();
    let Some(member) = state.member_mut(&number) else {
        return ("home", Some("follow-stranger"));
    };
    match (member.status, &member.mobile) {
        (1, _) => ("already-bound", Some("already-active")),
        (2 | 5, _) => ("home", Some("member-disabled")),
        (_, None) => ("home", Some("follow-stranger")),
        (_, Some(mobile)) => {
            member.followed = true;
            if *mobile == wechat || member.confirmed {
                member.status = 1;
                state.bad_days.followed(&number);
                ("followed-active", Some("followed-active"))
            } else {
                ("followed-inactive", Some("followed-inactive"))
            }
        }
    }
}

fn begin_verifying(state: &mut CampusState) -> PageChange {
    let today = state.now() / 86_400;
    let number = student(state);
    match state.member(&number) {
        Some(member) if member.status == 1 => ("assistant", Some("already-active")),
        Some(member) if member.wrong_day == today && member.wrong >= TRIES_A_DAY => {
            ("assistant", Some("code-spent"))
        }
        Some(member) if member.followed => ("assistant-number", None),
        _ => ("assistant", Some("nothing-to-verify")),
    }
}

fn send_code(state: &mut CampusState) -> PageChange {
    let number = student(state);
    let Some(mobile) = state.member(&number).and_then(|m| m.mobile.clone()) else {
        return ("assistant", Some("nothing-to-verify"));
    };
    let random = u32::from_str_radix(&random_hex(4), 16).unwrap_or_default();
    let code = format!("{:06}", random % 1_000_000);
    state.deliver(
        &mobile,
        format!("【企业微信】{code}，关注身份验证的验证码，5分钟内有效。"),
    );
    let expires = state.now().saturating_add(CODE_LIFE);
    state.phone.verifying = Some(PendingCode {
        mobile,
        code,
        expires,
    });
    ("assistant-code", Some("code-sent"))
}

/// Whether a message with this code is in the inbox.
fn has_arrived(state: &CampusState, code: &str) -> bool {
    let mut messages = state.phone.messages.iter();
    messages.any(|message| message.text.contains(code))
}

fn try_code(state: &mut CampusState, typed: &str) -> PageChange {
    let now = state.now();
    let number = student(state);
    let Some(verifying) = state.phone.verifying.clone() else {
        return ("assistant", Some("nothing-to-verify"));
    };
    if verifying.expires <= now {
        state.phone.verifying = None;
        return ("assistant", Some("code-expired"));
    }
    let Some(member) = state.member_mut(&number) else {
        return ("assistant", Some("nothing-to-verify"));
    };
    // A code is valid for the number it was sent to, which the desk may have changed since.
    if member.mobile.as_deref() != Some(&verifying.mobile) {
        return ("assistant", Some("number-differs"));
    }
    if typed == verifying.code {
        member.status = 1;
        state.bad_days.followed(&number);
        state.phone.verifying = None;
        return ("verified", Some("verified"));
    }
    if member.wrong_day != now / 86_400 {
        member.wrong_day = now / 86_400;
        member.wrong = 0;
    }
    member.wrong = member.wrong.saturating_add(1);
    if member.wrong < TRIES_A_DAY {
        return ("assistant-code", Some("code-wrong"));
    }
    state.phone.verifying = None;
    ("assistant", Some("code-spent"))
}

#[cfg(test)]
mod tests {
    use super::super::seed;
    use super::*;

    #[test]
    fn who_cannot_register_on_any_day_is_listed() {
        let listed = own_troubles(&seed::state());
        let told: Vec<_> = listed
            .iter()
            .map(|one| [&one["number"], &one["id"]].map(|part| part.as_str().unwrap()))
            .collect();
        let expected = [
            ["20260005", "account-locked"],
            ["20260008", "member-disabled"],
            ["20260011", "account-disabled"],
            ["20260012", "member-departed"],
        ];
        assert_eq!(told, expected);
    }
}
