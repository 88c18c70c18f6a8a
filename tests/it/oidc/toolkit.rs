//! Against django-oauth-toolkit: a device grant whose token answer has no ID token, and whose endpoint no document names.

use tokio::sync::mpsc;
use yingxin::campus::http::Endpoint;
use yingxin::campus::identity::{
    Missed, Oidc, OidcOptions, OidcPassword, PasswordWay, SetEndpoints,
};
use yingxin::campus::{DeviceGrant, GrantNews};
use yingxin::visit::{Failure, GrantRefusal, Secret, SignInRefusal, StudentNumber};

use super::issuer::{Granted, http};
use crate::support::toolkit::{Browser, CLIENT_SECRET, STUDENTS, Toolkit};

fn oidc(server: &Toolkit, client: &str, secret: &str) -> Oidc {
    let device = format!("{}/device-authorization/", server.issuer());
    let options = OidcOptions {
        issuer: server.issuer(),
        client_id: client.into(),
        client_secret: Some(Secret::new(secret.into())),
        scopes: "openid profile".into(),
        claim: "preferred_username".into(),
        endpoints: SetEndpoints {
            device: Some(Endpoint::parse(&device).unwrap()),
            ..SetEndpoints::default()
        },
    };
    Oidc::new(http(), options).unwrap()
}

/// A grant that a student decides on the phone.
async fn decided(server: &Toolkit, student: (&str, &str), action: &str) -> Granted {
    let (tell, mut told) = mpsc::channel(8);
    let oidc = oidc(server, "desk", CLIENT_SECRET);
    let waiting = tokio::spawn(async move { oidc.grant(&tell).await });
    let Some(GrantNews::Code(code)) = told.recv().await else {
        panic!("no code: {:?}", waiting.await);
    };
    tokio::spawn(async move { while told.recv().await.is_some() {} });
    let address = code.whole_address.unwrap().to_string();
    Browser::of(server).decides(&address, student, action).await;
    waiting.await.unwrap()
}

#[tokio::test]
async fn a_phone_signs_in_although_there_is_no_id_token() {
    let server = Toolkit::start();
    for student in STUDENTS {
        let granted = decided(&server, student, "accept").await.unwrap();
        assert_eq!(
            (granted.number.as_str(), granted.name.as_str()),
            (student.0, "张三")
        );
    }
    let denied = decided(&server, STUDENTS[0], "deny").await;
    assert_eq!(denied, Err(Failure::Rejected(GrantRefusal::Denied)));
    let device = oidc(&server, "desk", CLIENT_SECRET);
    assert_eq!(DeviceGrant::probe(&device).await[0].said, Ok(()));
}

#[tokio::test]
async fn its_passwords_are_judged_by_userinfo() {
    let server = Toolkit::start();
    let way = OidcPassword(oidc(&server, "words", CLIENT_SECRET));
    let judge = async |number: &str, password: &str| {
        let number = StudentNumber::from_campus(number);
        way.judge(&number, &Secret::new(password.into())).await
    };
    for (number, password) in STUDENTS {
        assert_eq!(
            judge(number, password).await.unwrap().number.as_str(),
            number
        );
    }
    // It says the same of an account that is not active: nothing more can be told.
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
    let stranger = OidcPassword(oidc(&server, "words", "another"));
    let said = stranger.probe().await.remove(0).said;
    assert!(matches!(said, Err(Failure::Misconfigured(_))), "{said:?}");
}
