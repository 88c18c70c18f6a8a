//! gammu-smsd with its dummy phone, in a folder of its own; it ends with its value.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::servers::{self, Running};

/// A modem on the desk.
pub struct Modem {
    daemon: Running,
    pub dir: tempfile::TempDir,
}

impl Modem {
    /// Starts the daemon and waits until it has found its phone. With `debuglevel` 0 its log holds neither number nor
    /// text, with 1 it logs what it has read.
    pub fn start(debuglevel: u8) -> Modem {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for folder in ["phone", "inbox", "outbox", "sent", "error"] {
            std::fs::create_dir(at(folder)).unwrap();
        }
        let root = dir.path().display();
        let configuration = format!(
            "[gammu]\nmodel = dummy\nconnection = none\nport = {root}/phone\ngammuloc = /dev/null\n\
             [smsd]\nservice = files\nlogfile = {root}/log\ndebuglevel = {debuglevel}\nloopsleep = 1\ncommtimeout = 1\n\
             checkbattery = 0\nchecksignal = 0\nmaxretries = 1\nretrytimeout = 1\n\
             inboxpath = {root}/inbox/\noutboxpath = {root}/outbox/\nsentsmspath = {root}/sent/\nerrorsmspath = {root}/error/\n"
        );
        std::fs::write(at("smsdrc"), configuration).unwrap();
        let daemon = servers::program("gammu/usr/bin/gammu-smsd")
            .arg("-c")
            .arg(at("smsdrc"))
            .spawn()
            .unwrap();
        let daemon = Running(daemon);
        let modem = Modem { daemon, dir };
        modem.wait("the phone's folders", || modem.at("phone/sms").exists());
        modem
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Sends the daemon a signal by name.
    pub fn signal(&self, name: &str) {
        let mut kill = Command::new("kill");
        let done = kill
            .arg(format!("-{name}"))
            .arg(self.daemon.0.id().to_string());
        assert!(done.status().unwrap().success());
    }

    /// The files in one of its folders.
    pub fn files(&self, folder: &str) -> Vec<PathBuf> {
        files(&self.at(folder))
    }

    pub fn wait(&self, wanted: &str, mut is_so: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(30);
        while !is_so() {
            assert!(Instant::now() < end, "waited for {wanted}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .flat_map(|entry| {
            let path = entry.path();
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}
