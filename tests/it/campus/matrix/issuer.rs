//! Two services that always say yes: an issuer whose grants are approved at once, and Aliyun's messages.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::oidc::jose::Key;

/// Ends with its value.
pub struct Yes {
    pub at: SocketAddr,
    /// What the issuer says it is called.
    pub name: Arc<Mutex<String>>,
    task: JoinHandle<()>,
}

struct Issuer {
    name: Arc<Mutex<String>>,
    key: Key,
}

impl Yes {
    pub async fn issuer() -> Yes {
        let name = Arc::<Mutex<String>>::default();
        let issuer = Issuer {
            name: name.clone(),
            key: Key::es256(),
        };
        let router = axum::Router::new()
            .fallback(grant)
            .with_state(Arc::new(issuer));
        Yes::serve(router, name).await
    }

    pub async fn aliyun() -> Yes {
        let router = axum::Router::new().fallback(message);
        Yes::serve(router, Arc::default()).await
    }

    async fn serve(router: axum::Router, name: Arc<Mutex<String>>) -> Yes {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Yes { at, name, task }
    }
}

impl Drop for Yes {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn grant(State(issuer): State<Arc<Issuer>>, request: Request) -> Response {
    let name = issuer.name.lock().unwrap().clone();
    let now = jiff::Timestamp::now().as_second();
    // Only the bearer's request returns the name, so that the request is made.
    let claims = json!({"iss": name, "aud": "desk", "sub": "u-1", "preferred_username": "20260001",
        "iat": now, "exp": now + 300});
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 64 * 1024).await.unwrap();
    // The only thing that it says no to: a grant that never was.
    if String::from_utf8_lossy(&body).contains("device_code=yingxin-doctor") {
        let no = Json(json!({"error": "invalid_grant"}));
        return (StatusCode::BAD_REQUEST, no).into_response();
    }
    let told = match head.uri.path() {
        "/.well-known/openid-configuration" => json!({
            "issuer": name,
            "token_endpoint": format!("{name}/token"),
            "jwks_uri": format!("{name}/keys"),
            "device_authorization_endpoint": format!("{name}/device"),
            "userinfo_endpoint": format!("{name}/userinfo"),
        }),
        "/device" => json!({
            "device_code": "device-code", "user_code": "WDJB-MJHT", "expires_in": 60, "interval": 1,
            "verification_uri": format!("{name}/verify"),
        }),
        "/token" => json!({
            "access_token": "access", "token_type": "Bearer", "expires_in": 60,
            "id_token": issuer.key.sign("k1", &claims),
        }),
        "/keys" => json!({"keys": [issuer.key.jwk("k1")]}),
        "/userinfo" => json!({"sub": "u-1", "name": "陈晓雨"}),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    Json(told).into_response()
}

async fn message(headers: HeaderMap) -> Json<Value> {
    let detail = json!({"SendStatus": 3, "ErrCode": "DELIVERED", "PhoneNum": "13900139001"});
    Json(match headers["x-acs-action"].to_str() {
        Ok("SendSms") => json!({"Code": "OK", "BizId": "9^0"}),
        _ => {
            json!({"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": [detail]}, "TotalCount": 1})
        }
    })
}
