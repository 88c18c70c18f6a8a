//! Whose the practice phone is: whoever signed in last or had a number set last, at the desk or on the phone. It decides
//! nothing else.

use super::seed;
use super::state::{Account, Condition, Phone, State};

/// Where the numbers of new WeChats begin.
const WECHAT_NUMBERS: u64 = 13_800_138_000;

/// Another student stands there: with another phone, and another WeChat where the last one's number is in use.
pub fn hand_over(state: &mut State, student: &str) {
    let before = state.phone.student.replace(student.to_owned());
    if before.is_none_or(|before| before == student) {
        return;
    }
    let wechat = match state.is_taken(&state.phone.wechat, student) {
        true => free_number(state, WECHAT_NUMBERS),
        false => state.phone.wechat.clone(),
    };
    state.phone = seed::phone(wechat);
    state.phone.student = Some(student.to_owned());
}

/// Whose phone it is.
pub fn student(state: &State) -> String {
    if let Some(student) = &state.phone.student {
        return student.clone();
    }
    let can_register = |number: &&String| {
        let good = |account: &Account| account.condition == Condition::Good;
        state.accounts.get(*number).is_some_and(good)
            && state.member(number).is_none_or(|m| m.status == 4)
    };
    let first = state.accounts.keys().find(can_register);
    first.cloned().unwrap_or_default()
}

/// A phone of nobody yet, with a WeChat of its own.
pub fn new_phone(state: &State) -> Phone {
    seed::phone(free_number(state, WECHAT_NUMBERS))
}

/// The first number from `first` on that no member has.
pub fn free_number(state: &State, first: u64) -> String {
    (first..)
        .take(state.members.len().saturating_add(2))
        .map(|number| number.to_string())
        .find(|number| !state.is_taken(number, ""))
        .unwrap_or_else(|| first.to_string())
}
