//! Faults ordered in advance for the next calls. They live in memory and a restart ends them. [`super::fault_layer`]
//! applies them.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::Value;

const MOST_FAULTS: usize = 32;
const MOST_CALLS: u32 = 10_000;
const MOST_PATHS: usize = 64;

/// A fault as it is ordered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderedFault {
    /// `cas`, `oidc`, `wecom`, `sms`, `phone`, or the beginning of a path, optionally after a method: `POST /cas/`.
    pub target: String,
    /// What happens to the call.
    pub kind: FaultKind,
    /// Slow: milliseconds. Status: the HTTP status. Errcode: the service's own code, a number for WeCom and a text for
    /// the others. Cut: how many bytes of the body are sent, by default half of them. Garbage: how many bytes.
    #[serde(default)]
    pub value: Value,
    /// For how many calls; by default one.
    #[serde(default = "once")]
    pub calls: u32,
}

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The normal response, late.
    Slow,
    /// The call is NOT executed and the connection is closed without a response.
    Refuse,
    /// The call is NOT executed and the response is this HTTP status.
    Status,
    /// WeCom: all access tokens are revoked, and this call gets the errcode for an expired token.
    TokenExpired,
    /// The call is NOT executed and the response is the service's own error.
    Errcode,
    /// The call IS executed, and the response breaks off in its body.
    Cut,
    /// The call IS executed, and the connection is closed without a response.
    Lost,
    /// The call is NOT executed and the response is not valid.
    Garbage,
}

/// The ordered faults, and how often each path was called.
#[derive(Default)]
pub struct OrderedFaults {
    ordered: VecDeque<OrderedFault>,
    calls: BTreeMap<String, u64>,
}

fn once() -> u32 {
    1
}

impl OrderedFaults {
    /// Adds a fault.
    ///
    /// # Errors
    /// When the target is unknown or too many faults are ordered.
    pub fn order(&mut self, mut fault: OrderedFault) -> Result<(), &'static str> {
        let named = matches!(
            fault.target.as_str(),
            "cas" | "oidc" | "wecom" | "sms" | "phone"
        );
        if !named && !path_of(&fault.target).1.starts_with('/') {
            return Err("target is cas, oidc, wecom, sms, phone, or a path");
        }
        if self.ordered.len() >= MOST_FAULTS {
            return Err("too many faults are ordered");
        }
        fault.calls = fault.calls.min(MOST_CALLS);
        self.ordered.push_back(fault);
        Ok(())
    }

    /// Removes all faults.
    pub fn clear(&mut self) {
        self.ordered.clear();
    }

    /// The faults that are still to come.
    pub fn ordered(&self) -> Vec<OrderedFault> {
        self.ordered.iter().cloned().collect()
    }

    /// How often each path was called, faults included.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.calls.clone()
    }

    /// Counts a call and takes the first fault that applies to it.
    pub fn take_for(&mut self, method: &str, path: &str) -> Option<OrderedFault> {
        let counted = match path.strip_prefix("/cas/v1/tickets/") {
            Some(_) => "/cas/v1/tickets/*",
            None => path,
        };
        if self.calls.len() < MOST_PATHS || self.calls.contains_key(counted) {
            let count = self.calls.entry(counted.to_owned()).or_default();
            *count = count.saturating_add(1);
        }
        self.ordered.retain(|fault| fault.calls > 0);
        let fault = self
            .ordered
            .iter_mut()
            .find(|fault| applies_to(&fault.target, method, path))?;
        fault.calls = fault.calls.saturating_sub(1);
        let taken = fault.clone();
        self.ordered.retain(|fault| fault.calls > 0);
        Some(taken)
    }
}

/// A target's method, where it names one, and its path.
fn path_of(target: &str) -> (Option<&str>, &str) {
    match target.split_once(' ') {
        Some((method, path)) => (Some(method), path),
        None => (None, target),
    }
}

fn applies_to(target: &str, method: &str, path: &str) -> bool {
    let (only, target) = path_of(target);
    if only.is_some_and(|only| only != method) {
        return false;
    }
    match target {
        "cas" => path.starts_with("/cas/"),
        "oidc" => path.starts_with("/oidc/"),
        "wecom" => path.starts_with("/cgi-bin/"),
        "sms" => path == "/",
        "phone" => path.starts_with("/practice/phone"),
        prefix => path.starts_with(prefix),
    }
}

impl OrderedFault {
    /// Its value as a number, or the default.
    pub fn number(&self, default: u64) -> u64 {
        self.value.as_u64().unwrap_or(default)
    }
}
