//! A practice campus of its own for each test, and short words for what tests do with it.

use std::sync::Arc;

use serde_json::{Value, json};
use yingxin::campus::directory::WeCom;
use yingxin::campus::http::{Http, HttpOptions, Timing, Trust};
use yingxin::campus::identity::{CasRest, Ways};
use yingxin::campus::sms::{Tencent, tencent::TencentOptions};
use yingxin::practice::{CampusOptions, Credentials, PracticeCampus};
use yingxin::visit::{Failure, Mobile, Name, Secret, Student};

use crate::support::clock::HeldClock;
pub use crate::support::contract::{DEADLINE, number};

pub struct House {
    pub campus: PracticeCampus,
    pub http: Http,
    pub dir: tempfile::TempDir,
    tool: reqwest::Client,
}

impl House {
    pub async fn new() -> House {
        House::open(tempfile::tempdir().unwrap()).await
    }

    pub async fn open(dir: tempfile::TempDir) -> House {
        let options = CampusOptions {
            listen: "127.0.0.1:0".parse().unwrap(),
            state_dir: dir.path().to_owned(),
        };
        let http = Http::new(&HttpOptions {
            timing: Timing {
                total: DEADLINE,
                ..Timing::default()
            },
            trust: Trust::LoopbackOnly,
        });
        House {
            campus: PracticeCampus::start(options).await.unwrap(),
            http: http.unwrap(),
            dir,
            tool: reqwest::Client::builder()
                .no_proxy()
                .tls_certs_only([])
                .build()
                .unwrap(),
        }
    }

    /// Stops the campus and starts it again on the same state.
    pub async fn restarted(self) -> House {
        self.campus.stop().await;
        House::open(self.dir).await
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.campus.base_url())
    }

    pub fn cas(&self) -> Ways {
        let service = self.campus.credentials().cas_service;
        Ways::one(CasRest::new(self.http.clone(), &self.url("/cas"), &service).unwrap())
    }

    pub fn wecom(&self) -> WeCom {
        let practice = self.campus.credentials();
        self.wecom_with(
            Some(&practice.contacts_secret),
            Some(&practice.app_secret),
            Some(practice.department),
        )
    }

    pub fn wecom_with(
        &self,
        contacts: Option<&str>,
        app: Option<&str>,
        department: Option<u32>,
    ) -> WeCom {
        self.wecom_over(self.http.clone(), contacts, app, department)
    }

    /// The whole adapter, whose tokens live by a clock that the test holds.
    pub fn wecom_by(&self, clock: &Arc<HeldClock>) -> WeCom {
        let practice = self.campus.credentials();
        self.wecom_over(
            self.http.clone().with_clock(clock.clone()),
            Some(&practice.contacts_secret),
            Some(&practice.app_secret),
            Some(practice.department),
        )
    }

    fn wecom_over(
        &self,
        http: Http,
        contacts: Option<&str>,
        app: Option<&str>,
        department: Option<u32>,
    ) -> WeCom {
        let secret = |text: &str| Secret::new(text.to_owned());
        WeCom::new(
            http,
            &self.url("/cgi-bin"),
            &self.campus.credentials().corp_id,
            contacts.map(secret),
            app.map(secret),
            department,
        )
        .unwrap()
    }

    pub fn sms(&self) -> Tencent {
        self.sms_with(|_| ())
    }

    pub fn sms_with(&self, change: impl FnOnce(&mut Credentials)) -> Tencent {
        let mut practice = self.campus.credentials();
        change(&mut practice);
        let options = TencentOptions {
            endpoint: self.campus.base_url(),
            region: practice.sms_region,
            secret_id: Secret::new(practice.sms_secret_id),
            secret_key: Secret::new(practice.sms_secret_key),
            app_id: practice.sms_app_id,
            sign: practice.sms_sign,
            template: practice.sms_template,
        };
        Tencent::new(self.http.clone(), options).unwrap()
    }

    pub async fn fault(&self, target: &str, kind: &str, value: Value, calls: u32) {
        let order = json!({"target": target, "kind": kind, "value": value, "calls": calls});
        let request = self.tool.post(self.url("/practice/faults")).json(&order);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 204, "{}", answer.text().await.unwrap());
    }

    pub async fn no_faults(&self) {
        let request = self.tool.delete(self.url("/practice/faults"));
        assert_eq!(request.send().await.unwrap().status(), 204);
    }

    pub async fn set(&self, settings: Value) {
        let request = self
            .tool
            .put(self.url("/practice/settings"))
            .json(&settings);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    }

    pub async fn state(&self) -> Value {
        self.get("/practice/state").await.1
    }

    /// How often a path was called.
    pub async fn calls(&self, path: &str) -> u64 {
        self.state().await["calls"][path].as_u64().unwrap_or(0)
    }

    pub async fn member(&self, userid: &str) -> Value {
        self.state().await["members"][userid].clone()
    }

    /// Does something on the practice phone.
    pub async fn tap(&self, action: &str) -> Value {
        let request = self
            .tool
            .post(self.url(&format!("/practice/phone/do/{action}")));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{action}");
        answer.json().await.unwrap()
    }

    pub async fn wechat(&self, mobile: &str) -> u16 {
        let url = self.url("/practice/phone/wechat");
        let request = self.tool.put(url).json(&json!({"mobile": mobile}));
        request.send().await.unwrap().status().as_u16()
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        read(self.tool.get(self.url(path))).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        read(self.tool.post(self.url(path)).json(&body)).await
    }

    pub fn tool(&self) -> &reqwest::Client {
        &self.tool
    }

    /// An access token, got by hand.
    pub async fn token(&self, secret: &str) -> String {
        let corp = self.campus.credentials().corp_id;
        let path = format!("/cgi-bin/gettoken?corpid={corp}&corpsecret={secret}");
        self.get(&path).await.1["access_token"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

async fn read(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}

pub fn student(text: &str, name: &str) -> Student {
    Student {
        number: number(text),
        name: Name::new(name),
    }
}

pub fn mobile(text: &str) -> Mobile {
    Mobile::parse(text).unwrap()
}

/// How a fault of this kind is classified: an answer that cannot be used, or none.
pub fn unusable<R>(kind: &str) -> Failure<R> {
    match kind {
        "garbage" | "status" | "errcode" => Failure::Unavailable,
        _ => Failure::Offline,
    }
}
