//! The way of signing in: the address is asked by every adapter, and what fits is chosen.

use super::Settings;
use super::answers::{Given, SignInAt};
use crate::campus::http::Http;
use crate::campus::identity::found::{FoundWay, address_key, find_ways};
use crate::campus::identity::ldap::NAME as LDAP;
use crate::cli_error::CliResult;
use crate::cli_lang::{both, pick};
use crate::config;

/// What an address brings.
pub struct FoundSignIn {
    /// The settings of the way that was chosen.
    pub values: Vec<(&'static str, String)>,
    /// Which was chosen, of which.
    pub told: String,
}

/// The settings that the address brings: those of the way that was chosen.
///
/// # Errors
/// No way fits, or the one that is wanted does not; the fault says what each answered.
pub fn find(given: &Given<SignInAt>, settings: &Settings, http: &Http) -> CliResult<FoundSignIn> {
    let wanted = &given.value;
    let fault = |what: String, remedy: String| given.at.fault(what, remedy);
    if !wanted.address.starts_with("ldap") {
        crate::campus::http::Endpoint::parse(&wanted.address).map_err(|error| {
            fault(
                error.to_string(),
                pick(
                    "write it whole, such as \"https://cas.example.edu.cn/cas\"",
                    "请写完整，如 \"https://cas.example.edu.cn/cas\"",
                )
                .into(),
            )
        })?;
    }
    let service = wanted.service.as_deref().unwrap_or(&wanted.address);
    let found = super::super::runtime()?.block_on(find_ways(http, &wanted.address, service));
    let offered: Vec<&str> = offered(&found).collect();
    let chosen = match wanted.way.as_deref() {
        None => offered.first().copied(),
        Some(way) => offered.iter().find(|name| **name == way).copied(),
    };
    let Some(chosen) = chosen else {
        let what = match (wanted.way.as_deref(), offered.is_empty()) {
            (Some(way), false) => {
                both!(
                    "{way:?} is not offered there, but {}",
                    "那里没有 {way:?}，有的是 {}",
                    offered.join(", ")
                )
            }
            _ => both!(
                "no way of signing in was found there: {}",
                "那里没有找到登录方式：{}",
                said(&found)
            ),
        };
        return Err(fault(
            what,
            pick(
                "check the address in a browser on this machine; or write the section of a way yourself, such as \
                 [identity.cas_rest], which is not asked here",
                "请在这台电脑的浏览器里看看这个地址；或自己写好某种方式的一节，如 [identity.cas_rest]，那样就不去问",
            )
            .into(),
        )
        .into());
    };
    if settings.get("identity.order").is_none() {
        let filled = settings.values.iter().find_map(|value| {
            let (section, _) = value.setting.split();
            let way = section.strip_prefix("identity.")?;
            (way != chosen).then_some(way)
        });
        if let Some(way) = filled {
            return Err(fault(
                both!(
                    "{chosen} is offered there, and [identity.{way}] is filled in",
                    "那里提供的是 {chosen}，而填写的是 [identity.{way}]"
                ),
                both!(
                    "rename that section to [identity.{chosen}], or set way = \"{way}\"",
                    "请把那一节改名为 [identity.{chosen}]，或写 way = \"{way}\""
                ),
            )
            .into());
        }
    }
    let told = both!(
        "sign-in: {chosen}, of {}",
        "登录方式：{chosen}（提供的有 {}）",
        offered.join(", ")
    );
    let mut values = Vec::new();
    values.extend(address_key(chosen).map(|key| (key, wanted.address.clone())));
    let service_key = format!("identity.{chosen}.service");
    let service_key = config::settings().find(|setting| setting.key == service_key);
    values.extend(service_key.map(|setting| (setting.key, service.to_owned())));
    if chosen == LDAP && settings.get("identity.ldap.base").is_none() {
        return Err(fault(
            pick(
                "LDAP answers there, and where students are searched is not said",
                "那里是 LDAP，但没有写在哪里查学生",
            )
            .into(),
            pick(
                "add `base = \"ou=students,dc=...\"` to [identity.ldap]",
                "请在 [identity.ldap] 里加上 `base = \"ou=students,dc=...\"`",
            )
            .into(),
        )
        .into());
    }
    Ok(FoundSignIn { values, told })
}

/// The ways that fit, in the order of the adapters.
fn offered(found: &[FoundWay]) -> impl Iterator<Item = &'static str> {
    found
        .iter()
        .filter(|way| way.said.is_ok())
        .map(|way| way.name)
}

fn said(found: &[FoundWay]) -> String {
    let mut words: Vec<String> = Vec::new();
    for way in found {
        let Err(why) = &way.said else {
            continue;
        };
        match words
            .last_mut()
            .filter(|last| last.ends_with(&format!(": {why}")))
        {
            Some(last) => *last = format!("{}, {last}", way.name),
            None => words.push(format!("{}: {why}", way.name)),
        }
    }
    words.join("; ")
}
