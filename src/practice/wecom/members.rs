//! The calls about members (WeCom docs 90331, 90332, 90333, 90334, 99521). They reproduce a trap of the real API: a new
//! mobile number for an active member is ignored silently, and the errcode is still 0.

use serde_json::{Value, json};

use super::super::owner;
use super::super::seed::DEPARTMENTS;
use super::super::state::{CampusState, CorpMember, MOST_MEMBERS, SecretKind};
use super::call::{WecomCall, WecomResult};

const ACTIVE: u8 = 1;
const NOT_ACTIVE: u8 = 4;
const MOST_INVITED: usize = 1000;

/// `POST user/create` (doc 90331).
pub fn create(state: &mut CampusState, call: &WecomCall) -> WecomResult {
    let userid = text(call.body, "userid").ok_or(41009)?;
    if !is_userid(userid) {
        return Err(40003);
    }
    let name = text(call.body, "name").unwrap_or_default();
    if name.is_empty() || name.chars().count() > 64 {
        return Err(60112);
    }
    let mobile = mobile_of(call.body)?;
    let email = text(call.body, "email").map(str::to_owned);
    if mobile.is_none() && email.is_none() {
        return Err(60129);
    }
    let department = departments(call.body)?;
    if state.member(userid).is_some() {
        return Err(60102);
    }
    check_free(state, mobile.as_deref(), email.as_deref(), userid)?;
    if state.members.len() >= MOST_MEMBERS {
        return Err(45024);
    }
    let member = CorpMember {
        userid: userid.to_owned(),
        name: name.to_owned(),
        mobile,
        email,
        department,
        status: NOT_ACTIVE,
        ..CorpMember::default()
    };
    state.members.insert(userid.to_ascii_lowercase(), member);
    hand_over_phone(state, userid);
    Ok(json!({"errmsg": "created"}))
}

/// `GET user/get` (doc 90332).
pub fn get(state: &mut CampusState, call: &WecomCall) -> WecomResult {
    if call.kind == SecretKind::Contacts && !state.settings.contacts_may_read {
        return Err(48002);
    }
    let shows_mobile = call.kind == SecretKind::Contacts || state.settings.app_sees_mobile;
    let member = state.member(param(call)?).ok_or(60111)?;
    let mut fields = json!({
        "userid": member.userid,
        "name": member.name,
        "department": member.department,
        "status": if state.bad_days.hides(&member.userid) { NOT_ACTIVE } else { member.status },
        "enable": u8::from(member.status != 2),
        "isleader": 0,
    });
    if let Some(map) = fields.as_object_mut().filter(|_| shows_mobile) {
        map.insert(
            "mobile".into(),
            json!(member.mobile.clone().unwrap_or_default()),
        );
        map.insert(
            "email".into(),
            json!(member.email.clone().unwrap_or_default()),
        );
    }
    Ok(fields)
}

/// `POST user/update` (doc 90333).
pub fn update(state: &mut CampusState, call: &WecomCall) -> WecomResult {
    let userid = text(call.body, "userid").ok_or(41009)?;
    let mobile = mobile_of(call.body)?;
    let email = text(call.body, "email").map(str::to_owned);
    let name = text(call.body, "name").map(str::to_owned);
    if name.as_ref().is_some_and(|n| n.chars().count() > 64) {
        return Err(60112);
    }
    if call.body.get("department").is_some() {
        departments(call.body)?;
    }
    state.member(userid).ok_or(60111)?;
    check_free(state, mobile.as_deref(), email.as_deref(), userid)?;
    let member = state.member_mut(userid).ok_or(60111)?;
    if let Some(name) = name {
        member.name = name;
    }
    if let Some(email) = email {
        member.email = Some(email);
    }
    // The trap: the number of an active member does not change, and no error is returned.
    if let Some(mobile) = mobile.filter(|_| member.status != ACTIVE) {
        member.mobile = Some(mobile);
        hand_over_phone(state, userid);
    }
    Ok(json!({"errmsg": "updated"}))
}

/// `GET user/delete` (doc 90334).
pub fn delete(state: &mut CampusState, call: &WecomCall) -> WecomResult {
    let userid = param(call)?;
    if state.member(userid).ok_or(60111)?.creator {
        return Err(301005);
    }
    state.members.remove(&userid.to_ascii_lowercase());
    Ok(json!({"errmsg": "deleted"}))
}

/// `POST user/getuserid`: blocked once the misses exceed a fifth of the members.
pub fn get_userid(state: &mut CampusState, call: &WecomCall) -> WecomResult {
    let most = u32::try_from(state.members.len() / 5).unwrap_or(u32::MAX);
    if state.lookup_misses > most {
        return Err(45009);
    }
    let mobile = mobile_of(call.body)?.ok_or(40058)?;
    let found = state
        .members
        .values()
        .find(|member| member.mobile.as_deref() == Some(&mobile));
    match found.map(|member| member.userid.clone()) {
        Some(userid) => Ok(json!({"userid": userid})),
        None => {
            state.lookup_misses = state.lookup_misses.saturating_add(1);
            Err(46004)
        }
    }
}

/// `POST user/list_id` (doc 96067): the members' ids, a page at a time.
pub fn list(state: &mut CampusState, call: &WecomCall) -> WecomResult {
    let limit = call.body.get("limit").map_or(Some(10_000), Value::as_u64);
    let limit = limit.filter(|limit| (1..=10_000).contains(limit));
    let limit = limit.and_then(|limit| usize::try_from(limit).ok());
    let after = text(call.body, "cursor").unwrap_or_default().to_owned();
    let page: Vec<&CorpMember> = state
        .members
        .iter()
        .filter(|(key, _)| **key > after)
        .map(|(_, member)| member)
        .take(limit.ok_or(40058)?)
        .collect();
    let last = page.last().map(|member| member.userid.to_ascii_lowercase());
    let has_more = state.members.keys().next_back() > last.as_ref();
    let users: Vec<Value> = page
        .iter()
        .map(|member| json!({"userid": member.userid, "department": member.department.first()}))
        .collect();
    let cursor = last.filter(|_| has_more).unwrap_or_default();
    Ok(json!({"next_cursor": cursor, "dept_user": users}))
}

/// `GET user/authsucc` (doc 99521): confirms the second verification. A member who follows already becomes active.
pub fn authsucc(state: &mut CampusState, call: &WecomCall) -> WecomResult {
    let member = state.member_mut(param(call)?).ok_or(60111)?;
    member.confirmed = true;
    if member.followed && member.status == NOT_ACTIVE {
        member.status = ACTIVE;
    }
    Ok(json!({}))
}

/// `POST batch/invite`: errcode 0 does not mean that an invitation was delivered.
pub fn invite(state: &mut CampusState, call: &WecomCall) -> WecomResult {
    let users = call
        .body
        .get("user")
        .and_then(Value::as_array)
        .ok_or(40058)?;
    if users.len() > MOST_INVITED {
        return Err(40058);
    }
    let invalid: Vec<&str> = users
        .iter()
        .filter_map(Value::as_str)
        .filter(|userid| state.member(userid).is_none())
        .collect();
    Ok(json!({"invaliduser": invalid, "invalidparty": [], "invalidtag": []}))
}

/// What the company's registration page does when a number is entered on the phone.
///
/// # Errors
/// The errcode when the number is not a mobile number or another member has it.
pub fn bind(state: &mut CampusState, userid: &str, name: &str, mobile: &str) -> Result<(), i64> {
    let mobile = clean_mobile(mobile).ok_or(60103)?;
    check_free(state, Some(&mobile), None, userid)?;
    let key = userid.to_ascii_lowercase();
    let member = state.members.entry(key).or_insert_with(|| CorpMember {
        userid: userid.to_owned(),
        name: name.to_owned(),
        department: vec![2],
        status: NOT_ACTIVE,
        ..CorpMember::default()
    });
    if member.status == NOT_ACTIVE {
        member.mobile = Some(mobile);
    }
    Ok(())
}

/// The eleven digits of `13800138000`, `+86 13800138000` and similar; `None` for anything else.
pub fn clean_mobile(given: &str) -> Option<String> {
    let bare = given.trim();
    let bare = bare.strip_prefix("+86").unwrap_or(bare);
    let bare = bare.trim_start_matches(['-', ' ']);
    let planned = bare.as_bytes().get(1).is_some_and(|digit| *digit >= b'3');
    let is_mobile = bare.len() == 11
        && planned
        && bare.starts_with('1')
        && bare.bytes().all(|digit| digit.is_ascii_digit());
    is_mobile.then(|| bare.to_owned())
}

fn check_free(
    state: &mut CampusState,
    mobile: Option<&str>,
    email: Option<&str>,
    userid: &str,
) -> Result<(), i64> {
    let is_own = |mobile: &str| {
        let member = state.member(userid);
        member.is_some_and(|member| member.mobile.as_deref() == Some(mobile))
    };
    if let Some(mobile) = mobile.filter(|mobile| !is_own(mobile))
        && (state.is_taken(mobile, userid) || state.bad_days.takes(userid, mobile))
    {
        return Err(60104);
    }
    let is_other = |member: &&CorpMember| !member.userid.eq_ignore_ascii_case(userid);
    let mut others = state.members.values().filter(is_other);
    if email.is_some_and(|email| others.any(|other| other.email.as_deref() == Some(email))) {
        return Err(60106);
    }
    Ok(())
}

/// The practice phone now belongs to the student whose number was set. A desk where a volunteer vouched for the student
/// sets a number without a sign-in.
fn hand_over_phone(state: &mut CampusState, userid: &str) {
    if state.accounts.contains_key(userid) {
        owner::hand_over(state, userid);
    }
}

fn is_userid(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_@.-".contains(c);
    (1..=64).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(allowed)
}

fn param<'a>(call: &WecomCall<'a>) -> Result<&'a str, i64> {
    let userid = call.params.get("userid").filter(|id| !id.is_empty());
    userid.map(String::as_str).ok_or(41009)
}

fn text<'a>(body: &'a Value, key: &str) -> Option<&'a str> {
    body.get(key)?.as_str().filter(|text| !text.is_empty())
}

fn mobile_of(body: &Value) -> Result<Option<String>, i64> {
    match text(body, "mobile") {
        Some(given) => clean_mobile(given).map(Some).ok_or(60103),
        None => Ok(None),
    }
}

fn departments(body: &Value) -> Result<Vec<u32>, i64> {
    let listed = match body.get("department") {
        None | Some(Value::Null) => return Err(60127),
        Some(Value::Array(all)) => all.clone(),
        Some(one) => vec![one.clone()],
    };
    if listed.is_empty() || listed.len() > 100 {
        return Err(60123);
    }
    let known = |value: &Value| {
        let id = value.as_u64().and_then(|id| u32::try_from(id).ok());
        id.filter(|id| DEPARTMENTS.contains(id)).ok_or(60123)
    };
    listed.iter().map(known).collect()
}
