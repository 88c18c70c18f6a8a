//! Where a ticket is validated, and whom it names.

use std::collections::BTreeMap;

use yingxin::campus::identity::ADAPTERS;
use yingxin::campus::setting::{InvalidSetting, Setting, SettingValues, find};
use yingxin::cli_error::{CliError, CliResult, Exit};

use super::*;

/// A server that does not know p3 may say so in many ways; one that judged the ticket there is not asked again.
#[tokio::test]
async fn a_ticket_is_validated_where_p3_is_not_known() {
    for p3 in [
        json!({"status": 404}),
        json!({"status": 302, "location": "/cas/login"}),
        json!({"body": "<html><h1>统一身份认证</h1></html>"}),
        json!({"status": 405}),
        json!({"status": 400, "body": "<h1>Bad Request</h1>"}),
        json!({"status": 403, "body": "<h1>Forbidden</h1>"}),
    ] {
        let server = CaseServer::start(json!({"validate": {"p3": p3}})).await;
        let student = server.sign_in().await;
        assert_eq!(student.unwrap().number.as_str(), "20260001", "{p3}");
    }
    let refused = "<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>\
        <cas:authenticationFailure code='INVALID_TICKET'>no</cas:authenticationFailure></cas:serviceResponse>";
    for p3 in [
        json!({"body": refused}),
        json!({"status": 403, "body": refused}),
        json!({"status": 500}),
    ] {
        let server = CaseServer::start(json!({"validate": {"p3": p3}})).await;
        let judged = server.sign_in().await;
        assert_eq!(judged, Err(Missed::Sent(Failure::Unavailable)), "{p3}");
        assert_eq!(server.asked("GET /cas/serviceValidate"), 0, "{p3}");
    }
}

/// The name the server signed in is told whole: whether it is the one who was asked is judged by the visit, for every
/// method alike.
#[tokio::test]
async fn whom_the_server_signed_in_is_told_as_it_stands() {
    let success = |inside: &str| OK.replace("<cas:user>20260001</cas:user>", inside);
    for user in ["20260002", "zhangsan", "20260001@campus.example"] {
        let body = success(&format!("<cas:user>{user}</cas:user>"));
        let judged = signed_in(json!({"validate": {"body": body}})).await;
        assert_eq!(judged.unwrap().number.as_str(), user);
    }
    for (inside, wanted) in [
        (
            "<cas:user>2026<!-- -->0001</cas:user>",
            "holds more than a text",
        ),
        (
            "<cas:user>2026<b>0001</b></cas:user>",
            "holds more than a text",
        ),
        (
            "<cas:user>20260001</cas:user><cas:user>20260002</cas:user>",
            "several values",
        ),
        (
            "<cas:user>２０２６０００１</cas:user>",
            "has not the form of a student number",
        ),
        ("", "is not given"),
    ] {
        let judged = signed_in(json!({"validate": {"body": success(inside)}})).await;
        assert!(
            matches!(&judged, Err(Missed::Sent(Failure::Misconfigured(why))) if why.contains(wanted)),
            "{inside}: {judged:?}"
        );
    }
}

/// The values of settings by their keys.
#[derive(Debug)]
struct Values(BTreeMap<&'static str, String>);

impl SettingValues for Values {
    fn text(&self, setting: &Setting) -> Option<String> {
        self.0.get(setting.key).cloned()
    }

    fn secret(&self, _: &Setting) -> CliResult<Option<Secret>> {
        Ok(None)
    }

    fn is_filled(&self, _: &str) -> bool {
        true
    }

    fn fault(&self, setting: &Setting, invalid: InvalidSetting) -> CliError {
        CliError::new(
            Exit::Configuration,
            format!("{}: {}", setting.key, invalid.what),
            invalid.remedy,
        )
    }
}

/// With an attribute configured the user may have any name, and the attribute alone gives the number.
#[tokio::test]
async fn the_number_stands_in_the_configured_attribute() {
    let validated = |attributes: &str| {
        let user =
            format!("<cas:user>zhangsan</cas:user><cas:attributes>{attributes}</cas:attributes>");
        json!({"validate": {"body": OK.replace("<cas:user>20260001</cas:user>", &user)}})
    };
    for (attributes, wanted) in [
        (
            "<cas:xh>20260001</cas:xh><cas:cn>张三</cas:cn>",
            Ok("20260001"),
        ),
        (
            "<cas:xh>20260001</cas:xh><cas:xh>20260002</cas:xh>",
            Err("several values"),
        ),
        (
            "<cas:xh>2026 0001</cas:xh>",
            Err("has not the form of a student number"),
        ),
        ("<cas:cn>张三</cas:cn>", Err("is not given")),
    ] {
        let server = CaseServer::start(validated(attributes)).await;
        let values = Values(BTreeMap::from([
            ("identity.cas_form.url", contract::cas(server.at, false)),
            ("identity.cas_form.service", SERVICE.to_owned()),
            ("identity.cas_form.number_attribute", "xh".to_owned()),
        ]));
        let adapter = find(ADAPTERS, "cas_form").unwrap();
        let connector = (adapter.read)(&values).unwrap();
        let way = connector
            .connect(&contract::http(Trust::LoopbackOnly))
            .unwrap()
            .password
            .unwrap();
        let judged = way
            .judge(&number("zhangsan"), &Secret::new("secretpw1".into()))
            .await;
        match (judged, wanted) {
            (Ok(student), Ok(number)) => assert_eq!(student.number.as_str(), number),
            (Err(Missed::Sent(Failure::Misconfigured(why))), Err(wanted)) => {
                assert!(why.contains(wanted), "{why}")
            }
            other => panic!("{attributes}: {other:?}"),
        }
    }
}

/// Every CAS adapter has the setting for the attribute with the number.
#[test]
fn every_cas_way_has_a_number_attribute() {
    for name in [
        "cas_rest", "cas_form", "wisedu", "zfsoft", "tpass", "croypto",
    ] {
        let adapter = find(ADAPTERS, name).unwrap();
        let key = format!("identity.{name}.number_attribute");
        assert!(
            adapter.settings.iter().any(|setting| setting.key == key),
            "{name}"
        );
    }
}
