//! A fault proxy between the kiosk and a server: it counts, keeps what the kiosk sent, and does one wrong thing at one
//! exchange. It ends with its value.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

/// What goes wrong.
#[derive(Clone)]
pub enum Fault {
    /// No answer comes, and the connection stays.
    Hang,
    /// The connection is closed instead of an answer.
    Close,
    /// So many bytes of the true answer, then the end.
    Cut(usize),
    /// This instead of the answer.
    Answer(Vec<u8>),
    /// The same, and from then on always.
    Always(Vec<u8>),
    /// No listener: this connection is refused, and so are later ones. It begins by [`Proxy::breaks_off`].
    Refuse,
    /// This certificate instead of the right one.
    Strange(Arc<ServerConfig>),
    /// The true answer, after this pause.
    Late(Duration),
    /// The true answer, a byte every 100 ms.
    Drip,
    /// So many bytes of the true answer, then a reset.
    Reset(usize),
}

impl std::fmt::Debug for Fault {
    /// An answer by its beginning and its length: ten million bytes are no name.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, bytes) = match self {
            Fault::Hang => return f.write_str("Hang"),
            Fault::Close => return f.write_str("Close"),
            Fault::Cut(bytes) => return write!(f, "Cut({bytes})"),
            Fault::Refuse => return f.write_str("Refuse"),
            Fault::Strange(_) => return f.write_str("Strange"),
            Fault::Late(pause) => return write!(f, "Late({pause:?})"),
            Fault::Drip => return f.write_str("Drip"),
            Fault::Reset(bytes) => return write!(f, "Reset({bytes})"),
            Fault::Answer(bytes) => ("Answer", bytes),
            Fault::Always(bytes) => ("Always", bytes),
        };
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(16)]);
        write!(f, "{name}({head:?}, {} bytes)", bytes.len())
    }
}

/// What is counted as an exchange: HTTP makes a connection for each here, LDAP asks one thing after the other on one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchange {
    Connection,
    Request,
}

pub struct Proxy {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    to: SocketAddr,
    exchange: Exchange,
    tls: Option<TlsAcceptor>,
    /// Connections that were accepted, whatever came of them.
    accepted: AtomicUsize,
    connections: AtomicUsize,
    requests: AtomicUsize,
    sent: Mutex<Vec<u8>>,
    /// How many bytes answered each exchange.
    answers: Mutex<BTreeMap<usize, usize>>,
    /// `POST /path` of each request that is an exchange.
    heads: Mutex<Vec<String>>,
    is_shut: AtomicBool,
    changed: Notify,
    /// The exchange at which it happens, counted from the last time that nothing was wrong.
    fault: Mutex<Option<(usize, Fault)>>,
}

impl Proxy {
    /// A plain one.
    pub async fn to(server: SocketAddr, exchange: Exchange) -> Proxy {
        Proxy::at(free(), server, exchange, None)
    }

    /// One that speaks TLS with the kiosk, and plainly with the server.
    pub async fn with_tls(server: SocketAddr, exchange: Exchange, tls: Arc<ServerConfig>) -> Proxy {
        Proxy::at(free(), server, exchange, Some(tls))
    }

    /// A proxy on this listener.
    pub fn at(
        listener: std::net::TcpListener,
        to: SocketAddr,
        exchange: Exchange,
        tls: Option<Arc<ServerConfig>>,
    ) -> Proxy {
        listener.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            to,
            exchange,
            tls: tls.map(TlsAcceptor::from),
            accepted: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            requests: AtomicUsize::new(0),
            sent: Mutex::default(),
            answers: Mutex::default(),
            heads: Mutex::default(),
            is_shut: AtomicBool::new(false),
            changed: Notify::new(),
            fault: Mutex::default(),
        });
        let task = tokio::spawn(shared.clone().serve(listener, address));
        Proxy {
            address,
            shared,
            task,
        }
    }

    /// Counts from zero again, and one thing goes wrong at the exchange `at`.
    pub fn breaks(&self, at: usize, fault: Fault) {
        self.heals();
        *self.shared.fault.lock().unwrap() = Some((at, fault));
    }

    /// The same; where it is to be shut at once, it is when this returns.
    pub async fn breaks_off(&self, at: usize, fault: Fault) {
        let is_at_once = at == 0 && matches!(fault, Fault::Refuse);
        self.breaks(at, fault);
        self.shared.changed.notify_one();
        while is_at_once && !self.shared.is_shut.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Counts from zero again, and nothing is wrong.
    pub fn heals(&self) {
        *self.shared.fault.lock().unwrap() = None;
        self.shared.accepted.store(0, Ordering::SeqCst);
        self.shared.connections.store(0, Ordering::SeqCst);
        self.shared.requests.store(0, Ordering::SeqCst);
        self.shared.sent.lock().unwrap().clear();
        self.shared.answers.lock().unwrap().clear();
        self.shared.heads.lock().unwrap().clear();
    }

    /// The same; it listens again when this returns.
    pub async fn mends(&self) {
        self.mends_quietly().await;
        self.heals();
    }

    /// It listens again, and counts on.
    pub async fn mends_quietly(&self) {
        *self.shared.fault.lock().unwrap() = None;
        self.shared.changed.notify_one();
        while self.shared.is_shut.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// `POST /path` of each request since it counts, in order.
    pub fn heads(&self) -> Vec<String> {
        self.shared.heads.lock().unwrap().clone()
    }

    /// How many exchanges there were.
    pub fn exchanges(&self) -> usize {
        match self.shared.exchange {
            Exchange::Connection => self.shared.connections.load(Ordering::SeqCst),
            Exchange::Request => self.shared.requests.load(Ordering::SeqCst),
        }
    }

    /// The place of each exchange that was answered, and how many bytes answered it.
    pub fn answers(&self) -> BTreeMap<usize, usize> {
        self.shared.answers.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How often the kiosk sent this.
    pub fn sent(&self, needle: &str) -> usize {
        let sent = self.shared.sent.lock().unwrap();
        let needle = needle.as_bytes();
        sent.windows(needle.len())
            .filter(|part| *part == needle)
            .count()
    }
}

fn free() -> std::net::TcpListener {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap()
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    async fn serve(self: Arc<Self>, listener: TcpListener, address: SocketAddr) {
        let mut calls = JoinSet::new();
        let mut listener = Some(listener);
        loop {
            if self.refuses() {
                listener = None;
            } else if listener.is_none() {
                listener = TcpListener::bind(address).await.ok();
            }
            self.is_shut.store(listener.is_none(), Ordering::SeqCst);
            let Some(listener) = &listener else {
                let _ =
                    tokio::time::timeout(Duration::from_millis(5), self.changed.notified()).await;
                continue;
            };
            tokio::select! {
                Ok((kiosk, _)) = listener.accept() => {
                    let number = self.accepted.fetch_add(1, Ordering::SeqCst);
                    calls.spawn(self.clone().call(kiosk, number));
                }
                () = self.changed.notified() => {}
            }
        }
    }

    fn refuses(&self) -> bool {
        let accepted = self.accepted.load(Ordering::SeqCst);
        let fault = self.fault.lock().unwrap();
        matches!(&*fault, Some((at, Fault::Refuse)) if accepted >= *at)
    }

    async fn call(self: Arc<Self>, mut kiosk: TcpStream, number: usize) {
        let strange = match &*self.fault.lock().unwrap() {
            Some((at, Fault::Strange(tls))) if *at == number => Some(tls.clone().into()),
            _ => None,
        };
        match strange.as_ref().or(self.tls.as_ref()) {
            None => {
                if self.relay(&mut kiosk).await == End::Reset {
                    let _ = kiosk.set_zero_linger();
                }
            }
            Some(tls) => {
                if let Ok(mut kiosk) = tls.accept(kiosk).await
                    && self.relay(&mut kiosk).await == End::Reset
                {
                    let _ = kiosk.get_ref().0.set_zero_linger();
                }
            }
        }
    }

    /// Relays until one side ends it, or the fault says so.
    async fn relay(&self, kiosk: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> End {
        let Ok(mut server) = TcpStream::connect(self.to).await else {
            return End::Close;
        };
        let (mut from_kiosk, mut from_server) = (vec![0; 65536], vec![0; 65536]);
        let (mut requests, mut connection, mut is_farewell) = (0usize, 0usize, false);
        let mut place = 0;
        let mut left: Option<usize> = None;
        let (mut late, mut pace) = (Duration::ZERO, None);
        let mut end = End::Close;
        loop {
            tokio::select! {
                got = kiosk.read(&mut from_kiosk) => {
                    let Ok(got @ 1..) = got else { return End::Close };
                    is_farewell |= requests == 0 && signs_out(&from_kiosk[..got]);
                    if is_farewell {
                        let _ = server.write_all(&from_kiosk[..got]).await;
                        continue;
                    }
                    if requests == 0 {
                        connection = self.connections.fetch_add(1, Ordering::SeqCst);
                        self.heads.lock().unwrap().push(head(&from_kiosk[..got]));
                    }
                    self.sent.lock().unwrap().extend_from_slice(&from_kiosk[..got]);
                    place = match self.exchange {
                        Exchange::Connection => connection,
                        Exchange::Request => requests,
                    };
                    requests += 1;
                    self.requests.fetch_add(1, Ordering::SeqCst);
                    let fault = self.fault.lock().unwrap().clone();
                    let is_now = |at: usize, fault: &Fault| match fault {
                        Fault::Always(_) => place >= at,
                        _ => place == at,
                    };
                    match fault.filter(|(at, fault)| is_now(*at, fault)).map(|(_, fault)| fault) {
                        None => {}
                        // These have happened before a request is read.
                        Some(Fault::Refuse | Fault::Strange(_)) => {}
                        Some(Fault::Late(pause)) => late = pause,
                        Some(Fault::Drip) => pace = Some(Duration::from_millis(100)),
                        Some(Fault::Cut(bytes)) => left = Some(bytes),
                        Some(Fault::Reset(bytes)) => (left, end) = (Some(bytes), End::Reset),
                        Some(Fault::Close) => return End::Close,
                        Some(Fault::Hang) => {
                            while matches!(kiosk.read(&mut from_kiosk).await, Ok(1..)) {}
                            return End::Close;
                        }
                        Some(Fault::Answer(bytes) | Fault::Always(bytes)) => {
                            // A request that is not read to its end would take the answer with it.
                            let quiet = Duration::from_millis(50);
                            while let Ok(Ok(got @ 1..)) =
                                tokio::time::timeout(quiet, kiosk.read(&mut from_kiosk)).await
                            {
                                self.sent.lock().unwrap().extend_from_slice(&from_kiosk[..got]);
                            }
                            let _ = kiosk.write_all(&bytes).await;
                            let _ = kiosk.shutdown().await;
                            return End::Close;
                        }
                    }
                    if server.write_all(&from_kiosk[..got]).await.is_err() {
                        return End::Close;
                    }
                }
                got = server.read(&mut from_server) => {
                    let Ok(got @ 1..) = got else {
                        let _ = kiosk.shutdown().await;
                        return End::Close;
                    };
                    if !is_farewell {
                        *self.answers.lock().unwrap().entry(place).or_default() += got;
                    }
                    tokio::time::sleep(std::mem::take(&mut late)).await;
                    let pass = left.map_or(got, |left| left.min(got));
                    for piece in from_server[..pass].chunks(if pace.is_some() { 1 } else { pass.max(1) }) {
                        tokio::time::sleep(pace.unwrap_or_default()).await;
                        if kiosk.write_all(piece).await.is_err() || kiosk.flush().await.is_err() {
                            return End::Close;
                        }
                    }
                    if let Some(left) = left.as_mut() {
                        *left -= pass;
                        if *left == 0 {
                            return end;
                        }
                    }
                }
            }
        }
    }
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Close,
    Reset,
}

/// `POST /path`, without what is asked.
fn head(request: &[u8]) -> String {
    let line = request
        .split(|byte| *byte == b'\r')
        .next()
        .unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let mut words = line.split([' ', '?']);
    format!(
        "{} {}",
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default()
    )
}

/// A sign-out comes in the background, whenever it likes: it passes, and is not counted.
fn signs_out(request: &[u8]) -> bool {
    let line = request
        .split(|byte| *byte == b'\r')
        .next()
        .unwrap_or_default();
    line.starts_with(b"DELETE ") || line.windows(7).any(|part| part == b"/logout")
}
