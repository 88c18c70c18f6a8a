//! SMS by Tencent Cloud: `SendSms`, version 2021-01-11. A message is handed over once; an unknown result is
//! [`Failure::Offline`], and a person decides. The code is in one body, which is wiped after sending.

use std::time::Duration;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::SmsFailure;
use super::tencent_sign::TencentSigning;
use super::{clean_id, probe_result, shown_code};
use crate::campus::http::{Endpoint, EndpointError, Http, secret_body};
use crate::campus::setting::{Connector, Setting, SettingKind, SettingValues};
use crate::campus::{Calling, MessageFate, Probed, Probing, Receipt, Sending, Sms, Unsent};
use crate::cli_error::CliResult;
use crate::visit::{Code, Failure, Mobile, Secret, SmsRefusal};

const CONTENT_TYPE: &str = "application/json; charset=utf-8";
/// This carrier's name in the configuration.
pub const NAME: &str = "tencent";

const ENDPOINT: Setting = Setting {
    key: "sms.tencent.endpoint",
    kind: SettingKind::Url,
    default: Some("https://sms.tencentcloudapi.com"),
    example: "https://sms.tencentcloudapi.com",
    words: "The address of Tencent Cloud SMS.",
};

const REGION: Setting = Setting {
    key: "sms.tencent.region",
    kind: SettingKind::Text,
    default: Some("ap-guangzhou"),
    example: "ap-guangzhou",
    words: "The region: ap-beijing, ap-guangzhou or ap-nanjing.",
};

const SECRET_ID: Setting = Setting {
    key: "sms.tencent.secret_id_file",
    kind: SettingKind::SecretFile,
    default: None,
    example: "tencent-id.secret",
    words: "The id of the API key.",
};

const SECRET_KEY: Setting = Setting {
    key: "sms.tencent.secret_key_file",
    kind: SettingKind::SecretFile,
    default: None,
    example: "tencent-key.secret",
    words: "The API key.",
};

const APP_ID: Setting = Setting {
    key: "sms.tencent.app_id",
    kind: SettingKind::Text,
    default: None,
    example: "1400000000",
    words: "The SdkAppId of the SMS application.",
};

const SIGN: Setting = Setting {
    key: "sms.tencent.sign",
    kind: SettingKind::Text,
    default: None,
    example: "某某大学",
    words: "The approved signature.",
};

const TEMPLATE: Setting = Setting {
    key: "sms.tencent.template",
    kind: SettingKind::Text,
    default: None,
    example: "1000000",
    words: "The number of the approved template. Its one parameter is the code.",
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[
    ENDPOINT, REGION, SECRET_ID, SECRET_KEY, APP_ID, SIGN, TEMPLATE,
];

/// An SMS application at Tencent Cloud.
pub struct Tencent {
    http: Http,
    endpoint: Endpoint,
    options: TencentOptions,
}

/// The settings of an SMS application. The cloud's console gives them out.
#[derive(Debug)]
pub struct TencentOptions {
    /// `https://sms.tencentcloudapi.com`, or the practice campus; without a slash at the end.
    pub endpoint: String,
    /// `ap-beijing`, `ap-guangzhou` or `ap-nanjing`.
    pub region: String,
    /// The id of the API key.
    pub secret_id: Secret,
    /// The API key.
    pub secret_key: Secret,
    /// SmsSdkAppId.
    pub app_id: String,
    /// The approved signature's words, without the brackets.
    pub sign: String,
    /// The approved template's id; its one parameter is the code.
    pub template: String,
}

/// `SendSms`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TencentMessage<'a> {
    phone_number_set: [&'a str; 1],
    sms_sdk_app_id: &'a str,
    sign_name: &'a str,
    template_id: &'a str,
    template_param_set: [&'a str; 1],
}

/// `PullSmsSendStatusByPhoneNumber`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TencentStatusQuery<'a> {
    begin_time: i64,
    end_time: i64,
    offset: u8,
    limit: u8,
    phone_number: &'a str,
    sms_sdk_app_id: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TencentEnvelope {
    response: TencentResponse,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TencentResponse {
    error: Option<TencentStatus>,
    #[serde(default)]
    send_status_set: Vec<TencentStatus>,
    #[serde(default)]
    pull_sms_send_status_set: Vec<TencentReport>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TencentStatus {
    code: String,
    #[serde(default)]
    serial_no: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TencentReport {
    serial_no: String,
    report_status: String,
    #[serde(default)]
    description: String,
}

impl TencentOptions {
    /// Reads the section `[sms.tencent]`.
    ///
    /// # Errors
    /// Where a setting is missing, or a secret cannot be read.
    pub fn read(values: &dyn SettingValues) -> CliResult<Self> {
        Ok(TencentOptions {
            endpoint: values.need_url(&ENDPOINT)?,
            region: values.need(&REGION)?,
            secret_id: values.need_secret(&SECRET_ID)?,
            secret_key: values.need_secret(&SECRET_KEY)?,
            app_id: values.need(&APP_ID)?,
            sign: values.need(&SIGN)?,
            template: values.need(&TEMPLATE)?,
        })
    }
}

impl Connector<Box<dyn Sms>> for TencentOptions {
    fn name(&self) -> &'static str {
        NAME
    }

    fn connect(self: Box<Self>, http: &Http) -> Result<Box<dyn Sms>, EndpointError> {
        Ok(Box::new(Tencent::new(http.clone(), *self)?))
    }
}

impl Tencent {
    /// # Errors
    /// Says what is wrong with the address.
    pub fn new(http: Http, options: TencentOptions) -> Result<Self, EndpointError> {
        Ok(Tencent {
            http,
            endpoint: Endpoint::parse(&options.endpoint)?,
            options,
        })
    }

    async fn hand_over(&self, mobile: &Mobile, code: &Code) -> Result<Receipt, Unsent> {
        let at = jiff::Timestamp::now();
        let number = international(mobile);
        let message = TencentMessage {
            phone_number_set: [&number],
            sms_sdk_app_id: &self.options.app_id,
            sign_name: &self.options.sign,
            template_id: &self.options.template,
            template_param_set: [code.expose()],
        };
        let response = self.call("SendSms", at, &message).await?;
        match response.send_status_set.as_slice() {
            [only] if only.code == "Ok" => Ok(Receipt {
                carrier: NAME,
                id: clean_id(&only.serial_no),
                mobile: mobile.clone(),
                at,
            }),
            [only] => Err(log_refusal("SendSms", &only.code).into()),
            _ => Err(Failure::Unavailable.into()),
        }
    }

    /// `PullSmsSendStatusByPhoneNumber`: of this number alone. The report of all numbers is a queue that empties as it
    /// is read, and other programs may need it.
    async fn query_fate(&self, receipt: &Receipt) -> Result<MessageFate, SmsFailure> {
        if receipt.id.is_empty() {
            return Ok(MessageFate::NoReport);
        }
        let (now, number) = (jiff::Timestamp::now(), international(&receipt.mobile));
        let look = TencentStatusQuery {
            // The clocks may differ a little.
            begin_time: receipt.at.as_second().saturating_sub(60),
            end_time: now.as_second().saturating_add(60),
            offset: 0,
            limit: 100,
            phone_number: &number,
            sms_sdk_app_id: &self.options.app_id,
        };
        let asked = self.call("PullSmsSendStatusByPhoneNumber", now, &look);
        let response = asked.await.map_err(|unsent| unsent.why)?;
        let reports = &response.pull_sms_send_status_set;
        let report = reports.iter().find(|r| r.serial_no == receipt.id);
        Ok(match report.map(|r| (r.report_status.as_str(), r)) {
            Some(("SUCCESS", _)) => MessageFate::Delivered,
            Some(("FAIL", report)) => MessageFate::Failed {
                code: shown_code(&report.description),
            },
            _ => MessageFate::Pending,
        })
    }

    /// A message to an invalid number: the service checks the key, the application, the signature and the template, and
    /// sends nothing.
    async fn examine(&self) -> Probed {
        let message = TencentMessage {
            phone_number_set: ["+860"],
            sms_sdk_app_id: &self.options.app_id,
            sign_name: &self.options.sign,
            template_id: &self.options.template,
            template_param_set: ["000000"],
        };
        let asked = self
            .call("SendSms", jiff::Timestamp::now(), &message)
            .await
            .map_err(|unsent| unsent.why);
        let said: Result<(), SmsFailure> =
            asked.and_then(|response| match response.send_status_set.as_slice() {
                [only] => Err(log_refusal("SendSms", &only.code)),
                _ => Err(Failure::Unavailable),
            });
        Probed::through(&self.http, "sms.tencent", probe_result(said))
    }

    /// One signed call, without retries.
    async fn call(
        &self,
        action: &'static str,
        at: jiff::Timestamp,
        request: &impl Serialize,
    ) -> Result<TencentResponse, Unsent> {
        let body = written(request)?;
        let timestamp = at.as_second();
        let signing = TencentSigning {
            secret_id: self.options.secret_id.expose(),
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
            .header("x-tc-action", action)
            .header("x-tc-version", "2021-01-11")
            .header("x-tc-timestamp", timestamp.to_string())
            .header("x-tc-region", self.options.region.as_str())
            .body(secret_body(body));
        let answer = self.http.hand_over("tencent sms", request).await?;
        let Ok(TencentEnvelope { response }) = serde_json::from_slice(&answer.body) else {
            tracing::warn!("tencent sms: not an answer");
            return Err(Failure::Unavailable.into());
        };
        match &response.error {
            Some(error) => Err(log_refusal(action, &error.code).into()),
            None => Ok(response),
        }
    }
}

/// The body, in one buffer that never grows: a growing one leaves copies behind.
fn written(request: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, SmsFailure> {
    let mut body = Zeroizing::new(Vec::with_capacity(4096));
    match serde_json::to_writer(&mut *body, request) {
        Ok(()) => Ok(body),
        Err(_) => Err(Failure::Offline), // A Vec takes everything: this cannot happen.
    }
}

fn international(mobile: &Mobile) -> String {
    format!("+86{}", mobile.as_str())
}

impl Sms for Tencent {
    fn send<'a>(&'a self, mobile: &'a Mobile, code: &'a Code) -> Sending<'a> {
        Box::pin(self.hand_over(mobile, code))
    }

    fn fate<'a>(&'a self, receipt: &'a Receipt) -> Calling<'a, MessageFate, SmsRefusal> {
        Box::pin(self.query_fate(receipt))
    }

    fn probe(&self) -> Probing<'_> {
        Box::pin(async { vec![self.examine().await] })
    }
}

fn log_refusal(action: &str, told: &str) -> SmsFailure {
    let code = shown_code(told);
    tracing::warn!(action, code, "tencent sms refused");
    failure_of(&code)
}

/// The failure that a code means. A limit's code names its window, which is the longest wait.
fn failure_of(code: &str) -> SmsFailure {
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
        _ => failure_of_family(code),
    }
}

/// The failure that the first part of a code means: Tencent adds new codes to known families.
fn failure_of_family(code: &str) -> SmsFailure {
    match code.split('.').next().unwrap_or_default() {
        "LimitExceeded" | "RequestLimitExceeded" => Failure::Limited { retry_after: None },
        "InternalError" | "ResourceUnavailable" | "ServiceUnavailable" => Failure::Unavailable,
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

fn misconfigured(why: &str, code: &str) -> SmsFailure {
    Failure::Misconfigured(format!("Tencent SMS: {why} ({code})"))
}
