//! Every setting there is, as a table: reading, checking, `config init` and `config check` all walk it.

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Its section and key, such as `desk.letter`.
    pub key: &'static str,
    pub kind: Kind,
    /// What holds where nobody says anything; `None` where nothing does.
    pub default: Option<&'static str>,
    /// What `config init` writes as an example where there is no default.
    pub example: &'static str,
    /// What it is for.
    pub words: &'static str,
}

/// What a setting's value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Choice(&'static [&'static str]),
    /// Some of these, in the order that is wanted: a list in the file, with commas between them in the environment.
    Order(&'static [&'static str]),
    /// From, to.
    Number(u64, u64),
    /// A file or folder; from the file it is relative to the file's own folder.
    Path,
    /// https, or http on loopback.
    Url,
    /// ldaps, or ldap, which is made private by StartTLS.
    LdapUrl,
    /// A search filter with `{number}` in it.
    Filter,
    /// A file that holds one secret. The secret itself may come from the environment or the service manager.
    SecretFile,
}

impl Setting {
    /// The environment's name for it: `YINGXIN_DESK_LETTER`. For a secret it holds the secret itself.
    pub fn variable(&self) -> String {
        let key = match self.kind {
            Kind::SecretFile => self.credential(),
            _ => self.key,
        };
        format!("YINGXIN_{}", key.replace('.', "_").to_uppercase())
    }

    /// The name of a secret in `$CREDENTIALS_DIRECTORY`: the key without `_file`.
    pub fn credential(&self) -> &'static str {
        self.key.strip_suffix("_file").unwrap_or(self.key)
    }

    /// Section and name: `directory.wecom` and `corp_id`.
    pub fn split(&self) -> (&'static str, &'static str) {
        self.key.rsplit_once('.').unwrap_or(("", self.key))
    }
}

/// The ways to have a password judged, each with a section of its own, in the order that holds where none is given.
pub const IDENTITY_WAYS: &[&str] = &["cas_rest", "cas_form", "wisedu", "ldap", "oidc"];

/// The carriers of messages, each with a section of its own, in the order that holds where none is given.
pub const SMS_CARRIERS: &[&str] = &["tencent", "aliyun", "gammu"];

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[
    Setting {
        key: "pack",
        kind: Kind::Path,
        default: None,
        example: "pack.toml",
        words: "The campus pack. Without it the embedded one (imut) is used, whose QR codes are open.",
    },
    Setting {
        key: "desk.letter",
        kind: Kind::Text,
        default: Some("A"),
        example: "A",
        words: "This desk's letter, the first of its pickup numbers: A C D E F G H J K M N P Q R T W X.",
    },
    Setting {
        key: "desk.language",
        kind: Kind::Choice(&["zh-CN", "en"]),
        default: Some("zh-CN"),
        example: "zh-CN",
        words: "The language the desk begins in.",
    },
    Setting {
        key: "desk.theme",
        kind: Kind::Text,
        default: Some("auto"),
        example: "auto",
        words: "A theme's name (`yingxin theme list`), or auto.",
    },
    Setting {
        key: "desk.themes_dir",
        kind: Kind::Path,
        default: None,
        example: "themes",
        words: "A folder with themes of your own, read over the embedded ones.",
    },
    Setting {
        key: "desk.idle_seconds",
        kind: Kind::Number(20, 3600),
        default: Some("90"),
        example: "90",
        words: "How long nobody may touch the desk before the countdown begins.",
    },
    Setting {
        key: "desk.pin_file",
        kind: Kind::Path,
        default: None,
        example: "pin",
        words: "The volunteer's PIN as `yingxin pin` writes it. Without it: `pin` in the store's folder.",
    },
    Setting {
        key: "store.dir",
        kind: Kind::Path,
        default: None,
        example: "/var/lib/yingxin",
        words: "Where visits are kept. Without it: $STATE_DIRECTORY, else $XDG_STATE_HOME/yingxin.",
    },
    Setting {
        key: "store.key_file",
        kind: Kind::Path,
        default: None,
        example: "/etc/yingxin/desk.key",
        words: "The desk's key, that seals the store. Without it: a file of mode 0600 in the store's folder.",
    },
    Setting {
        key: "identity.order",
        kind: Kind::Order(IDENTITY_WAYS),
        default: None,
        example: "cas_rest, cas_form, wisedu, ldap, oidc",
        words: "Which sign-in is asked first. The next one is asked only where a password never left the desk.",
    },
    Setting {
        key: "identity.cas_rest.url",
        kind: Kind::Url,
        default: None,
        example: "https://cas.example.edu.cn/cas",
        words: "The unified identity by CAS REST. Without it students sign in on their phones.",
    },
    Setting {
        key: "identity.cas_rest.service",
        kind: Kind::Text,
        default: None,
        example: "https://yingxin.example.edu.cn/",
        words: "The service that tickets are asked for, as registered with CAS: a name, nothing is sent there.",
    },
    Setting {
        key: "identity.cas_form.url",
        kind: Kind::Url,
        default: None,
        example: "https://cas.example.edu.cn/cas",
        words: "The unified identity by CAS's login page, for servers without REST.",
    },
    Setting {
        key: "identity.cas_form.service",
        kind: Kind::Text,
        default: None,
        example: "https://yingxin.example.edu.cn/",
        words: "As under [identity.cas_rest].",
    },
    Setting {
        key: "identity.wisedu.url",
        kind: Kind::Url,
        default: None,
        example: "https://authserver.example.edu.cn/authserver",
        words: "The unified identity by a Wisedu (金智) authserver.",
    },
    Setting {
        key: "identity.wisedu.service",
        kind: Kind::Text,
        default: None,
        example: "https://yingxin.example.edu.cn/",
        words: "As under [identity.cas_rest].",
    },
    Setting {
        key: "identity.ldap.url",
        kind: Kind::LdapUrl,
        default: None,
        example: "ldaps://ldap.example.edu.cn",
        words: "The unified identity by LDAP. With ldap:// the connection is made private by StartTLS, or not used.",
    },
    Setting {
        key: "identity.ldap.base",
        kind: Kind::Text,
        default: None,
        example: "ou=students,dc=example,dc=edu,dc=cn",
        words: "Where the search for a student begins.",
    },
    Setting {
        key: "identity.ldap.bind_dn",
        kind: Kind::Text,
        default: None,
        example: "cn=yingxin,ou=services,dc=example,dc=edu,dc=cn",
        words: "The account that searches. Without it: nobody in particular.",
    },
    Setting {
        key: "identity.ldap.bind_password_file",
        kind: Kind::SecretFile,
        default: None,
        example: "ldap.secret",
        words: "That account's password.",
    },
    Setting {
        key: "identity.ldap.filter",
        kind: Kind::Filter,
        default: Some("(uid={number})"),
        example: "(uid={number})",
        words: "What fits a student's entry and no other; {number} is the student number.",
    },
    Setting {
        key: "identity.ldap.number_attribute",
        kind: Kind::Text,
        default: Some("uid"),
        example: "uid",
        words: "Where an entry holds the student number.",
    },
    Setting {
        key: "identity.ldap.name_attribute",
        kind: Kind::Text,
        default: Some("cn"),
        example: "cn",
        words: "Where an entry holds the name.",
    },
    Setting {
        key: "identity.oidc.issuer",
        kind: Kind::Url,
        default: None,
        example: "https://sso.example.edu.cn/oidc",
        words: "The unified identity by OpenID Connect: below it is /.well-known/openid-configuration.",
    },
    Setting {
        key: "identity.oidc.client_id",
        kind: Kind::Text,
        default: None,
        example: "yingxin",
        words: "This desk's name there, as registered with the issuer.",
    },
    Setting {
        key: "identity.oidc.client_secret_file",
        kind: Kind::SecretFile,
        default: None,
        example: "oidc.secret",
        words: "Its secret. Without it the desk is a public client.",
    },
    Setting {
        key: "identity.oidc.scopes",
        kind: Kind::Text,
        default: Some("openid profile"),
        example: "openid profile",
        words: "What is asked for, with spaces between.",
    },
    Setting {
        key: "identity.oidc.claim",
        kind: Kind::Text,
        default: None,
        example: "preferred_username",
        words: "The claim that holds the student number. Without it: preferred_username, else sub.",
    },
    Setting {
        key: "identity.oidc.grants",
        kind: Kind::Choice(&["device", "password", "both"]),
        default: Some("device"),
        example: "device",
        words: "device: students sign in on their own phones, which is offered first. password: typed here. Or both.",
    },
    Setting {
        key: "directory.kind",
        kind: Kind::Choice(&["guide", "wecom"]),
        default: None,
        example: "guide",
        words: "guide: the student's word counts. wecom: asked of WeCom (usual where that section is filled in).",
    },
    Setting {
        key: "directory.wecom.url",
        kind: Kind::Url,
        default: Some("https://qyapi.weixin.qq.com"),
        example: "https://qyapi.weixin.qq.com",
        words: "WeCom's server.",
    },
    Setting {
        key: "directory.wecom.corp_id",
        kind: Kind::Text,
        default: None,
        example: "ww0123456789abcdef",
        words: "The company's id.",
    },
    Setting {
        key: "directory.wecom.contacts_secret_file",
        kind: Kind::SecretFile,
        default: None,
        example: "wecom-contacts.secret",
        words: "The secret of the contacts synchronisation: sets numbers.",
    },
    Setting {
        key: "directory.wecom.app_secret_file",
        kind: Kind::SecretFile,
        default: None,
        example: "wecom-app.secret",
        words: "An application's secret: reads members, confirms the verification.",
    },
    Setting {
        key: "directory.wecom.department",
        kind: Kind::Number(1, 4_294_967_295),
        default: Some("1"),
        example: "1",
        words: "The department that new members are created in.",
    },
    Setting {
        key: "sms.order",
        kind: Kind::Order(SMS_CARRIERS),
        default: None,
        example: "tencent, aliyun, gammu",
        words: "Which carrier is asked first. The next one is asked only where a message was certainly not sent.",
    },
    Setting {
        key: "sms.tencent.endpoint",
        kind: Kind::Url,
        default: Some("https://sms.tencentcloudapi.com"),
        example: "https://sms.tencentcloudapi.com",
        words: "Tencent Cloud SMS.",
    },
    Setting {
        key: "sms.tencent.region",
        kind: Kind::Text,
        default: Some("ap-guangzhou"),
        example: "ap-guangzhou",
        words: "Its region.",
    },
    Setting {
        key: "sms.tencent.secret_id_file",
        kind: Kind::SecretFile,
        default: None,
        example: "tencent-id.secret",
        words: "The API key's id.",
    },
    Setting {
        key: "sms.tencent.secret_key_file",
        kind: Kind::SecretFile,
        default: None,
        example: "tencent-key.secret",
        words: "The API key.",
    },
    Setting {
        key: "sms.tencent.app_id",
        kind: Kind::Text,
        default: None,
        example: "1400000000",
        words: "The SMS application's SdkAppId.",
    },
    Setting {
        key: "sms.tencent.sign",
        kind: Kind::Text,
        default: None,
        example: "某某大学",
        words: "The approved signature.",
    },
    Setting {
        key: "sms.tencent.template",
        kind: Kind::Text,
        default: None,
        example: "1000000",
        words: "The approved template's number; its one parameter is the code.",
    },
    Setting {
        key: "sms.aliyun.endpoint",
        kind: Kind::Url,
        default: Some("https://dysmsapi.aliyuncs.com"),
        example: "https://dysmsapi.aliyuncs.com",
        words: "Aliyun's short message service.",
    },
    Setting {
        key: "sms.aliyun.key_id_file",
        kind: Kind::SecretFile,
        default: None,
        example: "aliyun-id.secret",
        words: "The access key's id.",
    },
    Setting {
        key: "sms.aliyun.key_secret_file",
        kind: Kind::SecretFile,
        default: None,
        example: "aliyun-key.secret",
        words: "The access key's secret.",
    },
    Setting {
        key: "sms.aliyun.sign",
        kind: Kind::Text,
        default: None,
        example: "某某大学",
        words: "The approved signature.",
    },
    Setting {
        key: "sms.aliyun.template",
        kind: Kind::Text,
        default: None,
        example: "SMS_100000",
        words: "The approved template's code.",
    },
    Setting {
        key: "sms.aliyun.parameter",
        kind: Kind::Text,
        default: Some("code"),
        example: "code",
        words: "The name of the template's one parameter.",
    },
    Setting {
        key: "sms.gammu.outbox",
        kind: Kind::Path,
        default: None,
        example: "/run/gammu/outbox",
        words: "The GSM modem on the desk: gammu-smsd's outboxpath. All three belong on a tmpfs: codes pass through.",
    },
    Setting {
        key: "sms.gammu.sent",
        kind: Kind::Path,
        default: None,
        example: "/run/gammu/sent",
        words: "Its sentsmspath.",
    },
    Setting {
        key: "sms.gammu.error",
        kind: Kind::Path,
        default: None,
        example: "/run/gammu/error",
        words: "Its errorsmspath.",
    },
    Setting {
        key: "sms.gammu.text",
        kind: Kind::Text,
        default: None,
        example: "某某大学迎新验证码 {code}，五分钟内有效。",
        words: "The modem's message, with {code} in it, of 70 characters at the most.",
    },
    Setting {
        key: "doctor.student",
        kind: Kind::Text,
        default: None,
        example: "20260000",
        words: "The student number of a test account, which `yingxin doctor` signs in.",
    },
    Setting {
        key: "doctor.password_file",
        kind: Kind::SecretFile,
        default: None,
        example: "doctor.secret",
        words: "Its password.",
    },
    Setting {
        key: "doctor.mobile",
        kind: Kind::Text,
        default: None,
        example: "13800138000",
        words: "The volunteer's own number, for a message sent from the panel when it is asked for.",
    },
    Setting {
        key: "tls.ca_file",
        kind: Kind::Path,
        default: None,
        example: "campus-ca.pem",
        words: "The campus's own certificate authority (PEM), believed beside the system's.",
    },
];

/// The setting with this key.
pub fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_told_apart() {
        let mut names: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), SETTINGS.len());
        assert_eq!(
            find("directory.wecom.app_secret_file").unwrap().variable(),
            "YINGXIN_DIRECTORY_WECOM_APP_SECRET"
        );
        assert_eq!(find("pack").unwrap().variable(), "YINGXIN_PACK");
    }
}
