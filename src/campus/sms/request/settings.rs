//! The settings that describe a platform: tables that a carrier puts under its own section.

use crate::campus::setting::{InvalidSetting, Setting, SettingValues};

/// The settings of a section that all its requests share.
pub(in crate::campus::sms) struct SharedSettings {
    pub account: &'static Setting,
    pub password: &'static Setting,
    pub key: &'static Setting,
    pub charset: &'static Setting,
    pub time: &'static Setting,
    pub digest: &'static Setting,
    pub digest_of: &'static Setting,
    pub digest_key: &'static Setting,
    pub digest_as: &'static Setting,
}

/// The settings of one request and its answer.
pub(in crate::campus::sms) struct RequestSettings {
    pub address: &'static Setting,
    pub method: &'static Setting,
    pub headers: &'static Setting,
    pub body: &'static Setting,
    pub content: &'static Setting,
    pub wrap: &'static Setting,
    pub answer: &'static Setting,
    pub code_at: &'static Setting,
}

/// The names of a table of choices.
pub(super) fn names<T>(table: &[(&'static str, T)]) -> Vec<&'static str> {
    table.iter().map(|(name, _)| *name).collect()
}

/// The chosen row of a table. The value was checked against its names.
pub(super) fn chosen<T: Copy>(
    values: &dyn SettingValues,
    setting: &Setting,
    table: &[(&'static str, T)],
) -> Option<T> {
    let name = values.text(setting)?;
    let found = table.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| *value)
}

/// Any text is a code.
pub(in crate::campus::sms) fn any_code(_: &str) -> Result<(), InvalidSetting> {
    Ok(())
}

/// Defines the settings that the requests of a section share, as the constant `SHARED` and one constant each.
macro_rules! shared_settings {
    ($section:literal) => {
        const ACCOUNT: Setting = Setting {
            key: concat!($section, ".account_file"),
            kind: SettingKind::SecretFile,
            default: None,
            example: "sms-account.secret",
            words: "The secret that {account} stands for. An account that is no secret may be written where it is used.",
        };
        const PASSWORD: Setting = Setting {
            key: concat!($section, ".password_file"),
            kind: SettingKind::SecretFile,
            default: None,
            example: "sms-password.secret",
            words: "The secret that {password} stands for.",
        };
        const KEY: Setting = Setting {
            key: concat!($section, ".key_file"),
            kind: SettingKind::SecretFile,
            default: None,
            example: "sms-key.secret",
            words: "The secret that {key} stands for.",
        };
        const CHARSET: Setting = Setting {
            key: concat!($section, ".charset"),
            kind: SettingKind::Choice(request::charset_names),
            default: Some("utf-8"),
            example: "utf-8",
            words: "The charset of the request. The answer is read in the charset that it names.",
        };
        const TIME: Setting = Setting {
            key: concat!($section, ".time"),
            kind: SettingKind::Choice(request::time_names),
            default: Some("seconds"),
            example: "seconds",
            words: "The format of {time}: since 1970 in seconds or milliseconds, in UTC as 2026-09-01T00:30:00Z, or in China's time.",
        };
        const DIGEST: Setting = Setting {
            key: concat!($section, ".digest"),
            kind: SettingKind::Choice(request::digest_names),
            default: None,
            example: "hmac-sha256",
            words: "How {digest} is computed.",
        };
        const DIGEST_OF: Setting = Setting {
            key: concat!($section, ".digest_of"),
            kind: SettingKind::Checked(request::check_digested),
            default: None,
            example: "{mobile}{time}{nonce}",
            words: "What {digest} is computed from.",
        };
        const DIGEST_KEY: Setting = Setting {
            key: concat!($section, ".digest_key"),
            kind: SettingKind::Checked(request::check_digested),
            default: Some("{key}"),
            example: "{key}",
            words: "The key of an HMAC.",
        };
        const DIGEST_AS: Setting = Setting {
            key: concat!($section, ".digest_as"),
            kind: SettingKind::Choice(request::encoding_names),
            default: Some("hex"),
            example: "hex",
            words: "How {digest} is written: in small or capital hexadecimal digits, in base64, or in base64 of the small digits.",
        };
        const SHARED: SharedSettings = SharedSettings {
            account: &ACCOUNT,
            password: &PASSWORD,
            key: &KEY,
            charset: &CHARSET,
            time: &TIME,
            digest: &DIGEST,
            digest_of: &DIGEST_OF,
            digest_key: &DIGEST_KEY,
            digest_as: &DIGEST_AS,
        };
    };
}

/// Defines the settings of one request, as the constant `REQUEST` and one constant each. `prefix` stands before each key;
/// `address` and `content` are examples.
macro_rules! request_settings {
    ($section:literal, $prefix:literal, $address:literal, $content:literal, $words:literal) => {
        pub(super) const ADDRESS: Setting = Setting {
            key: concat!($section, ".", $prefix, "address"),
            kind: SettingKind::Checked(request::check_address),
            default: None,
            example: $address,
            words: $words,
        };
        pub(super) const METHOD: Setting = Setting {
            key: concat!($section, ".", $prefix, "method"),
            kind: SettingKind::Choice(request::method_names),
            default: Some("POST"),
            example: "POST",
            words: "The method of the request.",
        };
        pub(super) const HEADERS: Setting = Setting {
            key: concat!($section, ".", $prefix, "headers"),
            kind: SettingKind::Texts(request::check_header),
            default: None,
            example: "X-Nonce: {nonce}\nX-Sign: {digest}",
            words: "Headers of the request, with placeholders. Content-Type follows from the body where none is given.",
        };
        pub(super) const BODY: Setting = Setting {
            key: concat!($section, ".", $prefix, "body"),
            kind: SettingKind::Choice(request::body_names),
            default: Some("form"),
            example: "form",
            words: "What the body is. Placeholders are escaped for it, except in text.",
        };
        pub(super) const CONTENT: Setting = Setting {
            key: concat!($section, ".", $prefix, "content"),
            kind: SettingKind::Texts(request::check_content),
            default: None,
            example: $content,
            words: "The body with placeholders: the fields of a form; of JSON, XML or text the pieces in their order.",
        };
        pub(super) const WRAP: Setting = Setting {
            key: concat!($section, ".", $prefix, "wrap"),
            kind: SettingKind::Choice(request::wrap_names),
            default: Some("none"),
            example: "none",
            words: "Whether the whole body is sent as base64.",
        };
        pub(super) const ANSWER: Setting = Setting {
            key: concat!($section, ".", $prefix, "answer"),
            kind: SettingKind::Choice(request::answer_names),
            default: Some("json"),
            example: "json",
            words: "The format of the answer. The code of a text is its first word.",
        };
        pub(super) const CODE_AT: Setting = Setting {
            key: concat!($section, ".", $prefix, "code_at"),
            kind: SettingKind::Texts(request::check_place),
            default: Some("/code"),
            example: "/result/0/status\n/code",
            words: "Where the code of an answer is: a JSON pointer (RFC 6901), or the names of XML elements from the root on. The first that an answer has counts. Without any the code is http- and the status, such as http-404.",
        };
        pub(super) const REQUEST: RequestSettings = RequestSettings {
            address: &ADDRESS,
            method: &METHOD,
            headers: &HEADERS,
            body: &BODY,
            content: &CONTENT,
            wrap: &WRAP,
            answer: &ANSWER,
            code_at: &CODE_AT,
        };
    };
}

pub(in crate::campus::sms) use {request_settings, shared_settings};
