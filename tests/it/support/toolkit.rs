//! django-oauth-toolkit on loopback: an OpenID provider that no one here wrote, whose device grant gives an access token
//! alone, and whose discovery document names no device endpoint. It ends with its value.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::support::servers::{self, Running};

pub const CLIENT_SECRET: &str = "canary-toolkit-secret";
pub const STUDENTS: [(&str, &str); 2] = [
    ("20260001", "canary-password-1"),
    ("20260002", "密码-パス-ñ-0002"),
];

pub struct Toolkit {
    pub at: SocketAddr,
    _running: Running,
    _dir: tempfile::TempDir,
}

impl Toolkit {
    /// Starts it with the students.
    pub fn start() -> Toolkit {
        let dir = tempfile::tempdir().unwrap();
        let mut arguments = vec![
            dir.path().join("oauth.sqlite3").display().to_string(),
            CLIENT_SECRET.to_owned(),
        ];
        let students = STUDENTS.iter();
        arguments.extend(students.map(|(number, password)| format!("{number}={password}")));
        let (at, running) = servers::python_site("toolkit", "oauth_site.py", &arguments);
        Toolkit {
            at,
            _running: running,
            _dir: dir,
        }
    }

    pub fn issuer(&self) -> String {
        format!("http://{}/o", self.at)
    }
}

/// The browser of a student's phone: it keeps cookies and follows redirects.
pub struct Browser {
    client: reqwest::Client,
    host: String,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn of(server: &Toolkit) -> Browser {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Browser {
            client,
            host: format!("http://{}", server.at),
            cookies: BTreeMap::new(),
        }
    }

    /// Opens the address of the QR code, signs in, sends the code off and answers `accept` or `deny`.
    pub async fn decides(&mut self, address: &str, student: (&str, &str), action: &str) {
        let (login, page) = self.opens(address).await;
        assert!(
            login.contains("/accounts/login/"),
            "not led to the sign-in: {login}"
        );
        let (device, page) = self
            .sends(
                &login,
                &page,
                &[("username", student.0), ("password", student.1)],
            )
            .await;
        assert!(device.contains("/o/device/"), "not signed in: {device}");
        let code = address.split("user_code=").nth(1).unwrap();
        let (confirm, page) = self.sends(&device, &page, &[("user_code", code)]).await;
        assert!(
            confirm.contains("/o/device-confirm/"),
            "no such code: {confirm}"
        );
        let (status, _) = self.sends(&confirm, &page, &[("action", action)]).await;
        assert!(
            status.contains("/o/device-grant-status/"),
            "not decided: {status}"
        );
    }

    /// Sends the form of a page; gives where that leads, and the page there.
    async fn sends(
        &mut self,
        address: &str,
        page: &str,
        fields: &[(&str, &str)],
    ) -> (String, String) {
        let token = page.split("name=\"csrfmiddlewaretoken\" value=\"").nth(1);
        let token = token.and_then(|rest| rest.split('"').next()).unwrap();
        let mut form = vec![("csrfmiddlewaretoken", token)];
        form.extend(fields);
        let request = self
            .client
            .post(address)
            .form(&form)
            .header("referer", address);
        self.follows(request, address).await
    }

    async fn opens(&mut self, address: &str) -> (String, String) {
        self.follows(self.client.get(address), address).await
    }

    async fn follows(
        &mut self,
        request: reqwest::RequestBuilder,
        address: &str,
    ) -> (String, String) {
        let (mut request, mut address) = (request, address.to_owned());
        for _ in 0..5 {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(k, v)| format!("{k}={v}"))
                .collect();
            let answer = request
                .header("cookie", cookies.join("; "))
                .send()
                .await
                .unwrap();
            for cookie in answer.headers().get_all("set-cookie") {
                let pair = cookie.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            let Some(location) = answer.headers().get("location") else {
                return (address, answer.text().await.unwrap());
            };
            address = format!("{}{}", self.host, location.to_str().unwrap());
            request = self.client.get(&address);
        }
        panic!("led in a circle to {address}");
    }
}
