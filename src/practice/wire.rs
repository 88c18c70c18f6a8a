//! The practice campus's sockets. Their number is bounded, and an ordered fault can break off a response. This module
//! handles bytes and does not change them.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// At most this many connections are served at a time; more wait.
const MOST_CONNECTIONS: usize = 64;

/// Whether bytes may still be sent on a connection. Handlers receive it as connection info.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<AtomicBool>);

impl Gate {
    /// Nothing more is sent: the connection breaks at the beginning of a response.
    pub fn shut(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_shut(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Accepts connections and puts a gate into each.
pub struct Gates {
    listener: TcpListener,
    room: Arc<Semaphore>,
}

impl Gates {
    /// Accepts connections from this listener.
    pub fn new(listener: TcpListener) -> Self {
        Gates {
            listener,
            room: Arc::new(Semaphore::new(MOST_CONNECTIONS)),
        }
    }
}

impl Listener for Gates {
    type Io = Gated;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Gated, SocketAddr) {
        let room = self.room.clone().acquire_owned().await.ok();
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    let gated = Gated {
                        stream,
                        gate: Gate::default(),
                        _room: room,
                    };
                    return (gated, address);
                }
                // No file descriptors are left, or the peer has gone: a short pause avoids a busy loop.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, Gates>> for Gate {
    fn connect_info(stream: IncomingStream<'_, Gates>) -> Self {
        stream.io().gate.clone()
    }
}

/// A connection behind its gate.
pub struct Gated {
    stream: TcpStream,
    gate: Gate,
    _room: Option<OwnedSemaphorePermit>,
}

impl AsyncRead for Gated {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Gated {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.gate.is_shut() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
