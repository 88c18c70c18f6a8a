//! Canaries: a password, a code and a phone number go through a whole journey; afterwards they are searched for in every
//! file of the desk, in its log, in what it printed and in what stands on the screen.

use std::path::Path;

use crate::support::kiosk::Place;
use crate::support::{Desk, ENTER, TAB, memory};
use serde_json::json;

const PASSWORD: &str = "practice-0002";
const MOBILE: &str = "13700137000";

/// Every file below a folder that holds the text, as it is or as UTF-16.
fn files_with(dir: &Path, text: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files_with(&path, text, found);
        } else if let Ok(bytes) = std::fs::read(&path) {
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            if memory::contains(&bytes, text.as_bytes()) || memory::contains(&bytes, &wide) {
                found.push(path.display().to_string());
            }
        }
    }
}

/// From Welcome to a password that waits for Enter.
fn types_the_password(desk: &mut Desk) {
    desk.shows("欢迎新同学").types(ENTER);
    desk.shows("开始之前").types(ENTER);
    desk.shows("登录统一身份认证")
        .types("20260002")
        .types(TAB)
        .pastes(PASSWORD);
}

#[test]
fn no_password_no_code_and_no_number_stays_behind() {
    let place = Place::connected();
    place
        .campus()
        .put("/practice/phone/wechat", json!({ "mobile": "13900139000" }));
    let mut desk = place.kiosk("zh-CN", 100, 40);
    types_the_password(&mut desk);
    desk.types(ENTER);
    desk.shows("填写手机号")
        .types(MOBILE)
        .types(ENTER)
        .shows("您的微信，绑定的是")
        .types("2");
    desk.shows("用微信关注")
        .types(ENTER)
        .shows("发送验证码")
        .types(ENTER)
        .shows("验证码已发到");
    let phone = place.campus().get("/practice/phone");
    let message = phone["messages"][0].as_str().unwrap().to_owned();
    let code = message
        .split(|c: char| !c.is_ascii_digit())
        .find(|part| part.len() == 6)
        .unwrap()
        .to_owned();
    desk.types(&code)
        .shows("绑定成功")
        .types(ENTER)
        .shows("欢迎新同学");
    memory::holds_none(desk.pid(), &[PASSWORD, &code]);
    desk.signal("TERM");
    desk.ends();

    // The canary is found where it belongs: in the campus's state, which is not the desk's.
    let mut found = Vec::new();
    files_with(&place.dir().join("campus"), MOBILE, &mut found);
    assert!(!found.is_empty(), "the search finds nothing at all");
    for (what, text) in [
        ("password", PASSWORD),
        ("code", code.as_str()),
        ("number", MOBILE),
        ("number", "137 0013 7000"),
    ] {
        let mut found = Vec::new();
        files_with(&place.store(), text, &mut found);
        assert!(found.is_empty(), "the {what} stands in {found:?}");
    }
    let printed = String::from_utf8_lossy(&desk.raw()).into_owned();
    for text in [PASSWORD, code.as_str()] {
        assert!(!printed.contains(text), "{text} was printed");
    }
    // What was printed after Done shows nothing of the student.
    let after = printed.rsplit("请让下一位同学过来").next().unwrap();
    for text in [MOBILE, "137 0013 7000", "20260002", "乌日娜"] {
        assert!(!after.contains(text), "{text} was printed after Done");
    }
    println!(
        "| the canary: a password and a code, in store, log, output and memory | a journey | 0 finds |"
    );
    println!(
        "| the canary: a phone number, in store and log, and in the output after Done | a journey | 0 finds |"
    );
}

/// A shell that allows cores of any size, starts a program and says how it ended.
const ALLOWS_CORES: &str = "ulimit -c unlimited; \"$@\"; echo \"ended with $?\"";

/// The files below a folder that look like a core.
fn cores(dir: &Path) -> Vec<String> {
    let names = std::fs::read_dir(dir).unwrap().flatten();
    names
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("core"))
        .collect()
}

/// Kills what a shell has started, by a signal that dumps core; gives what the shell said and the cores that it left.
fn dumps(mut desk: Desk, signal: &str, dir: &Path) -> (String, Vec<String>) {
    let shell = desk.pid();
    let children = format!("/proc/{shell}/task/{shell}/children");
    let began = std::time::Instant::now();
    let child = loop {
        let child = std::fs::read_to_string(&children).unwrap_or_default();
        if !child.trim().is_empty() {
            break child;
        }
        assert!(
            began.elapsed() < crate::support::PATIENCE,
            "nothing is started"
        );
        std::thread::sleep(std::time::Duration::from_millis(10));
    };
    // The runtime passes over the first SEGV that no access of its own has caused.
    for _ in 0..5 {
        let kill = std::process::Command::new("kill")
            .args([&format!("-{signal}"), child.trim()])
            .status();
        assert!(kill.unwrap().success());
        std::thread::sleep(std::time::Duration::from_millis(300));
        let left = std::fs::read_to_string(&children).unwrap_or_default();
        if left.trim().is_empty() {
            break;
        }
    }
    desk.ends();
    (
        String::from_utf8_lossy(&desk.raw()).into_owned(),
        cores(dir),
    )
}

#[test]
fn a_desk_that_falls_leaves_no_core() {
    let place = Place::connected();
    let shell = |program: &[&str]| {
        let mut command = crate::support::yingxin(&[]);
        *command.get_argv_mut() = ["sh", "-c", ALLOWS_CORES, "sh"].map(Into::into).to_vec();
        command.args(program);
        Desk::start(command, place.dir(), 100, 40)
    };
    // The search finds one where one is written; elsewhere the system hands it to a program of its own.
    let pattern = std::fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap();
    let sleeper = shell(&["sleep", "60"]);
    let (told, left) = dumps(sleeper, "ABRT", place.dir());
    if pattern.starts_with("core") {
        assert!(
            told.contains("core dumped") && !left.is_empty(),
            "{told} {left:?}"
        );
    }
    left.iter()
        .for_each(|name| std::fs::remove_file(place.dir().join(name)).unwrap());
    let signals = ["ABRT", "SEGV", "ILL"];
    for signal in signals {
        let line = place.line("zh-CN");
        let words: Vec<&str> = line.iter().map(String::as_str).collect();
        let mut desk = shell(&words);
        types_the_password(&mut desk);
        let (told, left) = dumps(desk, signal, place.dir());
        assert!(!told.contains("core dumped"), "{signal}: {told}");
        assert!(told.contains("ended with"), "{signal}: {told}");
        assert!(left.is_empty(), "{signal}: {left:?}");
    }
    println!(
        "| the canary: cores after {} | {} | 0 |",
        signals.join(", "),
        signals.len()
    );
}
