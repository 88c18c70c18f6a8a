//! The kiosk's local socket: while it runs, other commands ask it instead of opening the store. It hands questions to the
//! loop and answers to the command; it decides nothing. Visits are masked; tickets are whole, and only for the PIN.
//!
//! The protocol is one JSON line each way: `{"ask":"list"}` is answered by `{"visits":[..]}` or `{"error":".."}`,
//! `{"ask":"tickets","pin":".."}` by `{"tickets":[..]}` or `{"wrong-pin":{"again_in":0}}`, `forget` by a receipt, and
//! `viewed` by `"done"` once the journal notes it, `confirm-clock` once the
//! clock is believed, and `reload` at once: the desk begins anew with its files when nobody stands there. Only the kiosk's own user, or root, is answered.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::timeout;
use zeroize::Zeroize;

use crate::ours;
use crate::store::{ForgetReceipt, UnmaskedView, VisitRow};
use crate::visit::{Secret, StudentNumber, TicketRow, VisitId};

/// A request to the loop. Where the sender of the answer is dropped, the command gets an error.
#[derive(Debug)]
pub enum IpcRequest {
    /// The visits, masked.
    List {
        /// Where the answer goes.
        answer: oneshot::Sender<Vec<VisitRow>>,
    },
    /// The desk's files are new: it begins anew with them when nobody stands there.
    Reload {
        /// Where the answer goes.
        answer: oneshot::Sender<IpcReply>,
    },
    /// A request that takes the volunteer's PIN.
    BehindPin {
        /// The PIN as it was typed.
        pin: Secret,
        /// What is done where it is right.
        wanted: Wanted,
        /// Where the answer goes.
        answer: oneshot::Sender<IpcReply>,
    },
}

/// What takes the PIN: what names people, or destroys what does, and what the clock is good for.
#[derive(Debug)]
pub enum Wanted {
    /// All tickets.
    Tickets,
    /// All visits of the student with this number are forgotten.
    Forget(StudentNumber),
    /// Something is about to be shown unmasked: the journal notes it first.
    View(UnmaskedView, Option<VisitId>),
    /// The wall clock is right.
    ConfirmClock,
}

/// The PIN was wrong, or another try is not taken yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongPin {
    /// Seconds until another try is taken.
    pub again_in: u64,
}

/// A PIN on its way over the socket: overwritten when it is dropped, never shown.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct WirePin(
    /// The PIN as it was typed.
    pub String,
);

impl std::fmt::Debug for WirePin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WirePin(***)")
    }
}

impl Drop for WirePin {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// A question on the wire.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum IpcQuestion {
    /// The visits, masked.
    List,
    /// The desk's files are new.
    Reload,
    /// All tickets.
    Tickets {
        /// The volunteer's PIN.
        pin: WirePin,
    },
    /// Forget a student.
    Forget {
        /// The volunteer's PIN.
        pin: WirePin,
        /// The student's number.
        number: StudentNumber,
    },
    /// Record that something is about to be shown unmasked.
    Viewed {
        /// The volunteer's PIN.
        pin: WirePin,
        /// What is shown.
        view: UnmaskedView,
        /// Of which visit, where it is of one.
        visit: Option<VisitId>,
    },
    /// The wall clock is right.
    ConfirmClock {
        /// The volunteer's PIN.
        pin: WirePin,
    },
}

impl IpcQuestion {
    /// How long the answer may take.
    pub fn patience(&self) -> Duration {
        match self {
            IpcQuestion::Forget { .. } => FORGETTING,
            IpcQuestion::List
            | IpcQuestion::Reload
            | IpcQuestion::Tickets { .. }
            | IpcQuestion::Viewed { .. }
            | IpcQuestion::ConfirmClock { .. } => PATIENCE,
        }
    }
}

/// An answer on the wire.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IpcReply {
    /// The visits, masked.
    Visits(Vec<VisitRow>),
    /// All tickets, whole.
    Tickets(Vec<TicketRow>),
    /// The receipt of what was forgotten.
    Forgotten(ForgetReceipt),
    /// It is recorded.
    Done,
    /// The PIN was wrong.
    WrongPin(WrongPin),
    /// Why there is no answer, in a sentence.
    Error(String),
}

const NAME: &str = "kiosk.sock";
/// The longest name a socket's address holds (unix(7)), in bytes.
const LONGEST: usize = 107;
/// Connections that wait to be accepted.
const QUEUE: u32 = 64;
/// The longest question, in bytes.
const QUESTION: u64 = 4 * 1024;
/// The longest answer that is read, in bytes: some ten thousand visits, or a thousand tickets as long as can be.
pub const ANSWER: u64 = 64 * 1024 * 1024;
/// The most that are served at once.
const AT_ONCE: usize = 8;
/// How long a question may take, and then the loop's answer with its delivery.
const PATIENCE: Duration = Duration::from_secs(3);
/// As [`PATIENCE`], where the answer waits for the database to be built anew: minutes with a disk that is slow and full.
const FORGETTING: Duration = Duration::from_secs(300);

/// A path that fits into a socket's address, and what must stay open while it is used: a long one goes through the
/// directory's file descriptor.
pub struct SocketAddress {
    /// The path to connect to or bind.
    pub path: PathBuf,
    _dir: Option<File>,
}

impl SocketAddress {
    /// The socket of the store in this directory.
    ///
    /// # Errors
    /// The directory cannot be opened, or is not this desk's own.
    pub fn of(dir: &Path) -> io::Result<Self> {
        let open = ours::folder(dir)?;
        let path = dir.join(NAME);
        if path.as_os_str().len() <= LONGEST {
            return Ok(SocketAddress { path, _dir: None });
        }
        Ok(SocketAddress {
            path: PathBuf::from(format!("/proc/self/fd/{}/{NAME}", open.as_raw_fd())),
            _dir: Some(open),
        })
    }
}

/// The name of the socket in this directory.
pub fn path(dir: &Path) -> PathBuf {
    dir.join(NAME)
}

/// Binds the socket of the store in this directory, mode 0600. One that a killed kiosk left behind is removed.
///
/// # Errors
/// Another kiosk answers there, or the directory cannot be used.
pub fn bind(dir: &Path) -> io::Result<UnixListener> {
    let address = SocketAddress::of(dir)?;
    ours::socket(&address.path)?;
    if address.path.symlink_metadata().is_ok() {
        if std::os::unix::net::UnixStream::connect(&address.path).is_ok() {
            return Err(io::Error::from(io::ErrorKind::AddrInUse));
        }
        std::fs::remove_file(&address.path)?;
    }
    let socket = tokio::net::UnixSocket::new_stream()?;
    // The name gets the mode that the socket has, from the first moment on (unix(7)).
    rustix::fs::fchmod(&socket, rustix::fs::Mode::from_raw_mode(0o600))?;
    socket.bind(&address.path)?;
    socket.listen(QUEUE)
}

/// Takes the socket's name away when the kiosk leaves.
pub fn unbind(dir: &Path) {
    if let Ok(address) = SocketAddress::of(dir) {
        let _ = std::fs::remove_file(address.path);
    }
}

/// Answers each connection until the loop has ended.
pub async fn serve(listener: UnixListener, ask: mpsc::Sender<IpcRequest>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let stream = tokio::select! {
            () = ask.closed() => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(e) => {
                    // Out of file descriptors, most likely: not a loop that burns the processor.
                    tracing::warn!("the socket does not accept: {e}");
                    tokio::time::sleep(Duration::from_millis(500)).await;
                    continue;
                }
            },
        };
        let ask = ask.clone();
        tokio::spawn(async move {
            if let Err(e) = answer(stream, &ask).await {
                tracing::debug!("a command on the socket was not served: {e}");
            }
            drop(place);
        });
    }
}

/// Whether this user, or root, is at the other end: nobody else is answered, and nobody else is told a PIN. `name` is the
/// socket's, for the error.
///
/// # Errors
/// Somebody else is, or the system does not say who.
pub fn guard_peer(stream: &UnixStream, name: &Path) -> io::Result<()> {
    ours::peer(name, stream.peer_cred()?.uid())
}

async fn answer(mut stream: UnixStream, ask: &mpsc::Sender<IpcRequest>) -> io::Result<()> {
    guard_peer(&stream, Path::new(NAME))?;
    let (reader, mut writer) = stream.split();
    let mut line = String::new();
    let mut reader = BufReader::new(reader.take(QUESTION));
    timeout(PATIENCE, reader.read_line(&mut line)).await??;
    let question = serde_json::from_str(&line);
    line.zeroize();
    let patience = question.as_ref().map_or(PATIENCE, IpcQuestion::patience);
    timeout(patience, async {
        let reply = match question {
            Ok(question) => reply_to(question, ask).await,
            Err(_) => IpcReply::Error("not a question that this kiosk knows".into()),
        };
        let mut text = serde_json::to_vec(&reply)?;
        text.push(b'\n');
        writer.write_all(&text).await?;
        writer.shutdown().await
    })
    .await?
}

async fn reply_to(question: IpcQuestion, ask: &mpsc::Sender<IpcRequest>) -> IpcReply {
    match question {
        IpcQuestion::List => list(ask).await,
        IpcQuestion::Reload => {
            let (answer, answered) = oneshot::channel();
            reply_of(ask, IpcRequest::Reload { answer }, answered).await
        }
        IpcQuestion::Tickets { pin } => behind_pin(ask, pin, Wanted::Tickets).await,
        IpcQuestion::Forget { pin, number } => behind_pin(ask, pin, Wanted::Forget(number)).await,
        IpcQuestion::Viewed { pin, view, visit } => {
            behind_pin(ask, pin, Wanted::View(view, visit)).await
        }
        IpcQuestion::ConfirmClock { pin } => behind_pin(ask, pin, Wanted::ConfirmClock).await,
    }
}

async fn list(ask: &mpsc::Sender<IpcRequest>) -> IpcReply {
    let (answer, answered) = oneshot::channel();
    if ask.send(IpcRequest::List { answer }).await.is_ok()
        && let Ok(rows) = answered.await
    {
        return IpcReply::Visits(rows);
    }
    IpcReply::Error("the kiosk is starting or leaving: try again".into())
}

async fn behind_pin(ask: &mpsc::Sender<IpcRequest>, mut pin: WirePin, wanted: Wanted) -> IpcReply {
    let (answer, answered) = oneshot::channel();
    let ask_for = IpcRequest::BehindPin {
        pin: Secret::new(std::mem::take(&mut pin.0)),
        wanted,
        answer,
    };
    reply_of(ask, ask_for, answered).await
}

async fn reply_of(
    ask: &mpsc::Sender<IpcRequest>,
    request: IpcRequest,
    answered: oneshot::Receiver<IpcReply>,
) -> IpcReply {
    if ask.send(request).await.is_ok()
        && let Ok(reply) = answered.await
    {
        return reply;
    }
    IpcReply::Error("the kiosk is starting or leaving: try again".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    }

    async fn say(dir: &Path, text: &[u8]) -> String {
        let address = SocketAddress::of(dir).unwrap();
        let mut stream = UnixStream::connect(&address.path).await.unwrap();
        let _ = stream.write_all(text).await;
        let _ = stream.shutdown().await;
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    #[test]
    fn the_reference_has_this_limit() {
        let limits = crate::help::find("limits").unwrap().markdown;
        let row = format!(
            "| `yingxin visits forget` while a desk runs | {} s |",
            FORGETTING.as_secs()
        );
        assert!(limits.contains(&row), "{row}");
    }

    #[test]
    fn questions_are_answered_and_rubbish_is_not_a_danger() {
        let dir = tempfile::tempdir().unwrap();
        // Longer than a socket's address holds.
        let deep = dir.path().join("long".repeat(40));
        std::fs::create_dir(&deep).unwrap();
        for dir in [dir.path(), deep.as_path()] {
            runtime().block_on(async {
                let listener = bind(dir).unwrap();
                let mode = std::fs::metadata(dir.join(NAME)).unwrap().permissions();
                assert_eq!(mode.mode() & 0o777, 0o600);
                assert!(bind(dir).is_err(), "a living kiosk keeps its socket");
                let (ask, mut asked) = mpsc::channel(1);
                let server = tokio::spawn(serve(listener, ask));
                let desk = tokio::spawn(async move {
                    for _ in 0..2 {
                        if let Some(IpcRequest::List { answer }) = asked.recv().await {
                            let _ = answer.send(Vec::new());
                        }
                    }
                });
                let list = b"{\"ask\":\"list\"}\n";
                assert_eq!(say(dir, list).await, "{\"visits\":[]}\n");
                for rubbish in [&b"\xff\xfe\n"[..], b"", b"{}", &[b'a'; 100_000]] {
                    let answer = say(dir, rubbish).await;
                    assert!(!answer.contains("visits"), "{answer}");
                }
                assert_eq!(say(dir, list).await, "{\"visits\":[]}\n");
                desk.await.unwrap();
                // The loop is gone: the server ends too, and a later kiosk takes the name over.
                server.await.unwrap();
                drop(bind(dir).unwrap());
                unbind(dir);
                assert!(!dir.join(NAME).exists());
            });
        }
    }
}
