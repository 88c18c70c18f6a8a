//! The words people read: `zh-CN.ftl` and `en.ftl`, embedded. Everything a person sees comes from there or from the pack.

use serde::{Deserialize, Serialize};

/// A language of the kiosk. Chinese first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// The other one: F2.
    pub fn next(self) -> Self {
        match self {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }
    }
}
