//! Every message is drawn with the variables that its page gives: a variable that is not given would stand on the screen
//! as `{$name}`. The pages are read as source: a test that draws them meets only the states that it thinks of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::tests::{entries, variables};
use super::*;

/// Calls that give a message its variables.
const GIVING: [&str; 2] = ["with", "words_with"];
/// Calls that give it none.
const PLAIN: [&str; 10] = [
    "get",
    "words",
    "tell",
    "button",
    "button_at",
    "button_width",
    "buttons",
    "deeds",
    "banner",
    "tip",
];

enum Token {
    Text(String),
    Word(String),
    Sign(char),
}

/// The strings, words and signs of a source, without comments and without its tests.
fn tokens(source: &str) -> Vec<Token> {
    let source = source.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
    let mut found = Vec::new();
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => while chars.next_if(|c| *c != '\n').is_some() {},
            '"' => {
                let mut text = String::new();
                while let Some(c) = chars.next().filter(|c| *c != '"') {
                    text.push(c);
                    if c == '\\' {
                        text.extend(chars.next());
                    }
                }
                found.push(Token::Text(text));
            }
            '\'' if chars.peek() == Some(&'\\') => {
                chars.nth(1);
                while chars.next_if(|c| *c != '\'').is_some() {}
                chars.next();
            }
            // A character that is a sign here, and no lifetime.
            '\'' if matches!(
                chars.peek(),
                Some('"' | '(' | ')' | '{' | '}' | '[' | ']' | '/')
            ) =>
            {
                chars.nth(1);
            }
            c if c.is_alphanumeric() || c == '_' => {
                let mut word = String::from(c);
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    word.push(c);
                }
                found.push(Token::Word(word));
            }
            c if c.is_whitespace() => {}
            c => found.push(Token::Sign(c)),
        }
    }
    found
}

/// A message as a source uses it, and the variables it is given there.
struct Use {
    key: String,
    given: BTreeSet<String>,
}

/// The uses of messages in a source. One that is passed on by its key may be given what the same file gives anywhere.
fn uses(source: &str, keys: &BTreeMap<String, String>) -> Vec<Use> {
    let tokens = tokens(source);
    let text_at = |place: usize| match tokens.get(place) {
        Some(Token::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let is_sign = |place: usize, wanted: char| matches!(tokens.get(place), Some(Token::Sign(c)) if *c == wanted);
    // A variable is the first of two: ("n", 3.into()).
    let variables_in = |from: usize, to: usize| -> BTreeSet<String> {
        (from..to)
            .filter(|place| {
                place
                    .checked_sub(1)
                    .is_some_and(|before| is_sign(before, '('))
                    && is_sign(place + 1, ',')
            })
            .filter_map(text_at)
            .filter(|text| !keys.contains_key(*text))
            .map(str::to_owned)
            .collect()
    };
    let anywhere = variables_in(0, tokens.len());
    let mut open: Vec<(usize, Option<&str>)> = Vec::new();
    let mut found: Vec<(String, Vec<(usize, &str)>)> = Vec::new();
    let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
    for (place, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign('(' | '[' | '{') => {
                let call = match place.checked_sub(1).and_then(|before| tokens.get(before)) {
                    Some(Token::Word(word)) if is_sign(place, '(') => Some(word.as_str()),
                    _ => None,
                };
                open.push((place, call));
            }
            Token::Sign(')' | ']' | '}') => {
                if let Some((begin, _)) = open.pop() {
                    ends.insert(begin, place);
                }
            }
            Token::Text(text) if keys.contains_key(text) => {
                let calls = open
                    .iter()
                    .rev()
                    .filter_map(|(at, call)| Some((*at, (*call)?)));
                found.push((text.clone(), calls.collect()));
            }
            Token::Text(_) | Token::Word(_) | Token::Sign(_) => {}
        }
    }
    found
        .into_iter()
        .map(|(key, calls)| {
            // A constructor and a closure pass it on to the call around them; any other call to somewhere else.
            let passes = |call: &str| {
                call.starts_with(char::is_uppercase) || ["map", "then", "unwrap_or"].contains(&call)
            };
            let call = calls.into_iter().find(|(_, call)| !passes(call));
            let call = call.filter(|(_, call)| GIVING.contains(call) || PLAIN.contains(call));
            let given = match call {
                Some((_, call)) if PLAIN.contains(&call) => BTreeSet::new(),
                Some((at, _)) => {
                    let inside = variables_in(at, ends.get(&at).copied().unwrap_or(at));
                    // The values stand in a variable of their own.
                    if inside.is_empty() {
                        anywhere.clone()
                    } else {
                        inside
                    }
                }
                None => anywhere.clone(),
            };
            Use { key, given }
        })
        .collect()
}

fn sources(dir: &Path, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.display().to_string();
        if path.is_dir() && !name.ends_with("/tests") {
            sources(&path, found);
        } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
            found.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn texts() -> Vec<Text> {
    Lang::ALL.iter().map(|lang| Text::new(*lang)).collect()
}

/// What a message lacks where a source uses it.
fn lacking(source: &str, texts: &[Text], keys: &BTreeMap<String, String>) -> Vec<String> {
    let mut lacking = Vec::new();
    for found in uses(source, keys) {
        let missing: Vec<String> = variables(&keys[&found.key])
            .difference(&found.given)
            .cloned()
            .collect();
        if !missing.is_empty() {
            lacking.push(format!("{}: {}", found.key, missing.join(", ")));
            continue;
        }
        for text in texts {
            let values: Vec<(&str, FluentValue<'_>)> = found
                .given
                .iter()
                .map(|name| (name.as_str(), 7.into()))
                .collect();
            let drawn = text.with(&found.key, &values);
            assert!(!drawn.contains(['{', '}']), "{}: {drawn}", found.key);
        }
    }
    lacking
}

#[test]
fn every_message_is_drawn_with_the_variables_that_its_page_gives() {
    let keys = entries(Lang::Zh);
    let mut all = BTreeMap::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    let (texts, mut used) = (texts(), BTreeSet::new());
    for (name, source) in &all {
        let lacking = lacking(source, &texts, &keys);
        assert!(lacking.is_empty(), "{name} does not give {lacking:?}");
        used.extend(uses(source, &keys).into_iter().map(|found| found.key));
    }
    // It sees the messages that have variables at all.
    let with_variables = keys.iter().filter(|(_, text)| !variables(text).is_empty());
    let unseen: Vec<&String> = with_variables
        .map(|(key, _)| key)
        .filter(|key| !used.contains(*key))
        .collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}

#[test]
fn a_variable_that_is_not_given_is_found() {
    let keys = entries(Lang::Zh);
    let texts = texts();
    let lacks = |source: &str| lacking(source, &texts, &keys);
    let plain = "fn f() { pen.tell(s, if q { \"follow-words\" } else { \"follow-words-no-qr\" }, Role::Text); \
                 pen.words_with(\"follow-title\", &[(\"account\", a.into())]); }";
    assert_eq!(lacks(plain), ["follow-words-no-qr: account"]);
    let partly = "text.with(\"wait-at-most\", &[(\"n\", 1.into())])";
    assert_eq!(lacks(partly), ["wait-at-most: words"]);
    let passed_on = "let key = \"outbox-next\"; pen.words_with(key, &[(\"wait\", w.into())])";
    assert!(lacks(passed_on).is_empty());
    assert_eq!(
        lacks("let key = \"outbox-next\"; pen.words(key)"),
        ["outbox-next: wait"]
    );
}

/// And where a test draws a page, what is asked for is checked as it is asked.
#[test]
#[should_panic(expected = "follow-words-no-qr")]
fn a_variable_that_is_not_given_stops_the_test_that_draws_it() {
    Text::new(Lang::En).get("follow-words-no-qr");
}
