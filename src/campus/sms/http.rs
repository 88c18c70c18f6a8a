//! SMS by any platform that takes a request over HTTP: 云MAS, 华为云, 云片, 创蓝, a campus's own. The configuration describes
//! the request, where the code of the answer is, and what each code means. A code in no list means that nothing is known: no
//! other carrier is tried, and a person decides. A message is handed over once.

use zeroize::Zeroizing;

use super::request::{
    self, AnswerCodes, Placeholder, PlaceholderValues, PlatformAnswer, RequestSettings,
    RequestTemplate, SharedParts, SharedSettings, Template, any_code, request_settings,
    shared_settings,
};
use crate::campus::http::{EndpointError, Http};
use crate::campus::setting::{Connector, InvalidSetting, Setting, SettingKind, SettingValues};
use crate::campus::{Probing, Receipt, Sending, Sms, Unsent};
use crate::cli_error::CliResult;
use crate::cli_lang::pick;
use crate::visit::{Code, Failure, Mobile, SmsRefusal};

/// This carrier's name in the configuration.
pub const NAME: &str = "http";
/// The gateway's name in a probe.
const GATEWAY: &str = "sms.http";

request_settings!(
    "sms.http",
    "",
    "https://sms.example.edu.cn/api/send",
    "account={account}\npassword={password}\nmobile={mobile}\ncontent={text}\ntimestamp={time}\nsign={digest}",
    "The address of the platform. {mobile}, {time}, {nonce} and {digest} may stand in its path and query; a secret, the code and the text may not."
);

const TEXT: Setting = Setting {
    key: "sms.http.text",
    kind: SettingKind::Checked(check_text),
    default: None,
    example: "【某某大学】迎新验证码 {code}，五分钟内有效。",
    words: "The message that {text} stands for, with {code} where the code stands. It is the approved one, with its signature.",
};

shared_settings!("sms.http");

const ACCEPTED: Setting = Setting {
    key: "sms.http.accepted",
    kind: SettingKind::Texts(any_code),
    default: None,
    example: "0",
    words: "The codes of an answer that mean: taken. A code in no list means that nothing is known of the message, and it is not sent again.",
};

const BAD_NUMBER: Setting = Setting {
    key: "sms.http.bad_number",
    kind: SettingKind::Texts(any_code),
    default: None,
    example: "1008",
    words: "The codes that mean: not a mobile number.",
};

const BLOCKED: Setting = Setting {
    key: "sms.http.blocked",
    kind: SettingKind::Texts(any_code),
    default: None,
    example: "1009",
    words: "The codes that mean: the number takes no such messages.",
};

const TOO_OFTEN: Setting = Setting {
    key: "sms.http.too_often",
    kind: SettingKind::Texts(any_code),
    default: None,
    example: "1021",
    words: "The codes that mean: too often, or too many today.",
};

const WRONG_SETTINGS: Setting = Setting {
    key: "sms.http.wrong_settings",
    kind: SettingKind::Texts(any_code),
    default: None,
    example: "1005\n1007",
    words: "The codes that only an administrator can mend: the account, the balance, the signature, the template, the request.",
};

const REFUSED: Setting = Setting {
    key: "sms.http.refused",
    kind: SettingKind::Texts(any_code),
    default: None,
    example: "1013",
    words: "The codes of any other refusal by which the message was certainly not sent.",
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[
    ADDRESS,
    METHOD,
    HEADERS,
    BODY,
    CONTENT,
    WRAP,
    TEXT,
    ACCOUNT,
    PASSWORD,
    KEY,
    CHARSET,
    TIME,
    DIGEST,
    DIGEST_OF,
    DIGEST_KEY,
    DIGEST_AS,
    ANSWER,
    CODE_AT,
    ACCEPTED,
    BAD_NUMBER,
    BLOCKED,
    TOO_OFTEN,
    WRONG_SETTINGS,
    REFUSED,
];

/// What an answer's code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SendMeaning {
    Accepted,
    BadNumber,
    Blocked,
    TooOften,
    WrongSettings,
    Refused,
}

impl SendMeaning {
    /// The result of a request to send.
    pub(super) fn of(
        self,
        answer: &PlatformAnswer,
        carrier: &str,
    ) -> Result<(), Failure<SmsRefusal>> {
        match self {
            // A success that HTTP denies is none.
            SendMeaning::Accepted if !answer.is_success => Err(Failure::Unavailable),
            SendMeaning::Accepted => Ok(()),
            SendMeaning::BadNumber => Err(Failure::Rejected(SmsRefusal::BadNumber)),
            SendMeaning::Blocked => Err(Failure::Rejected(SmsRefusal::Blocked)),
            SendMeaning::Refused => Err(Failure::Rejected(SmsRefusal::Other)),
            SendMeaning::TooOften => Err(Failure::Limited { retry_after: None }),
            SendMeaning::WrongSettings => Err(Failure::Misconfigured(format!(
                "[sms.{carrier}]: the platform takes the account, its balance, the signature or the request not ({})",
                answer.shown
            ))),
        }
    }
}

/// A platform that the configuration describes.
#[derive(Debug)]
pub struct HttpSmsOptions {
    request: RequestTemplate,
    shared: SharedParts,
    text: Option<Template>,
    codes: AnswerCodes<SendMeaning>,
}

/// A carrier that the configuration describes.
pub struct HttpSms {
    http: Http,
    options: HttpSmsOptions,
}

impl HttpSmsOptions {
    /// Reads the section `[sms.http]`.
    ///
    /// # Errors
    /// Where a setting is missing or wrong, or a secret cannot be read.
    pub fn read(values: &dyn SettingValues) -> CliResult<Self> {
        let request = RequestTemplate::read(values, &REQUEST)?;
        let shared = SharedParts::read(values, &SHARED)?;
        request.check(values, &REQUEST, &shared, &SHARED)?;
        let used = request.placeholders();
        for (wanted, what) in [
            (
                &[Placeholder::Mobile][..],
                pick(
                    "{mobile} stands nowhere in the request",
                    "请求里没有 {mobile}",
                ),
            ),
            (
                &[Placeholder::Code, Placeholder::Text],
                pick(
                    "neither {text} nor {code} stands in the request",
                    "请求里既没有 {text} 也没有 {code}",
                ),
            ),
        ] {
            if !wanted.iter().any(|one| used.contains(one)) {
                let invalid =
                    InvalidSetting::new(what, pick("put it into `content`", "请写进 `content`"));
                return Err(values.fault(&CONTENT, invalid));
            }
        }
        if used.contains(&Placeholder::Ticket) || shared.digested().contains(&Placeholder::Ticket) {
            let invalid = InvalidSetting::new(
                pick(
                    "{ticket} stands in the request, and no answer gives one",
                    "请求里有 {ticket}，却没有答复给出它",
                ),
                pick(
                    "take it out; the platform that checks its own codes is described in [sms.campus]",
                    "请删掉；自己校验验证码的平台写在 [sms.campus] 里",
                ),
            );
            return Err(values.fault(&CONTENT, invalid));
        }
        let text = match values.text(&TEXT) {
            Some(text) if !shared.can_encode(&text) => {
                let what = pick(
                    "holds a character that the charset does not have",
                    "有这种字符集里没有的字",
                );
                let invalid = InvalidSetting::new(
                    what,
                    pick(
                        "write it otherwise, or change `charset`",
                        "请换一种写法，或改 `charset`",
                    ),
                );
                return Err(values.fault(&TEXT, invalid));
            }
            Some(text) => {
                let template = Template::parse(&text);
                Some(template.map_err(|invalid| values.fault(&TEXT, invalid))?)
            }
            None if used.contains(&Placeholder::Text) => return Err(values.missing(&TEXT)),
            None => None,
        };
        let lists = [
            (&ACCEPTED, SendMeaning::Accepted),
            (&BAD_NUMBER, SendMeaning::BadNumber),
            (&BLOCKED, SendMeaning::Blocked),
            (&TOO_OFTEN, SendMeaning::TooOften),
            (&WRONG_SETTINGS, SendMeaning::WrongSettings),
            (&REFUSED, SendMeaning::Refused),
        ];
        Ok(HttpSmsOptions {
            request,
            shared,
            text,
            codes: AnswerCodes::read(values, &lists)?,
        })
    }
}

impl Connector<Box<dyn Sms>> for HttpSmsOptions {
    fn name(&self) -> &'static str {
        NAME
    }

    fn connect(self: Box<Self>, http: &Http) -> Result<Box<dyn Sms>, EndpointError> {
        self.request.check_address()?;
        Ok(Box::new(HttpSms {
            http: http.clone(),
            options: *self,
        }))
    }
}

/// Checks the message: the code stands in it, and nothing else is filled in.
fn check_text(text: &str) -> Result<(), InvalidSetting> {
    let template = Template::parse(text)?;
    let placeholders: Vec<Placeholder> = template.placeholders().collect();
    match placeholders.as_slice() {
        [Placeholder::Code] => Ok(()),
        _ => Err(InvalidSetting::new(
            pick(
                "the message does not hold {code}, or holds more than that",
                "短信里没有 {code}，或不止有它",
            ),
            pick(
                "write {code} once, where the code is to stand",
                "请在验证码的位置写一次 {code}",
            ),
        )),
    }
}

impl HttpSms {
    async fn hand_over(&self, mobile: &Mobile, code: &Code) -> Result<Receipt, Unsent> {
        let at = jiff::Timestamp::now();
        let options = &self.options;
        let mut values = PlaceholderValues::default();
        values.set(Placeholder::Mobile, mobile.as_str());
        values.set(Placeholder::Code, code.expose());
        if let Some(text) = &options.text {
            let mut text: Zeroizing<String> = text.fill(&values);
            values.set(Placeholder::Text, std::mem::take(&mut *text));
        }
        let answer = options
            .request
            .hand_over(&self.http, &options.shared, values, at, GATEWAY)
            .await?;
        match options.codes.meaning(&answer.code) {
            Some(meaning) => {
                if meaning != SendMeaning::Accepted {
                    tracing::warn!(code = answer.shown, ?meaning, "sms.http: not taken");
                }
                meaning.of(&answer, NAME)?;
            }
            None => {
                tracing::warn!(code = answer.shown, "sms.http: a code in no list");
                return Err(Failure::Unavailable.into());
            }
        }
        Ok(Receipt {
            carrier: NAME,
            id: String::new(),
            mobile: mobile.clone(),
            at,
        })
    }
}

impl Sms for HttpSms {
    fn send<'a>(&'a self, mobile: &'a Mobile, code: &'a Code) -> Sending<'a> {
        Box::pin(self.hand_over(mobile, code))
    }

    fn probe(&self) -> Probing<'_> {
        Box::pin(async { vec![self.options.request.probe(&self.http, GATEWAY).await] })
    }
}
