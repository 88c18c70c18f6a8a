//! Practice is the day: the pack's own ways, a roster, bad days that are set on the practice phone, the phone that covers
//! nothing, and the drill. The built binary in a terminal, real keys.

mod days;
mod drill;

use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Desk, ENTER, ESC, F9, F10, TAB, yingxin};

/// A practice desk with a store of its own.
struct Practice {
    home: TempDir,
    desk: Desk,
}

impl Practice {
    /// Starts one with these words of the command line.
    fn start(given: &[&str], columns: u16, rows: u16) -> Practice {
        let home = tempfile::tempdir().unwrap();
        let mut line = vec!["practice"];
        line.extend(given);
        let desk = Desk::start(yingxin(&line), home.path(), columns, rows);
        Practice { home, desk }
    }

    /// The practice PIN, as it was printed before the first frame.
    fn pin(&self) -> String {
        let raw = String::from_utf8_lossy(&self.desk.raw()).into_owned();
        let (_, rest) = raw.split_once("PIN: ").unwrap();
        rest.chars().take_while(char::is_ascii_digit).collect()
    }

    /// From Welcome to what a sign-in leads to.
    fn signs_in(&mut self, student: &str) {
        self.desk.shows("欢迎新同学").types(ENTER);
        self.desk.shows("开始之前，请您知道").types(ENTER);
        self.desk.shows("登录统一身份认证");
        self.gives(student);
    }

    /// The number and the password at a sign-in.
    fn gives(&mut self, student: &str) {
        let password = format!("practice-{}", &student[4..]);
        self.desk
            .types(student)
            .types(TAB)
            .types(&password)
            .types(ENTER);
    }

    /// Opens the volunteer's panel.
    fn unlocks(&mut self) {
        let pin = self.pin();
        self.desk.types(F10).shows("请输入 PIN").types(&pin);
        self.desk.types(ENTER).shows("退出程序");
    }

    /// Sets or takes back the n-th bad day; the phone stays in hand.
    fn toggles(&mut self, day: &str) {
        self.desk.types(F9).shows("放下手机").types("b");
        // The last key of the menu.
        self.desk.shows("看不到关注").types(day);
    }

    /// Back to Welcome from a number that stands alone. Esc does nothing more on Welcome, so it is pressed until it is taken.
    fn leaves_the_number(&mut self) {
        for _ in 0..100 {
            self.desk.types(ESC);
            std::thread::sleep(Duration::from_millis(200));
            if self.desk.squeezed().contains("欢迎新同学") {
                return;
            }
        }
        panic!("the number stays:\n{}", self.desk.text());
    }

    /// The newest of the visits that wait.
    fn parked(&self) -> Value {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_yingxin"))
            .args(["visits", "list", "--json", "--store"])
            .arg(self.home.path().join(".local/state/yingxin-practice"))
            .env("HOME", self.home.path())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let rows = text.lines().map(|line| serde_json::from_str(line).unwrap());
        let mut parked = rows.filter(|row: &Value| row["pickup"].is_string());
        parked
            .next_back()
            .unwrap_or_else(|| panic!("nobody waits: {text}"))
    }
}

/// Guide (二) ⑤: at this campus the code is the phone's, and practice shows what volunteers will see.
#[test]
fn practice_walks_the_packs_own_ways_9() {
    let mut practice = Practice::start(&["--lang", "zh-CN"], 100, 40);
    practice.signs_in("20260001");
    let desk = &mut practice.desk;
    desk.shows("填写手机号").types("13700137000").types(ENTER);
    desk.shows("绑定的是这个手机号吗").types("2");
    desk.shows("用微信关注")
        .types(F9)
        .shows("微信首页")
        .types("2");
    desk.shows("已关注").types(F9).types(ENTER);
    // The assistant's pages, and no "send the code" of the desk.
    desk.shows("关注身份验证");
    assert!(!desk.text().contains("发送验证码"), "{}", desk.text());
}

#[test]
fn practice_has_a_roster_to_vouch_with_9() {
    let mut practice = Practice::start(&["--lang", "zh-CN"], 100, 40);
    practice.desk.shows("欢迎新同学");
    practice.toggles("1");
    practice.desk.shows("正在模拟：断网").types(F9);
    practice.signs_in("20260003");
    practice.desk.shows("看过证件也能先往下办");
    practice.unlocks();
    practice.desk.types("v").shows("看学生证");
    practice.desk.types("20260003").types(ENTER);
    practice.desk.shows("阿拉坦其其格").types("1");
    practice.desk.shows("填写手机号");
}

#[test]
fn another_pack_can_be_practised() {
    let home = tempfile::tempdir().unwrap();
    let pack = home.path().join("pack.toml");
    let text = "base = \"imut\"\nuniversity = { zh-CN = \"北海大学\", en = \"Beihai\" }\n[ways]\nverify = [\"desk\"]\n";
    std::fs::write(&pack, text).unwrap();
    let pack = pack.to_str().unwrap();
    let mut practice = Practice::start(&["--lang", "zh-CN", "--pack", pack], 100, 40);
    practice.desk.shows("北海大学");
    practice.signs_in("20260001");
    let desk = &mut practice.desk;
    desk.shows("填写手机号").types("13700137000").types(ENTER);
    desk.shows("绑定的是这个手机号吗").types("2");
    desk.shows("用微信关注")
        .types(F9)
        .shows("微信首页")
        .types("2");
    desk.shows("已关注").types(F9).types(ENTER);
    desk.shows("发送验证码");
    let missing = Practice::start(&["--pack", "/nowhere/pack.toml"], 80, 24)
        .desk
        .ends();
    assert!(!missing.success());
}
