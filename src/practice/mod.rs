//! The embedded campus: an HTTP server on loopback that speaks the real protocols, and what a practice student's phone
//! shows. It knows only the wire: nothing of the kiosk's own types, and nobody beyond this machine may reach it.
//!
//! | path | speaks |
//! |---|---|
//! | `/cas/v1/tickets`, `/cas/p3/serviceValidate` | CAS REST and CAS 3.0 ([`cas`]) |
//! | `/oidc/...` | OpenID Connect: discovery, device grant, password grant, keys ([`oidc`]) |
//! | `/cgi-bin/...` | WeCom ([`wecom`]) |
//! | `POST /` | Tencent Cloud `SendSms` ([`sms`]) |
//! | `/practice/phone...` | the practice student's phone ([`phone`], with the list of its ids) |
//! | `/practice/state`, `/practice/faults`, `/practice/settings` | hooks for tests and trainers ([`hooks`]) |
//!
//! Everybody's password is `practice-` and the last four digits of the student number: 20260001 signs in with
//! `practice-0001`. Passwords are derived, so the state file holds none. The roster is in [`seed`].

mod bad_day;
mod cas;
mod faults;
mod hex;
mod hooks;
mod oidc;
mod owner;
mod phone;
mod qr;
mod seed;
mod server;
mod sms;
mod state;
mod tickets;
mod wecom;
mod wire;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post, put};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use server::Server;

/// The largest request that is read, in bytes.
const BODY_LIMIT: usize = 64 * 1024;
/// How long a stop waits for answers that are under way.
const STOP_PATIENCE: Duration = Duration::from_secs(2);

/// Where the practice campus listens and what it remembers.
#[derive(Clone, Debug)]
pub struct CampusOptions {
    /// Loopback only; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Made where it is missing. One campus at a time uses it.
    pub state_dir: PathBuf,
}

/// A running practice campus.
pub struct Campus {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    /// Held as long as the campus runs, so that no second one writes the same state.
    _lock: std::fs::File,
}

/// What a desk needs to talk to the practice campus. Fixed, and worth nothing anywhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    pub corp_id: String,
    pub contacts_secret: String,
    pub app_secret: String,
    /// Where a member that is missing is created.
    pub department: u32,
    pub sms_secret_id: String,
    pub sms_secret_key: String,
    pub sms_region: String,
    pub sms_app_id: String,
    pub sms_sign: String,
    /// Its text has one parameter: the code.
    pub sms_template: String,
    /// The service that tickets are asked for.
    pub cas_service: String,
    /// The desk's name and secret at the issuer `/oidc`.
    pub oidc_client: String,
    pub oidc_secret: String,
}

/// Why the practice campus did not start.
#[derive(Debug, thiserror::Error)]
pub enum CampusError {
    #[error("{0} is not a loopback address, and the practice campus is for this machine alone")]
    NotLoopback(SocketAddr),
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
        source: std::io::Error,
    },
    #[error("cannot keep the practice campus's state in {dir}: {source}")]
    State {
        dir: PathBuf,
        source: std::io::Error,
    },
    #[error("another practice campus uses {0}")]
    InUse(PathBuf),
}

impl Campus {
    /// Starts the campus: when this returns, it answers.
    ///
    /// # Errors
    /// An address that is not loopback or is taken; a state directory that cannot be used or is in use.
    pub async fn start(options: CampusOptions) -> Result<Campus, CampusError> {
        if !options.listen.ip().is_loopback() {
            return Err(CampusError::NotLoopback(options.listen));
        }
        let (state, lock) = server::open(&options.state_dir)?;
        let listen_error = |source| CampusError::Listen {
            address: options.listen,
            source,
        };
        let listener = tokio::net::TcpListener::bind(options.listen)
            .await
            .map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;
        let (stop, stopped) = watch::channel(false);
        let server = Arc::new(Server::new(
            base_url(address),
            state,
            &options.state_dir,
            stopped.clone(),
        ));
        let service = router(server).into_make_service_with_connect_info::<wire::Gate>();
        let serving = tokio::spawn(async move {
            let until = wait_for_stop(stopped);
            let served = axum::serve(wire::Gates::new(listener), service)
                .with_graceful_shutdown(until)
                .await;
            if let Err(error) = served {
                tracing::warn!(%error, "the practice campus stopped");
            }
        });
        Ok(Campus {
            address,
            stop,
            serving,
            _lock: lock,
        })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn base_url(&self) -> String {
        base_url(self.address)
    }

    pub fn credentials(&self) -> Credentials {
        Credentials::practice()
    }

    /// Stops listening, lets answers under way end, and releases the state.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        let mut serving = self.serving;
        if tokio::time::timeout(STOP_PATIENCE, &mut serving)
            .await
            .is_err()
        {
            serving.abort();
        }
    }
}

impl Credentials {
    /// The practice campus's fixed credentials: the same for every practice campus.
    pub fn practice() -> Self {
        Credentials {
            corp_id: "wwpractice00000001".into(),
            contacts_secret: "practice-contacts-secret".into(),
            app_secret: "practice-app-secret".into(),
            department: 2,
            sms_secret_id: "AKIDpractice".into(),
            sms_secret_key: "practice-sms-key".into(),
            sms_region: "ap-beijing".into(),
            sms_app_id: "1400000000".into(),
            sms_sign: "练习大学".into(),
            sms_template: "100001".into(),
            cas_service: "http://desk.practice.invalid/".into(),
            oidc_client: "practice-desk".into(),
            oidc_secret: "practice-oidc-secret".into(),
        }
    }
}

fn base_url(address: SocketAddr) -> String {
    format!("http://{address}")
}

async fn wait_for_stop(mut stopped: watch::Receiver<bool>) {
    // A dropped sender means that the campus itself was dropped: that is a stop too.
    let _ = stopped.wait_for(|stop| *stop).await;
}

fn router(server: Arc<Server>) -> Router {
    Router::new()
        .route("/", post(sms::send))
        .route("/cas/v1/tickets", post(cas::grant))
        .route(
            "/cas/v1/tickets/{tgt}",
            post(cas::service_ticket).delete(cas::log_out),
        )
        .route("/cas/p3/serviceValidate", get(cas::validate))
        .route(
            "/oidc/.well-known/openid-configuration",
            get(oidc::discovery),
        )
        .route("/oidc/jwks", get(oidc::jwks))
        .route("/oidc/device_authorization", post(oidc::begin))
        .route("/oidc/device", get(oidc::page))
        .route("/oidc/token", post(oidc::token))
        .route("/cgi-bin/{*call}", get(wecom::answer).post(wecom::answer))
        .route("/practice/join/{size}", get(wecom::join_picture))
        .route("/practice/phone", get(phone::show))
        .route("/practice/phone/do/{action}", post(phone::act))
        .route("/practice/phone/wechat", put(phone::set_wechat))
        .route("/practice/state", get(hooks::state))
        .route("/practice/settings", put(hooks::settings))
        .route("/practice/faults", post(hooks::order_fault))
        .route("/practice/faults", delete(hooks::clear_faults))
        .layer(axum::middleware::from_fn_with_state(
            server.clone(),
            bad_day::stand_between,
        ))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_loopback_and_only_one() {
        let dir = tempfile::tempdir().unwrap();
        let options = |listen: &str| CampusOptions {
            listen: listen.parse().unwrap(),
            state_dir: dir.path().to_owned(),
        };
        for outside in ["0.0.0.0:0", "192.0.2.1:80", "[::]:0"] {
            let refused = Campus::start(options(outside)).await;
            assert!(matches!(refused, Err(CampusError::NotLoopback(_))));
        }
        let campus = Campus::start(options("127.0.0.1:0")).await.unwrap();
        let second = Campus::start(options("127.0.0.1:0")).await;
        assert!(matches!(second, Err(CampusError::InUse(_))));
        campus.stop().await;
        Campus::start(options("127.0.0.1:0"))
            .await
            .unwrap()
            .stop()
            .await;
    }
}
