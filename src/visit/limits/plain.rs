//! Limits as earlier programs wrote them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Held, Limits};
use crate::visit::{LimitKeys, LimitTag, Mobile, StudentNumber};

/// Limits by plain numbers. They are read and never written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlainLimits {
    codes: BTreeMap<Mobile, Vec<Timestamp>>,
    refusals: BTreeMap<StudentNumber, Vec<Timestamp>>,
    #[serde(default)]
    held: BTreeMap<StudentNumber, Held>,
    #[serde(default)]
    desk_codes: Vec<Timestamp>,
    #[serde(default)]
    desk_refusals: Vec<Timestamp>,
}

impl PlainLimits {
    /// The same limits by tags.
    pub fn tagged(self, keys: &LimitKeys) -> Limits {
        let mut limits = Limits::new(keys.clone());
        let student = |student: &StudentNumber| -> Option<LimitTag> {
            keys.student(student).first().copied()
        };
        for (mobile, moments) in self.codes {
            let tag = keys.mobile(&mobile).first().copied();
            limits.codes.extend(tag.map(|tag| (tag, moments)));
        }
        for (number, moments) in self.refusals {
            let tag = student(&number);
            limits.refusals.extend(tag.map(|tag| (tag, moments)));
        }
        for (number, held) in self.held {
            let tag = student(&number);
            limits.held.extend(tag.map(|tag| (tag, held)));
        }
        limits.desk_codes = self.desk_codes;
        limits.desk_refusals = self.desk_refusals;
        limits
    }
}
