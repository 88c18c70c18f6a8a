//! Where `scripts/servers` puts the servers that no one here wrote, and how a test runs one of them.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server's process. It ends with its value.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A file below that folder.
pub fn path(name: &str) -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let path = here.join(target).join("servers").join(name);
    if !path.exists() {
        panic!("{} is not there; run: ./scripts/servers", path.display());
    }
    path
}

/// A program that was unpacked with the libraries it needs: `slapd/usr/sbin/slapd`. It says nothing to the terminal.
pub fn program(name: &str) -> Command {
    let root = path(name.split('/').next().unwrap_or_default());
    let machine = format!("{}-linux-gnu", std::env::consts::ARCH);
    let libraries = ["usr/lib", "lib"].map(|folder| root.join(folder));
    let libraries = libraries
        .iter()
        .flat_map(|at| [at.join(&machine), at.clone()]);
    let mut command = Command::new(path(name));
    command
        .env("LD_LIBRARY_PATH", std::env::join_paths(libraries).unwrap())
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

/// Starts one of the Python sites of `tests/servers` in its environment: it says where it listens, and ends with its
/// standard input.
pub fn python_site(environment: &str, script: &str, arguments: &[String]) -> (SocketAddr, Running) {
    let python = path(&format!("{environment}/bin/python"));
    let mut child = Command::new(python)
        .arg(format!(
            "{}/tests/servers/{script}",
            env!("CARGO_MANIFEST_DIR")
        ))
        .args(arguments)
        .env("PYTHONUTF8", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut told = BufReader::new(child.stdout.take().unwrap());
    let running = Running(child);
    told.read_line(&mut line).unwrap();
    let port = line
        .trim()
        .strip_prefix("listening on ")
        .unwrap_or_else(|| panic!("{script} said {line:?}"));
    (format!("127.0.0.1:{port}").parse().unwrap(), running)
}

/// Starts a server that takes no port of the system's choice: on one that was free a moment ago, and on another where it
/// is not any more.
pub fn started(mut at: impl FnMut(SocketAddr) -> Command) -> (SocketAddr, Running) {
    for _ in 0..5 {
        let address = free();
        let mut running = Running(at(address).spawn().unwrap());
        if answers(&mut running.0, address) {
            return (address, running);
        }
    }
    panic!("a server does not start");
}

/// An address on this machine without a listener.
pub fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

fn answers(child: &mut Child, at: SocketAddr) -> bool {
    let patience = Instant::now();
    while patience.elapsed() < Duration::from_secs(30) {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if TcpStream::connect(at).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}
