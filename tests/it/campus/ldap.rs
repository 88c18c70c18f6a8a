//! Identity by LDAP, against OpenLDAP with its password policy, over StartTLS, LDAPS and plainly on this machine.

use std::net::SocketAddr;

use yingxin::campus::http::Http;
use yingxin::campus::identity::ldap::{BindName, LdapAddress, LdapOptions, NumberFilter};
use yingxin::campus::identity::{Ldap, Missed, PasswordWay};
use yingxin::campus::tls::Trust;
use yingxin::campus::tls_fault::TlsFault;
use yingxin::visit::{Failure, Secret, SignInRefusal, Student};

use super::house::number;
use crate::support::certificates::Authority;
use crate::support::contract::{self, Accounts, Subject};
use crate::support::log::Log;
use crate::support::passwords::{UNICODE, long};
use crate::support::proxy::Exchange;
use crate::support::slapd::{
    BASE, EXPIRED, EXPIRING, Entry, GRACE, LOCKED, RESET, SERVICE, SERVICE_PASSWORD, Slapd,
};

fn entry<'a>(number: &'a str, password: &'a str, more: &'a str) -> Entry<'a> {
    Entry {
        number,
        password,
        more,
    }
}

fn options(url: &str) -> LdapOptions {
    LdapOptions {
        address: LdapAddress::parse(url).unwrap(),
        service: Some((SERVICE.into(), Secret::new(SERVICE_PASSWORD.into()))),
        bind_as: None,
        base: BASE.into(),
        filter: NumberFilter::parse("(&(objectClass=inetOrgPerson)(uid={number}))").unwrap(),
        number_attribute: "uid".into(),
        name_attribute: "cn".into(),
    }
}

struct Directory(Slapd);

impl Subject for Directory {
    fn server(&self) -> SocketAddr {
        self.0.at
    }

    fn way(&self, at: SocketAddr, with_tls: bool, http: &Http) -> Box<dyn PasswordWay> {
        let scheme = if with_tls { "ldaps" } else { "ldap" };
        Box::new(Ldap::new(options(&format!("{scheme}://{at}")), http))
    }

    fn exchange(&self) -> Exchange {
        Exchange::Request
    }

    fn before_the_password(&self) -> usize {
        // StartTLS, which this one has not; the service's bind; the search.
        3
    }

    fn accounts(&self) -> Accounts {
        let must_change = || Failure::Rejected(SignInRefusal::MustChange);
        Accounts {
            // A policy locks accounts, and disables none.
            disabled: None,
            refused: vec![
                ("20260011", "practice-0001", must_change()),
                ("20260012", "practice-0001", must_change()),
                (
                    "20260012",
                    "wrong",
                    Failure::Rejected(SignInRefusal::WrongPassword),
                ),
            ],
            ..Accounts::usual()
        }
    }

    /// A long text in a message of LDAP's, which is no answer to anything.
    fn garbage(&self, bytes: usize) -> Vec<u8> {
        let length = u32::try_from(bytes).unwrap().to_be_bytes();
        [vec![0x30, 0x84], length.to_vec(), vec![b'<'; bytes]].concat()
    }

    /// A referral to the same server, as an answer to a bind.
    fn circle(&self, at: SocketAddr) -> Vec<u8> {
        let to = format!("ldap://{at}/");
        let referral = [&[0x04, to.len() as u8], to.as_bytes()].concat();
        let result = [
            &[0x0a, 1, 10, 4, 0, 4, 0, 0xa3, referral.len() as u8],
            &referral[..],
        ]
        .concat();
        let message = [&[2, 1, 4, 0x61, result.len() as u8], &result[..]].concat();
        [&[0x30, message.len() as u8], &message[..]].concat()
    }

    /// What the search finds, and its end. The entry comes with the third message: StartTLS, the service's bind, the search.
    fn naming(&self, users: &[&str]) -> Option<(usize, Vec<u8>)> {
        let values: Vec<u8> = users
            .iter()
            .flat_map(|user| tlv(4, user.as_bytes()))
            .collect();
        let attribute = [tlv(4, b"uid"), tlv(0x31, &values)].concat();
        let attributes = if users.is_empty() {
            Vec::new()
        } else {
            tlv(0x30, &attribute)
        };
        let entry = [tlv(4, b"uid=20260001"), tlv(0x30, &attributes)].concat();
        let message = |op: Vec<u8>| tlv(0x30, &[tlv(2, &[3]), op].concat());
        let found = message(tlv(0x64, &entry));
        let end = message(tlv(0x65, &[0x0a, 1, 0, 4, 0, 4, 0]));
        Some((2, [found, end].concat()))
    }

    fn mark(&self, password: &str) -> String {
        password.to_owned()
    }
}

/// BER, of less than 128 bytes.
fn tlv(tag: u8, bytes: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(bytes.len()).unwrap()], bytes].concat()
}

#[tokio::test]
async fn ldap_holds_the_contract() {
    let long = long();
    let entries = [
        entry("20260001", "practice-0001", ""),
        entry("20260002", UNICODE, ""),
        entry("20260003", &long, ""),
        entry("20260004", "another", ""),
        entry("20260006", "another", ""),
        entry("20260005", "practice-0001", LOCKED),
        entry("20260011", "practice-0001", EXPIRED),
        entry("20260012", "practice-0001", RESET),
    ];
    contract::holds(&Directory(Slapd::start(&entries, None))).await;
}

async fn sign_in(
    options: LdapOptions,
    http: &Http,
    user: &str,
    password: &str,
) -> Result<Student, Missed> {
    let way = Ldap::new(options, http);
    way.judge(&number(user), &Secret::new(password.into()))
        .await
}

/// It is no answer to the desk, and a probe names the fault.
async fn is_not_private(url: &str, http: &Http, fault: TlsFault) {
    let refused = sign_in(options(url), http, "20260001", "practice-0001").await;
    assert_eq!(refused, Err(Missed::Kept(Failure::Offline)), "{url}");
    let probed = Ldap::new(options(url), http).probe().await;
    let told: Vec<_> = probed.iter().map(|one| (&one.said, one.fault)).collect();
    assert_eq!(told, [(&Err(Failure::Offline), Some(fault))], "{url}");
}

#[tokio::test]
async fn the_connection_is_private_both_ways() {
    let authority = Authority::new();
    let entries = [entry("20260001", "practice-0001", "")];
    let slapd = Slapd::start(&entries, Some(&authority.signs("127.0.0.1")));
    let urls = [
        format!("ldap://{}", slapd.at),
        format!("ldaps://{}", slapd.tls_at),
    ];
    for url in &urls {
        let knowing = contract::http(Trust::SystemAnd(vec![authority.der()]));
        let student = sign_in(options(url), &knowing, "20260001", "practice-0001").await;
        assert_eq!(student.unwrap().name.as_str(), "张三", "{url}");
        // Also on this machine an untrusted certificate is not accepted.
        for strange in [Trust::System, Trust::LoopbackOnly] {
            let http = contract::http(strange);
            is_not_private(url, &http, TlsFault::UnknownIssuer).await;
        }
    }
}

#[tokio::test]
async fn a_server_elsewhere_without_tls_gets_no_password() {
    let slapd = Slapd::start(&[entry("20260001", "practice-0001", "")], None);
    let http = contract::http(Trust::LoopbackOnly);
    let port = slapd.at.port();
    let here = options(&format!("ldap://127.0.0.1:{port}"));
    assert!(
        sign_in(here, &http, "20260001", "practice-0001")
            .await
            .is_ok()
    );
    // A name that is not known to be this machine before it is looked up.
    let elsewhere = format!("ldap://127.1:{port}");
    is_not_private(&elsewhere, &http, TlsFault::NoStartTls).await;
}

#[tokio::test]
async fn the_directory_locks_an_account_and_says_so() {
    let entries = [entry("20260001", "practice-0001", "")];
    let slapd = Slapd::start(&entries, None);
    let http = contract::http(Trust::LoopbackOnly);
    let url = format!("ldap://{}", slapd.at);
    let wrong = Missed::Sent(Failure::Rejected(SignInRefusal::WrongPassword));
    for _ in 0..12 {
        let refused = sign_in(options(&url), &http, "20260001", "wrong").await;
        assert_eq!(refused, Err(wrong.clone()));
    }
    let refused = sign_in(options(&url), &http, "20260001", "practice-0001").await;
    let locked = Missed::Sent(Failure::Rejected(SignInRefusal::Locked));
    assert_eq!(refused, Err(locked), "also with the right password");
}

/// As Active Directory has it: the entry says since when, and the domain for how long.
#[tokio::test]
async fn a_lock_of_active_directory_is_told_with_its_end() {
    let minutes_ago = |minutes: i64| {
        let at = jiff::Timestamp::now().as_second() - 60 * minutes;
        let ticks = (at + 11_644_473_600) * 10_000_000;
        format!("{LOCKED}lockoutTime: {ticks}\n")
    };
    let http = contract::http(Trust::LoopbackOnly);
    for (ago, left) in [(10, Some(20)), (45, None)] {
        // Only Active Directory's attributes of this one may be read.
        let more = minutes_ago(ago);
        let slapd = Slapd::start(&[entry("20260005", "practice-0001", &more)], None);
        let url = format!("ldap://{}", slapd.at);
        let refused = sign_in(options(&url), &http, "20260005", "practice-0001").await;
        let told = match refused {
            Err(Missed::Sent(Failure::Rejected(SignInRefusal::LockedFor(left)))) => {
                Some(left.as_secs().div_ceil(60))
            }
            other => {
                let locked = Missed::Sent(Failure::Rejected(SignInRefusal::Locked));
                assert_eq!(other, Err(locked));
                None
            }
        };
        assert_eq!(told, left, "{ago} minutes ago");
    }
}

/// A warning signs in. That it was read is seen in the log alone, which is what an administrator has of it.
#[tokio::test]
async fn a_warning_and_a_grace_sign_in_are_read_and_sign_in() {
    let entries = [
        entry("20260001", "practice-0001", EXPIRING),
        entry("20260002", "practice-0001", GRACE),
    ];
    let slapd = Slapd::start(&entries, None);
    let http = contract::http(Trust::LoopbackOnly);
    let url = format!("ldap://{}", slapd.at);
    let log = Log::begin();
    let signed_in = sign_in(options(&url), &http, "20260001", "practice-0001").await;
    assert_eq!(signed_in.unwrap().number.as_str(), "20260001");
    assert!(log.take().contains("ldap: the password expires soon"));
    // Three times, each one less; then it has to be changed.
    for left in ["left=2", "left=1", "left=0"] {
        let signed_in = sign_in(options(&url), &http, "20260002", "practice-0001").await;
        assert_eq!(signed_in.unwrap().number.as_str(), "20260002", "{left}");
        let told = log.take();
        assert!(
            told.contains("grace sign-ins are left") && told.contains(left),
            "{told}"
        );
        assert!(
            !told.contains("20260002") && !told.contains("practice"),
            "{told}"
        );
    }
    let refused = sign_in(options(&url), &http, "20260002", "practice-0001").await;
    let must_change = Missed::Sent(Failure::Rejected(SignInRefusal::MustChange));
    assert_eq!(refused, Err(must_change));
}

#[tokio::test]
async fn a_student_signs_in_by_their_own_name_without_a_service_account() {
    let entries = [
        entry("20260001", "practice-0001", ""),
        entry("20260005", "practice-0001", LOCKED),
        entry("20260012", "practice-0001", RESET),
    ];
    let slapd = Slapd::start(&entries, None);
    let http = contract::http(Trust::LoopbackOnly);
    let named = |name: &str| LdapOptions {
        service: None,
        bind_as: Some(BindName::parse(name).unwrap()),
        ..options(&format!("ldap://{}", slapd.at))
    };
    let students = format!("uid={{number}},{BASE}");
    let signed_in = sign_in(named(&students), &http, "20260001", "practice-0001").await;
    let student = signed_in.unwrap();
    assert_eq!(
        (student.number.as_str(), student.name.as_str()),
        ("20260001", "张三")
    );
    for (number, password, why) in [
        ("20260001", "wrong", SignInRefusal::WrongPassword),
        ("90000001", "practice-0001", SignInRefusal::WrongPassword),
        ("20260005", "practice-0001", SignInRefusal::Locked),
        ("20260012", "practice-0001", SignInRefusal::MustChange),
    ] {
        let refused = sign_in(named(&students), &http, number, password).await;
        let wanted = Missed::Sent(Failure::Rejected(why));
        assert_eq!(refused, Err(wanted), "{number}");
    }
    // A name that only Active Directory takes: nobody's password is wrong for it.
    let by_address = named("{number}@campus.example.edu.cn");
    let refused = sign_in(by_address, &http, "20260001", "practice-0001").await;
    let told = "LDAP: the sign-in is refused (InvalidDNSyntax)";
    let misconfigured = Missed::Sent(Failure::Misconfigured(told.into()));
    assert_eq!(refused, Err(misconfigured));
    // With an account that searches it does, and the student binds by that name all the same.
    let with_service = |name: &str| LdapOptions {
        bind_as: Some(BindName::parse(name).unwrap()),
        ..options(&format!("ldap://{}", slapd.at))
    };
    let signed_in = sign_in(with_service(&students), &http, "20260001", "practice-0001").await;
    assert_eq!(signed_in.unwrap().number.as_str(), "20260001");
    let astray = with_service(&format!("cn={{number}},{BASE}"));
    let refused = sign_in(astray, &http, "20260001", "practice-0001").await;
    let wrong = Missed::Sent(Failure::Rejected(SignInRefusal::WrongPassword));
    assert_eq!(refused, Err(wrong), "it binds by that name");
    // Without a service account the doctor can only see that it is LDAP.
    let probed = Ldap::new(named(&students), &http).probe().await;
    assert_eq!(probed[0].said, Ok(()));
    // Signed in, and the search finds nobody.
    let mut astray = named(&students);
    astray.filter = NumberFilter::parse("(employeeNumber={number})").unwrap();
    let missed = sign_in(astray, &http, "20260001", "practice-0001").await;
    let told = "LDAP: nobody signed in is found: do base and filter fit bind_as?";
    let wanted = Missed::Sent(Failure::Misconfigured(told.into()));
    assert_eq!(missed, Err(wanted));
}

#[tokio::test]
async fn of_several_names_the_one_in_chinese_is_shown_and_of_several_numbers_none() {
    let more = "cn: Zhang San\ncn: 20260001\nuid: zhangsan\nemployeeNumber: 20260001\n";
    let slapd = Slapd::start(&[entry("20260001", "practice-0001", more)], None);
    let http = contract::http(Trust::LoopbackOnly);
    let url = format!("ldap://{}", slapd.at);
    let refused = sign_in(options(&url), &http, "20260001", "practice-0001").await;
    let told = "LDAP: uid: there are several values where one student number should be";
    let wanted = Missed::Kept(Failure::Misconfigured(told.into()));
    assert_eq!(refused, Err(wanted), "whichever was typed");
    // The number stands in another attribute, by the configuration.
    let mut aliased = options(&url);
    aliased.number_attribute = "employeeNumber".into();
    let student = sign_in(aliased, &http, "20260001", "practice-0001").await;
    let student = student.unwrap();
    assert_eq!(
        (student.number.as_str(), student.name.as_str()),
        ("20260001", "张三")
    );
}

#[tokio::test]
async fn what_only_the_administrator_can_mend() {
    let entries = [
        entry("20260001", "practice-0001", ""),
        entry("20260002", "practice-0001", ""),
    ];
    let slapd = Slapd::start(&entries, None);
    let http = contract::http(Trust::LoopbackOnly);
    let with = |change: fn(&mut LdapOptions)| {
        let mut options = options(&format!("ldap://{}", slapd.at));
        change(&mut options);
        sign_in(options, &http, "20260001", "practice-0001")
    };
    for (change, told) in [
        (
            (|options| options.service = Some((SERVICE.into(), Secret::new("wrong".into()))))
                as fn(&mut LdapOptions),
            "LDAP: the service account cannot sign in (InvalidCredentials)",
        ),
        (
            |options| options.base = "ou=nowhere,dc=example,dc=edu,dc=cn".into(),
            "LDAP: the search is refused (NoSuchObject)",
        ),
        (
            |options| {
                options.filter = NumberFilter::parse("(|(uid={number})(uid=20260002))").unwrap()
            },
            "LDAP: the filter fits several entries for one number",
        ),
        (
            |options| options.number_attribute = "employeeNumber".into(),
            "LDAP: employeeNumber: the student number is not given there",
        ),
    ] {
        let missed = with(change).await.unwrap_err();
        assert_eq!(missed, Missed::Kept(Failure::Misconfigured(told.into())));
    }
    // An anonymous bind sees nothing here: the same as an account that does not exist.
    let refused = with(|options| options.service = None).await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn what_is_typed_cannot_change_the_search() {
    let entries = [entry("20260001", "practice-0001", "")];
    let slapd = Slapd::start(&entries, None);
    let http = contract::http(Trust::LoopbackOnly);
    let rule = yingxin::visit::StudentNumberRule {
        min: 1,
        max: 64,
        letters: true,
    };
    for typed in ["*", "2026*", "*)(uid=*", "20260001)(cn=*"] {
        // Such a number is not taken at the desk, and from elsewhere it is cleaned.
        assert!(yingxin::visit::StudentNumber::parse(typed, &rule).is_err());
        let options = options(&format!("ldap://{}", slapd.at));
        let refused = sign_in(options, &http, typed, "practice-0001").await;
        let cleaned = number(typed);
        assert_eq!(refused.is_ok(), cleaned.as_str() == "20260001", "{typed}");
    }
}
