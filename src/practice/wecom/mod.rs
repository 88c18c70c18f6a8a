//! The part of WeCom's server API that a registration needs: access tokens for two kinds of secret, and the permissions
//! of each. The HTTP status is always 200 and the errcode gives the result. The errmsg ends as the real one does, with a
//! varying part, so that no code can depend on its exact text.

mod call;
mod members;

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::credentials::Credentials;
use super::hex::random_hex;
use super::qr;
use super::server::{Fields, Server};
use super::state::{CampusState, IssuedToken, SecretKind};
use call::{WecomCall, WecomResult};

pub use members::{bind, clean_mobile};

/// At most this many access tokens are kept; the oldest are dropped.
const MOST_TOKENS: usize = 16;

/// Any call under `/cgi-bin/`.
pub async fn answer(
    State(server): State<Arc<Server>>,
    method: Method,
    Path(call): Path<String>,
    Query(params): Query<Fields>,
    body: Bytes,
) -> Response {
    if call == "gettoken" {
        return reply(server.with(|state| give_token(state, &params)));
    }
    let Some(is_post) = is_post(&call) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if is_post != (method == Method::POST) {
        return refusal(if is_post { 43002 } else { 43001 });
    }
    let body = match is_post.then(|| serde_json::from_slice::<Value>(&body)) {
        Some(Ok(body)) if body.is_object() => body,
        Some(_) => return refusal(47001),
        None => Value::Null,
    };
    reply(server.with(|state| {
        let kind = check_token(state, &params)?;
        let call_parts = WecomCall {
            kind,
            params: &params,
            body: &body,
            base_url: &server.base_url,
        };
        dispatch(state, &call, &call_parts)
    }))
}

/// Whether a call is a POST; `None` where there is no such call.
fn is_post(call: &str) -> Option<bool> {
    match call {
        "user/create" | "user/update" | "user/getuserid" | "user/list_id" | "batch/invite" => {
            Some(true)
        }
        "user/get" | "user/delete" | "user/authsucc" | "corp/get_join_qrcode" => Some(false),
        _ => None,
    }
}

fn dispatch(state: &mut CampusState, name: &str, call: &WecomCall) -> WecomResult {
    match name {
        "user/get" => members::get(state, call),
        "user/getuserid" => members::get_userid(state, call),
        "user/authsucc" => members::authsucc(state, call),
        // The calls below need the secret of the contacts synchronisation.
        _ if call.kind != SecretKind::Contacts => Err(48002),
        "user/create" => members::create(state, call),
        "user/update" => members::update(state, call),
        "user/delete" => members::delete(state, call),
        "user/list_id" => members::list(state, call),
        "batch/invite" => members::invite(state, call),
        "corp/get_join_qrcode" => join_qrcode(call),
        _ => Err(-1),
    }
}

fn give_token(state: &mut CampusState, params: &Fields) -> WecomResult {
    let practice = Credentials::practice();
    let corp = params.get("corpid").ok_or(41002)?;
    let secret = params.get("corpsecret").ok_or(41004)?;
    if *corp != practice.corp_id {
        return Err(40013);
    }
    let kind = match secret {
        secret if *secret == practice.contacts_secret => SecretKind::Contacts,
        secret if *secret == practice.app_secret => SecretKind::App,
        _ => return Err(40001),
    };
    let now = state.now();
    let life = state.settings.token_life_secs;
    // The same token is returned until it expires, as the real API does.
    let good = state
        .tokens
        .iter()
        .find(|token| token.kind == kind && token.expires > now);
    if let Some(token) = good {
        let left = token.expires.saturating_sub(now);
        return Ok(json!({"access_token": token.token, "expires_in": left}));
    }
    state.tokens.retain(|token| token.kind != kind);
    state.tokens.truncate(MOST_TOKENS);
    let token = random_hex(64);
    state.tokens.push(IssuedToken {
        token: token.clone(),
        kind,
        expires: now.saturating_add(life),
    });
    Ok(json!({"access_token": token, "expires_in": life}))
}

fn check_token(state: &CampusState, params: &Fields) -> Result<SecretKind, i64> {
    let given = params.get("access_token").filter(|token| !token.is_empty());
    let given = given.ok_or(41001)?;
    let found = state.tokens.iter().find(|token| token.token == *given);
    match found.ok_or(40014)? {
        token if token.expires <= state.now() => Err(42001),
        token => Ok(token.kind),
    }
}

/// `corp/get_join_qrcode`: the address of a picture of the code.
fn join_qrcode(call: &WecomCall) -> WecomResult {
    let size = match call.params.get("size_type").map(String::as_str) {
        None | Some("1") => 171,
        Some("2") => 399,
        Some("3") => 741,
        Some("4") => 2052,
        Some(_) => return Err(40058),
    };
    Ok(json!({"join_qrcode": format!("{}/practice/join/{size}.png", call.base_url)}))
}

/// `GET /practice/join/{size}.png`: the picture whose address `get_join_qrcode` returns.
pub async fn join_picture(State(server): State<Arc<Server>>, Path(file): Path<String>) -> Response {
    let size = file
        .strip_suffix(".png")
        .and_then(|size| size.parse().ok())
        .filter(|size| matches!(size, 171 | 399 | 741 | 2052));
    let text = format!("{}/practice/join", server.base_url);
    match size.and_then(|size| qr::png(&text, size)) {
        Some(png) => ([(header::CONTENT_TYPE, "image/png")], png).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn reply(answer: WecomResult) -> Response {
    match answer {
        Ok(mut fields) => {
            if let Some(map) = fields.as_object_mut() {
                map.insert("errcode".into(), json!(0));
                map.entry("errmsg").or_insert(json!("ok"));
            }
            Json(fields).into_response()
        }
        Err(code) => refusal(code),
    }
}

/// HTTP 200 with an errcode.
pub fn refusal(code: i64) -> Response {
    let stamp = jiff::Timestamp::now().as_second();
    let errmsg = format!(
        "{}, hint: [{stamp}{}], from ip: 127.0.0.1, more info at \
         https://open.work.weixin.qq.com/devtool/query?e={code}",
        meaning(code),
        random_hex(4)
    );
    Json(json!({"errcode": code, "errmsg": errmsg})).into_response()
}

fn meaning(code: i64) -> &'static str {
    match code {
        -1 => "system busy",
        6000 => "data conflict",
        40001 => "invalid credential",
        40003 => "invalid userid",
        40013 => "invalid corpid",
        40014 => "invalid access_token",
        40058 => "invalid Request Parameter",
        40091 => "provider_secret is invalid",
        41001 => "access_token missing",
        41002 => "corpid missing",
        41004 => "secret missing",
        41009 => "userid missing",
        42001 => "access_token expired",
        43001 => "require GET method",
        43002 => "require POST method",
        45009 => "api freq out of limit",
        45024 => "account count out of limit",
        45033 => "api concurrent out of limit",
        46004 => "user no exist",
        47001 => "data format error",
        48002 => "api forbidden",
        50002 => "no privilege to access/modify contact/party/agent",
        60011 => "no privilege to access/modify contact/party/agent",
        60020 => "not allow to access from your ip",
        60102 => "userid existed",
        60103 => "invalid mobile",
        60104 => "mobile existed",
        60106 => "email existed",
        60111 => "userid not found",
        60112 => "invalid username",
        60123 => "invalid party id",
        60127 => "department is missing",
        60129 => "missing mobile or email",
        301002 => "not allow operate another agent with this accesstoken",
        301005 => "not allow to delete company creator",
        _ => "practice fault",
    }
}
