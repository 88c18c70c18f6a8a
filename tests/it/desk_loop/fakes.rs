//! Ports that answer when the test says so, and a disk that fails when it says so.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use yingxin::campus::{Calling, Campus, Directory, Identity, Powers, Sending, Sms};
use yingxin::store::{self, Handle, RealDisk};
use yingxin::visit::{
    Binding, Code, DirectoryRefusal, Failure, Member, Mobile, Name, Secret, SignInRefusal, Student,
    StudentNumber, StudentNumberRule,
};

use super::glass::PATIENCE;

pub fn student(number: &str) -> Student {
    let rule = StudentNumberRule {
        min: 1,
        max: 20,
        letters: false,
    };
    Student {
        number: StudentNumber::parse(number, &rule).unwrap(),
        name: Name::new("张三"),
    }
}

/// One port's answers, handed over by the test; a call waits for its own.
struct Line<T> {
    sender: mpsc::UnboundedSender<T>,
    receiver: tokio::sync::Mutex<mpsc::UnboundedReceiver<T>>,
}

impl<T> Line<T> {
    fn new() -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Line {
            sender,
            receiver: tokio::sync::Mutex::new(receiver),
        }
    }

    async fn next(&self) -> T {
        self.receiver.lock().await.recv().await.unwrap()
    }
}

struct Lines {
    sign_in: Line<Result<Student, Failure<SignInRefusal>>>,
    find: Line<Result<Member, Failure<DirectoryRefusal>>>,
    bind: Line<Result<Binding, Failure<DirectoryRefusal>>>,
    calls: Mutex<BTreeMap<&'static str, usize>>,
    falls: AtomicBool,
}

/// The ports of a campus.
#[derive(Clone)]
pub struct Ports(Arc<Lines>);

impl Ports {
    pub fn new() -> Ports {
        Ports(Arc::new(Lines {
            sign_in: Line::new(),
            find: Line::new(),
            bind: Line::new(),
            calls: Mutex::default(),
            falls: AtomicBool::new(false),
        }))
    }

    pub fn campus(&self) -> Campus {
        Campus {
            identity: Some(Box::new(self.clone())),
            device_grant: None,
            directory: Box::new(self.clone()),
            sms: Some(Box::new(self.clone())),
        }
    }

    pub async fn signs_in(&self, answer: Result<Student, Failure<SignInRefusal>>) {
        self.0.sign_in.sender.send(answer).unwrap();
    }

    pub async fn finds(&self, answer: Result<Member, Failure<DirectoryRefusal>>) {
        self.0.find.sender.send(answer).unwrap();
    }

    pub async fn binds(&self, answer: Result<Binding, Failure<DirectoryRefusal>>) {
        self.0.bind.sender.send(answer).unwrap();
    }

    /// The next call of the directory falls.
    pub fn falls(&self) {
        self.0.falls.store(true, Ordering::SeqCst);
    }

    pub fn calls(&self, port: &str) -> usize {
        self.0
            .calls
            .lock()
            .unwrap()
            .get(port)
            .copied()
            .unwrap_or_default()
    }

    /// Waits until a port has been called so often: then what led to it is kept.
    pub async fn was_asked(&self, port: &str, times: usize) {
        let end = Instant::now() + PATIENCE;
        while self.calls(port) < times {
            assert!(Instant::now() < end, "{port} was not asked {times} times");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn count(&self, port: &'static str) {
        *self.0.calls.lock().unwrap().entry(port).or_default() += 1;
    }
}

impl Identity for Ports {
    fn sign_in<'a>(
        &'a self,
        _student: &'a StudentNumber,
        _password: &'a Secret,
    ) -> Calling<'a, Student, SignInRefusal> {
        self.count("sign-in");
        Box::pin(self.0.sign_in.next())
    }
}

impl Directory for Ports {
    fn powers(&self) -> Powers {
        Powers {
            read: true,
            write: true,
        }
    }

    fn find<'a>(&'a self, _student: &'a StudentNumber) -> Calling<'a, Member, DirectoryRefusal> {
        self.count("find");
        Box::pin(self.0.find.next())
    }

    fn bind<'a>(
        &'a self,
        _student: &'a Student,
        _mobile: &'a Mobile,
    ) -> Calling<'a, Binding, DirectoryRefusal> {
        self.count("bind");
        if self.0.falls.load(Ordering::SeqCst) {
            panic!("a fall");
        }
        Box::pin(self.0.bind.next())
    }

    fn confirm<'a>(&'a self, _student: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal> {
        self.count("confirm");
        Box::pin(std::future::pending())
    }

    fn unbind<'a>(&'a self, _student: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal> {
        self.count("unbind");
        Box::pin(std::future::pending())
    }
}

impl Sms for Ports {
    fn send<'a>(&'a self, _mobile: &'a Mobile, _code: &'a Code) -> Sending<'a> {
        self.count("sms");
        Box::pin(std::future::pending())
    }
}

#[derive(Debug, Default)]
struct Trouble {
    full: AtomicBool,
    /// The ballast was given up since it filled.
    freed: AtomicBool,
    broken: AtomicBool,
    read_only: AtomicBool,
    hangs: Mutex<bool>,
    goes_on: Condvar,
}

/// The real disk, until it is told otherwise.
#[derive(Clone, Debug, Default)]
pub struct Disk(Arc<Trouble>);

impl Disk {
    pub fn new() -> Disk {
        Disk::default()
    }

    /// Every write and sync fails from now on.
    pub fn breaks(&self) {
        self.0.broken.store(true, Ordering::SeqCst);
    }

    /// Every write fails for want of room, until the ballast is given up; the ballast itself cannot be taken again.
    pub fn fills(&self) {
        self.0.freed.store(false, Ordering::SeqCst);
        self.0.full.store(true, Ordering::SeqCst);
    }

    pub fn becomes_read_only(&self) {
        self.0.read_only.store(true, Ordering::SeqCst);
    }

    /// Every sync of the journal hangs from now on.
    pub fn hangs(&self) {
        *self.0.hangs.lock().unwrap() = true;
    }

    /// The sync that hangs is done, and later ones do not hang.
    pub fn goes_on(&self) {
        *self.0.hangs.lock().unwrap() = false;
        self.0.goes_on.notify_all();
    }

    pub fn mends(&self) {
        for trouble in [&self.0.full, &self.0.broken, &self.0.read_only] {
            trouble.store(false, Ordering::SeqCst);
        }
    }

    fn check(&self) -> io::Result<()> {
        if self.0.broken.load(Ordering::SeqCst) {
            return Err(io::Error::other("the disk is broken"));
        }
        if self.0.read_only.load(Ordering::SeqCst) {
            return Err(io::Error::from(io::ErrorKind::ReadOnlyFilesystem));
        }
        Ok(())
    }

    fn check_room(&self, path: &Path) -> io::Result<()> {
        let has_room = self.0.freed.load(Ordering::SeqCst) && !is_ballast(path);
        if self.0.full.load(Ordering::SeqCst) && !has_room {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        self.check()
    }
}

fn is_ballast(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "ballast")
}

impl store::Disk for Disk {
    fn create(&self, path: &Path) -> io::Result<Handle> {
        self.check_room(path)?;
        RealDisk.create(path)
    }

    fn open(&self, path: &Path) -> io::Result<Handle> {
        RealDisk.open(path)
    }

    fn write_at(&self, to: &Handle, bytes: &[u8], at: u64) -> io::Result<()> {
        self.check_room(&to.path)?;
        RealDisk.write_at(to, bytes, at)
    }

    fn sync(&self, of: &Handle) -> io::Result<()> {
        if of.path.extension().is_some_and(|e| e == "seg") {
            let hangs = self.0.hangs.lock().unwrap();
            let wait = self
                .0
                .goes_on
                .wait_timeout_while(hangs, PATIENCE, |hangs| *hangs);
            drop(wait.unwrap());
        }
        self.check()?;
        RealDisk.sync(of)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.check()?;
        RealDisk.sync_dir(dir)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.check()?;
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.check()?;
        if is_ballast(path) {
            self.0.freed.store(true, Ordering::SeqCst);
        }
        RealDisk.remove(path)
    }

    fn reserve(&self, of: &Handle, len: u64) -> io::Result<()> {
        self.check_room(&of.path)?;
        RealDisk.reserve(of, len)
    }
}
