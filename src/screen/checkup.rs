//! What the checks before the doors open have found, and the words for it: the volunteer's panel and the command say the
//! same. It finds nothing itself.

use crate::text::{FluentValue, Text};

/// How a check ended. Its words say it, not its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckupVerdict {
    /// All is well.
    Pass,
    /// The desk can open; somebody should know.
    Warn,
    /// The desk should not open like this.
    Fail,
}

/// What one check has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckupFinding {
    /// The key of the check's name, such as `check-clock`.
    pub check: &'static str,
    /// What it is about, where that has a name of its own: a gateway as the configuration calls it.
    pub subject: Option<&'static str>,
    /// How the check ended.
    pub verdict: CheckupVerdict,
    /// The key of what was found.
    pub told: &'static str,
    /// The variables of `told` and `remedy`. No secret, no person.
    pub values: Vec<(&'static str, String)>,
    /// The key of what to do.
    pub remedy: Option<&'static str>,
}

/// The findings so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkup {
    /// In the order in which the checks ended.
    pub findings: Vec<CheckupFinding>,
    /// No check is under way any more.
    pub is_done: bool,
    /// A message can be sent to the volunteer's own number.
    pub may_send: bool,
}

impl CheckupVerdict {
    /// The key of its word.
    pub fn word(self) -> &'static str {
        match self {
            CheckupVerdict::Pass => "verdict-pass",
            CheckupVerdict::Warn => "verdict-warn",
            CheckupVerdict::Fail => "verdict-fail",
        }
    }
}

impl CheckupFinding {
    /// A check that passed.
    pub fn pass(check: &'static str, told: &'static str) -> Self {
        CheckupFinding {
            check,
            subject: None,
            verdict: CheckupVerdict::Pass,
            told,
            values: Vec::new(),
            remedy: None,
        }
    }

    /// A check that ended with a warning, and what to do about it.
    pub fn warn(check: &'static str, told: &'static str, remedy: &'static str) -> Self {
        CheckupFinding {
            verdict: CheckupVerdict::Warn,
            remedy: Some(remedy),
            ..CheckupFinding::pass(check, told)
        }
    }

    /// A check that failed, and what to do about it.
    pub fn fail(check: &'static str, told: &'static str, remedy: &'static str) -> Self {
        CheckupFinding {
            verdict: CheckupVerdict::Fail,
            ..CheckupFinding::warn(check, told, remedy)
        }
    }

    /// What only the administrator can mend, with the section of yingxin.toml that it is about.
    pub fn misconfigured(check: &'static str, section: &str, why: &str) -> Self {
        CheckupFinding::fail(check, "told-misconfigured", "remedy-misconfigured")
            .with("section", section)
            .with("why", why)
    }

    /// Names the subject.
    #[must_use]
    pub fn about(mut self, subject: &'static str) -> Self {
        self.subject = Some(subject);
        self
    }

    /// Adds a variable of the two texts.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// The check's name; of a gateway the name that people know, and behind it its key for the administrator.
    pub fn name(&self, text: &Text) -> String {
        let Some(subject) = self.subject else {
            return text.get(self.check);
        };
        let root = subject.split_once('.').map_or(subject, |(root, _)| root);
        let known = match root {
            "identity" => Some("gateway-identity"),
            "directory" => Some("gateway-directory"),
            "sms" => Some("gateway-sms"),
            _ => None,
        };
        match known {
            Some(known) if root == subject => text.get(known),
            known => format!("{} {subject}", text.get(known.unwrap_or(self.check))),
        }
    }

    /// What was found, in a sentence.
    pub fn told(&self, text: &Text) -> String {
        text.with(self.told, &self.arguments())
    }

    /// What to do, as an order.
    pub fn remedy(&self, text: &Text) -> Option<String> {
        Some(text.with(self.remedy?, &self.arguments()))
    }

    fn arguments(&self) -> Vec<(&'static str, FluentValue<'_>)> {
        let values = self.values.iter();
        values
            .map(|(name, value)| (*name, value.as_str().into()))
            .collect()
    }
}

impl Checkup {
    /// The findings with the worst first; among equals in the order in which the checks ended.
    pub fn worst_first(&self) -> Vec<&CheckupFinding> {
        worst_first(&self.findings)
    }

    /// The worst of what was found.
    pub fn verdict(&self) -> CheckupVerdict {
        let verdicts = self.findings.iter().map(|finding| finding.verdict);
        verdicts.max().unwrap_or(CheckupVerdict::Pass)
    }
}

/// The findings with the worst first; among equals in their order.
pub fn worst_first(findings: &[CheckupFinding]) -> Vec<&CheckupFinding> {
    let mut findings: Vec<&CheckupFinding> = findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    #[test]
    fn a_gateway_is_called_as_people_know_it() {
        let text = Text::new(Lang::Zh);
        let named = |subject| {
            let found = CheckupFinding::pass("check-gateway", "told-answers");
            found.about(subject).name(&text)
        };
        for (subject, name) in [
            ("identity.cas_rest", "统一身份认证 identity.cas_rest"),
            ("directory.wecom.app", "通讯录 directory.wecom.app"),
            ("sms.tencent", "短信 sms.tencent"),
            ("sms", "短信"),
        ] {
            assert_eq!(named(subject), name);
        }
    }
}
