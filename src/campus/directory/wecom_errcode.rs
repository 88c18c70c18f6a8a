//! The meaning of WeCom's errcodes for a registration. The number alone decides: an errmsg is never compared, and never
//! shown.

use std::time::Duration;

use super::DirectoryFailure;
use crate::visit::{DirectoryRefusal, Failure};

/// WeCom blocks an API for this long when it was called too often.
pub const RATE_BLOCK: Duration = Duration::from_secs(60);

/// An API was called too often by this company.
pub const TOO_OFTEN: i64 = 45009;

/// Whether the access token was refused or has expired: a new one may be requested once.
pub fn is_stale_token(code: i64) -> bool {
    matches!(code, 40001 | 40014 | 41001 | 42001)
}

/// Whether WeCom is busy, or two calls wrote at once: a retry may succeed.
pub fn is_busy(code: i64) -> bool {
    matches!(code, -1 | 6000)
}

/// This desk's address is not among the trusted ones (企业可信IP).
pub const UNTRUSTED_ADDRESS: i64 = 60020;

/// The failure for an address that is not trusted. The errmsg names the address as WeCom saw it (`from ip: 1.2.3.4`).
/// Nothing else of an errmsg is ever read, and this only where it is an IP address.
pub fn untrusted(call: &str, errmsg: &str) -> DirectoryFailure {
    let address = errmsg
        .split("from ip:")
        .nth(1)
        .and_then(|rest| rest.trim_start().split([',', ' ']).next())
        .and_then(|text| text.parse::<std::net::IpAddr>().ok());
    let address = address.map_or_else(|| "this desk's address".to_owned(), |ip| ip.to_string());
    Failure::Misconfigured(format!(
        "WeCom {call}: {address} is not a trusted IP (企业可信IP) of this secret's app (errcode {UNTRUSTED_ADDRESS})"
    ))
}

/// The failure that an errcode of `call` means after all retries.
pub fn failure(call: &str, code: i64) -> DirectoryFailure {
    let why = match code {
        code if is_busy(code) => return Failure::Unavailable,
        TOO_OFTEN | 45033 => {
            let retry_after = (code == TOO_OFTEN).then_some(RATE_BLOCK);
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
        UNTRUSTED_ADDRESS => "this desk's address is not a trusted IP",
        60123 | 60127 => "the department for new members is wrong",
        301_002 => "the secret belongs to another agent",
        code => return Failure::Rejected(DirectoryRefusal::Other(code)),
    };
    Failure::Misconfigured(format!("WeCom {call}: {why} (errcode {code})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untrusted_address_is_named_where_it_is_one() {
        let describe = |errmsg: &str| match untrusted("user/get", errmsg) {
            Failure::Misconfigured(text) => text,
            other => panic!("{other:?}"),
        };
        let real = "not allow to access from your ip, hint: [1], from ip: 203.0.113.7, more info at https://x";
        assert!(describe(real).contains("203.0.113.7"));
        for no_address in [
            "",
            "from ip:",
            "from ip: \u{1b}[2J, x",
            "from ip: example.edu",
        ] {
            assert!(describe(no_address).contains("this desk's address"));
        }
    }
}
