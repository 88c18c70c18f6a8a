//! A fault proxy between the kiosk and a server: it counts, keeps what the kiosk sent, and does one wrong thing at one
//! exchange. It ends with its value.

#![allow(dead_code, clippy::unwrap_used)]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
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
    /// The same, so slowly that nobody waits for its end: a byte every ten milliseconds.
    Drip(Vec<u8>),
    /// This at once, and from then on always.
    Always(Vec<u8>),
}

impl std::fmt::Debug for Fault {
    /// An answer by its beginning and its length: ten million bytes are no name.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, bytes) = match self {
            Fault::Hang => return f.write_str("Hang"),
            Fault::Close => return f.write_str("Close"),
            Fault::Cut(bytes) => return write!(f, "Cut({bytes})"),
            Fault::Answer(bytes) => ("Answer", bytes),
            Fault::Drip(bytes) => ("Drip", bytes),
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
    connections: AtomicUsize,
    requests: AtomicUsize,
    sent: Mutex<Vec<u8>>,
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

    /// One that listens where it is told to.
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
            connections: AtomicUsize::new(0),
            requests: AtomicUsize::new(0),
            sent: Mutex::default(),
            fault: Mutex::default(),
        });
        let theirs = shared.clone();
        let task = tokio::spawn(async move {
            let mut calls = tokio::task::JoinSet::new();
            while let Ok((kiosk, _)) = listener.accept().await {
                calls.spawn(theirs.clone().call(kiosk));
            }
        });
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

    /// Counts from zero again, and nothing is wrong.
    pub fn heals(&self) {
        *self.shared.fault.lock().unwrap() = None;
        self.shared.connections.store(0, Ordering::SeqCst);
        self.shared.requests.store(0, Ordering::SeqCst);
        self.shared.sent.lock().unwrap().clear();
    }

    /// How many exchanges there were.
    pub fn exchanges(&self) -> usize {
        match self.shared.exchange {
            Exchange::Connection => self.shared.connections.load(Ordering::SeqCst),
            Exchange::Request => self.shared.requests.load(Ordering::SeqCst),
        }
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
    async fn call(self: Arc<Self>, kiosk: TcpStream) {
        match &self.tls {
            None => self.relay(kiosk).await,
            Some(tls) => {
                if let Ok(kiosk) = tls.accept(kiosk).await {
                    self.relay(kiosk).await;
                }
            }
        }
    }

    async fn relay(&self, mut kiosk: impl AsyncRead + AsyncWrite + Unpin) {
        let Ok(mut server) = TcpStream::connect(self.to).await else {
            return;
        };
        let (mut from_kiosk, mut from_server) = (vec![0; 65536], vec![0; 65536]);
        let (mut requests, mut connection, mut is_farewell) = (0usize, 0usize, false);
        let mut left: Option<usize> = None;
        loop {
            tokio::select! {
                got = kiosk.read(&mut from_kiosk) => {
                    let Ok(got @ 1..) = got else { return };
                    is_farewell |= requests == 0 && signs_out(&from_kiosk[..got]);
                    if is_farewell {
                        let _ = server.write_all(&from_kiosk[..got]).await;
                        continue;
                    }
                    if requests == 0 {
                        connection = self.connections.fetch_add(1, Ordering::SeqCst);
                    }
                    self.sent.lock().unwrap().extend_from_slice(&from_kiosk[..got]);
                    let place = match self.exchange {
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
                        Some(Fault::Cut(bytes)) => left = Some(bytes),
                        Some(Fault::Close) => return,
                        Some(Fault::Hang) => {
                            while matches!(kiosk.read(&mut from_kiosk).await, Ok(1..)) {}
                            return;
                        }
                        Some(Fault::Drip(bytes)) => {
                            for byte in bytes {
                                tokio::time::sleep(Duration::from_millis(10)).await;
                                if kiosk.write_all(&[byte]).await.is_err() || kiosk.flush().await.is_err() {
                                    return;
                                }
                            }
                            return;
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
                            return;
                        }
                    }
                    if server.write_all(&from_kiosk[..got]).await.is_err() {
                        return;
                    }
                }
                got = server.read(&mut from_server) => {
                    let Ok(got @ 1..) = got else {
                        let _ = kiosk.shutdown().await;
                        return;
                    };
                    let pass = left.map_or(got, |left| left.min(got));
                    let _ = kiosk.write_all(&from_server[..pass]).await;
                    let _ = kiosk.flush().await;
                    if let Some(left) = left.as_mut() {
                        *left -= pass;
                        if *left == 0 {
                            return;
                        }
                    }
                }
            }
        }
    }
}

/// A sign-out comes in the background, whenever it likes: it passes, and is not counted.
fn signs_out(request: &[u8]) -> bool {
    let line = request
        .split(|byte| *byte == b'\r')
        .next()
        .unwrap_or_default();
    line.starts_with(b"DELETE ") || line.windows(7).any(|part| part == b"/logout")
}
