//! A request to a platform as the configuration describes it: templates for its parts, one computed value, and where the
//! code of the answer is. It knows no carrier.

mod address;
mod answer;
mod body;
mod charset;
mod digest;
mod settings;
mod shared;
mod template;

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};

pub(super) use answer::{AnswerCodes, AnswerReader};
pub(super) use settings::{
    RequestSettings, SharedSettings, any_code, request_settings, shared_settings,
};
pub(super) use shared::SharedParts;
pub(super) use template::{Placeholder, PlaceholderValues, Template};

use self::address::AddressTemplate;
use self::body::BodyTemplate;
use self::settings::{chosen, names};
use self::shared::unencodable;
use crate::campus::http::{EndpointError, Http, HttpAnswer, secret_body};
use crate::campus::setting::{InvalidSetting, SettingValues};
use crate::campus::{Probed, without_refusal};
use crate::cli_error::CliResult;
use crate::cli_lang::{both, pick};
use crate::visit::{Failure, Secret};

/// The methods in the configuration.
const METHODS: &[(&str, Method)] = &[
    ("POST", Method::POST),
    ("PUT", Method::PUT),
    ("GET", Method::GET),
];

/// Whether a body is wrapped.
const WRAPS: &[(&str, bool)] = &[("none", false), ("base64", true)];

/// The longest answer to a probe that is read, in bytes.
const PROBE_CAP: usize = 64 * 1024;

pub(super) fn method_names() -> Vec<&'static str> {
    METHODS.iter().map(|(name, _)| *name).collect()
}

pub(super) fn wrap_names() -> Vec<&'static str> {
    names(WRAPS)
}

pub(super) fn time_names() -> Vec<&'static str> {
    names(shared::TIMES)
}

pub(super) fn body_names() -> Vec<&'static str> {
    names(body::KINDS)
}

pub(super) fn answer_names() -> Vec<&'static str> {
    names(answer::FORMATS)
}

pub(super) fn charset_names() -> Vec<&'static str> {
    names(charset::CHARSETS)
}

pub(super) fn digest_names() -> Vec<&'static str> {
    names(digest::KINDS)
}

pub(super) fn encoding_names() -> Vec<&'static str> {
    names(digest::ENCODINGS)
}

/// Checks an address with placeholders.
///
/// # Errors
/// Says what is wrong with it.
pub(super) fn check_address(text: &str) -> Result<(), InvalidSetting> {
    address::check(text)
}

/// Checks a place in an answer.
///
/// # Errors
/// Says what is wrong with it.
pub(super) fn check_place(text: &str) -> Result<(), InvalidSetting> {
    answer::check_place(text)
}

/// Checks a piece of a body.
///
/// # Errors
/// Where it has an unknown placeholder.
pub(super) fn check_content(text: &str) -> Result<(), InvalidSetting> {
    Template::parse(text).map(|_| ())
}

/// Checks a header.
///
/// # Errors
/// Says what is wrong with it.
pub(super) fn check_header(text: &str) -> Result<(), InvalidSetting> {
    header(text).map(|_| ())
}

/// Checks what a digest is computed from.
///
/// # Errors
/// Where it has an unknown placeholder, or the digest itself.
pub(super) fn check_digested(text: &str) -> Result<(), InvalidSetting> {
    let template = Template::parse(text)?;
    if template
        .placeholders()
        .any(|one| one == Placeholder::Digest)
    {
        return Err(InvalidSetting::new(
            pick(
                "a digest cannot be computed from itself",
                "摘要不能由它自己算出",
            ),
            pick(
                "take {digest} out; it is filled in where the request names it",
                "请删掉 {digest}；请求里写到它的地方会填入",
            ),
        ));
    }
    Ok(())
}

/// A header: its name and its value. Those that HTTP itself sets are refused.
fn header(text: &str) -> Result<(HeaderName, Template), InvalidSetting> {
    let wrong = |what: &str| {
        let remedy = pick(
            "write \"Name: value\" in ASCII, such as \"Authorization: Basic {basic}\"",
            "请用 ASCII 写成 \"名称: 值\"，如 \"Authorization: Basic {basic}\"",
        );
        InvalidSetting::new(what, remedy)
    };
    let (name, value) = text
        .split_once(':')
        .ok_or_else(|| wrong(pick("no header", "不是请求头")))?;
    let name = HeaderName::from_bytes(name.trim().as_bytes())
        .map_err(|_| wrong(pick("the name of a header is wrong", "请求头的名称有误")))?;
    let taken = [
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "expect",
        "upgrade",
    ];
    if taken.contains(&name.as_str()) {
        let what = both!(
            "the header {name} is set by the program",
            "请求头 {name} 由程序设定"
        );
        return Err(InvalidSetting::new(what, pick("take it out", "请删掉它")));
    }
    let template = Template::parse(value.trim())?;
    if !template.literals().all(|literal| literal.is_ascii()) {
        return Err(wrong(pick(
            "a header holds characters that are not ASCII",
            "请求头里有 ASCII 之外的字符",
        )));
    }
    let is_literal = template.placeholders().next().is_none();
    let literal: String = template.literals().collect();
    let has_credentials = ["basic ", "bearer "].iter().any(|scheme| {
        let head = literal.get(..scheme.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    });
    if name == reqwest::header::AUTHORIZATION && is_literal && has_credentials {
        return Err(InvalidSetting::new(
            pick(
                "a secret seems to stand in the header Authorization",
                "请求头 Authorization 里似乎是密钥",
            ),
            pick(
                "put it into a file, name the file in key_file, and write {key} here",
                "请放进文件，用 key_file 指定，这里写 {key}",
            ),
        ));
    }
    address::check_field(name.as_str(), if is_literal { &literal } else { "" })?;
    Ok((name, template))
}

/// One request, and how its answer is read.
#[derive(Debug)]
pub(super) struct RequestTemplate {
    method: Method,
    address: AddressTemplate,
    headers: Vec<(HeaderName, Template)>,
    body: BodyTemplate,
    is_wrapped: bool,
    reader: AnswerReader,
}

impl RequestTemplate {
    /// Reads the settings of a request.
    ///
    /// # Errors
    /// Says what is wrong with a setting.
    pub fn read(values: &dyn SettingValues, settings: &RequestSettings) -> CliResult<Self> {
        let address = AddressTemplate::parse(&values.need(settings.address)?);
        let address = address.map_err(|invalid| values.fault(settings.address, invalid))?;
        let named = values.need(settings.method)?;
        let method = METHODS.iter().find(|(name, _)| *name == named);
        let method = method.map_or(Method::POST, |(_, method)| method.clone());
        let headers = values.texts(settings.headers);
        let headers: Result<_, _> = headers.iter().map(|line| header(line)).collect();
        let kind = chosen(values, settings.body, body::KINDS).unwrap_or(body::BodyKind::Form);
        let body = BodyTemplate::parse(kind, &values.texts(settings.content));
        let body = body.map_err(|invalid| values.fault(settings.content, invalid))?;
        if method == Method::GET && !matches!(body, BodyTemplate::Empty) {
            let invalid = InvalidSetting::new(
                pick(
                    "GET, and `content` holds a body",
                    "写了 GET，而 `content` 里有内容",
                ),
                pick(
                    "write method = \"POST\", or take `content` out",
                    "请写 method = \"POST\"，或删掉 `content`",
                ),
            );
            return Err(values.fault(settings.method, invalid));
        }
        Ok(RequestTemplate {
            method,
            address,
            headers: headers.map_err(|invalid| values.fault(settings.headers, invalid))?,
            body,
            is_wrapped: chosen(values, settings.wrap, WRAPS).unwrap_or(false),
            reader: AnswerReader {
                format: chosen(values, settings.answer, answer::FORMATS)
                    .unwrap_or(answer::AnswerFormat::Json),
                places: values.texts(settings.code_at),
                ticket_places: Vec::new(),
            },
        })
    }

    /// Has the ticket of an answer read at these places.
    ///
    /// # Errors
    /// Where the answer is a text, which has no places.
    pub fn reads_ticket_at(&mut self, places: Vec<String>) -> Result<(), InvalidSetting> {
        if self.reader.format == answer::AnswerFormat::Text && !places.is_empty() {
            let what = pick(
                "an answer in text has no places",
                "文字的答复里没有位置可言",
            );
            return Err(InvalidSetting::new(
                what,
                pick(
                    "take it out: a ticket is read from JSON or XML",
                    "请删掉：凭据只从 JSON 或 XML 里读",
                ),
            ));
        }
        self.reader.ticket_places = places;
        Ok(())
    }

    /// Checks that everything that the request names is there.
    ///
    /// # Errors
    /// Names the missing setting, or what is wrong with the address or a header.
    pub fn check(
        &self,
        values: &dyn SettingValues,
        at: &RequestSettings,
        shared: &SharedParts,
        settings: &SharedSettings,
    ) -> CliResult<()> {
        let mut used = self.placeholders();
        if used.contains(&Placeholder::Digest) {
            let digest = shared.digest.as_ref();
            let digest = digest.ok_or_else(|| values.missing(settings.digest))?;
            used.extend(digest.of.placeholders());
            if digest.kind.has_key() {
                used.extend(digest.key.placeholders());
            }
            let mut computed_from = digest.of.placeholders();
            let is_fresh =
                computed_from.any(|one| matches!(one, Placeholder::Time | Placeholder::Nonce));
            if self
                .address
                .placeholders()
                .any(|one| one == Placeholder::Digest)
                && !is_fresh
            {
                let invalid = InvalidSetting::new(
                    pick(
                        "the digest in the address is the same each time, and as good as the secret",
                        "网址里的摘要每次都一样，等于密钥本身",
                    ),
                    pick(
                        "put {time} or {nonce} into digest_of, or send {digest} in `content`",
                        "请在 digest_of 里加上 {time} 或 {nonce}，或把 {digest} 放进 `content`",
                    ),
                );
                return Err(values.fault(at.address, invalid));
            }
        }
        for (placeholder, secret, setting) in [
            (Placeholder::Account, &shared.account, settings.account),
            (Placeholder::Password, &shared.password, settings.password),
            (Placeholder::Key, &shared.key, settings.key),
        ] {
            let is_basic = placeholder != Placeholder::Key && used.contains(&Placeholder::Basic);
            if secret.is_none() && (used.contains(&placeholder) || is_basic) {
                return Err(values.missing(setting));
            }
            let in_headers = self
                .headers
                .iter()
                .flat_map(|(_, value)| value.placeholders());
            let is_ascii = secret
                .as_ref()
                .is_none_or(|secret| secret.expose().is_ascii());
            if !is_ascii && in_headers.into_iter().any(|one| one == placeholder) {
                let what = pick(
                    "the secret stands in a header and is not ASCII",
                    "密钥放在请求头里，却不是 ASCII",
                );
                let invalid =
                    InvalidSetting::new(what, pick("send it in `content`", "请放在 `content` 里"));
                return Err(values.fault(setting, invalid));
            }
        }
        let mut literals = self.body.templates().flat_map(Template::literals);
        if let Some(literal) = literals.find(|literal| !shared.charset.can_encode(literal)) {
            let what = both!(
                "\"{literal}\" holds a character that the charset does not have",
                "\"{literal}\" 里有这种字符集没有的字"
            );
            let invalid = InvalidSetting::new(
                what,
                pick(
                    "write it otherwise, or change `charset`",
                    "请换一种写法，或改 `charset`",
                ),
            );
            return Err(values.fault(at.content, invalid));
        }
        Ok(())
    }

    /// The placeholders of all its parts, some of them more than once.
    pub fn placeholders(&self) -> Vec<Placeholder> {
        let headers = self
            .headers
            .iter()
            .flat_map(|(_, value)| value.placeholders());
        let mut all: Vec<Placeholder> = self.address.placeholders().chain(headers).collect();
        all.extend(self.body.placeholders());
        all
    }

    /// Sends the request once. The answer's code comes cleaned: nothing of the request is in it.
    ///
    /// # Errors
    /// As [`Http::hand_over`]; where nothing could be sent, `left` is false.
    pub async fn hand_over<R>(
        &self,
        http: &Http,
        shared: &SharedParts,
        values: PlaceholderValues,
        at: jiff::Timestamp,
        what: &'static str,
    ) -> Result<PlatformAnswer, crate::campus::http::Unanswered<R>> {
        let unsent = |why| crate::campus::http::Unanswered { why, left: false };
        let values = shared.complete(values, at).map_err(unsent)?;
        let request = self.request(http, shared, &values).map_err(unsent)?;
        let answer = http.hand_over(what, request).await?;
        Ok(self.read_answer(&answer, &values))
    }

    fn request<R>(
        &self,
        http: &Http,
        shared: &SharedParts,
        values: &PlaceholderValues,
    ) -> Result<reqwest::RequestBuilder, Failure<R>> {
        let url = self.address.fill(values).map_err(|_| unencodable())?;
        let mut request = http.request(self.method.clone(), url);
        let has_type = self.headers.iter().any(|(name, _)| *name == CONTENT_TYPE);
        if let Some(kind) = self.body.content_type(shared.charset).filter(|_| !has_type) {
            request = request.header(CONTENT_TYPE, kind);
        }
        for (name, template) in &self.headers {
            let mut value =
                HeaderValue::from_str(&template.fill(values)).map_err(|_| unencodable())?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        let body = self
            .body
            .fill(values, shared.charset)
            .map_err(|_| unencodable())?;
        let body = if self.is_wrapped {
            body::wrapped(&body)
        } else {
            body
        };
        Ok(match self.body {
            BodyTemplate::Empty => request,
            BodyTemplate::Form(_)
            | BodyTemplate::Json(_)
            | BodyTemplate::Xml(_)
            | BodyTemplate::Text(_) => request.body(secret_body(body)),
        })
    }

    fn read_answer(&self, answer: &HttpAnswer, values: &PlaceholderValues) -> PlatformAnswer {
        let code = self.reader.code(answer);
        let ticket = self.reader.ticket(answer);
        let is_ticket = ticket
            .as_ref()
            .is_some_and(|ticket| code.contains(ticket.expose()));
        let shown = if is_ticket || values.is_repeated_in(&code) {
            "***".to_owned()
        } else {
            super::shown_code(&code)
        };
        PlatformAnswer {
            is_success: answer.status.is_success(),
            code,
            shown,
            ticket,
        }
    }

    /// Asks the server for the head of its address: it sends nothing to a phone, and no secret is in it.
    pub async fn probe(&self, http: &Http, gateway: &'static str) -> Probed {
        let said = match self.address.endpoint() {
            Ok(endpoint) => {
                let request = http.request(Method::HEAD, endpoint.url());
                let asked = http.hand_over_any::<()>(gateway, request, PROBE_CAP).await;
                asked.map(|_| ()).map_err(|unanswered| unanswered.why)
            }
            Err(error) => Err(Failure::Misconfigured(error.to_string())),
        };
        Probed::through(http, gateway, said.map_err(without_refusal))
    }

    /// Whether the address is one.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn check_address(&self) -> Result<(), EndpointError> {
        self.address.endpoint().map(|_| ())
    }
}

/// What a platform answered.
pub(super) struct PlatformAnswer {
    /// Whether the status of HTTP is one of success.
    pub is_success: bool,
    /// The code as it came, to be looked up.
    pub code: String,
    /// The code as it can be shown and logged.
    pub shown: String,
    /// What a later request needs, where the configuration says where it is.
    pub ticket: Option<Secret>,
}
