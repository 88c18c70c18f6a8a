//! One setting of the configuration, and how an adapter reads its own. Each adapter has a table of its settings in its
//! own file; `config` puts the tables together, reads the values, and implements [`SettingValues`] for the adapters.

use std::fmt::Debug;

use super::http::{Endpoint, EndpointError, Http};
use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::both;
use crate::table::suggest;
use crate::visit::Secret;

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Its section and key, such as `desk.number`.
    pub key: &'static str,
    /// What its value must be.
    pub kind: SettingKind,
    /// The value without a configuration; `None` for a setting that has no value then.
    pub default: Option<&'static str>,
    /// The example that `config init` writes for a setting without a default. Unused for [`SettingKind::Order`].
    pub example: &'static str,
    /// What the setting is for, in English sentences. `config init` and the help print them.
    pub words: &'static str,
}

/// What a setting's value must be.
#[derive(Clone, Copy, Debug)]
pub enum SettingKind {
    /// Any text.
    Text,
    /// A text that its own function accepts.
    Checked(fn(&str) -> Result<(), InvalidSetting>),
    /// One of these words.
    Choice(fn() -> Vec<&'static str>),
    /// Some of these words in the wanted order: a list in the file, separated by commas in the environment.
    Order(fn() -> Vec<&'static str>),
    /// A list of texts that its own function accepts, each of them: one a line in the environment.
    Texts(fn(&str) -> Result<(), InvalidSetting>),
    /// A whole number, from the first to the second.
    Number(u64, u64),
    /// A file or folder. A path in the configuration file is relative to the folder of that file.
    Path,
    /// An address: https, or http on loopback.
    Url,
    /// A file that holds one secret. The secret itself may come from the environment or the service manager.
    SecretFile,
}

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSetting {
    /// What is wrong with the value. It holds no secret.
    pub what: String,
    /// What to do, as an order.
    pub remedy: String,
}

impl InvalidSetting {
    /// A refused value, and what to do.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        InvalidSetting {
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}

impl Setting {
    /// The environment variable: `YINGXIN_DESK_NUMBER`. For a secret it holds the secret itself.
    pub fn variable(&self) -> String {
        let key = if self.is_secret() {
            self.credential()
        } else {
            self.key
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

    /// Whether the setting names the file of a secret.
    pub fn is_secret(&self) -> bool {
        matches!(self.kind, SettingKind::SecretFile)
    }

    /// Checks a value as it was written.
    ///
    /// # Errors
    /// Says what is wrong with the value, and what to do.
    pub fn check(&self, text: &str) -> Result<(), InvalidSetting> {
        match self.kind {
            SettingKind::Text | SettingKind::Path | SettingKind::SecretFile => Ok(()),
            SettingKind::Checked(check) => check(text),
            SettingKind::Choice(words) => check_word(text, &words()),
            SettingKind::Order(words) => check_order(text, &words()),
            SettingKind::Texts(check) => {
                let mut texts = text.split(BETWEEN_TEXTS);
                texts.try_for_each(|text| {
                    if text.chars().any(char::is_control) {
                        let what = both!("a control character stands in it", "里面有控制字符");
                        return Err(InvalidSetting::new(what, both!("take it out", "请删掉它")));
                    }
                    check(text)
                })
            }
            SettingKind::Number(from, to) => match text.parse::<u64>() {
                Ok(number) if (from..=to).contains(&number) => Ok(()),
                _ => Err(InvalidSetting::new(
                    both!("{text} is out of range", "{text} 超出范围"),
                    both!(
                        "write a number from {from} to {to}",
                        "请写 {from} 到 {to} 的数"
                    ),
                )),
            },
            SettingKind::Url => check_url(text),
        }
    }
}

/// What stands between the texts of a [`SettingKind::Texts`]. No text holds it.
pub const BETWEEN_TEXTS: char = '\n';

/// The names in the value of a [`SettingKind::Order`].
pub fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

fn check_word(text: &str, words: &[&str]) -> Result<(), InvalidSetting> {
    if words.contains(&text) {
        Ok(())
    } else {
        Err(unknown_word(text, words))
    }
}

/// The fault of a word that is not in the list.
pub fn unknown_word(text: &str, words: &[&str]) -> InvalidSetting {
    InvalidSetting::new(
        both!("\"{text}\" is not known here", "这里不认得 \"{text}\""),
        suggest(text, words),
    )
}

fn check_order(text: &str, words: &[&str]) -> Result<(), InvalidSetting> {
    let names: Vec<&str> = listed(text).collect();
    for (place, name) in names.iter().enumerate() {
        check_word(name, words)?;
        if names.iter().take(place).any(|before| before == name) {
            return Err(InvalidSetting::new(
                both!("\"{name}\" stands twice", "\"{name}\" 写了两次"),
                both!("write each one once", "每个只写一次"),
            ));
        }
    }
    if names.is_empty() {
        return Err(InvalidSetting::new(
            both!("an empty list", "列表是空的"),
            both!(
                "name at least one, or leave the key out",
                "至少写一个，或不写这个键"
            ),
        ));
    }
    Ok(())
}

pub(super) fn check_url(text: &str) -> Result<(), InvalidSetting> {
    read_url(text).map(|_| ())
}

/// Passwords and codes are sent to this address. What the adapters would refuse is refused here, where the line is known.
fn read_url(text: &str) -> Result<Endpoint, InvalidSetting> {
    let (what, remedy) = match Endpoint::parse(text) {
        Ok(endpoint) => return Ok(endpoint),
        Err(EndpointError::Syntax) => (
            both!("\"{text}\" is no address", "\"{text}\" 不是网址"),
            both!(
                "write it whole, such as \"https://cas.example.edu.cn/cas\"",
                "请写完整，如 \"https://cas.example.edu.cn/cas\""
            ),
        ),
        Err(EndpointError::Plain) => (
            both!("\"{text}\" is not https", "\"{text}\" 不是 https"),
            both!(
                "use https: passwords and codes go there (http only on this machine itself)",
                "请用 https：密码和验证码要发到那里（只有本机自己可以用 http）"
            ),
        ),
        // The address is not repeated: it may hold a secret.
        Err(EndpointError::Extras) => (
            both!(
                "the address holds a user's name, a password, a query or a fragment",
                "网址里有用户名、密码、查询或片段"
            ),
            both!(
                "take it out: secrets stand in files of their own",
                "请删掉：密钥各放在自己的文件里"
            ),
        ),
    };
    Err(InvalidSetting::new(what, remedy))
}

/// The values of the settings, as an adapter reads its own. The configuration implements it.
pub trait SettingValues {
    /// The value as text, checked by [`Setting::check`]; the default where nothing was configured.
    fn text(&self, setting: &Setting) -> Option<String>;

    /// Reads the secret of a [`SettingKind::SecretFile`].
    ///
    /// # Errors
    /// Where it is configured and cannot be read.
    fn secret(&self, setting: &Setting) -> CliResult<Option<Secret>>;

    /// Whether any setting right below this section was configured.
    fn is_filled(&self, section: &str) -> bool;

    /// An error about a setting. It names the file and the line.
    fn fault(&self, setting: &Setting, invalid: InvalidSetting) -> CliError;

    /// The error about a setting that its section needs and that was not configured.
    fn missing(&self, setting: &Setting) -> CliError {
        let (section, name) = setting.split();
        let invalid = InvalidSetting::new(
            both!(
                "is missing, and the rest of its section needs it",
                "没有写，而这一节需要它"
            ),
            both!(
                "add `{name} = ...` to [{section}], or take the section out",
                "请在 [{section}] 里加上 `{name} = ...`，或去掉这一节"
            ),
        );
        self.fault(setting, invalid)
    }

    /// The texts of a [`SettingKind::Texts`]; none where nothing was configured.
    fn texts(&self, setting: &Setting) -> Vec<String> {
        let text = self.text(setting);
        text.map(|text| text.split(BETWEEN_TEXTS).map(str::to_owned).collect())
            .unwrap_or_default()
    }

    /// The value of a setting that its section needs.
    ///
    /// # Errors
    /// Where it was not configured and has no default.
    fn need(&self, setting: &Setting) -> CliResult<String> {
        self.text(setting).ok_or_else(|| self.missing(setting))
    }

    /// An address that the section needs, without a slash at the end.
    ///
    /// # Errors
    /// As [`SettingValues::need`].
    fn need_url(&self, setting: &Setting) -> CliResult<String> {
        Ok(self.need(setting)?.trim_end_matches('/').to_owned())
    }

    /// The address of a [`SettingKind::Url`]; `None` where nothing was configured.
    ///
    /// # Errors
    /// Where it is no address, which [`Setting::check`] has told before.
    fn endpoint(&self, setting: &Setting) -> CliResult<Option<Endpoint>> {
        let read = |text: String| read_url(&text).map_err(|invalid| self.fault(setting, invalid));
        self.text(setting).map(read).transpose()
    }

    /// A secret that the section needs.
    ///
    /// # Errors
    /// Where it was not configured, or cannot be read.
    fn need_secret(&self, setting: &Setting) -> CliResult<Secret> {
        self.secret(setting)?.ok_or_else(|| self.missing(setting))
    }
}

/// The settings of one adapter, read and checked. Nothing is connected yet, and the secrets are inside.
pub trait Connector<P>: Debug + Send {
    /// The adapter's name in the configuration.
    fn name(&self) -> &'static str;

    /// Makes the adapter. Nothing is sent.
    ///
    /// # Errors
    /// Says what is wrong with the address.
    fn connect(self: Box<Self>, http: &Http) -> Result<P, EndpointError>;
}

/// A [`Connector`] of some adapter.
pub type BoxedConnector<P> = Box<dyn Connector<P>>;

/// One adapter that the configuration can name: a row of a port's list.
pub struct Adapter<P: 'static> {
    /// Its name in the configuration. Its section is `sms.NAME`, `identity.NAME` or `directory.NAME`.
    pub name: &'static str,
    /// The table of its settings.
    pub settings: &'static [Setting],
    /// Reads the settings.
    pub read: fn(&dyn SettingValues) -> CliResult<BoxedConnector<P>>,
}

/// The adapters whose sections are filled in, in the order that `order` gives, or in the list's own order.
///
/// # Errors
/// Where `order` names an adapter that is not in the list or not filled in, or leaves out one that is filled in.
pub fn in_order<P>(
    values: &dyn SettingValues,
    order: &Setting,
    adapters: &'static [Adapter<P>],
) -> CliResult<Vec<&'static Adapter<P>>> {
    let (port, _) = order.split();
    let is_filled = |adapter: &Adapter<P>| values.is_filled(&format!("{port}.{}", adapter.name));
    let Some(text) = values.text(order) else {
        return Ok(adapters.iter().filter(|one| is_filled(one)).collect());
    };
    let mut named: Vec<&'static Adapter<P>> = Vec::new();
    for name in listed(&text) {
        named.push(find(adapters, name).map_err(|invalid| values.fault(order, invalid))?);
    }
    for adapter in adapters {
        let name = adapter.name;
        let is_named = named.iter().any(|one| one.name == name);
        let invalid = match (is_named, is_filled(adapter)) {
            (true, false) => InvalidSetting::new(
                both!(
                    "names \"{name}\", and [{port}.{name}] is not filled in",
                    "写了 \"{name}\"，而 [{port}.{name}] 没有填"
                ),
                both!(
                    "fill it in, or take \"{name}\" out of the order",
                    "请填好它，或从次序里去掉 \"{name}\""
                ),
            ),
            (false, true) => InvalidSetting::new(
                both!(
                    "leaves out \"{name}\", and [{port}.{name}] is filled in",
                    "没有写 \"{name}\"，而 [{port}.{name}] 已填"
                ),
                both!(
                    "add \"{name}\", or take its section out",
                    "请加上 \"{name}\"，或去掉它那一节"
                ),
            ),
            (true, true) | (false, false) => continue,
        };
        return Err(values.fault(order, invalid));
    }
    Ok(named)
}

/// The adapter with this name.
///
/// # Errors
/// Where the list has none: a name is never taken for another adapter.
pub fn find<P>(
    adapters: &'static [Adapter<P>],
    name: &str,
) -> Result<&'static Adapter<P>, InvalidSetting> {
    let found = adapters.iter().find(|adapter| adapter.name == name);
    found.ok_or_else(|| unknown_word(name, &names(adapters)))
}

/// The names of a list of adapters.
pub fn names<P>(adapters: &[Adapter<P>]) -> Vec<&'static str> {
    adapters.iter().map(|adapter| adapter.name).collect()
}
