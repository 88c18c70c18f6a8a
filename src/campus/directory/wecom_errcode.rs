//! What WeCom's errcodes mean for a registration. Decided by the number alone: an errmsg is never compared, and never
//! shown.

use std::time::Duration;

use crate::visit::{DirectoryRefusal, Failure};

/// WeCom blocks an API for this long when it was called too often.
const RATE_BLOCK: Duration = Duration::from_secs(60);

/// The access token is not taken (any more): another one may be asked for, once.
pub fn is_stale_token(code: i64) -> bool {
    matches!(code, 40001 | 40014 | 41001 | 42001)
}

/// The system is busy, or two wrote at once: the same call again may do.
pub fn is_busy(code: i64) -> bool {
    matches!(code, -1 | 6000)
}

/// What an errcode of `call` means once nothing more can be tried.
pub fn failure(call: &str, code: i64) -> Failure<DirectoryRefusal> {
    let why = match code {
        code if is_busy(code) => return Failure::Offline,
        45009 | 45033 => {
            let retry_after = (code == 45009).then_some(RATE_BLOCK);
            return Failure::Limited { retry_after };
        }
        60103 => return Failure::Rejected(DirectoryRefusal::BadNumber),
        60104 => return Failure::Rejected(DirectoryRefusal::NumberTaken),
        60111 => return Failure::Rejected(DirectoryRefusal::UnknownMember),
        301_005 => return Failure::Rejected(DirectoryRefusal::Creator),
        40001 | 41004 => "the secret is not taken",
        40013 | 41002 => "the corp id is wrong",
        40014 | 41001 | 42001 => "a fresh access token is not taken",
        40091 => "the secret belongs to another corp",
        45024 => "the corp has as many accounts as it may",
        48002 => "this secret may not make this call",
        50002 | 60011 => "the member is out of this secret's scope",
        60020 => "this desk's address is not a trusted IP",
        60123 | 60127 => "the department for new members is wrong",
        301_002 => "the secret belongs to another agent",
        code => return Failure::Rejected(DirectoryRefusal::Other(code)),
    };
    Failure::Misconfigured(format!("WeCom {call}: {why} (errcode {code})"))
}
