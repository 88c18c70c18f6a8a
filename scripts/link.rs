//! The build script: how the program is linked, and the commit that `--version` names.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=scripts/link.rs");
    if relocations_can_be_packed() {
        println!("cargo::rustc-link-arg-bins={PACK}");
    }
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let version = match commit() {
        Some(commit) => format!("{version} ({commit})"),
        None => version,
    };
    println!("cargo::rustc-env=YINGXIN_VERSION={version}");
}

/// A position-independent program relocates its 45,000 pointers at each start. Packed (DT_RELR), they take 1/10 of the
/// file's space and less time; GNU ld knows them since 2.38, lld since 18, glibc since 2.36.
const PACK: &str = "-Wl,-z,pack-relative-relocs";

/// Links a small program that way and runs it: an older linker refuses the option, an older glibc the program.
fn relocations_can_be_packed() -> bool {
    let is = |part: &str, wanted: &str| env::var(part).is_ok_and(|value| value == wanted);
    let same_machine = env::var("HOST") == env::var("TARGET");
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") || !same_machine {
        return false;
    }
    let (Ok(rustc), Ok(out)) = (env::var("RUSTC"), env::var("OUT_DIR")) else {
        return false;
    };
    let source = Path::new(&out).join("probe.rs");
    let program = Path::new(&out).join("probe");
    if std::fs::write(&source, "fn main() {}\n").is_err() {
        return false;
    }
    let mut link = Command::new(rustc);
    if let Ok(linker) = env::var("RUSTC_LINKER") {
        link.arg(format!("-Clinker={linker}"));
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    link.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    link.arg(format!("-Clink-arg={PACK}"));
    link.arg("-o").arg(&program).arg(&source);
    succeeds(&mut link) && succeeds(&mut Command::new(&program))
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// The commit and its date, such as `1c2978909b 2026-11-26`, and `changed` where the sources differ from it. `None` if
/// this folder is not the root of a git repository, as in an unpacked archive.
fn commit() -> Option<String> {
    let root = env::var("CARGO_MANIFEST_DIR").ok()?;
    let root = Path::new(&root).canonicalize().ok()?;
    let git_root = git(&["rev-parse", "--show-toplevel"])?;
    if Path::new(&git_root).canonicalize().ok()? != root {
        return None;
    }
    for file in ["HEAD", "logs/HEAD"] {
        let path = git(&["rev-parse", "--git-path", file])?;
        if Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
    }
    let commit = git(&["log", "-1", "--abbrev=10", "--format=%h %cs"])?;
    if let Some(seconds) = git(&["log", "-1", "--format=%ct"]) {
        // No clock that is right shows an earlier time.
        println!("cargo::rustc-env=YINGXIN_COMMITTED={seconds}");
    }
    let mut status = vec!["status", "--porcelain", "--"];
    status.extend(SOURCES);
    let is_changed = git(&status).is_some_and(|files| !files.is_empty());
    Some(if is_changed {
        format!("{commit}, changed")
    } else {
        commit
    })
}

/// All that the program is built from.
const SOURCES: [&str; 5] = [
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "themes",
    "scripts/link.rs",
];

fn git(arguments: &[&str]) -> Option<String> {
    // Without locks: a build must not disturb a commit that is being made.
    let output = Command::new("git")
        .arg("--no-optional-locks")
        .args(arguments)
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
