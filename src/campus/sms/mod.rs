//! Codes to phones: one adapter for each carrier, their list, and the failover between them.

pub mod aliyun;
mod aliyun_sign;
pub mod campus;
mod campus_settings;
pub mod failover;
pub mod gammu;
pub mod http;
mod request;
pub mod tencent;
mod tencent_sign;

pub use aliyun::Aliyun;
pub use campus::CampusSms;
pub use failover::FailoverSms;
pub use gammu::Gammu;
pub use http::HttpSms;
pub use tencent::Tencent;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::setting::{Adapter, InvalidSetting, Setting, SettingKind, SettingValues, names};
use super::{Sms, without_refusal};
use crate::cli_error::CliResult;
use crate::cli_lang::pick;
use crate::visit::{Failure, SmsRefusal};

/// Why a carrier did not take a message, or did not report on one.
type SmsFailure = Failure<SmsRefusal>;

/// The carriers, in the order in which they are tried without a configured order. A new carrier is a file of its own and
/// a row here.
pub static CARRIERS: &[Adapter<Box<dyn Sms>>] = &[
    Adapter {
        name: tencent::NAME,
        settings: tencent::SETTINGS,
        read: |values| Ok(Box::new(tencent::TencentOptions::read(values)?)),
    },
    Adapter {
        name: aliyun::NAME,
        settings: aliyun::SETTINGS,
        read: |values| Ok(Box::new(aliyun::AliyunOptions::read(values)?)),
    },
    Adapter {
        name: http::NAME,
        settings: http::SETTINGS,
        read: |values| Ok(Box::new(http::HttpSmsOptions::read(values)?)),
    },
    Adapter {
        name: campus::NAME,
        settings: campus_settings::SETTINGS,
        read: |values| Ok(Box::new(campus::CampusSmsOptions::read(values)?)),
    },
    Adapter {
        name: gammu::NAME,
        settings: gammu::SETTINGS,
        read: |values| Ok(Box::new(Gammu::read(values)?)),
    },
];

/// The order in which the carriers are tried.
pub static ORDER: Setting = Setting {
    key: "sms.order",
    kind: SettingKind::Order(|| names(CARRIERS)),
    default: None,
    example: "",
    words: "The order in which the carriers are tried. The next carrier is tried only where the message was certainly not sent.",
};

/// Checks that these carriers go together: a code that the campus made cannot be sent by another carrier, and one that the
/// desk made cannot be checked by the campus.
///
/// # Errors
/// Where the campus's own platform is not the only one.
pub(super) fn check_together(
    values: &dyn SettingValues,
    carriers: &[&'static Adapter<Box<dyn Sms>>],
) -> CliResult<()> {
    let has_campus = carriers.iter().any(|carrier| carrier.name == campus::NAME);
    if carriers.len() < 2 || !has_campus {
        return Ok(());
    }
    let invalid = InvalidSetting::new(
        pick(
            "the campus's platform checks its own codes, and another carrier is filled in beside it",
            "校园的平台自己校验验证码，旁边却还填了别的通道",
        ),
        pick(
            "leave one section of [sms.*]: the campus's, or those of the carriers",
            "[sms.*] 请只留一种：校园的，或各通道的",
        ),
    );
    Err(values.fault(campus_settings::SEND.address, invalid))
}

/// The settings of `[sms]` and of every carrier, in the order of the file.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    let carriers = CARRIERS.iter().flat_map(|carrier| carrier.settings);
    std::iter::once(&ORDER).chain(carriers)
}

/// The longest accepted message id, in bytes.
const LONGEST_ID: usize = 128;

/// HMAC-SHA-256, as both clouds sign with.
fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac.chain_update(message).finalize().into_bytes().into(),
        Err(_) => [0; 32], // HMAC takes keys of every length: this cannot happen.
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The result of a probe: the refusal of the invalid number is the expected answer.
fn probe_result<T>(said: Result<T, SmsFailure>) -> Result<(), Failure<()>> {
    match said {
        Ok(_) | Err(Failure::Rejected(SmsRefusal::BadNumber)) => Ok(()),
        Err(failure) => Err(without_refusal(failure)),
    }
}

/// A carrier's code as it can be shown: at most 80 letters, digits and a few signs.
fn shown_code(code: &str) -> String {
    code.chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._:-".contains(*c))
        .take(80)
        .collect()
}

/// A message id as the carrier gave it; empty where it is too long or not printable.
fn clean_id(id: &str) -> String {
    let is_plain = |c: char| c.is_ascii_graphic();
    if id.len() <= LONGEST_ID && id.chars().all(is_plain) {
        id.to_owned()
    } else {
        String::new()
    }
}
