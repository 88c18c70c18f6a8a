//! The same for what does not speak HTTP: LDAP, which asks one thing after the other on one connection, and the modem's
//! folders.

use std::path::Path;
use std::time::{Duration, Instant};

use yingxin::campus::Sms;
use yingxin::campus::identity::ldap::{LdapAddress, LdapOptions, NumberFilter};
use yingxin::campus::identity::{Ldap, Missed, PasswordWay};
use yingxin::campus::sms::Gammu;
use yingxin::campus::tls::Trust;
use yingxin::visit::Secret;

use super::super::house::{DEADLINE, mobile, number};
use super::Kind;
use super::calls::{MOBILE, code, failure};
use crate::support::certificates::Authority;
use crate::support::contract::http;
use crate::support::proxy::{Exchange, Fault, Proxy};
use crate::support::slapd::{BASE, Entry, SERVICE, SERVICE_PASSWORD, Slapd};

/// StartTLS, which this server has not; the service's bind; the search; the student's bind.
const OPERATIONS: [u8; 4] = [0x78, 0x61, 0x65, 0x61];
const PASSWORD: &str = "practice-0001";

/// What LDAP says instead of 500: "unavailable" (52).
fn unavailable(at: usize) -> Fault {
    let id = at as u8 + 1;
    let result = [OPERATIONS[at], 7, 0x0a, 1, 52, 4, 0, 4, 0];
    let message = [&[2, 1, id], &result[..]].concat();
    Fault::Answer([&[0x30, message.len() as u8], &message[..]].concat())
}

async fn judge(ldap: &Ldap) -> (Kind, Option<bool>) {
    let password = Secret::new(PASSWORD.into());
    match ldap.judge(&number("20260001"), &password).await {
        Ok(_) => (Kind::Done, None),
        Err(Missed::Kept(why)) => (failure(&why), Some(false)),
        Err(Missed::Sent(why)) => (failure(&why), Some(true)),
    }
}

fn adapter(url: &str, trust: Trust) -> Ldap {
    let options = LdapOptions {
        address: LdapAddress::parse(url).unwrap(),
        service: Some((SERVICE.into(), Secret::new(SERVICE_PASSWORD.into()))),
        bind_as: None,
        base: BASE.into(),
        filter: NumberFilter::parse("(uid={number})").unwrap(),
        number_attribute: "uid".into(),
        name_attribute: "cn".into(),
    };
    Ldap::new(options, &http(trust))
}

#[tokio::test]
async fn every_operation_of_ldap_times_every_fault() {
    let entry = Entry {
        number: "20260001",
        password: PASSWORD,
        more: "",
    };
    let slapd = Slapd::start(&[entry], None);
    let proxy = Proxy::to(slapd.at, Exchange::Request).await;
    let ldap = adapter(&format!("ldap://{}", proxy.address), Trust::LoopbackOnly);
    assert_eq!(judge(&ldap).await.0, Kind::Done);
    assert_eq!(proxy.exchanges(), OPERATIONS.len());
    let mut tried = 0;
    for at in 0..OPERATIONS.len() {
        for (what, fault, words) in [
            ("hang", Fault::Hang, Kind::Offline),
            ("slow", Fault::Drip, Kind::Offline),
            ("late", Fault::Late(Duration::from_millis(200)), Kind::Done),
            ("reset", Fault::Reset(5), Kind::Offline),
            ("closed", Fault::Close, Kind::Offline),
            (
                "garbage",
                Fault::Answer(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
                Kind::Offline,
            ),
            // A server on this machine may do without StartTLS: the refusal is ignored; then the connection closes.
            (
                "unavailable",
                unavailable(at),
                match at {
                    0 => Kind::Offline,
                    _ => Kind::Unavailable,
                },
            ),
        ] {
            tried += 1;
            proxy.breaks(at, fault);
            let began = Instant::now();
            let (kind, left) = judge(&ldap).await;
            assert_eq!(kind, words, "{what} at {at}");
            let is_right = kind == Kind::Done || left == Some(at == 3);
            assert!(is_right, "{what} at {at}: whether it left: {left:?}");
            let times = usize::from(kind == Kind::Done || at == 3);
            assert_eq!(proxy.sent(PASSWORD), times, "{what} at {at}");
            assert!(began.elapsed() < DEADLINE * 2, "{what} at {at}");
        }
    }
    // The connection is refused, or the certificate is not trusted: no byte leaves.
    proxy.breaks_off(0, Fault::Refuse).await;
    assert_eq!(judge(&ldap).await, (Kind::Offline, Some(false)));
    proxy.mends().await;
    assert_eq!(judge(&ldap).await.0, Kind::Done, "whole again");
    let strange = Authority::new().signs("127.0.0.1").server();
    let proxy = Proxy::with_tls(slapd.at, Exchange::Request, strange).await;
    let private = adapter(&format!("ldaps://{}", proxy.address), Trust::System);
    assert_eq!(judge(&private).await, (Kind::Offline, Some(false)));
    assert_eq!(proxy.exchanges(), 0);
    println!(
        "| network: sign-in by LDAP, each of its {} operations, times 8 faults | {} cases | \
         0 with wrong words, done twice or lost |",
        OPERATIONS.len(),
        tried + 2
    );
}

/// What happens to a message's file in the outbox.
#[derive(Clone, Copy, Debug)]
enum Daemon {
    /// There is no such folder.
    Missing,
    Hangs,
    /// After a second.
    Sends,
    Fails,
    /// It takes the file, and says nothing.
    Loses,
}

fn moves(daemon: Daemon, dir: &Path) {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(10) {
        let files = std::fs::read_dir(dir.join("outbox")).unwrap().flatten();
        let Some(file) = files
            .map(|file| file.file_name())
            .find(|name| !name.to_string_lossy().starts_with('.'))
        else {
            std::thread::sleep(Duration::from_millis(5));
            continue;
        };
        let from = dir.join("outbox").join(&file);
        match daemon {
            Daemon::Sends => {
                std::thread::sleep(Duration::from_secs(1));
                std::fs::rename(from, dir.join("sent").join(file)).unwrap();
            }
            Daemon::Fails => std::fs::rename(from, dir.join("error").join(file)).unwrap(),
            _ => std::fs::remove_file(from).unwrap(),
        }
        return;
    }
}

async fn sends(daemon: Daemon) -> (Kind, Option<bool>) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_owned();
    let sms = Gammu {
        outbox: path.join("outbox"),
        sent: path.join("sent"),
        error: path.join("error"),
        text: "【练习大学】验证码 {code}。".into(),
    };
    let works = !matches!(daemon, Daemon::Missing);
    for folder in ["outbox", "sent", "error"].iter().filter(|_| works) {
        std::fs::create_dir(path.join(folder)).unwrap();
    }
    if !matches!(daemon, Daemon::Missing | Daemon::Hangs) {
        let dir = path.clone();
        std::thread::spawn(move || moves(daemon, &dir));
    }
    let told = match sms.send(&mobile(MOBILE), &code()).await {
        Ok(_) => (Kind::Done, None),
        Err(unsent) => (failure(&unsent.why), Some(!unsent.is_certain)),
    };
    for folder in ["outbox", "sent", "error"].iter().filter(|_| works) {
        let left = std::fs::read_dir(path.join(folder)).unwrap().count();
        assert_eq!(left, 0, "{daemon:?}: a code stays in {folder}");
    }
    told
}

#[tokio::test]
async fn whatever_the_modems_daemon_does() {
    let cases = [
        (Daemon::Missing, (Kind::Misconfigured, Some(false))),
        (Daemon::Hangs, (Kind::Offline, Some(true))),
        (Daemon::Sends, (Kind::Done, None)),
        (Daemon::Fails, (Kind::Rejected, Some(false))),
        (Daemon::Loses, (Kind::Offline, Some(true))),
    ];
    let told = cases.map(|(daemon, _)| sends(daemon));
    let told = futures_util::future::join_all(told).await;
    for ((daemon, wanted), told) in cases.iter().zip(told) {
        assert_eq!(told, *wanted, "{daemon:?}");
    }
    println!(
        "| network: messages by the modem | {} cases | 0 with wrong words, sent twice or left behind |",
        cases.len()
    );
}
