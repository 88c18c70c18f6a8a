//! django-cas-server on loopback: a real login form, which no one here wrote. It ends with its value.

use std::net::SocketAddr;

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
        let mut arguments = vec![
            dir.path().join("cas.sqlite3").display().to_string(),
            service.replace('.', "\\."),
        ];
        let users = users.iter();
        arguments.extend(users.map(|(user, password)| format!("{user}={password}")));
        let (at, running) = servers::python_site("django", "cas_site.py", &arguments);
        Django {
            at,
            _running: running,
            _dir: dir,
        }
    }
}
