//! Every setting there is: the desk's own, and the table of each adapter. Reading, checking, `config init` and
//! `config check` all walk them.

use crate::campus::setting::{Setting, SettingKind};
use crate::campus::{directory, identity, printer, sms};
use crate::text::Lang;

/// Every setting, in the order of the file.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    DESK.iter()
        .chain(identity::settings())
        .chain(directory::settings())
        .chain(sms::settings())
        .chain(printer::SETTINGS)
        .chain(DOCTOR)
}

/// The settings of the desk itself, in the order of the file.
static DESK: &[Setting] = &[
    PACK,
    NUMBER,
    LANGUAGE,
    THEME,
    THEMES_DIR,
    IDLE_SECONDS,
    SCANNER,
    PIN_FILE,
    STORE_DIR,
    STORE_KEY_FILE,
];

/// The settings of the checks, and of every connection.
static DOCTOR: &[Setting] = &[
    DOCTOR_STUDENT,
    DOCTOR_PASSWORD_FILE,
    DOCTOR_MOBILE,
    TLS_CA_FILE,
];

pub(super) const PACK: Setting = Setting {
    key: "pack",
    kind: SettingKind::Path,
    default: None,
    example: "pack.toml",
    words: "The campus pack. Without it the embedded pack (imut) is used, whose QR codes are open.",
};

pub(super) const NUMBER: Setting = Setting {
    key: "desk.number",
    kind: SettingKind::Number(1, 999),
    default: Some("1"),
    example: "1",
    words: "The number of this desk, which no other desk has: on every page, and the first three digits of its pickup numbers.",
};

pub(super) const LANGUAGE: Setting = Setting {
    key: "desk.language",
    kind: SettingKind::Choice(|| Lang::TAGS.to_vec()),
    default: Some(Lang::Zh.tag()),
    example: Lang::Zh.tag(),
    words: "The language in which the desk starts.",
};

pub(super) const THEME: Setting = Setting {
    key: "desk.theme",
    kind: SettingKind::Text,
    default: Some("auto"),
    example: "auto",
    words: "The name of a theme (`yingxin theme list`), or auto.",
};

pub(super) const THEMES_DIR: Setting = Setting {
    key: "desk.themes_dir",
    kind: SettingKind::Path,
    default: None,
    example: "themes",
    words: "A folder with your own themes. They replace embedded themes of the same name.",
};

pub(super) const IDLE_SECONDS: Setting = Setting {
    key: "desk.idle_seconds",
    kind: SettingKind::Number(20, 3600),
    default: Some("90"),
    example: "90",
    words: "The seconds without any input after which the countdown begins.",
};

/// The value of [`SCANNER`] for a scanner that types.
pub(super) const KEYBOARD: &str = "keyboard";

pub(super) const SCANNER: Setting = Setting {
    key: "desk.scanner",
    kind: SettingKind::Choice(|| vec!["none", KEYBOARD]),
    default: Some("none"),
    example: KEYBOARD,
    words: "A barcode scanner that types what it reads: `keyboard`. A typed key is then held back for 30 ms, to tell the two apart; a password is typed, not scanned. The pack says what the codes look like (`codes`).",
};

pub(super) const PIN_FILE: Setting = Setting {
    key: "desk.pin_file",
    kind: SettingKind::Path,
    default: None,
    example: "pin",
    words: "The volunteer's PIN as `yingxin pin` writes it. Without it: `pin` in the store's folder.",
};

pub(super) const STORE_DIR: Setting = Setting {
    key: "store.dir",
    kind: SettingKind::Path,
    default: None,
    example: "/var/lib/yingxin",
    words: "The folder in which visits are stored. Without it: $STATE_DIRECTORY, else $XDG_STATE_HOME/yingxin.",
};

pub(super) const STORE_KEY_FILE: Setting = Setting {
    key: "store.key_file",
    kind: SettingKind::Path,
    default: None,
    example: "/etc/yingxin/desk.key",
    words: "The desk's key, which seals the store. Without it: a file of mode 0600 in the store's folder.",
};

pub(super) const DOCTOR_STUDENT: Setting = Setting {
    key: "doctor.student",
    kind: SettingKind::Text,
    default: None,
    example: "20260000",
    words: "The student number of a test account, which `yingxin doctor` signs in.",
};

pub(super) const DOCTOR_PASSWORD_FILE: Setting = Setting {
    key: "doctor.password_file",
    kind: SettingKind::SecretFile,
    default: None,
    example: "doctor.secret",
    words: "The password of the test account.",
};

pub(super) const DOCTOR_MOBILE: Setting = Setting {
    key: "doctor.mobile",
    kind: SettingKind::Text,
    default: None,
    example: "13800138000",
    words: "The volunteer's own number, for a test message that is sent from the panel on request.",
};

pub(super) const TLS_CA_FILE: Setting = Setting {
    key: "tls.ca_file",
    kind: SettingKind::Path,
    default: None,
    example: "campus-ca.pem",
    words: "The campus's own certificate authority (PEM), which is trusted beside the system's.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_told_apart() {
        let mut names: Vec<String> = settings().map(Setting::variable).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), settings().count());
        let variable = |key| settings().find(|s| s.key == key).unwrap().variable();
        assert_eq!(
            variable("directory.wecom.app_secret_file"),
            "YINGXIN_DIRECTORY_WECOM_APP_SECRET"
        );
        assert_eq!(variable("pack"), "YINGXIN_PACK");
    }
}
