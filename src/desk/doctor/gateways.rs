//! The gateways: whether each answers and takes its secrets, whether its clock is this desk's, and whether a test account
//! can sign in.

use jiff::SignedDuration;

use super::TestAccount;
use crate::campus::{Campus, Probed};
use crate::screen::checkup::CheckupFinding;
use crate::visit::{CodesBy, Failure, MemberStatus, SignInRefusal, Student};

/// The check of the test account.
const ACCOUNT: &str = "check-account";
/// A clock difference above this is reported, in seconds.
const NOTABLE: u64 = 30;
/// Signatures end after five minutes: further apart than this, nothing is taken. In seconds.
const TOO_FAR: u64 = 240;

/// Asks every gateway at once; what it says of the clock comes last. `ahead` takes how far each server's clock is ahead.
pub async fn examine(campus: &Campus, ahead: &mut Vec<SignedDuration>) -> Vec<CheckupFinding> {
    let identity = async {
        let device = match &campus.device_grant {
            Some(device) => Some(device.probe().await),
            None => None,
        };
        match &campus.identity {
            Some(identity) => {
                let mut probed = device.unwrap_or_default();
                for one in identity.probe().await {
                    // One issuer may stand behind both.
                    if probed.iter().all(|known| known.gateway != one.gateway) {
                        probed.push(one);
                    }
                }
                Some(probed)
            }
            None => device,
        }
    };
    let sms = async {
        match &campus.sms {
            Some(sms) => Some(sms.probe().await),
            None => None,
        }
    };
    let directory = async {
        if campus.directory.powers().read {
            Some(campus.directory.probe().await)
        } else {
            None
        }
    };
    let (identity, directory, sms) = tokio::join!(identity, directory, sms);
    let mut found = Vec::new();
    for (name, probed) in [
        ("identity", identity),
        ("directory", directory),
        ("sms", sms),
    ] {
        let Some(probed) = probed else {
            found.push(CheckupFinding::pass("check-gateway", "told-absent").about(name));
            continue;
        };
        if probed.is_empty() {
            let found_none =
                CheckupFinding::warn("check-gateway", "told-unprobed", "remedy-unprobed");
            found.push(found_none.about(name));
        }
        ahead.extend(probed.iter().filter_map(|probed| probed.ahead));
        found.extend(probed.iter().map(told));
    }
    if campus.sms.is_some() {
        let told = match campus.codes_by() {
            CodesBy::Desk => "told-codes-desk",
            CodesBy::Campus => "told-codes-campus",
        };
        found.push(CheckupFinding::pass("check-sms-code", told));
    }
    found.push(clock(ahead));
    found
}

fn told(probed: &Probed) -> CheckupFinding {
    const CHECK: &str = "check-gateway";
    let finding = match &probed.said {
        Ok(()) => CheckupFinding::pass(CHECK, "told-answers"),
        Err(Failure::Offline) => unanswered(CHECK, std::slice::from_ref(probed)),
        Err(Failure::Unavailable) => {
            CheckupFinding::fail(CHECK, "told-unavailable", "remedy-unavailable")
        }
        Err(Failure::Limited { .. }) => {
            CheckupFinding::warn(CHECK, "told-limited", "remedy-limited")
        }
        Err(Failure::Rejected(())) => CheckupFinding::fail(CHECK, "told-refused", "remedy-log"),
        Err(Failure::Misconfigured(why)) => {
            CheckupFinding::misconfigured(CHECK, section(probed.gateway), why)
        }
    };
    finding.about(probed.gateway)
}

/// A call without an answer, with the fault of TLS where a probe of what was called shows one: no network and no firewall
/// is looked for then.
pub fn unanswered(check: &'static str, probed: &[Probed]) -> CheckupFinding {
    let mut faults = probed
        .iter()
        .filter_map(|one| Some((one.gateway, one.fault?)));
    match faults.next() {
        Some((gateway, fault)) => {
            let why = format!("TLS: {fault}");
            CheckupFinding::misconfigured(check, section(gateway), &why)
        }
        None => CheckupFinding::fail(check, "told-offline", "remedy-offline"),
    }
}

/// The section of yingxin.toml that a gateway stands in: one for both of WeCom's secrets.
fn section(gateway: &'static str) -> &'static str {
    let end = gateway.match_indices('.').nth(1);
    end.and_then(|(end, _)| gateway.get(..end))
        .unwrap_or(gateway)
}

/// The clock, by the one that is furthest from this desk's.
fn clock(ahead: &[SignedDuration]) -> CheckupFinding {
    const CHECK: &str = "check-clock";
    let furthest = ahead
        .iter()
        .map(|ahead| ahead.as_secs().unsigned_abs())
        .max();
    match furthest {
        None => CheckupFinding::pass(CHECK, "told-clock-alone"),
        Some(apart) => match apart {
            0..NOTABLE => CheckupFinding::pass(CHECK, "told-clock"),
            NOTABLE..TOO_FAR => CheckupFinding::warn(CHECK, "told-clock", "remedy-clock"),
            _ => CheckupFinding::fail(CHECK, "told-clock", "remedy-clock"),
        }
        .with("n", apart),
    }
}

/// The outcome of the test account's sign-in; each refusal has its own words.
fn refused(why: SignInRefusal) -> CheckupFinding {
    let (told, remedy) = match why {
        SignInRefusal::WrongPassword => ("told-wrong-password", "remedy-account"),
        SignInRefusal::Locked => ("told-account-locked", "remedy-account-locked"),
        SignInRefusal::LockedFor(left) => {
            return CheckupFinding::fail(
                ACCOUNT,
                "told-account-locked-for",
                "remedy-account-locked",
            )
            .with("n", left.as_secs().div_ceil(60));
        }
        SignInRefusal::Disabled => ("told-account-disabled", "remedy-account"),
        SignInRefusal::AccountExpired => ("told-account-expired", "remedy-account"),
        SignInRefusal::MustChange => ("told-must-change", "remedy-must-change"),
        SignInRefusal::NotAtThisHour => ("told-not-at-this-hour", "remedy-not-at-this-hour"),
        SignInRefusal::AddressBarred => ("told-address-barred", "remedy-address-barred"),
        SignInRefusal::AnotherWay => ("told-another-way", "remedy-another-way"),
        SignInRefusal::OtherNumber => ("told-other-number", "remedy-number"),
        SignInRefusal::NotAStudent => ("told-not-a-student", "remedy-number"),
    };
    CheckupFinding::fail(ACCOUNT, told, remedy)
}

/// As whom the test account signed in, masked: another number would be bound for every student.
fn signed_in_as(student: &Student, account: &TestAccount) -> CheckupFinding {
    let who = format!("{} {}", student.number.masked(), student.name.masked());
    let finding = if student.number.is_same_as(&account.student) {
        CheckupFinding::pass(ACCOUNT, "told-signed-in")
    } else {
        CheckupFinding::fail(ACCOUNT, "told-signed-in-other", "remedy-number")
    };
    finding.with("who", who.trim_end())
}

/// Signs the test account in, and looks for it in the directory where that can be read.
pub async fn sign_in(campus: &Campus, account: &TestAccount) -> Vec<CheckupFinding> {
    const CHECK: &str = ACCOUNT;
    let mut found = Vec::new();
    if let Some(identity) = &campus.identity {
        let signed = identity.sign_in(&account.student, &account.password);
        found.push(match signed.await {
            Ok(student) => signed_in_as(&student, account),
            Err(Failure::Rejected(why)) => refused(why),
            Err(Failure::Offline) => unanswered(CHECK, &identity.probe().await),
            Err(Failure::Unavailable) => {
                CheckupFinding::fail(CHECK, "told-unavailable", "remedy-unavailable")
            }
            Err(Failure::Limited { .. }) => {
                CheckupFinding::warn(CHECK, "told-limited", "remedy-limited")
            }
            Err(Failure::Misconfigured(why)) => {
                CheckupFinding::misconfigured(CHECK, "identity", &why)
            }
        });
    }
    if campus.directory.powers().read {
        let member = campus.directory.find(&account.student).await;
        found.push(match member.map(|member| member.status) {
            Ok(MemberStatus::Absent) => {
                CheckupFinding::warn(CHECK, "told-member-absent", "remedy-member-absent")
            }
            Ok(_) => CheckupFinding::pass(CHECK, "told-member"),
            Err(Failure::Misconfigured(why)) => {
                CheckupFinding::misconfigured(CHECK, "directory", &why)
            }
            Err(_) => CheckupFinding::fail(CHECK, "told-member-unread", "remedy-log"),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campus::tls_fault::TlsFault;
    use crate::screen::checkup::CheckupVerdict;
    use crate::visit::{Name, Secret, StudentNumber};

    #[test]
    fn a_gateway_is_found_in_its_section() {
        for (gateway, wanted) in [
            ("directory.wecom.app", "directory.wecom"),
            ("directory.wecom.contacts", "directory.wecom"),
            ("identity.cas_form", "identity.cas_form"),
            ("sms.gammu", "sms.gammu"),
        ] {
            assert_eq!(section(gateway), wanted);
        }
    }

    #[test]
    fn no_answer_is_told_by_the_fault_of_tls_where_there_is_one() {
        let probed = |gateway, fault| Probed {
            gateway,
            said: Err(Failure::Offline),
            ahead: None,
            fault,
        };
        let silent = probed("sms.tencent", None);
        let untrusted = probed("sms.aliyun", Some(TlsFault::UnknownIssuer));
        let found = unanswered("check-message", &[silent.clone(), untrusted]);
        assert_eq!(found.told, "told-misconfigured");
        assert!(found.values.contains(&("section", "sms.aliyun".into())));
        assert_eq!(unanswered("check-message", &[silent]).told, "told-offline");
        assert_eq!(unanswered("check-message", &[]).told, "told-offline");
    }

    #[test]
    fn the_test_account_signs_in_as_itself_or_fails() {
        let number = StudentNumber::from_campus;
        let account = TestAccount {
            student: number("20260001"),
            password: Secret::new("x".into()),
        };
        for (told, wanted, who) in [
            ("20260001", "told-signed-in", "20****01 张*"),
            ("20260002", "told-signed-in-other", "20****02 张*"),
        ] {
            let student = Student {
                number: number(told),
                name: Name::new("张三"),
            };
            let found = signed_in_as(&student, &account);
            assert_eq!(found.told, wanted);
            assert!(found.values.contains(&("who", who.into())), "{found:?}");
        }
    }

    #[test]
    fn each_refusal_of_the_test_account_has_its_own_words() {
        let words = SignInRefusal::EACH.map(|why| refused(why).told);
        for (n, one) in words.iter().enumerate() {
            assert!(!words[..n].contains(one), "{one}");
        }
    }

    #[test]
    fn the_clock_that_is_furthest_away_decides() {
        let verdict = |seconds: &[i64]| {
            let ahead: Vec<_> = seconds
                .iter()
                .map(|s| SignedDuration::from_secs(*s))
                .collect();
            clock(&ahead).verdict
        };
        assert_eq!(verdict(&[]), CheckupVerdict::Pass);
        assert_eq!(verdict(&[0, -29]), CheckupVerdict::Pass);
        assert_eq!(verdict(&[0, -30]), CheckupVerdict::Warn);
        assert_eq!(verdict(&[239, 0]), CheckupVerdict::Warn);
        assert_eq!(verdict(&[3, -240]), CheckupVerdict::Fail);
    }
}
