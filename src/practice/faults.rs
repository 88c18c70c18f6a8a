//! The bad day, ordered in advance: what goes wrong in the next calls. In memory only: a restart is a good day. What a
//! fault does to a call is not done here.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::Value;

const MOST_FAULTS: usize = 32;
const MOST_CALLS: u32 = 10_000;
const MOST_PATHS: usize = 64;
/// A fault as it is ordered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// `cas`, `oidc`, `wecom`, `sms`, `phone`, or a path's beginning, with a method before it where that matters: `POST /cas/`.
    pub target: String,
    pub kind: Kind,
    /// Slow: milliseconds. Status: the HTTP status. Errcode: the service's own code, a number for WeCom and a text for
    /// the others. Cut: how many bytes of the body still leave; half of them where it is not said. Garbage: how many
    /// bytes.
    #[serde(default)]
    pub value: Value,
    /// For how many calls; one where it is not said.
    #[serde(default = "once")]
    pub calls: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The true answer, late.
    Slow,
    /// The connection is closed; nothing was done and nothing is answered.
    Refuse,
    /// An HTTP status without having done anything.
    Status,
    /// WeCom: every token is taken back, and this call is told so.
    TokenExpired,
    /// The service's own way to say no.
    Errcode,
    /// It IS done, and the answer breaks off in its body.
    Cut,
    /// It IS done, and nothing is answered.
    Lost,
    /// An answer that is none.
    Garbage,
}

/// What is ordered, and what was called.
#[derive(Default)]
pub struct Faults {
    ordered: VecDeque<Fault>,
    calls: BTreeMap<String, u64>,
}

fn once() -> u32 {
    1
}

impl Faults {
    /// # Errors
    /// Says which bound the order breaks.
    pub fn order(&mut self, mut fault: Fault) -> Result<(), &'static str> {
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

    pub fn clear(&mut self) {
        self.ordered.clear();
    }

    pub fn ordered(&self) -> Vec<Fault> {
        self.ordered.iter().cloned().collect()
    }

    /// How often each path was called, faults included.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.calls.clone()
    }

    /// Counts a call and takes the first fault that is meant for it.
    pub fn meet(&mut self, method: &str, path: &str) -> Option<Fault> {
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
            .find(|fault| is_meant(&fault.target, method, path))?;
        fault.calls = fault.calls.saturating_sub(1);
        let met = fault.clone();
        self.ordered.retain(|fault| fault.calls > 0);
        Some(met)
    }
}

/// A target's method, where it names one, and its path.
fn path_of(target: &str) -> (Option<&str>, &str) {
    match target.split_once(' ') {
        Some((method, path)) => (Some(method), path),
        None => (None, target),
    }
}

fn is_meant(target: &str, method: &str, path: &str) -> bool {
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

impl Fault {
    /// Its value as a number, or what is usual.
    pub fn number(&self, default: u64) -> u64 {
        self.value.as_u64().unwrap_or(default)
    }
}
