//! Tencent Cloud's `SendSms` and `PullSmsSendStatusByPhoneNumber`, version 2021-01-11. The TC3-HMAC-SHA256 signature of
//! each request is verified. All messages go to the practice phone, whatever the number. The HTTP status is always 200;
//! each number has its own result.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::credentials::Credentials;
use super::hex::{hex, random_hex};
use super::server::Server;
use super::state::{CampusState, SmsReports};
use super::wecom::clean_mobile;

/// The header that names the action.
const ACTION: &str = "x-tc-action";
const REPORTS: &str = "PullSmsSendStatusByPhoneNumber";
/// How far the clocks of client and server may differ, in seconds.
const CLOCK_SLACK: i64 = 300;
const MOST_NUMBERS: usize = 200;
/// At most this many numbers have a record of sent messages.
const MOST_COUNTED: usize = 500;
/// A number on the carrier's blacklist.
const BLACKLISTED: &str = "13900000000";
const PER_HOUR: usize = 5;
const PER_DAY: usize = 10;

/// An error of the whole call: its code and its text.
type SmsCallError = (&'static str, &'static str);

/// `POST /`: either action.
pub async fn send(State(server): State<Arc<Server>>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = server.with(|state| {
        verify(&headers, &body, state.now())?;
        let body = request(&headers, &body)?;
        match text(&headers, ACTION) {
            "SendSms" => Ok(("SendStatusSet", send_all(state, &body)?)),
            REPORTS => Ok(("PullSmsSendStatusSet", reports(state, &body))),
            _ => Err(("InvalidAction", "no such action")),
        }
    });
    match answer {
        Ok((name, set)) => {
            Json(json!({"Response": {name: set, "RequestId": random_hex(16)}})).into_response()
        }
        Err((code, text)) => error(code, text),
    }
}

/// Whether a call only asks for delivery reports. Ordered faults do not apply to it.
pub fn is_report(headers: &HeaderMap) -> bool {
    text(headers, ACTION) == REPORTS
}

/// The response for an ordered error code: an error of the whole call, or of its one number.
pub fn refusal(code: &str) -> Response {
    let whole = [
        "AuthFailure",
        "InternalError",
        "RequestLimit",
        "Unauthorized",
    ];
    if whole.iter().any(|kind| code.starts_with(kind)) {
        return error(code, "practice fault");
    }
    let set = json!([status("", code, "practice fault", "")]);
    Json(json!({"Response": {"SendStatusSet": set, "RequestId": random_hex(16)}})).into_response()
}

fn error(code: &str, text: &str) -> Response {
    let inside = json!({"Error": {"Code": code, "Message": text}, "RequestId": random_hex(16)});
    Json(json!({ "Response": inside })).into_response()
}

/// Recomputes the signature over the received request.
fn verify(headers: &HeaderMap, body: &[u8], now: i64) -> Result<(), SmsCallError> {
    let practice = Credentials::practice();
    let authorization = text(headers, header::AUTHORIZATION.as_str());
    let parts = authorization.strip_prefix("TC3-HMAC-SHA256 ").ok_or((
        "AuthFailure.SignatureFailure",
        "no TC3-HMAC-SHA256 authorization",
    ))?;
    let part = |name: &str| {
        parts
            .split(',')
            .filter_map(|part| part.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
            .unwrap_or_default()
    };
    let stamp: i64 = text(headers, "x-tc-timestamp")
        .parse()
        .map_err(|_| ("AuthFailure.SignatureFailure", "no X-TC-Timestamp"))?;
    if now.abs_diff(stamp) > CLOCK_SLACK.unsigned_abs() {
        return Err(("AuthFailure.SignatureExpire", "signature expired"));
    }
    let date = jiff::Timestamp::from_second(stamp)
        .map(|at| at.strftime("%Y-%m-%d").to_string())
        .unwrap_or_default();
    let scope = format!("{date}/sms/tc3_request");
    let (id, given_scope) = part("Credential").split_once('/').unwrap_or_default();
    if id != practice.sms_secret_id {
        return Err(("AuthFailure.SecretIdNotFound", "the SecretId is not found"));
    }
    let wrong = ("AuthFailure.SignatureFailure", "the signature is not valid");
    let signed = part("SignedHeaders");
    let names: Vec<&str> = signed.split(';').collect();
    if given_scope != scope || !names.contains(&"content-type") || !names.contains(&"host") {
        return Err(wrong);
    }
    let lines: String = names
        .iter()
        .map(|name| format!("{name}:{}\n", text(headers, name).trim()))
        .collect();
    let canonical = format!(
        "POST\n/\n\n{lines}\n{signed}\n{}",
        hex(&Sha256::digest(body))
    );
    let to_sign = format!(
        "TC3-HMAC-SHA256\n{stamp}\n{scope}\n{}",
        hex(&Sha256::digest(canonical.as_bytes()))
    );
    let key = format!("TC3{}", practice.sms_secret_key);
    let key = [date.as_str(), "sms", "tc3_request"]
        .iter()
        .fold(key.into_bytes(), |key, part| mac(&key, part.as_bytes()));
    if hex(&mac(&key, to_sign.as_bytes())) == part("Signature") {
        Ok(())
    } else {
        Err(wrong)
    }
}

/// Checks the parameters that every action needs, and returns the body.
fn request(headers: &HeaderMap, body: &[u8]) -> Result<Value, SmsCallError> {
    if text(headers, "x-tc-version") != "2021-01-11" {
        return Err(("NoSuchVersion", "no such version"));
    }
    if text(headers, "x-tc-region").is_empty() {
        return Err(("MissingParameter", "X-TC-Region is missing"));
    }
    let body: Value =
        serde_json::from_slice(body).map_err(|_| ("InvalidParameter", "the body is not JSON"))?;
    if body["SmsSdkAppId"] != Credentials::practice().sms_app_id.as_str() {
        return Err((
            "UnauthorizedOperation.SmsSdkAppIdVerifyFail",
            "no such SmsSdkAppId",
        ));
    }
    Ok(body)
}

/// The delivery reports of the messages to one number.
fn reports(state: &CampusState, body: &Value) -> Vec<Value> {
    let number = body["PhoneNumber"].as_str().and_then(clean_mobile);
    let (status, description) = match state.settings.sms_reports {
        SmsReports::Arrived => ("SUCCESS", "DELIVRD"),
        SmsReports::Failed => ("FAIL", "EXPIRED"),
        SmsReports::None => return Vec::new(),
    };
    let messages = &state.phone.messages;
    messages
        .iter()
        .filter(|message| !message.serial.is_empty() && number.as_ref() == Some(&message.to))
        .map(|message| {
            json!({
                "UserReceiveTime": message.at,
                "CountryCode": "86",
                "SubscriberNumber": message.to,
                "PhoneNumber": format!("+86{}", message.to),
                "SerialNo": message.serial,
                "ReportStatus": status,
                "Description": description,
                "SessionContext": "",
            })
        })
        .collect()
}

fn send_all(state: &mut CampusState, body: &Value) -> Result<Vec<Value>, SmsCallError> {
    let numbers = body["PhoneNumberSet"]
        .as_array()
        .filter(|all| !all.is_empty());
    let numbers = numbers.ok_or(("MissingParameter", "PhoneNumberSet is missing"))?;
    if numbers.len() > MOST_NUMBERS {
        return Err((
            "LimitExceeded.PhoneNumberCountLimit",
            "more than 200 numbers",
        ));
    }
    Ok(numbers
        .iter()
        .map(|number| {
            let number = number.as_str().unwrap_or_default();
            match send_one(state, number, body) {
                Ok(serial) => status(number, "Ok", "send success", &serial),
                Err(code) => status(number, code, code, ""),
            }
        })
        .collect())
}

/// Sends one message and returns its serial number.
fn send_one(state: &mut CampusState, number: &str, body: &Value) -> Result<String, &'static str> {
    let practice = Credentials::practice();
    if body["SignName"] != practice.sms_sign.as_str() {
        return Err("FailedOperation.SignatureIncorrectOrUnapproved");
    }
    if body["TemplateId"] != practice.sms_template.as_str() {
        return Err("FailedOperation.TemplateIncorrectOrUnapproved");
    }
    let code = match body["TemplateParamSet"].as_array().map(Vec::as_slice) {
        Some([only]) => only.as_str().unwrap_or_default(),
        _ => return Err("FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
    };
    // A verification template accepts up to six digits.
    if code.is_empty() || code.len() > 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err("InvalidParameterValue.TemplateParameterFormatError");
    }
    let mobile = clean_mobile(number).ok_or("InvalidParameterValue.IncorrectPhoneNumber")?;
    if mobile == BLACKLISTED {
        return Err("FailedOperation.PhoneNumberInBlacklist");
    }
    count(state, &mobile)?;
    let text = format!(
        "【{}】{code}为您的验证码，5分钟内有效，请勿告诉他人。",
        practice.sms_sign
    );
    let serial = random_hex(8);
    state.deliver_as(&mobile, text, serial.clone());
    Ok(serial)
}

fn count(state: &mut CampusState, mobile: &str) -> Result<(), &'static str> {
    let now = state.now();
    let pause = state.settings.sms_pause;
    let is_full = state.sms_sent.len() >= MOST_COUNTED;
    if is_full && !state.sms_sent.contains_key(mobile) {
        return Err("LimitExceeded.AppMainlandChinaDailyLimit");
    }
    let sent = state.sms_sent.entry(mobile.to_owned()).or_default();
    sent.retain(|at| now.saturating_sub(*at) < 86_400);
    let within = |secs: i64| {
        sent.iter()
            .filter(|at| now.saturating_sub(**at) < secs)
            .count()
    };
    if pause && within(30) >= 1 {
        return Err("LimitExceeded.PhoneNumberThirtySecondLimit");
    }
    if within(3600) >= PER_HOUR {
        return Err("LimitExceeded.PhoneNumberOneHourLimit");
    }
    if sent.len() >= PER_DAY {
        return Err("LimitExceeded.PhoneNumberDailyLimit");
    }
    sent.push(now);
    Ok(())
}

fn status(number: &str, code: &str, message: &str, serial: &str) -> Value {
    let is_ok = code == "Ok";
    json!({
        "SerialNo": serial,
        "PhoneNumber": number,
        "Fee": u8::from(is_ok),
        "SessionContext": "",
        "Code": code,
        "Message": message,
        "IsoCode": if is_ok { "CN" } else { "" },
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac.chain_update(message).finalize().into_bytes().to_vec(),
        Err(_) => Vec::new(), // HMAC takes keys of every length: this cannot happen.
    }
}
