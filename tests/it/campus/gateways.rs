//! What every adapter for messages and for the directory must hold when its service breaks: one table of faults, through
//! the fault proxy, for each of them. Every fault ends in a closed failure, within the deadline, and nothing that may have
//! been done is asked for a second time.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use yingxin::campus::http::Http;
use yingxin::campus::identity::{Oidc, OidcOptions, OidcPassword, SetEndpoints, Ways};
use yingxin::campus::sms::{Aliyun, Tencent, aliyun::AliyunOptions, tencent::TencentOptions};
use yingxin::campus::tls::Trust;
use yingxin::campus::{DeviceGrant, Directory, Identity, Probed, Sms, directory::WeCom};
use yingxin::practice::Credentials;
use yingxin::visit::{CodeKey, Failure, Nonce, Secret, VisitId};

use super::house::{DEADLINE, House, mobile, number, student};
use crate::support::certificates::Authority;
use crate::support::contract::http;
use crate::support::proxy::{Exchange, Fault, Proxy};

/// What is asked of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ask {
    Tencent,
    Aliyun,
    Find,
    Bind,
    Confirm,
    Unbind,
}

const ALL: [Ask; 6] = [
    Ask::Tencent,
    Ask::Aliyun,
    Ask::Find,
    Ask::Bind,
    Ask::Confirm,
    Ask::Unbind,
];

/// How it ended: without the port's own refusals, and for messages whether it is certain that none went out.
type Ended = (Failure<()>, Option<bool>);

fn plain<R: std::fmt::Debug>(why: Failure<R>) -> Failure<()> {
    match why {
        Failure::Offline => Failure::Offline,
        Failure::Unavailable => Failure::Unavailable,
        Failure::Limited { retry_after } => Failure::Limited { retry_after },
        other => panic!("{other:?}"),
    }
}

impl Ask {
    /// How many exchanges come before the one that counts: a token.
    fn before(self) -> usize {
        match self {
            Ask::Tencent | Ask::Aliyun => 0,
            _ => 1,
        }
    }

    async fn ask(self, url: &str, http: &Http) -> Ended {
        let known = Credentials::practice();
        let secret = |text: &str| Secret::new(text.to_owned());
        let to = mobile("13900139001");
        let code = CodeKey::new([7; 32]).derive(VisitId(1), &to, Nonce(1));
        let message = async |sms: &dyn Sms| {
            let unsent = sms.send(&to, &code).await.unwrap_err();
            (plain(unsent.why), Some(unsent.is_certain))
        };
        let (contacts, app) = (secret(&known.contacts_secret), secret(&known.app_secret));
        let base = format!("{url}/cgi-bin");
        let corp = &known.corp_id;
        let wecom = WeCom::new(http.clone(), &base, corp, Some(contacts), Some(app), None).unwrap();
        let who = number("20260001");
        match self {
            Ask::Tencent => {
                let options = TencentOptions {
                    endpoint: url.to_owned(),
                    region: known.sms_region,
                    secret_id: Secret::new(known.sms_secret_id),
                    secret_key: Secret::new(known.sms_secret_key),
                    app_id: known.sms_app_id,
                    sign: known.sms_sign,
                    template: known.sms_template,
                };
                message(&Tencent::new(http.clone(), options).unwrap()).await
            }
            Ask::Aliyun => {
                let options = AliyunOptions {
                    endpoint: url.to_owned(),
                    key_id: secret("id"),
                    key: secret("key"),
                    sign: "练习大学".into(),
                    template: "SMS_1".into(),
                    parameter: "code".into(),
                };
                message(&Aliyun::new(http.clone(), options).unwrap()).await
            }
            Ask::Find => (plain(wecom.find(&who).await.unwrap_err()), None),
            Ask::Bind => {
                let whom = student("20260001", "陈晓雨");
                (plain(wecom.bind(&whom, &to).await.unwrap_err()), None)
            }
            Ask::Confirm => (plain(wecom.confirm(&who).await.unwrap_err()), None),
            Ask::Unbind => (plain(wecom.unbind(&who).await.unwrap_err()), None),
        }
    }
}

/// An answer with this status, these headers and a body of so many bytes that means nothing.
fn answer(status: &str, headers: &str, bytes: usize) -> Fault {
    let body = "<html>\u{1b}[2J".repeat(bytes.div_ceil(10));
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n");
    Fault::Answer((head + &body).into_bytes())
}

fn faults(at: SocketAddr) -> Vec<(&'static str, Fault, Failure<()>)> {
    let circle = format!("location: http://{at}/\r\n");
    let limited = |secs: u64| Failure::Limited {
        retry_after: Some(Duration::from_secs(secs)),
    };
    let offline = || Failure::Offline;
    let unavailable = || Failure::Unavailable;
    vec![
        ("it hangs", Fault::Hang, offline()),
        ("it closes", Fault::Close, offline()),
        ("cut in the head", Fault::Cut(20), offline()),
        ("garbage", answer("200 OK", "", 200), unavailable()),
        ("an empty answer", answer("200 OK", "", 0), unavailable()),
        ("10 MB", answer("200 OK", "", 10_000_000), unavailable()),
        ("a circle", answer("302 Found", &circle, 0), unavailable()),
        ("an error", answer("502 Bad Gateway", "", 40), unavailable()),
        (
            "429",
            answer("429 Too Many", "retry-after: 7\r\n", 0),
            limited(7),
        ),
        (
            "503 with a time",
            answer("503 Later", "retry-after: 9\r\n", 0),
            limited(9),
        ),
    ]
}

#[tokio::test]
async fn whatever_breaks_ends_in_a_closed_failure_and_is_not_repeated() {
    let house = House::new().await;
    let server: SocketAddr = house.url("")["http://".len()..].parse().unwrap();
    let proxy = Proxy::to(server, Exchange::Connection).await;
    let (http, url) = (
        http(Trust::LoopbackOnly),
        format!("http://{}", proxy.address),
    );
    let all = faults(proxy.address);
    let tried = all.len() * ALL.len();
    for (name, fault, why) in all {
        for ask in ALL {
            proxy.breaks(ask.before(), fault.clone());
            let began = Instant::now();
            let (ended, certain) = ask.ask(&url, &http).await;
            assert_eq!(ended, why, "{ask:?}: {name}");
            // A limit is a refusal; everything else may have been done.
            let refused = matches!(why, Failure::Limited { .. });
            assert_eq!(certain.unwrap_or(refused), refused, "{ask:?}: {name}");
            assert!(began.elapsed() < DEADLINE * 2, "{ask:?}: {name}");
            assert_eq!(proxy.exchanges(), ask.before() + 1, "{ask:?}: {name}");
        }
    }
    println!("| network: messages and directory | {tried} faults | 0 wrong words, 0 done twice |");
}

#[tokio::test]
async fn nobodys_certificate_and_nobody_there_mean_that_nothing_went_out() {
    let house = House::new().await;
    let server: SocketAddr = house.url("")["http://".len()..].parse().unwrap();
    let stranger = Authority::new().signs("127.0.0.1").server();
    let proxy = Proxy::with_tls(server, Exchange::Connection, stranger).await;
    let http = http(Trust::LoopbackOnly);
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nowhere = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    for url in [format!("https://{}", proxy.address), nowhere] {
        for ask in ALL {
            let (ended, certain) = ask.ask(&url, &http).await;
            assert_eq!(ended, Failure::Offline, "{ask:?} at {url}");
            assert!(certain.unwrap_or(true), "{ask:?} at {url}");
        }
    }
    assert_eq!(proxy.exchanges(), 0, "no byte of a request");
}

/// What the one thing that was probed said.
fn only(probed: Vec<Probed>) -> (&'static str, Result<(), Failure<()>>) {
    assert_eq!(probed.len(), 1, "{probed:?}");
    let clock = probed[0].ahead;
    assert!(clock.is_none_or(|ahead| ahead.as_secs().abs() < 30));
    (probed[0].gateway, probed[0].said.clone())
}

#[tokio::test]
async fn a_probe_asks_for_nobody_and_tells_what_is_wrong() {
    let house = House::new().await;
    let known = Credentials::practice();
    let oidc = |issuer: &str| {
        let options = OidcOptions {
            issuer: house.url(issuer),
            client_id: known.oidc_client.clone(),
            client_secret: Some(Secret::new(known.oidc_secret.clone())),
            scopes: "openid".into(),
            claim: "preferred_username".into(),
            endpoints: SetEndpoints::default(),
        };
        Oidc::new(http(Trust::LoopbackOnly), options).unwrap()
    };
    let well = Ok(());
    assert_eq!(only(house.cas().probe().await), ("identity.cas_rest", well));
    let told = DeviceGrant::probe(&oidc("/oidc")).await;
    assert_eq!(only(told), ("identity.oidc", Ok(())));
    let password = Ways::one(OidcPassword(oidc("/oidc")));
    assert_eq!(only(password.probe().await).1, Ok(()));
    let elsewhere = DeviceGrant::probe(&oidc("/nowhere")).await;
    assert!(matches!(only(elsewhere).1, Err(Failure::Misconfigured(_))));
    house
        .fault("cas", "status", serde_json::json!(500), 1)
        .await;
    assert_eq!(only(house.cas().probe().await).1, Err(Failure::Unavailable));
    // A wrong key is found out, and no message goes out for it.
    let wrong = house.sms_with(|with| with.sms_secret_key.push('x'));
    assert!(matches!(
        only(wrong.probe().await).1,
        Err(Failure::Misconfigured(_))
    ));
    assert_eq!(only(house.sms().probe().await).1, Ok(()));
    let state = house.state().await;
    assert_eq!(state["phone"]["messages"], serde_json::json!([]));
    assert_eq!(house.calls("/oidc/device_authorization").await, 0);
}
