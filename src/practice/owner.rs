//! The owner of the practice phone: the student who signed in last or whose number was set last, at the desk or on the
//! phone.

use super::seed;
use super::state::{CampusState, Condition, IdentityAccount, PhoneState};

/// Where the numbers of new WeChats begin.
const WECHAT_NUMBERS: u64 = 13_800_138_000;

/// Gives the phone to a student. Another student has another phone, and another WeChat if a member uses the number of the
/// last one.
pub fn hand_over(state: &mut CampusState, student: &str) {
    let before = state.phone.student.replace(student.to_owned());
    if before.is_none_or(|before| before == student) {
        return;
    }
    let wechat = if state.is_taken(&state.phone.wechat, student) {
        free_number(state, WECHAT_NUMBERS)
    } else {
        state.phone.wechat.clone()
    };
    state.phone = seed::phone(wechat);
    state.phone.student = Some(student.to_owned());
}

/// The student number of the phone's owner; at first the first student of the roster who can still register.
pub fn student(state: &CampusState) -> String {
    let owner = state.phone.student.clone();
    owner.or_else(|| next_student(state)).unwrap_or_default()
}

/// The first student of the roster who can still register; the owner of the phone, who is there already, only where nobody
/// else can.
pub fn next_student(state: &CampusState) -> Option<String> {
    let can_register = |number: &&String| {
        let good = |account: &IdentityAccount| account.condition == Condition::Good;
        state.accounts.get(*number).is_some_and(good)
            && state.member(number).is_none_or(|m| m.status == 4)
    };
    let owner = state.phone.student.as_ref();
    let mut others = state.accounts.keys().filter(can_register);
    let other = others.find(|number| Some(*number) != owner);
    other.or(owner.filter(can_register)).cloned()
}

/// A phone without an owner, whose WeChat has a free number.
pub fn new_phone(state: &CampusState) -> PhoneState {
    seed::phone(free_number(state, WECHAT_NUMBERS))
}

/// The first number from `first` on that no member uses.
pub fn free_number(state: &CampusState, first: u64) -> String {
    (first..)
        .take(state.members.len().saturating_add(2))
        .map(|number| number.to_string())
        .find(|number| !state.is_taken(number, ""))
        .unwrap_or_else(|| first.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_one_is_not_the_one_who_is_there() {
        let mut state = seed::state();
        let next = |state: &CampusState| next_student(state).unwrap();
        assert_eq!(next(&state), "20260001");
        assert_eq!(student(&state), "20260001");
        hand_over(&mut state, "20260001");
        assert_eq!(next(&state), "20260002");
        hand_over(&mut state, "20260002");
        assert_eq!(next(&state), "20260001");
        for (number, account) in &mut state.accounts {
            if number != "20260002" {
                account.condition = Condition::Locked;
            }
        }
        assert_eq!(next(&state), "20260002", "nobody else can");
    }
}
