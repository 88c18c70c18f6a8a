//! django-cas-server on loopback: a real login form, which no one here wrote. It ends with its value.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use crate::support::servers::{self, Running};

pub struct Django {
    pub at: SocketAddr,
    _running: Running,
    _dir: tempfile::TempDir,
}

impl Django {
    /// Starts it for this service, with these users and their passwords.
    pub fn start(service: &str, users: &[(&str, String)]) -> Django {
        let dir = tempfile::tempdir().unwrap();
        let python = servers::path("django/bin/python");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/cas_site.py");
        let service = service.replace('.', "\\.");
        let mut child = Command::new(python)
            .arg(script)
            .arg(dir.path().join("cas.sqlite3"))
            .arg(service)
            .args(
                users
                    .iter()
                    .map(|(user, password)| format!("{user}={password}")),
            )
            .env("PYTHONUTF8", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut told = BufReader::new(child.stdout.take().unwrap());
        told.read_line(&mut line).unwrap();
        let port = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap_or_else(|| panic!("said {line:?}"));
        Django {
            at: format!("127.0.0.1:{port}").parse().unwrap(),
            _running: Running(child),
            _dir: dir,
        }
    }
}
