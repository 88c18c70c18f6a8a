//! The wire between a desk and its campus, which a test can cut: before a request, in it, after it, in mid-answer, or
//! altogether. What really reached the campus is counted there, not here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Where one call is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Nothing of the request reaches the campus.
    BeforeRequest,
    /// Half of it does, which is no request.
    InRequest,
    /// All of it does; nothing of the answer comes back.
    AfterRequest,
    /// The answer breaks off in its middle.
    InAnswer,
    /// The request waits on the wire until that is cut.
    Held,
}

impl Cut {
    pub const ALL: [Cut; 4] = [
        Cut::BeforeRequest,
        Cut::InRequest,
        Cut::AfterRequest,
        Cut::InAnswer,
    ];

    /// Whether the campus got the request.
    pub fn reaches(self) -> bool {
        matches!(self, Cut::AfterRequest | Cut::InAnswer)
    }
}

/// What marks a probe's request: it names no real student.
const PROBES: [&[u8]; 2] = [b"yingxin-doctor", b"+860"];

type Probes = Arc<Mutex<BTreeMap<String, u64>>>;

/// The wire; it ends with this value.
pub struct Wire {
    pub url: String,
    cuts: Arc<Mutex<Vec<(String, Cut)>>>,
    probes: Probes,
    up: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Wire {
    /// A wire to the campus at this address, `http://127.0.0.1:PORT`.
    pub async fn to(campus: &str) -> Wire {
        let upstream = campus.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let cuts: Arc<Mutex<Vec<(String, Cut)>>> = Arc::default();
        let (up, is_up) = watch::channel(true);
        let probes = Probes::default();
        let (theirs, their_probes) = (cuts.clone(), probes.clone());
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (upstream, cuts, is_up) = (upstream.clone(), theirs.clone(), is_up.clone());
                let probes = their_probes.clone();
                // However it ends, both ends are closed with it.
                tokio::spawn(async move { carry(client, &upstream, &cuts, &probes, is_up).await });
            }
        });
        Wire {
            url,
            cuts,
            probes,
            up,
            task,
        }
    }

    /// The next call of this method and path, such as `POST /cas/v1/tickets`, is cut so.
    pub fn cuts(&self, call: &str, cut: Cut) {
        self.cuts.lock().unwrap().push((call.to_owned(), cut));
    }

    /// How many probes went to this path, and reached the campus.
    pub fn probes(&self, path: &str) -> u64 {
        let probes = self.probes.lock().unwrap();
        probes.get(path).copied().unwrap_or_default()
    }

    /// Somebody trips over the cable: what is on the wire is lost, and nothing comes through.
    pub fn goes_down(&self) {
        self.up.send_replace(false);
    }

    pub fn comes_up(&self) {
        self.cuts.lock().unwrap().clear();
        self.up.send_replace(true);
    }

    /// Whether every cut that was ordered was met.
    pub fn met_all(&self) -> bool {
        self.cuts.lock().unwrap().is_empty()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(
    mut client: TcpStream,
    upstream: &str,
    cuts: &Mutex<Vec<(String, Cut)>>,
    probes: &Probes,
    mut is_up: watch::Receiver<bool>,
) -> Option<()> {
    if !*is_up.borrow_and_update() {
        return None;
    }
    tokio::select! {
        _ = is_up.wait_for(|up| !up) => None,
        done = exchange(&mut client, upstream, cuts, probes) => done,
    }
}

async fn exchange(
    client: &mut TcpStream,
    upstream: &str,
    cuts: &Mutex<Vec<(String, Cut)>>,
    probes: &Probes,
) -> Option<()> {
    let (call, request) = read_request(client).await?;
    let has = |mark: &[u8]| request.windows(mark.len()).any(|part| part == mark);
    // A probe of CAS REST names no user.
    let asks_for_nobody = call == "POST /cas/v1/tickets" && has(b"\r\n\r\nservice=");
    let is_probe = asks_for_nobody || PROBES.iter().any(|mark| has(mark));
    if is_probe {
        let path = call.split(' ').next_back().unwrap_or_default();
        let mut probes = probes.lock().unwrap();
        *probes.entry(path.to_owned()).or_default() += 1;
    }
    let met = if is_probe {
        // The monitor asks when it likes: no order is for it.
        None
    } else {
        let mut cuts = cuts.lock().unwrap();
        let place = cuts.iter().position(|(wanted, _)| *wanted == call);
        place.map(|place| cuts.remove(place).1)
    };
    match met {
        Some(Cut::BeforeRequest) => return None,
        Some(Cut::Held) => std::future::pending().await,
        Some(Cut::InRequest) => {
            let mut server = TcpStream::connect(upstream).await.ok()?;
            server.write_all(&request[..request.len() / 2]).await.ok()?;
            return None;
        }
        _ => {}
    }
    let mut server = TcpStream::connect(upstream).await.ok()?;
    server.write_all(&request).await.ok()?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await.ok()?;
    let end = match met {
        Some(Cut::AfterRequest) => 0,
        // The head and some of the body, where there is one.
        Some(Cut::InAnswer) => answer.len() - answer.len() / 8 - 1,
        _ => answer.len(),
    };
    client.write_all(&answer[..end]).await.ok()?;
    client.shutdown().await.ok()
}

/// The call, without what was asked, and the bytes of the request: the campus is to close when it has answered.
async fn read_request(client: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if client.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let line = text.lines().next()?;
    let mut words = line.split([' ', '?']);
    let call = format!("{} {}", words.next()?, words.next()?);
    let length: usize = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0);
    while bytes.len() < head + length {
        if client.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let after_line = line.len() + 2;
    bytes.splice(after_line..after_line, *b"connection: close\r\n");
    Some((call, bytes))
}
