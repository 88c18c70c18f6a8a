//! The embedded campus: an HTTP server on loopback that speaks the real protocols, and a simulated student's phone. It
//! knows the wire formats only and uses none of the kiosk's own types. It accepts requests from this machine alone.
//!
//! | path | speaks |
//! |---|---|
//! | `/cas/v1/tickets`, `/cas/p3/serviceValidate` | CAS REST and CAS 3.0 (`cas`) |
//! | `/oidc/...` | OpenID Connect: discovery, device grant, password grant, keys (`oidc`) |
//! | `/cgi-bin/...` | WeCom (`wecom`) |
//! | `POST /` | Tencent Cloud `SendSms` (`sms`) |
//! | `/practice/phone...` | the practice student's phone (`phone`, with the list of its ids) |
//! | `/practice/state`, `/practice/faults`, `/practice/settings` | hooks for tests and trainers (`hooks`) |
//!
//! A student's password is `practice-` and the last four digits of the student number: 20260001 signs in with
//! `practice-0001`. Passwords are derived, so the state file holds none. The roster is in `seed`.

mod bad_days;
mod cas;
mod cas_tickets;
mod credentials;
mod device_grants;
mod error;
mod fault_layer;
mod hex;
mod hooks;
mod oidc;
mod ordered_faults;
mod owner;
mod phone;
mod qr;
mod seed;
mod server;
mod signing;
mod sms;
mod state;
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

pub use credentials::Credentials;
pub use error::CampusError;
pub use seed::students;
use server::Server;

/// The largest request that is read, in bytes.
const BODY_LIMIT: usize = 64 * 1024;
/// How long [`PracticeCampus::stop`] waits for responses in flight.
const STOP_PATIENCE: Duration = Duration::from_secs(2);

/// Where the practice campus listens, and where its state is kept.
#[derive(Clone, Debug)]
pub struct CampusOptions {
    /// A loopback address. Port 0 lets the system choose a port.
    pub listen: SocketAddr,
    /// Created if it is missing. Only one campus at a time can use it.
    pub state_dir: PathBuf,
}

/// A running practice campus. Dropping it stops it.
pub struct PracticeCampus {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    /// Locked while the campus runs, so that no second campus writes the same state.
    _lock: std::fs::File,
}

impl PracticeCampus {
    /// Starts the campus. It accepts requests when this returns.
    ///
    /// # Errors
    /// When the address is not loopback or is in use, or the state directory is in use or cannot be used.
    pub async fn start(options: CampusOptions) -> Result<PracticeCampus, CampusError> {
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
        Ok(PracticeCampus {
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

    /// What a desk needs to talk to this campus.
    pub fn credentials(&self) -> Credentials {
        Credentials::practice()
    }

    /// Stops listening, waits for responses in flight, and releases the state directory.
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

fn base_url(address: SocketAddr) -> String {
    format!("http://{address}")
}

async fn wait_for_stop(mut stopped: watch::Receiver<bool>) {
    // A dropped sender means that the campus itself was dropped, which stops it too.
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
        .route("/practice/phone/day/{id}", post(phone::toggle_day))
        .route("/practice/state", get(hooks::state))
        .route("/practice/settings", put(hooks::settings))
        .route("/practice/faults", post(hooks::order_fault))
        .route("/practice/faults", delete(hooks::clear_faults))
        .layer(axum::middleware::from_fn_with_state(
            server.clone(),
            fault_layer::apply_faults,
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
            let refused = PracticeCampus::start(options(outside)).await;
            assert!(matches!(refused, Err(CampusError::NotLoopback(_))));
        }
        let campus = PracticeCampus::start(options("127.0.0.1:0")).await.unwrap();
        let second = PracticeCampus::start(options("127.0.0.1:0")).await;
        assert!(matches!(second, Err(CampusError::InUse(_))));
        campus.stop().await;
        PracticeCampus::start(options("127.0.0.1:0"))
            .await
            .unwrap()
            .stop()
            .await;
    }
}
