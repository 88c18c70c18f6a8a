//! Identity by login pages: against models of Apereo's CAS and of 金智 Wisedu, and against django-cas-server, which no one
//! here wrote.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use yingxin::campus::Identity;
use yingxin::campus::http::Http;
use yingxin::campus::identity::{CasForm, CasRest, Judging, Missed, PasswordWay, Ways, Wisedu};
use yingxin::campus::tls::Trust;
use yingxin::visit::{Failure, Secret, SignInRefusal, StudentNumber};

use super::house::{House, number};
use super::models::{Model, Product, SERVICE};
use crate::support::contract::{self, Accounts, Subject, UNKNOWN};
use crate::support::django::Django;
use crate::support::log::Log;
use crate::support::passwords::{UNICODE, long};

/// A model, by the adapter that it is for.
struct Modelled(Model, Product);

impl Subject for Modelled {
    fn server(&self) -> SocketAddr {
        self.0.at
    }

    fn way(&self, at: SocketAddr, with_tls: bool, http: &Http) -> Box<dyn PasswordWay> {
        let base = contract::cas(at, with_tls);
        match self.1 {
            Product::Wisedu => Box::new(Wisedu::new(http.clone(), &base, SERVICE).unwrap()),
            Product::Rest => Box::new(CasRest::new(http.clone(), &base, SERVICE).unwrap()),
            _ => Box::new(CasForm::new(http.clone(), &base, SERVICE).unwrap()),
        }
    }

    fn before_the_password(&self) -> usize {
        match self.1 {
            Product::Rest => 0,
            // The page, and with Wisedu the question for a captcha.
            Product::Wisedu => 2,
            Product::Apereo | Product::OldCas => 1,
        }
    }

    fn naming(&self, users: &[&str]) -> Option<(usize, Vec<u8>)> {
        // By REST the ticket is asked for before it is validated.
        let between = usize::from(self.1 == Product::Rest);
        let at = self.before_the_password() + 1 + between;
        Some((at, contract::cas_naming(users)))
    }

    fn accounts(&self) -> Accounts {
        let mut refused = contract::refusals();
        if self.1 == Product::Rest {
            // It has no exception for these two.
            refused.retain(|(user, _, _)| *user < "20260018");
        }
        Accounts {
            refused,
            ..Accounts::usual()
        }
    }

    fn mark(&self, _password: &str) -> String {
        match self.1 {
            Product::Rest => "POST /cas/v1/tickets ".into(),
            _ => "POST /cas/login".into(),
        }
    }
}

/// By REST with the passwords that no practice student has.
#[tokio::test]
async fn rest_holds_the_contract_with_every_password() {
    let model = Model::start(Product::Rest).await;
    contract::holds(&Modelled(model, Product::Rest)).await;
}

#[tokio::test]
async fn the_login_form_holds_the_contract() {
    let model = Model::start(Product::Apereo).await;
    contract::holds(&Modelled(model, Product::Apereo)).await;
}

#[tokio::test]
async fn wisedu_holds_the_contract() {
    let model = Model::start(Product::Wisedu).await;
    contract::holds(&Modelled(model, Product::Wisedu)).await;
}

async fn judge(model: &Model, product: Product, user: &str) -> Result<String, Missed> {
    let http = contract::http(Trust::LoopbackOnly);
    let base = contract::cas(model.at, false);
    let way: Box<dyn PasswordWay> = match product {
        Product::Wisedu => Box::new(Wisedu::new(http, &base, SERVICE).unwrap()),
        _ => Box::new(CasForm::new(http, &base, SERVICE).unwrap()),
    };
    let password = Secret::new("practice-0001".into());
    let judged = way.judge(&number(user), &password).await;
    judged.map(|student| student.name.as_str().to_owned())
}

#[tokio::test]
async fn a_server_that_validates_in_xml_alone_will_do() {
    let model = Model::start(Product::OldCas).await;
    assert_eq!(
        judge(&model, Product::OldCas, "20260001").await.unwrap(),
        "张三"
    );
}

#[tokio::test]
async fn nobody_stays_signed_in() {
    let log = Log::begin();
    let model = Model::start(Product::Apereo).await;
    judge(&model, Product::Apereo, "20260001").await.unwrap();
    let patience = Instant::now();
    while model.seen.lock().unwrap().sign_outs < 1 {
        assert!(patience.elapsed() < Duration::from_secs(5), "no sign-out");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // The server leads on to its page: that is an answer as good as any.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!log.take().contains("cas sign-out"));
}

/// A server that took a password and cannot work as it is set up.
struct SetUpWrong;

impl PasswordWay for SetUpWrong {
    fn name(&self) -> &'static str {
        "told"
    }

    fn judge<'a>(&'a self, _: &'a StudentNumber, _: &'a Secret) -> Judging<'a> {
        let told = Failure::Misconfigured("it knows no such client".into());
        Box::pin(std::future::ready(Err(Missed::Sent(told))))
    }
}

#[tokio::test]
async fn a_sign_in_that_cannot_work_says_in_the_log_why() {
    let log = Log::begin();
    let ways = Ways::one(SetUpWrong);
    let password = Secret::new("canary-password".into());
    let judged = ways.sign_in(&number("20260001"), &password).await;
    assert!(matches!(judged, Err(Failure::Misconfigured(_))));
    let log = log.take();
    assert!(log.contains("it knows no such client"), "{log}");
    assert!(
        !log.contains("canary") && !log.contains("20260001"),
        "{log}"
    );
}

#[tokio::test]
async fn where_a_captcha_is_wanted_no_password_is_sent() {
    let model = Model::start(Product::Wisedu).await;
    model
        .seen
        .lock()
        .unwrap()
        .wants_captcha
        .insert("20260001".into());
    let refused = judge(&model, Product::Wisedu, "20260001").await;
    let another_way = Failure::Rejected(SignInRefusal::AnotherWay);
    assert_eq!(refused, Err(Missed::Kept(another_way)));
    // Asked for one account, and not for another.
    assert!(judge(&model, Product::Wisedu, "20260005").await.is_err());
    assert_eq!(model.seen.lock().unwrap().posts, 1);
    model.seen.lock().unwrap().captcha_is_broken = true;
    let refused = judge(&model, Product::Wisedu, "20260001").await;
    assert!(matches!(
        refused,
        Err(Missed::Kept(Failure::Misconfigured(_)))
    ));
    assert_eq!(model.seen.lock().unwrap().posts, 1);
}

/// An account that does not exist needs a captcha where everybody does.
#[tokio::test]
async fn a_captcha_for_everybody_fails_the_probe_of_wisedu() {
    let model = Model::start(Product::Wisedu).await;
    let base = contract::cas(model.at, false);
    let way = Wisedu::new(contract::http(Trust::LoopbackOnly), &base, SERVICE).unwrap();
    assert_eq!(way.probe().await[0].said, Ok(()));
    let unknown = "yingxin-doctor".to_owned();
    model.seen.lock().unwrap().wants_captcha.insert(unknown);
    let said = &way.probe().await[0].said;
    assert!(
        matches!(said, Err(Failure::Misconfigured(why)) if why.contains("captcha")),
        "{said:?}"
    );
}

#[tokio::test]
async fn a_service_that_the_server_does_not_know_is_the_administrators() {
    let model = Model::start(Product::Apereo).await;
    let http = contract::http(Trust::LoopbackOnly);
    let base = contract::cas(model.at, false);
    let way = CasForm::new(http, &base, "https://other.example/").unwrap();
    let refused = way
        .judge(&number("20260001"), &Secret::new("x".into()))
        .await;
    assert!(matches!(
        refused,
        Err(Missed::Kept(Failure::Misconfigured(text))) if text.contains("403")
    ));
}

/// django-cas-server.
struct RealForm(Django);

impl Subject for RealForm {
    fn server(&self) -> SocketAddr {
        self.0.at
    }

    fn way(&self, at: SocketAddr, with_tls: bool, http: &Http) -> Box<dyn PasswordWay> {
        let base = contract::cas(at, with_tls);
        Box::new(CasForm::new(http.clone(), &base, SERVICE).unwrap())
    }

    /// The page, and its functions.js.
    fn before_the_password(&self) -> usize {
        2
    }

    fn scripts(&self) -> usize {
        1
    }

    fn accounts(&self) -> Accounts {
        Accounts {
            // It locks no account, and does not check whether an account is active.
            locked: None,
            disabled: None,
            ..Accounts::usual()
        }
    }
}

#[tokio::test]
async fn a_real_login_form_holds_the_contract() {
    let users = [
        ("20260001", "practice-0001".to_owned()),
        ("20260002", UNICODE.into()),
        ("20260003", long()),
        ("20260004", "another".into()),
        ("20260006", "another".into()),
    ];
    contract::holds(&RealForm(Django::start(SERVICE, &users))).await;
}

/// The practice campus, by REST.
struct Rest(House);

impl Subject for Rest {
    fn server(&self) -> SocketAddr {
        self.0
            .campus
            .base_url()
            .strip_prefix("http://")
            .unwrap()
            .parse()
            .unwrap()
    }

    fn way(&self, at: SocketAddr, with_tls: bool, http: &Http) -> Box<dyn PasswordWay> {
        let base = contract::cas(at, with_tls);
        let service = self.0.campus.credentials().cas_service;
        Box::new(CasRest::new(http.clone(), &base, &service).unwrap())
    }

    fn before_the_password(&self) -> usize {
        0
    }

    fn naming(&self, users: &[&str]) -> Option<(usize, Vec<u8>)> {
        Some((2, contract::cas_naming(users)))
    }

    fn accounts(&self) -> Accounts {
        Accounts {
            right: ("20260004", "practice-0004"),
            name: "王𬭎㛃",
            // No practice student has such a password.
            others: Vec::new(),
            wrong: ["20260006", "20260007"],
            unknown: UNKNOWN,
            locked: Some(("20260005", "practice-0005")),
            disabled: Some(("20260011", "practice-0011")),
            refused: Vec::new(),
        }
    }

    fn mark(&self, _password: &str) -> String {
        "POST /cas/v1/tickets ".into()
    }
}

#[tokio::test]
async fn rest_holds_the_contract() {
    contract::holds(&Rest(House::new().await)).await;
}
