//! The settings of `[sms.campus]`: two requests, what their answers mean, and what they share.

use super::request::{self, RequestSettings, SharedSettings, any_code, shared_settings};
use crate::campus::setting::{Setting, SettingKind};

mod send {
    use super::request::{self, RequestSettings, request_settings};
    use crate::campus::setting::{Setting, SettingKind};

    request_settings!(
        "sms.campus",
        "send_",
        "https://sms.example.edu.cn/api/code/send",
        "account={account}\npassword={password}\nmobile={mobile}\ntimestamp={time}\nsign={digest}",
        "The address that has a code made and sent. {mobile}, {time}, {nonce} and {digest} may stand in its path and query; a secret may not."
    );
}

mod check {
    use super::request::{self, RequestSettings, request_settings};
    use crate::campus::setting::{Setting, SettingKind};

    request_settings!(
        "sms.campus",
        "check_",
        "https://sms.example.edu.cn/api/code/check",
        "account={account}\npassword={password}\nmobile={mobile}\ncode={code}\nticket={ticket}\ntimestamp={time}\nsign={digest}",
        "The address that checks a code. {mobile}, {time}, {nonce} and {digest} may stand in its path and query; a secret, the code and the ticket may not."
    );
}

/// The settings of the request that sends.
pub(super) const SEND: &RequestSettings = &send::REQUEST;
/// The settings of the request that checks.
pub(super) const CHECK: &RequestSettings = &check::REQUEST;

shared_settings!("sms.campus");

/// The settings of what both requests share.
pub(super) const PARTS: &SharedSettings = &SHARED;

/// A setting that lists codes of an answer.
const fn codes(key: &'static str, example: &'static str, words: &'static str) -> Setting {
    Setting {
        key,
        kind: SettingKind::Texts(any_code),
        default: None,
        example,
        words,
    }
}

pub(super) const TICKET_AT: Setting = Setting {
    key: "sms.campus.ticket_at",
    kind: SettingKind::Texts(request::check_place),
    default: None,
    example: "/data/ticket",
    words: "Where the answer to send has the ticket that {ticket} stands for in the request that checks. It is kept in memory only: after a restart another code is sent.",
};

pub(super) const ACCEPTED: Setting = codes(
    "sms.campus.accepted",
    "0",
    "The codes of an answer to send that mean: a message is on its way. A code in no list means that nothing is known of the message, and it is not sent again.",
);
pub(super) const BAD_NUMBER: Setting = codes(
    "sms.campus.bad_number",
    "1008",
    "The codes of an answer to send that mean: not a mobile number.",
);
pub(super) const BLOCKED: Setting = codes(
    "sms.campus.blocked",
    "1009",
    "The codes of an answer to send that mean: the number takes no such messages.",
);
pub(super) const TOO_OFTEN: Setting = codes(
    "sms.campus.too_often",
    "1021",
    "The codes of an answer to send that mean: too often, or too many today.",
);
pub(super) const WRONG_SETTINGS: Setting = codes(
    "sms.campus.wrong_settings",
    "1005\n1007",
    "The codes of an answer to send that only an administrator can mend: the account, the signature, the request.",
);
pub(super) const REFUSED: Setting = codes(
    "sms.campus.refused",
    "1013",
    "The codes of an answer to send of any other refusal by which no message was sent.",
);
pub(super) const RIGHT: Setting = codes(
    "sms.campus.right",
    "0",
    "The codes of an answer to check that mean: the code is right. A code in no list means that nobody knows, and the student may type it again.",
);
pub(super) const WRONG: Setting = codes(
    "sms.campus.wrong",
    "2001",
    "The codes of an answer to check that mean: the code is wrong. The desk counts the tries as well.",
);
pub(super) const EXPIRED: Setting = codes(
    "sms.campus.expired",
    "2002",
    "The codes of an answer to check that mean: the code's time is over, or there is none. Another one is sent when the student asks for it.",
);
pub(super) const TOO_MANY_TRIES: Setting = codes(
    "sms.campus.too_many_tries",
    "2003",
    "The codes of an answer to check that mean: tried too often. Another one is sent when the student asks for it.",
);

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[
    send::ADDRESS,
    send::METHOD,
    send::HEADERS,
    send::BODY,
    send::CONTENT,
    send::WRAP,
    send::ANSWER,
    send::CODE_AT,
    ACCEPTED,
    BAD_NUMBER,
    BLOCKED,
    TOO_OFTEN,
    WRONG_SETTINGS,
    REFUSED,
    TICKET_AT,
    check::ADDRESS,
    check::METHOD,
    check::HEADERS,
    check::BODY,
    check::CONTENT,
    check::WRAP,
    check::ANSWER,
    check::CODE_AT,
    RIGHT,
    WRONG,
    EXPIRED,
    TOO_MANY_TRIES,
    ACCOUNT,
    PASSWORD,
    KEY,
    CHARSET,
    TIME,
    DIGEST,
    DIGEST_OF,
    DIGEST_KEY,
    DIGEST_AS,
];
