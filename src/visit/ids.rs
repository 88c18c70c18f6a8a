//! Identifiers that no person reads. None of them is a secret and none of them proves anything.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A visit's id: random, unique over all desks, meaningless to a person.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VisitId(pub u128);

/// An effect's id: a reply that bears another id than the one under way is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EffectId(pub u64);

impl fmt::Display for VisitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for VisitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<VisitId> for String {
    fn from(id: VisitId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for VisitId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        u128::from_str_radix(&text, 16)
            .map(VisitId)
            .map_err(|e| format!("not a visit id: {e}"))
    }
}
