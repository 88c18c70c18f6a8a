//! The calls: which adapter makes them, what it talks to, and how it is asked.

use std::net::SocketAddr;

use serde_json::json;
use yingxin::campus::http::Http;
use yingxin::campus::identity::{
    CasForm, CasRest, Missed, Oidc, OidcOptions, OidcPassword, PasswordWay, SetEndpoints, Wisedu,
};
use yingxin::campus::sms::{Aliyun, Tencent, aliyun::AliyunOptions, tencent::TencentOptions};
use yingxin::campus::{DeviceGrant, Directory, Probed, Receipt, Sms, directory::WeCom};
use yingxin::practice::Credentials;
use yingxin::visit::{Code, CodeKey, Failure, Nonce, Secret, VisitId};

use super::super::house::{House, mobile, number, student};
use super::super::models::{Model, Product, SERVICE};
use super::Kind;
use super::issuer::Yes;

pub const MOBILE: &str = "13900139001";

/// Every call of every adapter that speaks HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    CasRest,
    CasRestProbe,
    CasForm,
    CasFormProbe,
    Wisedu,
    WiseduProbe,
    Password,
    Device,
    OidcProbe,
    Find,
    /// Of a member that is there, and of one that is not.
    Update,
    Create,
    Confirm,
    Unbind,
    WeComProbe,
    Tencent,
    TencentFate,
    TencentProbe,
    Aliyun,
    AliyunFate,
    AliyunProbe,
}

impl Call {
    pub const ALL: [Call; 21] = [
        Call::CasRest,
        Call::CasRestProbe,
        Call::CasForm,
        Call::CasFormProbe,
        Call::Wisedu,
        Call::WiseduProbe,
        Call::Password,
        Call::Device,
        Call::OidcProbe,
        Call::Find,
        Call::Update,
        Call::Create,
        Call::Confirm,
        Call::Unbind,
        Call::WeComProbe,
        Call::Tencent,
        Call::TencentFate,
        Call::TencentProbe,
        Call::Aliyun,
        Call::AliyunFate,
        Call::AliyunProbe,
    ];

    pub fn is_message(self) -> bool {
        matches!(self, Call::Tencent | Call::Aliyun)
    }

    /// The exchange with the one thing that must not leave twice, for the calls that tell whether it left.
    pub fn carries(self) -> Option<usize> {
        match self {
            Call::CasRest | Call::Tencent | Call::Aliyun => Some(0),
            Call::CasForm | Call::Password => Some(1),
            Call::Wisedu => Some(2),
            _ => None,
        }
    }
}

/// What answers a call truly. It ends with its value.
pub struct Upstream {
    pub at: SocketAddr,
    server: Server,
}

enum Server {
    House(Box<House>),
    Model(#[allow(dead_code)] Model),
    Yes(Yes),
}

/// An adapter, and with a message's carrier the message that it took.
pub enum Adapter {
    Way(Box<dyn PasswordWay>),
    Grant(Oidc),
    Directory(Box<WeCom>),
    Sms(Box<dyn Sms>, Option<Receipt>),
}

impl Upstream {
    pub async fn new(call: Call) -> Upstream {
        let server = match call {
            Call::CasForm | Call::CasFormProbe => {
                Server::Model(Model::start(Product::Apereo).await)
            }
            Call::Wisedu | Call::WiseduProbe => Server::Model(Model::start(Product::Wisedu).await),
            Call::Password | Call::Device | Call::OidcProbe => Server::Yes(Yes::issuer().await),
            Call::Aliyun | Call::AliyunFate | Call::AliyunProbe => Server::Yes(Yes::aliyun().await),
            _ => {
                let house = House::new().await;
                // A person may ask for another message at once.
                house.set(json!({"sms_pause": false})).await;
                Server::House(Box::new(house))
            }
        };
        let at = match &server {
            Server::House(house) => house.url("")["http://".len()..].parse().unwrap(),
            Server::Model(model) => model.at,
            Server::Yes(yes) => yes.at,
        };
        Upstream { at, server }
    }

    /// The adapter for this server where it is reached at `url`.
    pub async fn adapter(&self, call: Call, url: &str, http: &Http) -> Adapter {
        if let Server::Yes(yes) = &self.server {
            *yes.name.lock().unwrap() = url.to_owned();
        }
        let (http, cas) = (http.clone(), format!("{url}/cas"));
        match call {
            Call::CasRest | Call::CasRestProbe => {
                let service = Credentials::practice().cas_service;
                Adapter::Way(Box::new(CasRest::new(http, &cas, &service).unwrap()))
            }
            Call::CasForm | Call::CasFormProbe => {
                Adapter::Way(Box::new(CasForm::new(http, &cas, SERVICE).unwrap()))
            }
            Call::Wisedu | Call::WiseduProbe => {
                Adapter::Way(Box::new(Wisedu::new(http, &cas, SERVICE).unwrap()))
            }
            Call::Password => Adapter::Way(Box::new(OidcPassword(oidc(url, http)))),
            Call::Device | Call::OidcProbe => Adapter::Grant(oidc(url, http)),
            Call::Tencent | Call::TencentFate | Call::TencentProbe => {
                self.carrier(call == Call::TencentFate, tencent, url, http)
                    .await
            }
            Call::Aliyun | Call::AliyunFate | Call::AliyunProbe => {
                self.carrier(call == Call::AliyunFate, aliyun, url, http)
                    .await
            }
            _ => Adapter::Directory(Box::new(wecom(url, http))),
        }
    }

    /// A carrier; where it is asked for a message's fate, it took one before.
    async fn carrier(
        &self,
        takes_one: bool,
        made: fn(&str, Http) -> Box<dyn Sms>,
        url: &str,
        http: Http,
    ) -> Adapter {
        let to = mobile(MOBILE);
        let receipt = if takes_one {
            let whole = made(&format!("http://{}", self.at), http.clone());
            Some(whole.send(&to, &code()).await.unwrap())
        } else {
            None
        };
        Adapter::Sms(made(url, http), receipt)
    }
}

impl Adapter {
    /// Makes the call; returns how it ended and, where the port knows, whether what must not be sent twice was sent.
    pub async fn ask(&self, call: Call) -> (Kind, Option<bool>) {
        match self {
            Adapter::Way(way) if call.carries().is_none() => (probed(way.probe().await), None),
            Adapter::Way(way) => judged(&**way, call).await,
            Adapter::Grant(oidc) if call == Call::OidcProbe => {
                (probed(DeviceGrant::probe(oidc).await), None)
            }
            Adapter::Grant(oidc) => {
                let (tell, _told) = tokio::sync::mpsc::channel(32);
                (kind(oidc.grant(&tell).await), None)
            }
            Adapter::Directory(wecom) => (asked(wecom, call).await, None),
            Adapter::Sms(sms, Some(receipt)) => (kind(sms.fate(receipt).await), None),
            Adapter::Sms(sms, None) if call.is_message() => {
                match sms.send(&mobile(MOBILE), &code()).await {
                    Ok(_) => (Kind::Done, None),
                    Err(unsent) => (failure(&unsent.why), Some(!unsent.is_certain)),
                }
            }
            Adapter::Sms(sms, None) => (probed(sms.probe().await), None),
        }
    }
}

async fn judged(way: &dyn PasswordWay, call: Call) -> (Kind, Option<bool>) {
    let (user, password) = match call {
        // No other account is tried so often.
        Call::CasRest => ("20260004", "practice-0004"),
        _ => ("20260001", "practice-0001"),
    };
    let password = Secret::new(password.to_owned());
    match way.judge(&number(user), &password).await {
        Ok(student) => {
            assert_eq!(student.number.as_str(), user);
            (Kind::Done, None)
        }
        Err(Missed::Kept(why)) => (failure(&why), Some(false)),
        Err(Missed::Sent(why)) => (failure(&why), Some(true)),
    }
}

async fn asked(wecom: &WeCom, call: Call) -> Kind {
    match call {
        Call::Find => kind(wecom.find(&number("20260006")).await),
        Call::Update => {
            let whom = student("20260002", "乌日娜");
            kind(wecom.bind(&whom, &mobile(MOBILE)).await)
        }
        Call::Create => {
            let whom = student("20260007", "孙悦");
            kind(wecom.bind(&whom, &mobile(MOBILE)).await)
        }
        Call::Confirm => kind(wecom.confirm(&number("20260006")).await),
        Call::Unbind => kind(wecom.unbind(&number("20260006")).await),
        _ => probed(wecom.probe().await),
    }
}

fn wecom(url: &str, http: Http) -> WeCom {
    let known = Credentials::practice();
    let secret = |text: &str| Some(Secret::new(text.to_owned()));
    let (contacts, app) = (secret(&known.contacts_secret), secret(&known.app_secret));
    let base = format!("{url}/cgi-bin");
    let department = Some(known.department);
    WeCom::new(http, &base, &known.corp_id, contacts, app, department).unwrap()
}

fn oidc(url: &str, http: Http) -> Oidc {
    let options = OidcOptions {
        issuer: url.to_owned(),
        client_id: "desk".into(),
        client_secret: Some(Secret::new("secret".into())),
        scopes: "openid profile".into(),
        claim: "preferred_username".into(),
        endpoints: SetEndpoints::default(),
    };
    Oidc::new(http, options).unwrap()
}

fn tencent(url: &str, http: Http) -> Box<dyn Sms> {
    let known = Credentials::practice();
    let options = TencentOptions {
        endpoint: url.to_owned(),
        region: known.sms_region,
        secret_id: Secret::new(known.sms_secret_id),
        secret_key: Secret::new(known.sms_secret_key),
        app_id: known.sms_app_id,
        sign: known.sms_sign,
        template: known.sms_template,
    };
    Box::new(Tencent::new(http, options).unwrap())
}

fn aliyun(url: &str, http: Http) -> Box<dyn Sms> {
    let secret = |text: &str| Secret::new(text.to_owned());
    let options = AliyunOptions {
        endpoint: url.to_owned(),
        key_id: secret("id"),
        key: secret("key"),
        sign: "练习大学".into(),
        template: "SMS_1".into(),
        parameter: "code".into(),
    };
    Box::new(Aliyun::new(http, options).unwrap())
}

pub fn code() -> Code {
    CodeKey::new([7; 32]).derive(VisitId(1), &mobile(MOBILE), Nonce(1))
}

fn kind<T, R>(answered: Result<T, Failure<R>>) -> Kind {
    answered.map_or_else(|why| failure(&why), |_| Kind::Done)
}

pub fn failure<R>(why: &Failure<R>) -> Kind {
    match why {
        Failure::Offline => Kind::Offline,
        Failure::Unavailable => Kind::Unavailable,
        Failure::Rejected(_) => Kind::Rejected,
        Failure::Limited { retry_after } => Kind::Limited(*retry_after),
        Failure::Misconfigured(text) => {
            assert!(!text.contains(char::is_control), "{text:?}");
            Kind::Misconfigured
        }
    }
}

/// The first thing that a probe found wrong.
fn probed(found: Vec<Probed>) -> Kind {
    let wrong = found.iter().find_map(|probed| probed.said.as_ref().err());
    wrong.map_or(Kind::Done, failure)
}
