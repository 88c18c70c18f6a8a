//! Both ways of signing in by OpenID Connect through the fault proxy: the password grant holds the contract of every way
//! that takes a password, before a model and before glewlwyd; the device grant is broken at each of its exchanges.

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use yingxin::campus::http::Http;
use yingxin::campus::identity::{
    Missed, Oidc, OidcOptions, OidcPassword, PasswordWay, SetEndpoints,
};
use yingxin::campus::tls::Trust;
use yingxin::visit::{Failure, GrantRefusal, Secret};

use super::issuer::{Granted, Issuer, Say, error, grant, http, options};
use crate::support::certificates::Authority;
use crate::support::clock::HeldClock;
use crate::support::contract::{self, Accounts, DEADLINE, Subject, UNKNOWN, number};
use crate::support::glewlwyd::{CLIENT, CLIENT_SECRET, Glewlwyd, STUDENTS};
use crate::support::passwords::long;
use crate::support::proxy::{Exchange, Fault, Proxy};

/// How long the model's codes live.
const LIFE: Duration = Duration::from_secs(60);
const EXPIRED: Failure<GrantRefusal> = Failure::Rejected(GrantRefusal::Expired);

/// The scripted issuer, here judging passwords.
struct Model(Issuer);

impl Subject for Model {
    fn server(&self) -> SocketAddr {
        self.0.at
    }

    fn way(&self, at: SocketAddr, with_tls: bool, http: &Http) -> Box<dyn PasswordWay> {
        let url = address(at, with_tls);
        self.0.is_known_as(&url);
        let oidc = Oidc::new(http.clone(), options(&url)).unwrap();
        Box::new(OidcPassword(oidc))
    }

    /// Discovery.
    fn before_the_password(&self) -> usize {
        1
    }

    fn accounts(&self) -> Accounts {
        Accounts {
            refused: contract::refusals(),
            ..Accounts::usual()
        }
    }

    /// The answer that carries the password carries the token as well.
    fn naming(&self, users: &[&str]) -> Option<(usize, Vec<u8>)> {
        let told = match users {
            [] => serde_json::Value::Null,
            [one] => serde_json::json!(one),
            several => serde_json::json!(several),
        };
        let mut issuer = serde_json::Value::Null;
        self.0
            .tell(|script| issuer = script.discovery["issuer"].clone());
        let changes = serde_json::json!({"iss": issuer, "preferred_username": told});
        let token = self.0.key.sign("k1", &self.0.claims_with(changes));
        let body = serde_json::json!({"id_token": token, "token_type": "Bearer"});
        let answer = contract::http_answer("application/json", &body.to_string());
        Some((self.before_the_password(), answer))
    }

    fn circle(&self, at: SocketAddr) -> Vec<u8> {
        contract::circle(at, "/token")
    }

    fn mark(&self, _password: &str) -> String {
        "POST /token ".into()
    }
}

#[tokio::test]
async fn the_password_grant_holds_the_contract() {
    let issuer = Issuer::new().await;
    issuer.answers([Say::Judged]);
    contract::holds(&Model(issuer)).await;
}

/// glewlwyd, once as it is known through the plain proxy and once through the one with TLS.
struct Real {
    plain: (Glewlwyd, TcpListener),
    private: (Glewlwyd, TcpListener),
}

impl Real {
    async fn start() -> Real {
        let behind = async |scheme: &str| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let url = format!("{scheme}://{}", listener.local_addr().unwrap());
            let server = Glewlwyd::start(Some(&url)).await;
            server.admits("20260003", "张三", &long(), true).await;
            let [_, _, (_, _, password)] = STUDENTS;
            server.admits("20260011", "张三", password, false).await;
            (server, listener)
        };
        Real {
            plain: behind("http").await,
            private: behind("https").await,
        }
    }
}

impl Subject for Real {
    fn server(&self) -> SocketAddr {
        self.plain.0.at
    }

    fn known_as(&self, with_tls: bool) -> Option<(TcpListener, SocketAddr)> {
        let (server, listener) = if with_tls { &self.private } else { &self.plain };
        Some((listener.try_clone().unwrap(), server.at))
    }

    fn way(&self, at: SocketAddr, with_tls: bool, http: &Http) -> Box<dyn PasswordWay> {
        let options = OidcOptions {
            issuer: format!("{}/api/oidc", address(at, with_tls)),
            client_id: CLIENT.into(),
            client_secret: Some(Secret::new(CLIENT_SECRET.into())),
            scopes: "openid".into(),
            claim: "preferred_username".into(),
            endpoints: SetEndpoints::default(),
        };
        Box::new(OidcPassword(Oidc::new(http.clone(), options).unwrap()))
    }

    fn before_the_password(&self) -> usize {
        1
    }

    /// Nobody else signs its tokens.
    fn naming(&self, _users: &[&str]) -> Option<(usize, Vec<u8>)> {
        None
    }

    fn accounts(&self) -> Accounts {
        let [
            (right, name, password),
            (other, _, unicode),
            (third, _, last),
        ] = STUDENTS;
        assert!(!unicode.is_ascii());
        Accounts {
            right: (right, password),
            name,
            others: vec![(other, unicode.into()), ("20260003", long())],
            wrong: [other, third],
            unknown: UNKNOWN,
            // It locks no account.
            locked: None,
            disabled: Some(("20260011", last)),
            refused: Vec::new(),
        }
    }

    fn tells_accounts_apart(&self) -> bool {
        false
    }

    fn circle(&self, at: SocketAddr) -> Vec<u8> {
        contract::circle(at, "/api/oidc/token")
    }

    fn mark(&self, _password: &str) -> String {
        "POST /api/oidc/token ".into()
    }
}

#[tokio::test]
async fn the_password_grant_of_a_real_provider_holds_the_contract() {
    contract::holds(&Real::start().await).await;
}

fn address(at: SocketAddr, with_tls: bool) -> String {
    let scheme = if with_tls { "https" } else { "http" };
    format!("{scheme}://{at}")
}

/// The exchanges of a device grant that is signed in at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Discovery,
    Code,
    Token,
    Keys,
}

const EACH: [At; 4] = [At::Discovery, At::Code, At::Token, At::Keys];

impl At {
    /// Its name in the discovery document; the document itself has none.
    fn endpoint(self) -> Option<&'static str> {
        match self {
            At::Discovery => None,
            At::Code => Some("device_authorization_endpoint"),
            At::Token => Some("token_endpoint"),
            At::Keys => Some("jwks_uri"),
        }
    }
}

/// An issuer whose phone has signed in by the first question, through a proxy.
async fn signed_in() -> (Issuer, Proxy) {
    let issuer = Issuer::new().await;
    let proxy = Proxy::to(issuer.at, Exchange::Connection).await;
    issuer.is_known_as(&address(proxy.address, false));
    let claims = issuer.claims_with(serde_json::json!({"iss": address(proxy.address, false)}));
    issuer.answers([super::issuer::tokens(&issuer.key.sign("k1", &claims))]);
    (issuer, proxy)
}

/// What breaks before a code is there, or when who signed in cannot be verified, ends the grant and nothing is asked for
/// twice; while the phone is waited for it is waited out.
#[tokio::test]
async fn whatever_breaks_a_device_grant_ends_or_is_waited_out() {
    let nowhere = "127.0.0.1:1".parse().unwrap();
    let kinds = contract::faults(contract::garbage, contract::circle(nowhere, "/")).len();
    let http = http();
    // An exchange at a time: a busy machine must not look like a slow campus.
    for (place, at) in EACH.into_iter().enumerate() {
        join_all((0..kinds).map(|which| broken((place, at, which), &http))).await;
    }
    let tried = kinds * EACH.len();
    println!("| network: device grant | {tried} faults | 0 wrong words, 0 codes shown twice |");
}

async fn broken((place, at, which): (usize, At, usize), http: &Http) {
    let (issuer, proxy) = signed_in().await;
    let circle = contract::circle(proxy.address, "/token");
    let fault = contract::faults(contract::garbage, circle).swap_remove(which);
    let is_for_good = matches!(fault, Fault::Always(_));
    let told = format!("{fault:?} at {at:?}");
    // An answer of HTTP's, of whatever kind, is one.
    let wanted = match &fault {
        Fault::Answer(bytes) | Fault::Always(bytes) if bytes.starts_with(b"HTTP/") => {
            Failure::Unavailable
        }
        _ => Failure::Offline,
    };
    proxy.breaks(place, fault);
    let clock = HeldClock::jumping();
    let http = http.clone().with_clock(clock.clone());
    let oidc = Oidc::new(http, options(&address(proxy.address, false))).unwrap();
    let began = Instant::now();
    let (granted, news) = grant(&oidc).await;
    let took = began.elapsed();
    if at == At::Token && is_for_good {
        // Where the token endpoint leads in circles for ever, the code runs out.
        assert_eq!(granted, Err(EXPIRED), "{told}");
        assert_eq!(clock.moved(), LIFE, "{told}");
        // After 1, 3, 7, 15 and 31 s.
        assert_eq!(proxy.exchanges(), place + 5, "{told}");
        return;
    }
    if at == At::Token {
        assert_eq!(granted.unwrap().number.as_str(), "20260001", "{told}");
        assert_eq!(
            news[1..],
            ["heard false", "heard true"][..news.len() - 1],
            "{told}"
        );
        assert_eq!(proxy.exchanges(), place + 3, "{told}");
        return;
    }
    assert_eq!(granted, Err(wanted), "{told}");
    assert!(took < DEADLINE * 3, "{told} took {took:?}");
    assert_eq!(proxy.exchanges(), place + 1, "{told}");
    assert_eq!(news.len(), usize::from(at == At::Keys), "{told}: {news:?}");
    let shown = issuer.calls("/device").len();
    assert!(shown <= 1, "{told}");
}

/// One endpoint after the other stands behind an untrusted certificate, unlike the others.
#[tokio::test]
async fn no_endpoint_is_believed_without_its_certificate() {
    let (ours, strange) = (Authority::new(), Authority::new());
    let http = contract::http(Trust::SystemAnd(vec![ours.der()]));
    for (what, signed) in [
        ("nothing", None),
        ("strange", Some(strange.signs("127.0.0.1"))),
        ("another name", Some(ours.signs("sso.example"))),
        ("ran out", Some(ours.signs_expired("127.0.0.1"))),
    ] {
        for at in EACH {
            let issuer = Issuer::new().await;
            let over_tls = async |signed: &crate::support::certificates::Signed| {
                Proxy::with_tls(issuer.at, Exchange::Connection, signed.server()).await
            };
            let good = over_tls(&ours.signs("127.0.0.1")).await;
            let other = match &signed {
                Some(signed) => Some(over_tls(signed).await),
                None => None,
            };
            let base = address(good.address, true);
            let bad = other.as_ref().map(|proxy| address(proxy.address, true));
            issuer.is_known_as(&base);
            let mut start = base.clone();
            match (at.endpoint(), &bad) {
                (Some(name), Some(bad)) => issuer.tell(|script| {
                    let path = script.discovery[name].as_str().unwrap();
                    script.discovery[name] = path.replace(&base, bad).into();
                }),
                (None, Some(bad)) => start = bad.clone(),
                (_, None) => {}
            }
            let claims = issuer.claims_with(serde_json::json!({"iss": base}));
            let token = super::issuer::tokens(&issuer.key.sign("k1", &claims));
            issuer.answers([token, error("invalid_grant")]);
            let waiting = http.clone().with_clock(HeldClock::jumping());
            let oidc = Oidc::new(waiting, options(&start)).unwrap();
            let (granted, _) = grant(&oidc).await;
            let told = format!("{what} at {at:?}");
            judge(granted, at, bad.is_some(), &told);
            assert_eq!(other.map_or(0, |proxy| proxy.exchanges()), 0, "{told}");
            // The password grant passes by three of them.
            if at == At::Code {
                continue;
            }
            issuer.answers([Say::Judged]);
            let oidc = Oidc::new(http.clone(), options(&start)).unwrap();
            let password = Secret::new("practice-0001".into());
            let judged = OidcPassword(oidc)
                .judge(&number("20260001"), &password)
                .await;
            let wanted = match (bad.is_some(), at) {
                (false, _) => {
                    assert_eq!(judged.unwrap().name.as_str(), "张三");
                    continue;
                }
                (true, At::Keys) => Missed::Sent(Failure::Offline),
                (true, _) => Missed::Kept(Failure::Offline),
            };
            assert_eq!(judged, Err(wanted), "{told}");
        }
    }
}

fn judge(granted: Granted, at: At, is_bad: bool, told: &str) {
    match (is_bad, at) {
        (false, _) => assert!(granted.is_ok(), "{told}"),
        // While the phone is waited for a silent campus is asked again, until the code runs out.
        (true, At::Token) => assert_eq!(granted, Err(EXPIRED), "{told}"),
        (true, _) => assert_eq!(granted, Err(Failure::Offline), "{told}"),
    }
}
