//! CAS servers of Django on loopback: real login forms, which no one here wrote. One ends with its value.

use std::net::SocketAddr;

use crate::support::servers::{self, Running};

pub struct Django {
    pub at: SocketAddr,
    _running: Running,
    _dir: tempfile::TempDir,
}

impl Django {
    /// Starts django-cas-server for this service, with these users and their passwords.
    pub fn start(service: &str, users: &[(&str, String)]) -> Django {
        Django::of("django", "cas_server", service, users)
    }

    /// The same of django-mama-cas, which is tried before a release.
    pub fn mama(service: &str, users: &[(&str, String)]) -> Django {
        Django::of("mama", "mama_cas", service, users)
    }

    fn of(place: &str, make: &str, service: &str, users: &[(&str, String)]) -> Django {
        let dir = tempfile::tempdir().unwrap();
        let mut arguments = vec![
            make.to_owned(),
            dir.path().join("cas.sqlite3").display().to_string(),
            service.replace('.', "\\."),
        ];
        let users = users.iter();
        arguments.extend(users.map(|(user, password)| format!("{user}={password}")));
        let (at, running) = servers::python_site(place, "cas_site.py", &arguments);
        Django {
            at,
            _running: running,
            _dir: dir,
        }
    }
}
