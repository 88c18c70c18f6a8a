//! glewlwyd on loopback: an OpenID provider that no one here wrote, with a device grant that says `slow_down`. It ends
//! with its value.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::servers::{self, Running};

pub const CLIENT: &str = "desk";
pub const CLIENT_SECRET: &str = "canary-client-secret";
/// Students it knows, with their passwords.
pub const STUDENTS: [(&str, &str, &str); 3] = [
    ("20260001", "陈晓雨", "canary-password-1"),
    ("20260002", "乌日娜", "密码 ключ 🔑 &=+%"),
    ("20260009", "欧阳静怡", "canary-password-9"),
];

/// Instances of its OpenID plugin: how tokens are signed, how long a code is good, how often it may be polled.
const INSTANCES: [(&str, &str, u64, u64); 3] = [
    ("oidc", "ecdsa", 600, 2),
    ("rsa", "rsa", 600, 2),
    ("brief", "ecdsa", 4, 1),
];

pub struct Glewlwyd {
    pub at: SocketAddr,
    /// How it calls itself: its own address, or a proxy's before it.
    pub url: String,
    _running: Running,
    _dir: tempfile::TempDir,
}

/// A browser on a student's phone: it keeps a session and follows nothing by itself.
pub struct Browser {
    url: String,
    client: reqwest::Client,
    session: Option<String>,
}

impl Glewlwyd {
    /// Starts it with its plugin, a client and the students. `known_as` is the address of the proxy before it.
    pub async fn start(known_as: Option<&str>) -> Glewlwyd {
        let dir = tempfile::tempdir().unwrap();
        make_database(dir.path());
        let config = dir.path().join("glewlwyd.conf");
        let named = |at: SocketAddr| known_as.map_or_else(|| format!("http://{at}"), str::to_owned);
        let (at, running) = servers::started(|at| {
            std::fs::write(&config, configuration(dir.path(), at, &named(at))).unwrap();
            let mut command = servers::program("glewlwyd/usr/bin/glewlwyd");
            command
                .arg(format!("--config-file={}", config.display()))
                .stderr(Stdio::null());
            command
        });
        let started = Glewlwyd {
            at,
            url: named(at),
            _running: running,
            _dir: dir,
        };
        started.fill().await;
        started
    }

    /// Where an instance of its plugin is.
    pub fn issuer(&self, instance: &str) -> String {
        format!("{}/api/{instance}", self.url)
    }

    /// A phone's browser; it does not go through the proxy.
    pub fn browser(&self) -> Browser {
        Browser {
            url: format!("http://{}", self.at),
            client: client(),
            session: None,
        }
    }

    async fn fill(&self) {
        let mut admin = self.browser();
        admin.signs_in("admin", "password").await;
        for (name, kind, life, interval) in INSTANCES {
            let (key, certificate) = keys(kind);
            let parameters = json!({
                "iss": self.issuer(name), "jwt-type": kind, "jwt-key-size": "256", "key": key, "cert": certificate,
                "access-token-duration": 3600, "refresh-token-duration": 3600, "code-duration": 600,
                "refresh-token-rolling": false, "allow-non-oidc": true, "auth-type-code-enabled": false,
                "auth-type-token-enabled": false, "auth-type-id-token-enabled": true, "auth-type-none-enabled": false,
                "auth-type-password-enabled": true, "auth-type-client-enabled": false,
                "auth-type-device-enabled": true, "auth-type-refresh-enabled": true,
                "scope": [{"name": "openid", "refresh-token-rolling": false}], "subject-type": "public",
                "device-authorization-expiration": life, "device-authorization-interval": interval,
                "name-claim": "mandatory", "email-claim": "no", "scope-claim": "no", "jwks-show": true,
                "claims": [{"name": "preferred_username", "type": "string", "mandatory": true,
                    "user-property": "username"}],
            });
            let plugin = json!({"module": "oidc", "name": name, "display_name": name, "parameters": parameters});
            admin.does("POST", "/api/mod/plugin/", Some(plugin)).await;
        }
        let client = json!({"client_id": CLIENT, "name": "desk", "enabled": true, "confidential": true,
            "password": CLIENT_SECRET, "redirect_uri": ["http://127.0.0.1/none"], "scope": [],
            "authorization_type": ["device_authorization", "device_code", "password"],
            "token_endpoint_auth_method": ["client_secret_basic"]});
        admin
            .does("POST", "/api/client/?source=database", Some(client))
            .await;
        for (number, name, password) in STUDENTS {
            admin.admits(number, name, password, true).await;
        }
    }

    /// One more student; one that is not enabled may not sign in.
    pub async fn admits(&self, number: &str, name: &str, password: &str, enabled: bool) {
        let mut admin = self.browser();
        admin.signs_in("admin", "password").await;
        admin.admits(number, name, password, enabled).await;
    }
}

impl Browser {
    pub async fn signs_in(&mut self, user: &str, password: &str) {
        let form = json!({"username": user, "password": password});
        self.does("POST", "/api/auth/", Some(form)).await;
    }

    async fn admits(&mut self, number: &str, name: &str, password: &str, enabled: bool) {
        let user = json!({"username": number, "name": name, "password": password, "email": "", "enabled": enabled,
            "scope": ["g_profile", "openid"]});
        self.does("POST", "/api/user/?source=database", Some(user))
            .await;
    }

    /// What a student does with the address of the QR code: opens it, signs in where they are led, consents, goes on.
    pub async fn approves(&mut self, address: &str, user: &str, password: &str) {
        let path = self.path(address);
        let led = self.opens(&path).await;
        assert!(led.contains("login.html"), "not led to the sign-in: {led}");
        self.signs_in(user, password).await;
        let scope = json!({"scope": "openid"});
        self.does("PUT", &format!("/api/auth/grant/{CLIENT}"), Some(scope))
            .await;
        let led = self.opens(&format!("{path}&g_continue")).await;
        assert!(led.contains("prompt=deviceComplete"), "not complete: {led}");
    }

    /// Where opening a page leads.
    async fn opens(&mut self, path: &str) -> String {
        let answer = self.asks("GET", path, None).await;
        let location = answer.headers().get("location");
        location
            .map(|to| to.to_str().unwrap().to_owned())
            .unwrap_or_default()
    }

    async fn does(&mut self, method: &str, path: &str, body: Option<Value>) {
        let answer = self.asks(method, path, body).await;
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {text}");
    }

    async fn asks(&mut self, method: &str, path: &str, body: Option<Value>) -> reqwest::Response {
        let url = format!("{}{path}", self.url);
        let mut request = self.client.request(method.parse().unwrap(), url);
        if let Some(session) = &self.session {
            request = request.header("cookie", session);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        if let Some(cookie) = answer.headers().get("set-cookie") {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            self.session = Some(cookie.to_owned());
        }
        answer
    }

    /// An address without its host, which may be the proxy's.
    fn path(&self, address: &str) -> String {
        let url = reqwest::Url::parse(address).unwrap();
        format!("{}?{}", url.path(), url.query().unwrap_or_default())
    }
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// Private and public key, as PEM.
fn keys(kind: &str) -> (String, String) {
    match kind {
        "rsa" => (
            include_str!("keys/rsa.pem").to_owned(),
            include_str!("keys/rsa.pub.pem").to_owned(),
        ),
        _ => (
            include_str!("keys/ec.pem").to_owned(),
            include_str!("keys/ec.pub.pem").to_owned(),
        ),
    }
}

fn make_database(dir: &Path) {
    let schema = servers::path("glewlwyd/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz");
    let unzipped = Command::new("zcat").arg(schema).output().unwrap();
    assert!(unzipped.status.success());
    let sql = dir.join("init.sql");
    std::fs::write(&sql, unzipped.stdout).unwrap();
    let made = servers::program("glewlwyd/usr/bin/sqlite3")
        .arg(dir.join("glewlwyd.db"))
        .stdin(std::fs::File::open(sql).unwrap())
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
}

fn configuration(dir: &Path, at: SocketAddr, url: &str) -> String {
    let modules = servers::path("glewlwyd/usr/lib/glewlwyd");
    let (modules, dir, port) = (modules.display(), dir.display(), at.port());
    format!(
        "port={port}\nbind_address=\"127.0.0.1\"\nexternal_url=\"{url}\"\nlogin_url=\"login.html\"\napi_prefix=\"api\"\n\
         log_mode=\"file\"\nlog_level=\"WARNING\"\nlog_file=\"{dir}/glewlwyd.log\"\ncookie_domain=\"127.0.0.1\"\n\
         cookie_secure=0\nsession_expiration=3600\nsession_key=\"S\"\nadmin_scope=\"g_admin\"\n\
         profile_scope=\"g_profile\"\nuser_module_path=\"{modules}/user\"\n\
         user_middleware_module_path=\"{modules}/user_middleware\"\nclient_module_path=\"{modules}/client\"\n\
         user_auth_scheme_module_path=\"{modules}/scheme\"\nplugin_module_path=\"{modules}/plugin\"\n\
         hash_algorithm=\"SHA512\"\ndatabase = {{ type = \"sqlite3\"; path = \"{dir}/glewlwyd.db\"; }};\n"
    )
}
