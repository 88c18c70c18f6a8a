//! The unified identity over CAS REST tickets and CAS 3.0 validation, with the responses of Apereo's server. It does not
//! reveal whether the name or the password was wrong.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::server::{Fields, Server, lock};
use super::state::Condition;
use super::{owner, seed};

/// Checks a name and a password.
///
/// # Errors
/// The name of Apereo's exception when the account may not sign in.
pub fn check(server: &Server, user: &str, password: &str) -> Result<(), &'static str> {
    let condition = server.with(|state| state.condition(user));
    match condition {
        Some(Condition::Locked) => Err("AccountLockedException"),
        Some(_) if password != seed::password(user) => Err("FailedLoginException"),
        Some(Condition::Disabled) => Err("AccountDisabledException"),
        Some(Condition::Good) => Ok(()),
        None => Err("FailedLoginException"),
    }
}

/// `POST /cas/v1/tickets`: gives a ticket-granting ticket for a name and a password.
pub async fn grant(
    State(server): State<Arc<Server>>,
    form: Result<Form<Fields>, FormRejection>,
) -> Response {
    let form = match form {
        Ok(Form(form)) => form,
        Err(FormRejection::InvalidFormContentType(_)) => {
            return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
        }
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    };
    let given = |key| form.get(key).filter(|value| !value.is_empty());
    let (Some(user), Some(password)) = (given("username"), given("password")) else {
        let text = "No credentials are provided or extracted to authenticate the REST request";
        return (StatusCode::BAD_REQUEST, text).into_response();
    };
    if lock(&server.tickets).is_throttled(user) {
        return (StatusCode::LOCKED, "Access Denied for user").into_response();
    }
    if let Err(exception) = check(&server, user, password) {
        lock(&server.tickets).record_failure(user.chars().take(64).collect());
        return refusal(exception);
    }
    let tgt = lock(&server.tickets).grant(user.clone());
    server.with(|state| owner::hand_over(state, user));
    let location = format!("{}/cas/v1/tickets/{tgt}", server.base_url);
    let page = format!(
        "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\"><html><head><title>201 CREATED</title></head><body>\
         <h1>TGT Created</h1><form action=\"{location}\" method=\"POST\">Service:<input type=\"text\" \
         name=\"service\" value=\"\"><br><input type=\"submit\" value=\"Submit\"></form></body></html>"
    );
    let headers = [
        (header::LOCATION, location),
        (header::CONTENT_TYPE, "text/html".to_owned()),
    ];
    (StatusCode::CREATED, headers, page).into_response()
}

/// HTTP 401 with the exception's name, as in Apereo's REST protocol.
pub fn refusal(exception: &str) -> Response {
    let body = json!({ "authentication_exceptions": [exception] });
    (StatusCode::UNAUTHORIZED, Json(body)).into_response()
}

/// `POST /cas/v1/tickets/{TGT}`: gives a service ticket.
pub async fn service_ticket(
    State(server): State<Arc<Server>>,
    Path(tgt): Path<String>,
    form: Result<Form<Fields>, FormRejection>,
) -> Response {
    let service = match form {
        Ok(Form(mut form)) => form.remove("service").filter(|s| !s.is_empty()),
        Err(FormRejection::InvalidFormContentType(_)) => {
            return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
        }
        Err(_) => None,
    };
    let Some(service) = service else {
        return (StatusCode::BAD_REQUEST, "service is missing").into_response();
    };
    match lock(&server.tickets).issue(&tgt, service) {
        Some(ticket) => ticket.into_response(),
        None => (StatusCode::NOT_FOUND, "ticket is not found or expired").into_response(),
    }
}

/// `DELETE /cas/v1/tickets/{TGT}`: signs out.
pub async fn log_out(State(server): State<Arc<Server>>, Path(tgt): Path<String>) -> String {
    lock(&server.tickets).end(&tgt);
    tgt
}

/// `GET /cas/p3/serviceValidate`: names the student a ticket belongs to, once. HTTP 200 for success and for failure.
pub async fn validate(State(server): State<Arc<Server>>, Query(params): Query<Fields>) -> Response {
    let is_json = params
        .get("format")
        .is_some_and(|format| format.eq_ignore_ascii_case("json"));
    match validate_ticket(&server, &params) {
        Ok((user, name)) if is_json => Json(json!({"serviceResponse": {"authenticationSuccess": {
            "user": user,
            "attributes": {"name": [name], "credentialType": ["UsernamePasswordCredential"]},
        }}}))
        .into_response(),
        Err((code, description)) if is_json => {
            Json(json!({"serviceResponse": {"authenticationFailure": {
                "code": code, "description": description,
            }}}))
            .into_response()
        }
        Ok((user, name)) => xml(&format!(
            "<cas:authenticationSuccess><cas:user>{}</cas:user><cas:attributes><cas:name>{}</cas:name>\
             </cas:attributes></cas:authenticationSuccess>",
            escape(&user),
            escape(&name)
        )),
        Err((code, description)) => xml(&format!(
            "<cas:authenticationFailure code=\"{code}\">{}</cas:authenticationFailure>",
            escape(&description)
        )),
    }
}

fn validate_ticket(
    server: &Server,
    params: &Fields,
) -> Result<(String, String), (&'static str, String)> {
    let given = |key| params.get(key).filter(|value| !value.is_empty());
    let (Some(service), Some(ticket)) = (given("service"), given("ticket")) else {
        let text = "'service' and 'ticket' parameters are both required";
        return Err(("INVALID_REQUEST", text.into()));
    };
    if !ticket.starts_with("ST-") || ticket.len() > 256 {
        return Err(("INVALID_TICKET_SPEC", "not a service ticket".into()));
    }
    let Some(found) = lock(&server.tickets).take(ticket) else {
        let text = format!("Ticket '{ticket}' not recognized");
        return Err(("INVALID_TICKET", text));
    };
    if found.service != *service {
        let text = "ticket was issued for another service";
        return Err(("INVALID_SERVICE", text.into()));
    }
    let name = server.with(|state| state.accounts.get(&found.user).map(|a| a.name.clone()));
    Ok((found.user, name.unwrap_or_default()))
}

fn xml(inside: &str) -> Response {
    let page = format!(
        "<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'>{inside}</cas:serviceResponse>"
    );
    (
        [(header::CONTENT_TYPE, "application/xml;charset=UTF-8")],
        page,
    )
        .into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
