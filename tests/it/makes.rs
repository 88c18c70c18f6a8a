//! Servers of further makes, which no one here wrote: `./scripts/servers --release` fetches them, and `./scripts/torture`
//! tries the desk against them before each release. They are started as the ones of every day are.

use std::net::SocketAddr;

use tokio::sync::mpsc;
use yingxin::campus::http::Http;
use yingxin::campus::identity::{
    CasForm, Missed, Oidc, OidcOptions, OidcPassword, PasswordWay, SetEndpoints,
};
use yingxin::campus::tls::Trust;
use yingxin::campus::{DeviceGrant, GrantNews};
use yingxin::visit::{Failure, GrantRefusal, Secret, SignInRefusal, StudentNumber};

use crate::support::contract::{self, Accounts, Subject};
use crate::support::django::Django;
use crate::support::passwords::{UNICODE, long};
use crate::support::servers::python_site;

const SERVICE: &str = "https://desk.example/";
const CLIENT_SECRET: &str = "canary-client-secret";

/// django-mama-cas.
struct Mama(Django);

impl Subject for Mama {
    fn server(&self) -> SocketAddr {
        self.0.at
    }

    fn way(&self, at: SocketAddr, with_tls: bool, http: &Http) -> Box<dyn PasswordWay> {
        let base = contract::cas(at, with_tls);
        Box::new(CasForm::new(http.clone(), &base, SERVICE).unwrap())
    }

    /// The page.
    fn before_the_password(&self) -> usize {
        1
    }

    fn accounts(&self) -> Accounts {
        Accounts {
            // It locks no account.
            locked: None,
            ..Accounts::usual()
        }
    }
}

#[tokio::test]
#[ignore = "another make: ./scripts/torture"]
async fn django_mama_cas_holds_the_contract() {
    let users = [
        ("20260001", "practice-0001".to_owned()),
        ("20260002", UNICODE.into()),
        ("20260003", long()),
        ("20260004", "another".into()),
        ("20260006", "another".into()),
    ];
    contract::holds(&Mama(Django::mama(SERVICE, &users))).await;
}

fn oidc(at: SocketAddr, client: &str, secret: Option<&str>, claim: &str) -> Oidc {
    let options = OidcOptions {
        issuer: format!("http://{at}"),
        client_id: client.into(),
        client_secret: secret.map(|secret| Secret::new(secret.into())),
        scopes: "openid profile".into(),
        claim: claim.into(),
        endpoints: SetEndpoints::default(),
    };
    Oidc::new(contract::http(Trust::LoopbackOnly), options).unwrap()
}

/// Canaille, which is made with Authlib: it says of a wrong password that the request is invalid.
#[tokio::test]
#[ignore = "another make: ./scripts/torture"]
async fn passwords_are_judged_by_canaille() {
    let arguments = [
        CLIENT_SECRET.to_owned(),
        "20260001=practice-0001".to_owned(),
        format!("20260002={UNICODE}"),
    ];
    let (at, _running) = python_site("canaille", "canaille_site.py", &arguments);
    let way = OidcPassword(oidc(at, "words", Some(CLIENT_SECRET), "sub"));
    let judge = async |number: &str, password: &str| {
        let number = StudentNumber::from_campus(number);
        way.judge(&number, &Secret::new(password.into())).await
    };
    for (number, password) in [("20260001", "practice-0001"), ("20260002", UNICODE)] {
        let student = judge(number, password).await.unwrap();
        assert_eq!(
            (student.number.as_str(), student.name.as_str()),
            (number, "张三")
        );
    }
    // It says the same of an account that is locked: nothing more can be told.
    let wrong = Err(Missed::Sent(Failure::Rejected(
        SignInRefusal::WrongPassword,
    )));
    for (number, password) in [
        ("20260001", "wrong"),
        ("20260099", "x"),
        ("locked", "locked"),
    ] {
        assert_eq!(judge(number, password).await, wrong, "{number}");
    }
    assert_eq!(way.probe().await[0].said, Ok(()));
    let stranger = OidcPassword(oidc(at, "words", Some("another"), "sub"));
    let said = stranger.probe().await.remove(0).said;
    assert!(matches!(said, Err(Failure::Misconfigured(_))), "{said:?}");
}

/// django-allauth: a device grant of a public client, without an ID token.
#[tokio::test]
#[ignore = "another make: ./scripts/torture"]
async fn a_phone_signs_in_by_django_allauth() {
    let dir = tempfile::tempdir().unwrap();
    let arguments = [
        dir.path().join("allauth.sqlite3").display().to_string(),
        "20260001".to_owned(),
    ];
    let (at, _running) = python_site("allauth", "allauth_site.py", &arguments);
    let decided = async |agrees: &str| {
        let oidc = oidc(at, "desk", None, "preferred_username");
        let (tell, mut told) = mpsc::channel(8);
        let waiting = tokio::spawn(async move { oidc.grant(&tell).await });
        let Some(GrantNews::Code(code)) = told.recv().await else {
            panic!("no code: {:?}", waiting.await);
        };
        tokio::spawn(async move { while told.recv().await.is_some() {} });
        let code = code.user_code.as_str();
        let address = format!("http://{at}/decide?user_code={code}&user=20260001&agrees={agrees}");
        let _ = rustls::crypto::ring::default_provider().install_default();
        let phone = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let answer = phone.build().unwrap().get(address).send().await.unwrap();
        assert!(answer.status().is_success(), "not decided");
        waiting.await.unwrap()
    };
    let granted = decided("yes").await.unwrap();
    assert_eq!(
        (granted.number.as_str(), granted.name.as_str()),
        ("20260001", "张三")
    );
    let denied = decided("no").await;
    assert_eq!(denied, Err(Failure::Rejected(GrantRefusal::Denied)));
    let device = oidc(at, "desk", None, "preferred_username");
    assert_eq!(DeviceGrant::probe(&device).await[0].said, Ok(()));
}
