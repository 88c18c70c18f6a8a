//! From what an administrator says of each port to the adapters that reach it. Nothing is asked of the campus here.

use super::Campus;
use super::connections::{Connections, Directory, PasswordServer, SmsCarrier};
use super::directory::guide::Guide;
use super::directory::wecom::WeCom;
use super::http::{EndpointError, Http, HttpOptions};
use super::identity::{CasForm, CasRest, Ldap, Oidc, OidcPassword, PasswordWay, Ways, Wisedu};
use super::sms::aliyun::{self, Aliyun, AliyunOptions};
use super::sms::gammu::{self, Gammu};
use super::sms::order::{Carrier, Order};
use super::sms::tencent::{self, Tencent, TencentOptions};
use crate::complaint::{Complaint, Exit, Outcome};

/// Makes the adapters. In guide mode not even a client is made.
///
/// # Errors
/// Where certificates cannot be read, or an address is none.
pub fn campus(connections: Connections) -> Outcome<Campus> {
    let mut campus = Campus {
        identity: None,
        device_grant: None,
        directory: Box::new(Guide),
        sms: None,
    };
    if connections.is_guide() {
        return Ok(campus);
    }
    let http = client(&connections)?;
    let oidc = connections
        .identity
        .oidc
        .map(|options| Oidc::new(http.clone(), options))
        .transpose()
        .map_err(|e| no_address("identity.oidc", e))?;
    let mut ways = Vec::new();
    for server in connections.identity.passwords {
        ways.extend(password_way(&http, oidc.as_ref(), server)?);
    }
    if !ways.is_empty() {
        campus.identity = Some(Box::new(Ways::new(ways)));
    }
    if let Some(oidc) = oidc.filter(|_| connections.identity.by_device) {
        campus.device_grant = Some(Box::new(oidc));
    }
    if let Directory::WeCom(wecom) = connections.directory {
        let (contacts, app) = (wecom.contacts_secret, wecom.app_secret);
        let base = format!("{}/cgi-bin", wecom.url);
        let department = u32::try_from(wecom.department).ok();
        let wecom = WeCom::new(
            http.clone(),
            &base,
            &wecom.corp_id,
            contacts,
            app,
            department,
        )
        .map_err(|e| no_address("directory.wecom", e))?;
        campus.directory = Box::new(wecom);
    }
    let carriers: Vec<Carrier> = connections
        .sms
        .into_iter()
        .map(|carrier| sms_carrier(&http, carrier))
        .collect::<Outcome<_>>()?;
    if !carriers.is_empty() {
        campus.sms = Some(Box::new(Order::new(carriers)));
    }
    Ok(campus)
}

fn client(connections: &Connections) -> Outcome<Http> {
    Http::new(&HttpOptions {
        trust: connections.trust.clone(),
        ..HttpOptions::default()
    })
    .map_err(|e| Complaint::new(Exit::Failure, e.to_string(), "then start the kiosk again"))
}

fn password_way(
    http: &Http,
    oidc: Option<&Oidc>,
    server: PasswordServer,
) -> Outcome<Option<Box<dyn PasswordWay>>> {
    let again = || http.clone();
    Ok(Some(match server {
        PasswordServer::CasRest(cas) => Box::new(
            CasRest::new(again(), &cas.url, &cas.service)
                .map_err(|e| no_address("identity.cas_rest", e))?,
        ),
        PasswordServer::CasForm(cas) => Box::new(
            CasForm::new(again(), &cas.url, &cas.service)
                .map_err(|e| no_address("identity.cas_form", e))?,
        ),
        PasswordServer::Wisedu(cas) => Box::new(
            Wisedu::new(again(), &cas.url, &cas.service)
                .map_err(|e| no_address("identity.wisedu", e))?,
        ),
        PasswordServer::Ldap(options) => Box::new(Ldap::new(*options, http)),
        PasswordServer::Oidc => match oidc {
            Some(oidc) => Box::new(OidcPassword(oidc.clone())),
            None => return Ok(None),
        },
    }))
}

fn sms_carrier(http: &Http, carrier: SmsCarrier) -> Outcome<Carrier> {
    Ok(match carrier {
        SmsCarrier::Tencent(sms) => {
            let options = TencentOptions {
                region: sms.region,
                secret_id: sms.secret_id.expose().to_owned(),
                secret_key: sms.secret_key,
                app_id: sms.app_id,
                sign: sms.sign,
                template: sms.template,
            };
            let tencent = Tencent::new(http.clone(), &sms.endpoint, options)
                .map_err(|e| no_address("sms.tencent", e))?;
            (tencent::NAME, Box::new(tencent))
        }
        SmsCarrier::Aliyun(sms) => {
            let options = AliyunOptions {
                key_id: sms.key_id,
                key: sms.key,
                sign: sms.sign,
                template: sms.template,
                parameter: sms.parameter,
            };
            let aliyun = Aliyun::new(http.clone(), &sms.endpoint, options)
                .map_err(|e| no_address("sms.aliyun", e))?;
            (aliyun::NAME, Box::new(aliyun))
        }
        SmsCarrier::Gammu(sms) => {
            let gammu = Gammu {
                outbox: sms.outbox,
                sent: sms.sent,
                error: sms.error,
                text: sms.text,
            };
            (gammu::NAME, Box::new(gammu))
        }
    })
}

fn no_address(section: &str, error: EndpointError) -> Complaint {
    Complaint::new(
        Exit::Configuration,
        format!("the address under [{section}] is {error}"),
        "run: yingxin config check",
    )
}
