//! SMS by Tencent Cloud: `SendSms`, version 2021-01-11. A message is handed over once; an unknown fate is
//! [`Failure::Offline`] and a person decides. The code is in one body, which is wiped when it has been sent.

use std::time::Duration;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::tencent_sign::Signing;
use crate::campus::http::{Endpoint, EndpointError, Http, secret_body};
use crate::campus::{Calling, Sms};
use crate::visit::{Code, Failure, Mobile, Secret, SmsRefusal};

type Refused = Failure<SmsRefusal>;

const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// An SMS application at Tencent Cloud.
pub struct Tencent {
    http: Http,
    endpoint: Endpoint,
    options: TencentOptions,
}

/// What the cloud's console gives out.
#[derive(Debug)]
pub struct TencentOptions {
    /// `ap-beijing`, `ap-guangzhou` or `ap-nanjing`.
    pub region: String,
    pub secret_id: String,
    pub secret_key: Secret,
    /// SmsSdkAppId.
    pub app_id: String,
    /// The approved signature's words, without the brackets.
    pub sign: String,
    /// The approved template's id; its one parameter is the code.
    pub template: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request<'a> {
    phone_number_set: [&'a str; 1],
    sms_sdk_app_id: &'a str,
    sign_name: &'a str,
    template_id: &'a str,
    template_param_set: [&'a str; 1],
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answered {
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    error: Option<Coded>,
    #[serde(default)]
    send_status_set: Vec<Coded>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Coded {
    code: String,
}

impl Tencent {
    /// `endpoint` is `https://sms.tencentcloudapi.com`.
    ///
    /// # Errors
    /// Says what is wrong with the address.
    pub fn new(http: Http, endpoint: &str, options: TencentOptions) -> Result<Self, EndpointError> {
        Ok(Tencent {
            http,
            endpoint: Endpoint::parse(endpoint)?,
            options,
        })
    }

    async fn hand_over(&self, mobile: &Mobile, code: &Code) -> Result<(), Refused> {
        let body = self.body(mobile, code)?;
        let timestamp = jiff::Timestamp::now().as_second();
        let signing = Signing {
            secret_id: &self.options.secret_id,
            secret_key: self.options.secret_key.expose(),
            service: "sms",
            host: &self.endpoint.host(),
            content_type: CONTENT_TYPE,
            timestamp,
        };
        let request = self
            .http
            .request(Method::POST, self.endpoint.join(&[]))
            .header("content-type", CONTENT_TYPE)
            .header("authorization", signing.authorization(&body))
            .header("x-tc-action", "SendSms")
            .header("x-tc-version", "2021-01-11")
            .header("x-tc-timestamp", timestamp.to_string())
            .header("x-tc-region", self.options.region.as_str())
            .body(secret_body(body));
        let answer = self.http.ask("tencent sms", request).await?;
        let Ok(answered) = serde_json::from_slice::<Answered>(&answer.body) else {
            tracing::warn!("tencent sms: not an answer");
            return Err(Failure::Offline);
        };
        let response = answered.response;
        let told = match (&response.error, response.send_status_set.as_slice()) {
            (Some(error), _) => &error.code,
            (None, [only]) => &only.code,
            (None, _) => return Err(Failure::Offline),
        };
        if told == "Ok" && response.error.is_none() {
            return Ok(());
        }
        let code = clean(told);
        tracing::warn!(code, "tencent sms refused");
        Err(meaning(&code))
    }

    /// The body, in one buffer that is large enough from the beginning.
    fn body(&self, mobile: &Mobile, code: &Code) -> Result<Zeroizing<Vec<u8>>, Refused> {
        let number = format!("+86{}", mobile.as_str());
        let request = Request {
            phone_number_set: [&number],
            sms_sdk_app_id: &self.options.app_id,
            sign_name: &self.options.sign,
            template_id: &self.options.template,
            template_param_set: [code.expose()],
        };
        let mut body = Zeroizing::new(Vec::with_capacity(4096));
        match serde_json::to_writer(&mut *body, &request) {
            Ok(()) => Ok(body),
            Err(_) => Err(Failure::Offline), // A Vec takes everything: this cannot happen.
        }
    }
}

impl Sms for Tencent {
    fn send<'a>(&'a self, mobile: &'a Mobile, code: &'a Code) -> Calling<'a, (), SmsRefusal> {
        Box::pin(self.hand_over(mobile, code))
    }
}

/// What a code means. The limits name their window: that is how long it takes at the most.
fn meaning(code: &str) -> Refused {
    let limited = |secs: u64| Failure::Limited {
        retry_after: Some(Duration::from_secs(secs)),
    };
    match code {
        "LimitExceeded.PhoneNumberThirtySecondLimit" => limited(30),
        "LimitExceeded.PhoneNumberOneHourLimit" => limited(3600),
        "InvalidParameterValue.IncorrectPhoneNumber" => Failure::Rejected(SmsRefusal::BadNumber),
        "FailedOperation.PhoneNumberInBlacklist" => Failure::Rejected(SmsRefusal::Blocked),
        "AuthFailure.SignatureExpire" => misconfigured("this machine's clock is wrong", code),
        "FailedOperation.SignatureIncorrectOrUnapproved"
        | "FailedOperation.TemplateIncorrectOrUnapproved"
        | "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
        | "FailedOperation.ContainSensitiveWord" => {
            misconfigured("the signature or template is not approved", code)
        }
        "FailedOperation.InsufficientBalanceInSmsPackage" => {
            misconfigured("the package of messages is used up", code)
        }
        _ => by_kind(code),
    }
}

/// Codes come in families, and new members are added to them.
fn by_kind(code: &str) -> Refused {
    match code.split('.').next().unwrap_or_default() {
        "LimitExceeded" | "RequestLimitExceeded" => Failure::Limited { retry_after: None },
        "InternalError" | "ResourceUnavailable" | "ServiceUnavailable" => Failure::Offline,
        "AuthFailure" | "UnauthorizedOperation" => misconfigured("the secret is not taken", code),
        "InvalidParameter"
        | "InvalidParameterValue"
        | "MissingParameter"
        | "UnsupportedOperation"
        | "UnsupportedRegion"
        | "InvalidAction"
        | "NoSuchVersion" => misconfigured("the request is not taken", code),
        _ => Failure::Rejected(SmsRefusal::Other),
    }
}

fn misconfigured(why: &str, code: &str) -> Refused {
    Failure::Misconfigured(format!("Tencent SMS: {why} ({code})"))
}

/// A code as it can be shown: letters and dots, not too many.
fn clean(code: &str) -> String {
    code.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
        .take(80)
        .collect()
}
