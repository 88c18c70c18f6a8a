//! However a sign-in ends, nothing of the password is left in the process: an error, the idle timeout, the end of the
//! desk and a panic. The test runs itself as a child, which has the program's allocator, and reads the child's memory.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::glass::{Desk, Keys};
use crate::support::memory;
use yingxin::screen::UiKey;

const CHILD: &str = "YINGXIN_TEST_ENDS";
const STANDS: &str = "the child stands at ";
/// The password, masked: the child never holds it but where the desk does.
const MASKED: &[u8] = b"bclbq{0qce|0*iplkjwmg";
const MASK: u8 = 1;

fn unmasked() -> impl Iterator<Item = char> {
    MASKED.iter().map(|byte| char::from(byte ^ MASK))
}

/// Reports to the parent where the child stands, and waits for its answer.
fn stands_at(place: &str) {
    println!("{STANDS}{place}");
    std::io::stdout().flush().unwrap();
    let _ = std::io::stdin().read_line(&mut String::new());
}

async fn types_the_password(keys: &mut Keys) {
    keys.shows("欢迎新同学").await.key(UiKey::Enter).await;
    keys.shows("开始之前").await.key(UiKey::Enter).await;
    keys.shows("登录统一身份认证").await.types("20260001").await;
    keys.key(UiKey::Tab).await;
    for c in unmasked() {
        keys.key(UiKey::Char(c)).await;
    }
    keys.shows("******").await;
}

/// A server that takes a password and never answers, or hangs up.
fn server(answers: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        while let Ok((connection, _)) = listener.accept() {
            if answers {
                drop(connection)
            } else {
                kept.push(connection)
            }
        }
    });
    url
}

async fn child(end: &str) {
    let dir = tempfile::tempdir().unwrap();
    let url = server(end == "error");
    let patience = if end == "idle" { 2 } else { 600 };
    let desk = Desk::at(dir.path())
        .connected_to(&url)
        .patient_for(patience);
    let run = desk.run(async |keys| {
        types_the_password(keys).await;
        match end {
            "typed" => return stands_at(end),
            "idle" => {
                keys.shows("欢迎新同学").await;
                return stands_at(end);
            }
            _ => {}
        }
        keys.key(UiKey::Enter).await;
        match end {
            "error" => {
                keys.shows("没有回应").await;
                stands_at(end);
            }
            "given up" => {
                keys.shows("最多等").await.key(UiKey::Esc).await;
                keys.hides("最多等").await;
                stands_at(end);
            }
            "fall" => {
                keys.shows("最多等").await.falls_at_the_next_frame();
                keys.key(UiKey::Help).await;
                std::future::pending().await
            }
            _ => {
                keys.shows("最多等").await;
            }
        }
    });
    let _ = run.await;
    if end == "end" {
        stands_at(end);
    }
}

/// What is found of the password in a child that stands at this end.
fn found_at(end: &str) -> Vec<(String, String)> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "desk_loop::ends::nothing_of_the_password_outlives_a_sign_in",
        "--nocapture",
    ]);
    let mut child = command
        .env(CHILD, end)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let stands = lines
        .map_while(Result::ok)
        .any(|line| line.contains(STANDS));
    assert!(stands, "{end}: the child never came there");
    let password: String = unmasked().collect();
    let read = || memory::finds(child.id(), &[&password]).unwrap();
    let began = Instant::now();
    let mut found = read();
    // What was given up a moment ago is still on its way to the wipe.
    while !found.is_empty() && end != "typed" && began.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(100));
        found = read();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    found
}

#[test]
fn nothing_of_the_password_outlives_a_sign_in() {
    if let Ok(end) = std::env::var(CHILD) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        // A panic takes the runtime with it, as in the program.
        let fell = catch_unwind(AssertUnwindSafe(|| runtime.block_on(child(&end)))).is_err();
        drop(runtime);
        if fell && end == "fall" {
            stands_at(&end);
        }
        return;
    }
    assert!(
        !found_at("typed").is_empty(),
        "the search finds nothing at all"
    );
    let ends = ["error", "given up", "idle", "end", "fall"];
    for end in ends {
        let found = found_at(end);
        assert!(found.is_empty(), "{end}: {found:?}");
    }
    println!(
        "| the canary: a password in memory after {} | {} | 0 finds |",
        ends.join(", "),
        ends.len()
    );
}
