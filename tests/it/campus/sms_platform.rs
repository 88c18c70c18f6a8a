//! A platform for text messages on loopback: it keeps what it was asked and answers as a test says, for every carrier that
//! the configuration describes.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use yingxin::campus::Campus;
use yingxin::campus::connections::Connections;
use yingxin::cli_error::CliError;
use yingxin::config::{Flags, load};
use yingxin::visit::{Code, CodeKey, Nonce, VisitId};

use super::house::mobile;
use crate::support::run_with_input;

pub const NUMBER: &str = "13900139001";
const HELP: &str = include_str!("../../../src/help/sms.md");
pub const ACCOUNT: &str = "canary-account";
pub const PASSWORD: &str = "canary-pass&word=\"<";
pub const KEY: &str = "canary-key+/";

/// A request as it arrived.
#[derive(Clone)]
pub struct Asked {
    pub method: Method,
    pub target: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// What the platform answers next: status, headers, body.
type Answer = (u16, Vec<(&'static str, String)>, Vec<u8>);

#[derive(Default)]
struct Desk {
    answer: Answer,
    asked: Vec<Asked>,
}

/// A platform on loopback.
pub struct Platform {
    desk: Arc<Mutex<Desk>>,
    pub at: SocketAddr,
    pub url: String,
    dir: tempfile::TempDir,
}

async fn answer(
    State(desk): State<Arc<Mutex<Desk>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut desk = desk.lock().unwrap();
    desk.asked.push(Asked {
        method,
        target: uri.to_string(),
        headers,
        body: body.to_vec(),
    });
    let (status, headers, body) = desk.answer.clone();
    let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

impl Platform {
    pub async fn new() -> Platform {
        let desk = Arc::new(Mutex::new(Desk::default()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let url = format!("http://{at}");
        let router = Router::new().fallback(answer).with_state(desk.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let dir = tempfile::tempdir().unwrap();
        Platform { desk, at, url, dir }
    }

    pub fn says(&self, status: u16, body: impl Into<Vec<u8>>) {
        self.desk.lock().unwrap().answer = (status, Vec::new(), body.into());
    }

    /// It sends the next ones elsewhere.
    pub fn leads_to(&self, place: String) {
        self.desk.lock().unwrap().answer = (307, vec![("location", place)], Vec::new());
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.desk.lock().unwrap().asked.clone()
    }

    /// The campus of this configuration, its addresses turned to this platform.
    pub fn campus(&self, text: &str) -> Result<Campus, CliError> {
        self.connections(text, &self.url)?.connect()
    }

    /// The connections of this configuration, its addresses turned to this one.
    pub fn connections(&self, text: &str, url: &str) -> Result<Connections, CliError> {
        let mut local = text.to_owned();
        while let Some((before, rest)) = local.split_once("https://") {
            let end = rest.find(['/', '"']).unwrap();
            local = format!("{before}{url}{}", &rest[end..]);
        }
        for part in local.split('"').filter(|part| part.ends_with(".secret")) {
            let value = match part {
                name if name.contains("account") || name == "huawei-key.secret" => ACCOUNT,
                name if name.contains("password") || name == "huawei-secret.secret" => PASSWORD,
                _ => KEY,
            };
            write_secret(&self.dir.path().join(part), value);
        }
        let path = self.dir.path().join("yingxin.toml");
        std::fs::write(&path, local).unwrap();
        let flags = Flags {
            config: Some(path),
            store: Some(self.dir.path().into()),
            ..Flags::default()
        };
        load(&flags, &|_| None)?.connections(&|_| None)
    }

    pub fn recipe(&self, title: &str) -> Campus {
        self.campus(&recipe(title)).unwrap()
    }
}

/// The configuration below this heading of the help.
pub fn recipe(title: &str) -> String {
    let (_, rest) = HELP.split_once(&format!("# {title}\n")).unwrap();
    let (_, rest) = rest.split_once("```toml\n").unwrap();
    rest.split("```").next().unwrap().to_owned()
}

fn write_secret(path: &Path, value: &str) {
    std::fs::write(path, value).unwrap();
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600)).unwrap();
}

/// The code that the desk makes for this number.
pub fn code() -> Code {
    CodeKey::new([7; 32]).derive(VisitId(1), &mobile(NUMBER), Nonce(1))
}

/// The fields of a form, decoded by their bytes.
pub fn form(body: &[u8], decode: impl Fn(&[u8]) -> String) -> BTreeMap<String, String> {
    let text = std::str::from_utf8(body).unwrap();
    let unescaped = |part: &str| {
        let mut bytes = Vec::new();
        let mut rest = part.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'%' => {
                    let pair = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap()
                }
                b'+' => b' ',
                other => other,
            });
        }
        decode(&bytes)
    };
    let pairs = text.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (unescaped(name), unescaped(value)))
        .collect()
}

pub fn utf8(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A digest by another program than the desk's own library.
pub fn digest(program: &str, message: &str) -> String {
    let output = run_with_input(&mut Command::new(program), message);
    utf8(&output.stdout).split(' ').next().unwrap().to_owned()
}
