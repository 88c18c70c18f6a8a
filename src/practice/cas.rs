//! The unified identity: CAS REST tickets and CAS 3.0 validation, as Apereo's server answers. Ticket-granting tickets and
//! service tickets live in memory; a restart ends them, as it may there. It never says which of name and password was
//! wrong.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::state::{Condition, Server, lock};
use super::{phone, seed};

/// This many refusals of one account within the window throttle it.
const THROTTLE_AFTER: usize = 5;
const THROTTLE_WINDOW: Duration = Duration::from_secs(60);
const MOST_TICKETS: usize = 256;
const MOST_THROTTLED: usize = 256;
const SERVICE_TICKET_LIFE: Duration = Duration::from_secs(60);
const GRANTING_TICKET_LIFE: Duration = Duration::from_secs(2 * 3600);

type Params = HashMap<String, String>;

/// Tickets given out, and who failed lately. Old ones go when there are too many.
#[derive(Default)]
pub struct Tickets {
    granting: VecDeque<Granting>,
    service: VecDeque<Service>,
    failures: BTreeMap<String, Vec<Instant>>,
}

struct Granting {
    id: String,
    user: String,
    at: Instant,
}

struct Service {
    id: String,
    user: String,
    service: String,
    at: Instant,
}

impl Tickets {
    fn grant(&mut self, user: String) -> String {
        let id = format!("TGT-{}-practice", random_hex(24));
        self.granting.truncate(MOST_TICKETS - 1);
        let at = Instant::now();
        self.granting.push_front(Granting {
            id: id.clone(),
            user,
            at,
        });
        id
    }

    fn issue(&mut self, tgt: &str, service: String) -> Option<String> {
        self.granting
            .retain(|ticket| ticket.at.elapsed() < GRANTING_TICKET_LIFE);
        let user = self.granting.iter().find(|t| t.id == tgt)?.user.clone();
        let id = format!("ST-{}-practice", random_hex(16));
        self.service.truncate(MOST_TICKETS - 1);
        let at = Instant::now();
        self.service.push_front(Service {
            id: id.clone(),
            user,
            service,
            at,
        });
        Some(id)
    }

    /// Takes a service ticket out: it is good for one validation, whatever that says.
    fn take(&mut self, ticket: &str) -> Option<Service> {
        let place = self.service.iter().position(|t| t.id == ticket)?;
        self.service
            .remove(place)
            .filter(|ticket| ticket.at.elapsed() < SERVICE_TICKET_LIFE)
    }

    fn is_throttled(&mut self, user: &str) -> bool {
        for moments in self.failures.values_mut() {
            moments.retain(|at| at.elapsed() < THROTTLE_WINDOW);
        }
        self.failures.retain(|_, moments| !moments.is_empty());
        self.failures
            .get(user)
            .is_some_and(|moments| moments.len() >= THROTTLE_AFTER)
    }

    fn note_failure(&mut self, user: String) {
        if self.failures.len() < MOST_THROTTLED || self.failures.contains_key(&user) {
            self.failures.entry(user).or_default().push(Instant::now());
        }
    }
}

/// Random bytes as hexadecimal digits.
pub fn random_hex(bytes: usize) -> String {
    let mut random = vec![0u8; bytes];
    if getrandom::fill(&mut random).is_err() {
        // No randomness: practice tickets may then be guessed, on this machine, by its own user.
        let now = jiff::Timestamp::now().as_nanosecond().to_be_bytes();
        random
            .iter_mut()
            .zip(now.iter().rev())
            .for_each(|(r, n)| *r = *n);
    }
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the campus says of a name and a password: an exception's name where it says no.
pub fn check(server: &Server, user: &str, password: &str) -> Result<(), &'static str> {
    let condition = server.with(|state| state.accounts.get(user).map(|account| account.condition));
    match condition {
        Some(Condition::Locked) => Err("AccountLockedException"),
        Some(_) if password != seed::password(user) => Err("FailedLoginException"),
        Some(Condition::Disabled) => Err("AccountDisabledException"),
        Some(Condition::Good) => Ok(()),
        None => Err("FailedLoginException"),
    }
}

/// `POST /cas/v1/tickets`: name and password for a ticket-granting ticket.
pub async fn grant(
    State(server): State<Arc<Server>>,
    form: Result<Form<Params>, FormRejection>,
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
        lock(&server.tickets).note_failure(user.chars().take(64).collect());
        return refusal(exception);
    }
    let tgt = lock(&server.tickets).grant(user.clone());
    server.with(|state| phone::hand_over(state, user));
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

/// 401 with the names of the exceptions, as Apereo's REST protocol does.
pub fn refusal(exception: &str) -> Response {
    let body = json!({ "authentication_exceptions": [exception] });
    (StatusCode::UNAUTHORIZED, Json(body)).into_response()
}

/// `POST /cas/v1/tickets/{TGT}`: a service ticket.
pub async fn service_ticket(
    State(server): State<Arc<Server>>,
    Path(tgt): Path<String>,
    form: Result<Form<Params>, FormRejection>,
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
    lock(&server.tickets).granting.retain(|t| t.id != tgt);
    tgt
}

/// `GET /cas/p3/serviceValidate`: whose ticket it is, once. HTTP 200 either way.
pub async fn validate(State(server): State<Arc<Server>>, Query(params): Query<Params>) -> Response {
    let is_json = params
        .get("format")
        .is_some_and(|format| format.eq_ignore_ascii_case("json"));
    match judge(&server, &params) {
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

fn judge(server: &Server, params: &Params) -> Result<(String, String), (&'static str, String)> {
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
