//! From what an administrator says of each port to the adapters that reach it. Nothing is asked of the campus here.

use super::Campus;
use super::connections::{Connections, Directory, PasswordServer};
use super::directory::guide::Guide;
use super::directory::wecom::WeCom;
use super::http::{EndpointError, Http, HttpOptions, Trust};
use super::identity::{CasRest, PasswordWay, Ways};
use super::sms::tencent::{Tencent, TencentOptions};
use crate::complaint::{Complaint, Exit, Outcome};

/// Makes the adapters. In guide mode not even a client is made.
///
/// # Errors
/// Where certificates cannot be read, or an address is none.
pub fn campus(connections: Connections) -> Outcome<Campus> {
    let mut campus = Campus {
        identity: None,
        directory: Box::new(Guide),
        sms: None,
    };
    if connections.is_guide() {
        return Ok(campus);
    }
    let http = client(&connections)?;
    let ways: Vec<Box<dyn PasswordWay>> = connections
        .identity
        .passwords
        .into_iter()
        .map(|server| password_way(&http, server))
        .collect::<Outcome<_>>()?;
    if !ways.is_empty() {
        campus.identity = Some(Box::new(Ways::new(ways)));
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
    if let Some(sms) = connections.sms {
        let endpoint = sms.endpoint;
        let options = TencentOptions {
            region: sms.region,
            secret_id: sms.secret_id.expose().to_owned(),
            secret_key: sms.secret_key,
            app_id: sms.app_id,
            sign: sms.sign,
            template: sms.template,
        };
        let tencent =
            Tencent::new(http, &endpoint, options).map_err(|e| no_address("sms.tencent", e))?;
        campus.sms = Some(Box::new(tencent));
    }
    Ok(campus)
}

fn client(connections: &Connections) -> Outcome<Http> {
    let trust = match connections.loopback_only {
        true => Trust::LoopbackOnly,
        false => Trust::System,
    };
    Http::new(&HttpOptions {
        trust,
        ..HttpOptions::default()
    })
    .map_err(|e| Complaint::new(Exit::Failure, e.to_string(), "then start the kiosk again"))
}

fn password_way(http: &Http, server: PasswordServer) -> Outcome<Box<dyn PasswordWay>> {
    Ok(match server {
        PasswordServer::CasRest(cas) => Box::new(
            CasRest::new(http.clone(), &cas.url, &cas.service)
                .map_err(|e| no_address("identity.cas_rest", e))?,
        ),
    })
}

fn no_address(section: &str, error: EndpointError) -> Complaint {
    Complaint::new(
        Exit::Configuration,
        format!("the address under [{section}] is {error}"),
        "run: yingxin config check",
    )
}
