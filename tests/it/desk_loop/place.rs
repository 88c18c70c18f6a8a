//! A practice campus and the wire to it, for a desk in this process; what the campus counted and holds.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use yingxin::practice;
use yingxin::screen::UiKey;

use super::glass::{Desk, Keys, PATIENCE};
use super::steps::{ASK, FOLLOW, NUMBER, SEND, signs_in, to_identity};
use super::wire::Wire;

pub struct Place {
    pub dir: TempDir,
    pub wire: Wire,
    campus: practice::PracticeCampus,
    client: reqwest::Client,
}

impl Place {
    pub async fn new() -> Place {
        let dir = tempfile::tempdir().unwrap();
        let campus = practice::PracticeCampus::start(practice::CampusOptions {
            listen: ([127, 0, 0, 1], 0).into(),
            state_dir: dir.path().join("campus"),
        })
        .await
        .unwrap();
        let wire = Wire::to(&campus.base_url()).await;
        // An earlier caller may have installed the same provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .build()
            .unwrap();
        Place {
            dir,
            wire,
            campus,
            client,
        }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// A desk at the other end of the wire.
    pub fn desk(&self) -> Desk {
        Desk::at(self.path()).connected_to(&self.wire.url)
    }

    /// A call that does not go over the wire.
    pub async fn call(&self, method: &str, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.campus.base_url());
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.client.request(method, &url);
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{url}: {}", answer.status());
        answer.json().await.unwrap_or(Value::Null)
    }

    pub async fn state(&self) -> Value {
        self.call("GET", "/practice/state", Value::Null).await
    }

    /// How often the campus was called at a path, except by probes, which concern no student.
    pub async fn calls(&self, path: &str) -> u64 {
        let probes = self.wire.probes(path);
        let calls = self.state().await["calls"][path].as_u64().unwrap_or(0);
        calls.saturating_sub(probes)
    }

    pub async fn member(&self, student: &str) -> Value {
        self.state().await["members"][student].clone()
    }

    pub async fn phone(&self, action: &str) {
        let path = format!("/practice/phone/do/{action}");
        self.call("POST", &path, Value::Null).await;
    }

    pub async fn wechat_is(&self, mobile: &str) {
        let body = json!({ "mobile": mobile });
        self.call("PUT", "/practice/phone/wechat", body).await;
    }

    /// The code in the newest message that reached the phone.
    pub async fn code(&self) -> String {
        let phone = self.call("GET", "/practice/phone", Value::Null).await;
        let message = phone["messages"][0].as_str().unwrap_or_default().to_owned();
        let code = message
            .split(|c: char| !c.is_ascii_digit())
            .find(|part| part.len() == 6)
            .unwrap_or_else(|| panic!("no code in {message:?}"));
        code.to_owned()
    }

    /// Waits until the campus holds this of a student, without a key.
    pub async fn holds(&self, student: &str, what: &str, value: Value) {
        let end = Instant::now() + PATIENCE;
        loop {
            let member = self.member(student).await;
            if member[what] == value {
                return;
            }
            assert!(
                Instant::now() < end,
                "{student} has not {what} {value}: {member}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

pub async fn to_number(keys: &mut Keys, student: &str) {
    to_identity(keys).await;
    signs_in(keys, student).await;
    keys.shows(NUMBER).await;
}

/// WeChat has another number than the one given: the student follows with it, and comes to the code.
pub async fn follows_with_another(place: &Place, keys: &mut Keys) {
    keys.shows(ASK).await.types("2").await.shows(FOLLOW).await;
    place.phone("scan-follow").await;
    keys.key(UiKey::Enter).await.shows(SEND).await;
}
