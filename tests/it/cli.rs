//! The built program from outside: what it says, where it says it, and its exit codes.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::run_with_input;

/// The program in a world of its own: no configuration, no state, no locale but English words.
fn yingxin(home: &Path, line: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yingxin"));
    command
        .args(line)
        .env_clear()
        .env("HOME", home)
        .env("PATH", "/usr/bin:/bin")
        .env("LC_MESSAGES", "en_US.UTF-8")
        .stdin(Stdio::null());
    command
}

fn run(home: &Path, line: &[&str]) -> Output {
    yingxin(home, line).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn each_invalid_configuration_gets_its_exact_words() {
    let home = tempfile::tempdir().unwrap();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid_configs");
    let mut seen = 0;
    for entry in std::fs::read_dir(&dir).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let wanted: Vec<String> = text
            .lines()
            .filter_map(|line| line.strip_prefix("#= "))
            .map(|line| {
                line.replace("{file}", path.to_str().unwrap())
                    .replace("{dir}", dir.to_str().unwrap())
            })
            .collect();
        let output = run(
            home.path(),
            &["config", "check", "--config", path.to_str().unwrap()],
        );
        assert_eq!(
            err(&output),
            format!("yingxin: {}\n   help: {}\n", wanted[0], wanted[1]),
            "{}",
            path.display()
        );
        let sysexit = if wanted[0].starts_with("cannot read") {
            66
        } else {
            78
        };
        assert_eq!(code(&output), sysexit, "{}", path.display());
        assert!(!out(&output).contains("canary") && !err(&output).contains("canary"));
        seen += 1;
    }
    assert!(seen >= 20, "{seen} files");
}

#[test]
fn the_configuration_is_written_once_and_checked() {
    let home = tempfile::tempdir().unwrap();
    let written = run(home.path(), &["config", "init"]);
    assert_eq!(code(&written), 0, "{}", err(&written));
    let path = home.path().join(".config/yingxin/yingxin.toml");
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let again = run(home.path(), &["config", "init"]);
    assert_eq!(code(&again), 73);
    assert!(err(&again).contains("help: "), "{}", err(&again));
    let check = run(home.path(), &["config", "check"]);
    assert_eq!(code(&check), 0, "{}", err(&check));
    assert!(
        out(&check).contains("left open: qr.register, qr.follow"),
        "{}",
        out(&check)
    );
}

#[test]
fn a_secret_that_others_can_read_is_refused_with_the_chmod_to_run() {
    let home = tempfile::tempdir().unwrap();
    let secret = home.path().join("app.secret");
    let config = home.path().join("yingxin.toml");
    std::fs::write(&secret, "canary-secret\n").unwrap();
    std::fs::set_permissions(&secret, PermissionsExt::from_mode(0o644)).unwrap();
    std::fs::write(
        &config,
        "[directory.wecom]\ncorp_id = \"ww1\"\napp_secret_file = \"app.secret\"\n",
    )
    .unwrap();
    let line = ["config", "check", "--config", config.to_str().unwrap()];
    let refused = run(home.path(), &line);
    assert_eq!(code(&refused), 77);
    assert!(
        err(&refused).contains(&format!("help: run: chmod 600 {}", secret.display())),
        "{}",
        err(&refused)
    );
    std::fs::set_permissions(&secret, PermissionsExt::from_mode(0o600)).unwrap();
    let taken = run(home.path(), &line);
    assert_eq!(code(&taken), 0, "{}", err(&taken));
    let environment = yingxin(home.path(), &line)
        .env("YINGXIN_DIRECTORY_WECOM_APP_SECRET", "canary-variable")
        .output()
        .unwrap();
    assert!(out(&environment).contains("$YINGXIN_DIRECTORY_WECOM_APP_SECRET"));
    for output in [&refused, &taken, &environment] {
        assert!(!out(output).contains("canary") && !err(output).contains("canary"));
    }
}

#[test]
fn the_service_managers_credentials_are_found() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("yingxin.toml");
    std::fs::write(&config, "[directory.wecom]\ncorp_id = \"ww1\"\n").unwrap();
    std::fs::write(home.path().join("directory.wecom.app_secret"), "canary\n").unwrap();
    let output = yingxin(
        home.path(),
        &["config", "check", "--config", config.to_str().unwrap()],
    )
    .env("CREDENTIALS_DIRECTORY", home.path())
    .output()
    .unwrap();
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(
        out(&output).contains("service manager: "),
        "{}",
        out(&output)
    );
    assert!(!out(&output).contains("canary"));
}

#[test]
fn a_pipe_in_the_terminals_place_gets_a_sentence() {
    let home = tempfile::tempdir().unwrap();
    for line in [&["kiosk"][..], &["practice"], &[]] {
        let output = run(home.path(), line);
        assert_eq!(code(&output), 66, "{line:?}");
        assert_eq!(
            err(&output),
            "yingxin: the kiosk needs a terminal, and its input is none\n   help: start it in a terminal window, without \
             a pipe or a file\n"
        );
        assert!(out(&output).is_empty());
    }
}

#[test]
fn a_pin_is_kept_as_a_hash_in_a_private_file() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("store");
    let line = ["pin", "--store", store.to_str().unwrap()];
    let set = run_with_input(&mut yingxin(home.path(), &line), "48151623\n");
    assert_eq!(code(&set), 0, "{}", err(&set));
    let kept = std::fs::read_to_string(store.join("pin")).unwrap();
    assert!(kept.starts_with("$argon2id$"), "{kept}");
    assert!(!kept.contains("48151623") && !out(&set).contains("48151623"));
    let refused = run_with_input(&mut yingxin(home.path(), &line), "12\n");
    assert_eq!(code(&refused), 65);
    assert_eq!(std::fs::read_to_string(store.join("pin")).unwrap(), kept);
    let mode = std::fs::metadata(&store).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_pin_on_the_terminal_is_asked_for_twice_and_not_shown() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("store");
    let pty = portable_pty::native_pty_system()
        .openpty(portable_pty::PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        })
        .unwrap();
    let mut command = portable_pty::CommandBuilder::new(env!("CARGO_BIN_EXE_yingxin"));
    command.args(["pin", "--store", store.to_str().unwrap()]);
    command.env_clear();
    command.env("HOME", home.path());
    command.env("LC_MESSAGES", "en_US.UTF-8");
    let mut child = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let mut reader = pty.master.try_clone_reader().unwrap();
    let mut writer = pty.master.take_writer().unwrap();
    let mut shown = String::new();
    for (question, answer) in [("New PIN", "90210\r"), ("again", "90210\r")] {
        while !shown.contains(question) {
            let mut bytes = [0; 256];
            let read = std::io::Read::read(&mut reader, &mut bytes).unwrap();
            shown.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
        writer.write_all(answer.as_bytes()).unwrap();
    }
    while !shown.contains("the PIN is set") {
        let mut bytes = [0; 256];
        let read = std::io::Read::read(&mut reader, &mut bytes).unwrap();
        assert!(read > 0, "{shown}");
        shown.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
    assert!(child.wait().unwrap().success());
    assert!(!shown.contains("90210"), "{shown}");
    assert!(store.join("pin").exists());
}

#[test]
fn help_names_the_exit_codes_and_usage_errors_are_two() {
    let home = tempfile::tempdir().unwrap();
    let help = run(home.path(), &["--help"]);
    assert_eq!(code(&help), 0);
    for words in [
        "At the desk:",
        "yingxin practice",
        "Exit codes:",
        "78 wrong configuration",
    ] {
        assert!(out(&help).contains(words), "{words}");
    }
    assert!(!out(&help).contains('\u{1b}'));
    assert_eq!(code(&run(home.path(), &["--lang", "fr"])), 2);
    let script = run(home.path(), &["completions", "bash"]);
    assert!(out(&script).contains("_yingxin"));
}
