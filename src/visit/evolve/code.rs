//! The code sent by SMS: issued, tried, over.

use jiff::Timestamp;

use crate::visit::{
    ActKind, CodeRefusal, Failure, IssuedCode, Mobile, Nonce, Trouble, Unsettled, Visit,
};

/// The same nonce again is a resend: the code keeps its beginning and its wrong tries.
pub(super) fn issued(
    visit: &mut Visit,
    at: Timestamp,
    nonce: Nonce,
    mobile: &Mobile,
    expires: Timestamp,
) {
    let again = visit.code.take().filter(|code| code.nonce == nonce);
    visit.code = Some(IssuedCode {
        nonce,
        mobile: mobile.clone(),
        issued: again.as_ref().map_or(at, |code| code.issued),
        sent: at,
        expires,
        wrong: again.as_ref().map_or(0, |code| code.wrong),
        taken: false,
        accepted: false,
    });
}

/// What was typed is judged, by the desk or by the campus.
pub(super) fn tried(visit: &mut Visit, right: bool, left: u8) {
    if let Some(code) = &mut visit.code {
        code.wrong = code.wrong.saturating_add(u8::from(!right));
    }
    settle_check(visit);
    visit.trouble = match (right, left) {
        (true, _) => None,
        (false, 0) => Some(Trouble::CodeSpent),
        (false, left) => Some(Trouble::CodeWrong { left }),
    };
}

/// The campus did not judge what was typed. Where it takes no code any more, this one is over.
pub(super) fn not_checked(visit: &mut Visit, at: Timestamp, why: &Failure<CodeRefusal>) {
    if let (Some(code), Failure::Rejected(refusal)) = (&mut visit.code, why) {
        match refusal {
            CodeRefusal::Expired => code.expires = code.expires.min(at),
            CodeRefusal::TooManyTries => code.wrong = u8::MAX,
        }
    }
    settle_check(visit);
    visit.trouble = Some(Trouble::CodeCheck(why.clone()));
}

/// The campus is asked about no code any more. A message may still be on its way.
fn settle_check(visit: &mut Visit) {
    let is_check = |asked: Unsettled| asked.what == ActKind::CheckCode;
    if visit.unsettled.is_some_and(is_check) {
        visit.unsettled = None;
    }
}
