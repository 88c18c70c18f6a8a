//! SMS by Aliyun: Dysmsapi `SendSms`, version 2017-05-25. A message is handed over once; an unknown result is
//! [`Failure::Offline`], and a person decides. The service takes its parameters only in the address, so the code is in it:
//! the address is https and never logged, and the code expires within minutes.

use jiff::tz::{Offset, TimeZone};
use reqwest::Method;
use serde::Deserialize;

use super::SmsFailure;
use super::aliyun_sign::{AliyunSigning, empty_body, query};
use super::{clean_id, hex, probe_result, shown_code};
use crate::campus::http::{Endpoint, EndpointError, Http};
use crate::campus::setting::{Connector, Setting, SettingKind, SettingValues};
use crate::campus::{Calling, MessageFate, Probed, Probing, Receipt, Sending, Sms, Unsent};
use crate::cli_error::CliResult;
use crate::visit::{Code, Failure, Mobile, Secret, SmsRefusal};

const VERSION: &str = "2017-05-25";
/// This carrier's name in the configuration.
pub const NAME: &str = "aliyun";

const ENDPOINT: Setting = Setting {
    key: "sms.aliyun.endpoint",
    kind: SettingKind::Url,
    default: Some("https://dysmsapi.aliyuncs.com"),
    example: "https://dysmsapi.aliyuncs.com",
    words: "The address of Aliyun's short message service.",
};

const KEY_ID: Setting = Setting {
    key: "sms.aliyun.key_id_file",
    kind: SettingKind::SecretFile,
    default: None,
    example: "aliyun-id.secret",
    words: "The id of the access key.",
};

const KEY_SECRET: Setting = Setting {
    key: "sms.aliyun.key_secret_file",
    kind: SettingKind::SecretFile,
    default: None,
    example: "aliyun-key.secret",
    words: "The secret of the access key.",
};

const SIGN: Setting = Setting {
    key: "sms.aliyun.sign",
    kind: SettingKind::Text,
    default: None,
    example: "某某大学",
    words: "The approved signature.",
};

const TEMPLATE: Setting = Setting {
    key: "sms.aliyun.template",
    kind: SettingKind::Text,
    default: None,
    example: "SMS_100000",
    words: "The code of the approved template.",
};

const PARAMETER: Setting = Setting {
    key: "sms.aliyun.parameter",
    kind: SettingKind::Text,
    default: Some("code"),
    example: "code",
    words: "The name of the template's one parameter.",
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[ENDPOINT, KEY_ID, KEY_SECRET, SIGN, TEMPLATE, PARAMETER];

/// An SMS account at Aliyun.
pub struct Aliyun {
    http: Http,
    endpoint: Endpoint,
    options: AliyunOptions,
}

/// The settings of an SMS account. The cloud's console gives them out.
#[derive(Debug)]
pub struct AliyunOptions {
    /// `https://dysmsapi.aliyuncs.com`; without a slash at the end.
    pub endpoint: String,
    /// The id of the access key.
    pub key_id: Secret,
    /// The secret of the access key.
    pub key: Secret,
    /// The approved signature's words, without the brackets.
    pub sign: String,
    /// The approved template's code, such as `SMS_100001`.
    pub template: String,
    /// The name of the template's one parameter.
    pub parameter: String,
}

/// Every answer of the service, including refusals.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AliyunAnswer {
    code: String,
    #[serde(default)]
    biz_id: String,
    #[serde(rename = "SmsSendDetailDTOs")]
    details: Option<AliyunDetails>,
}

#[derive(Deserialize)]
struct AliyunDetails {
    #[serde(rename = "SmsSendDetailDTO", default)]
    list: Vec<AliyunDetail>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AliyunDetail {
    send_status: u8,
    #[serde(default)]
    err_code: String,
}

impl AliyunOptions {
    /// Reads the section `[sms.aliyun]`.
    ///
    /// # Errors
    /// Where a setting is missing, or a secret cannot be read.
    pub fn read(values: &dyn SettingValues) -> CliResult<Self> {
        Ok(AliyunOptions {
            endpoint: values.need_url(&ENDPOINT)?,
            key_id: values.need_secret(&KEY_ID)?,
            key: values.need_secret(&KEY_SECRET)?,
            sign: values.need(&SIGN)?,
            template: values.need(&TEMPLATE)?,
            parameter: values.need(&PARAMETER)?,
        })
    }
}

impl Connector<Box<dyn Sms>> for AliyunOptions {
    fn name(&self) -> &'static str {
        NAME
    }

    fn connect(self: Box<Self>, http: &Http) -> Result<Box<dyn Sms>, EndpointError> {
        Ok(Box::new(Aliyun::new(http.clone(), *self)?))
    }
}

impl Aliyun {
    /// # Errors
    /// Says what is wrong with the address.
    pub fn new(http: Http, options: AliyunOptions) -> Result<Self, EndpointError> {
        Ok(Aliyun {
            http,
            endpoint: Endpoint::parse(&options.endpoint)?,
            options,
        })
    }

    async fn hand_over(&self, mobile: &Mobile, code: &Code) -> Result<Receipt, Unsent> {
        let at = jiff::Timestamp::now();
        let parameter = serde_json::json!({ self.options.parameter.as_str(): code.expose() });
        let parameter = zeroize::Zeroizing::new(parameter.to_string());
        let answered = self
            .call(
                "SendSms",
                at,
                &[
                    ("PhoneNumbers", mobile.as_str()),
                    ("SignName", &self.options.sign),
                    ("TemplateCode", &self.options.template),
                    ("TemplateParam", &parameter),
                ],
            )
            .await?;
        Ok(Receipt {
            carrier: NAME,
            id: clean_id(&answered.biz_id),
            mobile: mobile.clone(),
            at,
        })
    }

    /// `QuerySendDetails`: by the message's id, on the day of sending in China's time zone, which the service uses.
    async fn query_fate(&self, receipt: &Receipt) -> Result<MessageFate, SmsFailure> {
        if receipt.id.is_empty() {
            return Ok(MessageFate::NoReport);
        }
        let china = TimeZone::fixed(Offset::constant(8));
        let day = receipt.at.to_zoned(china).strftime("%Y%m%d").to_string();
        let answered = self
            .call(
                "QuerySendDetails",
                jiff::Timestamp::now(),
                &[
                    ("BizId", &receipt.id),
                    ("CurrentPage", "1"),
                    ("PageSize", "1"),
                    ("PhoneNumber", receipt.mobile.as_str()),
                    ("SendDate", &day),
                ],
            )
            .await
            .map_err(|unsent| unsent.why)?;
        let details = answered.details.map(|details| details.list);
        Ok(match details.as_deref() {
            Some([AliyunDetail { send_status: 3, .. }]) => MessageFate::Delivered,
            Some(
                [
                    AliyunDetail {
                        send_status: 2,
                        err_code,
                    },
                ],
            ) => MessageFate::Failed {
                code: shown_code(err_code),
            },
            _ => MessageFate::Pending,
        })
    }

    /// A message to an invalid number: the service checks the key, the signature and the template, and sends nothing.
    async fn examine(&self) -> Probed {
        let parameter = serde_json::json!({ self.options.parameter.as_str(): "000000" });
        let said = self
            .call(
                "SendSms",
                jiff::Timestamp::now(),
                &[
                    ("PhoneNumbers", "0"),
                    ("SignName", &self.options.sign),
                    ("TemplateCode", &self.options.template),
                    ("TemplateParam", &parameter.to_string()),
                ],
            )
            .await;
        let said = probe_result(said.map_err(|unsent| unsent.why));
        Probed::through(&self.http, "sms.aliyun", said)
    }

    /// One signed call, without retries: the service refuses a second one with the same nonce anyway.
    async fn call(
        &self,
        action: &'static str,
        at: jiff::Timestamp,
        pairs: &[(&str, &str)],
    ) -> Result<AliyunAnswer, Unsent> {
        let host = self.endpoint.host();
        let (date, body) = (at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), empty_body());
        let nonce = nonce()?;
        let headers = [
            ("host", host.as_str()),
            ("x-acs-action", action),
            ("x-acs-content-sha256", &body),
            ("x-acs-date", &date),
            ("x-acs-signature-nonce", &nonce),
            ("x-acs-version", VERSION),
        ];
        let signing = AliyunSigning {
            key_id: self.options.key_id.expose(),
            key: self.options.key.expose(),
            query: pairs,
            headers: &headers,
        };
        let mut url = self.endpoint.join(&[]);
        url.set_query(Some(&query(pairs)));
        let mut request = self.http.request(Method::POST, url);
        for (name, value) in headers.into_iter().filter(|(name, _)| *name != "host") {
            request = request.header(name, value);
        }
        let request = request
            .header("accept", "application/json")
            .header("authorization", signing.authorization())
            .body("");
        let answer = self.http.hand_over("aliyun sms", request).await?;
        let Ok(answered) = serde_json::from_slice::<AliyunAnswer>(&answer.body) else {
            tracing::warn!("aliyun sms: not an answer");
            return Err(Failure::Unavailable.into());
        };
        if answered.code == "OK" && answer.status.is_success() {
            return Ok(answered);
        }
        let code = shown_code(&answered.code);
        tracing::warn!(action, code, "aliyun sms refused");
        Err(failure_of(&code).into())
    }
}

impl Sms for Aliyun {
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

/// A nonce that no earlier call had. Without randomness nothing is sent.
fn nonce() -> Result<String, Unsent> {
    let mut random = [0u8; 16];
    getrandom::fill(&mut random).map_err(|_| Unsent {
        why: Failure::Offline,
        is_certain: true,
    })?;
    Ok(hex(&random))
}

/// The failure that a code means (Aliyun, "API error codes" of the short message service).
fn failure_of(code: &str) -> SmsFailure {
    match code {
        "isv.BUSINESS_LIMIT_CONTROL" | "isv.DAY_LIMIT_CONTROL" => {
            Failure::Limited { retry_after: None }
        }
        "isv.MOBILE_NUMBER_ILLEGAL" => Failure::Rejected(SmsRefusal::BadNumber),
        "isv.MOBILE_IN_BLACK" => Failure::Rejected(SmsRefusal::Blocked),
        "isv.AMOUNT_NOT_ENOUGH" | "isv.OUT_OF_SERVICE" => {
            misconfigured("the account has no money left", code)
        }
        "isv.SMS_SIGNATURE_ILLEGAL"
        | "isv.SMS_SIGN_ILLEGAL"
        | "isv.SIGN_NAME_ILLEGAL"
        | "isv.SMS_TEMPLATE_ILLEGAL"
        | "isv.TEMPLATE_MISSING_PARAMETERS"
        | "isv.TEMPLATE_PARAMS_ILLEGAL"
        | "isv.INVALID_JSON_PARAM"
        | "isv.INVALID_PARAMETERS"
        | "isv.PARAM_LENGTH_LIMIT"
        | "isv.BLACK_KEY_CONTROL_LIMIT" => {
            misconfigured("the signature or template is not approved", code)
        }
        "isv.ACCOUNT_NOT_EXISTS"
        | "isv.ACCOUNT_ABNORMAL"
        | "isv.PRODUCT_UN_SUBSCRIPT"
        | "isv.PRODUCT_UNSUBSCRIBE"
        | "isp.RAM_PERMISSION_DENY" => misconfigured("the account may not send messages", code),
        "SignatureDoesNotMatch" | "IncompleteSignature" => {
            misconfigured("the secret is not taken", code)
        }
        "isp.SYSTEM_ERROR" | "InternalError" | "ServiceUnavailable" => Failure::Unavailable,
        _ => failure_of_family(code),
    }
}

/// The failure that the first part of a code means: Aliyun adds new codes to known families.
fn failure_of_family(code: &str) -> SmsFailure {
    match code.split('.').next().unwrap_or_default() {
        "Throttling" => Failure::Limited { retry_after: None },
        "InvalidTimeStamp" => misconfigured("this machine's clock is wrong", code),
        "InvalidAccessKeyId" => misconfigured("the secret is not taken", code),
        "Forbidden" | "NoPermission" => misconfigured("the account may not send messages", code),
        "isp" => Failure::Unavailable,
        "MissingParameter" | "InvalidParameter" | "InvalidAction" | "InvalidVersion" => {
            misconfigured("the request is not taken", code)
        }
        _ => Failure::Rejected(SmsRefusal::Other),
    }
}

fn misconfigured(why: &str, code: &str) -> SmsFailure {
    Failure::Misconfigured(format!("Aliyun SMS: {why} ({code})"))
}
