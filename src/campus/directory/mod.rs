//! The company's contacts: one adapter a way of reaching them.

pub mod guide;
pub mod wecom;
mod wecom_errcode;
pub(crate) mod wecom_json;
mod wecom_settings;
mod wecom_token;

pub use guide::Guide;
pub use wecom::WeCom;
pub use wecom_settings::WeComOptions;

use super::Directory;
use super::setting::{Adapter, BoxedConnector, Setting, SettingKind, SettingValues, find, names};
use crate::cli_error::CliResult;
use crate::visit::{DirectoryRefusal, Failure};

/// Why a call to the directory failed.
type DirectoryFailure = Failure<DirectoryRefusal>;

/// The value of `directory.kind` without any adapter: the student's word counts (guide 一.3).
const GUIDE: &str = "guide";

/// The adapters of a directory that is asked over the network.
pub static ADAPTERS: &[Adapter<Box<dyn Directory>>] = &[Adapter {
    name: wecom_settings::NAME,
    settings: wecom_settings::SETTINGS,
    read: |values| Ok(Box::new(WeComOptions::read(values)?)),
}];

/// Which directory is asked.
pub static KIND: Setting = Setting {
    key: "directory.kind",
    kind: SettingKind::Choice(kinds),
    default: None,
    example: GUIDE,
    words: "Which directory is asked. guide: none, the student's word counts. wecom: WeCom, which holds without this key where that section is filled in.",
};

fn kinds() -> Vec<&'static str> {
    let mut kinds = vec![GUIDE];
    kinds.extend(names(ADAPTERS));
    kinds
}

/// The settings of `[directory]` and of every adapter, in the order of the file.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    let adapters = ADAPTERS.iter().flat_map(|adapter| adapter.settings);
    std::iter::once(&KIND).chain(adapters)
}

/// The configured directory; `None` for the student's word. Without `directory.kind` it is the first adapter whose
/// section is filled in.
///
/// # Errors
/// Where the kind is unknown, a setting is missing, or a secret cannot be read.
pub fn read(values: &dyn SettingValues) -> CliResult<Option<BoxedConnector<Box<dyn Directory>>>> {
    let adapter = match values.text(&KIND) {
        Some(kind) if kind == GUIDE => None,
        Some(kind) => {
            let found = find(ADAPTERS, &kind);
            Some(found.map_err(|invalid| values.fault(&KIND, invalid))?)
        }
        None => ADAPTERS
            .iter()
            .find(|adapter| values.is_filled(&format!("directory.{}", adapter.name))),
    };
    adapter.map(|adapter| (adapter.read)(values)).transpose()
}
