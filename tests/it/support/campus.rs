//! A practice campus in a process of its own, as `yingxin campus` starts it, and HTTP calls to it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// The campus process. It ends with this value.
pub struct Campus {
    child: Child,
    pub url: String,
}

impl Campus {
    /// Starts it on a port of the system's choice.
    pub fn start(state: &Path) -> Campus {
        Campus::start_at("127.0.0.1:0", state)
    }

    pub fn start_at(listen: &str, state: &Path) -> Campus {
        let mut child = Command::new(env!("CARGO_BIN_EXE_yingxin"))
            .args(["campus", "--listen", listen, "--state"])
            .arg(state)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap_or_else(|| panic!("said {line:?}"))
            .to_owned();
        Campus { child, url }
    }

    pub fn get(&self, path: &str) -> Value {
        self.call(reqwest::Method::GET, path, None)
    }

    pub fn post(&self, path: &str, body: Value) -> Value {
        self.call(reqwest::Method::POST, path, Some(body))
    }

    pub fn put(&self, path: &str, body: Value) -> Value {
        self.call(reqwest::Method::PUT, path, Some(body))
    }

    /// One of the practice phone's actions, by its id.
    pub fn phone(&self, action: &str) -> Value {
        self.post(&format!("/practice/phone/do/{action}"), Value::Null)
    }

    /// As [`Campus::post`], to a campus that somebody else started.
    pub fn post_to(url: &str, path: &str, body: Value) -> Value {
        Campus::call_at(url, reqwest::Method::POST, path, Some(body))
    }

    fn call(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> Value {
        Campus::call_at(&self.url, method, path, body)
    }

    fn call_at(base: &str, method: reqwest::Method, path: &str, body: Option<Value>) -> Value {
        let url = format!("{base}{path}");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let client = client();
            let mut request = client.request(method, &url);
            if let Some(body) = body {
                request = request.json(&body);
            }
            let answer = request.send().await.unwrap();
            let status = answer.status();
            let text = answer.text().await.unwrap();
            assert!(status.is_success(), "{url}: {status}: {text}");
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        })
    }
}

impl Drop for Campus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn client() -> reqwest::Client {
    // An earlier caller may have installed the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap()
}
