//! Hooks for tests and trainers: they read the whole state, order faults and change settings. They change nothing else:
//! students and desks act through the protocols and the phone. Loopback only, like the rest of the campus.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::ordered_faults::OrderedFault;
use super::server::{Server, lock};
use super::state::Settings;

/// `GET /practice/state`: the whole state, how often each path was called, and the faults still to come.
pub async fn state(State(server): State<Arc<Server>>) -> Json<Value> {
    let mut whole = server.with(|state| serde_json::to_value(&*state).unwrap_or_default());
    let faults = lock(&server.faults);
    if let Some(fields) = whole.as_object_mut() {
        fields.insert("calls".into(), json!(faults.calls()));
        fields.insert("faults".into(), json!(faults.ordered()));
    }
    Json(whole)
}

/// `POST /practice/faults`: see [`OrderedFault`].
pub async fn order_fault(
    State(server): State<Arc<Server>>,
    Json(fault): Json<OrderedFault>,
) -> Response {
    match lock(&server.faults).order(fault) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(why) => (StatusCode::BAD_REQUEST, why).into_response(),
    }
}

/// `DELETE /practice/faults`: removes all faults.
pub async fn clear_faults(State(server): State<Arc<Server>>) -> StatusCode {
    lock(&server.faults).clear();
    StatusCode::NO_CONTENT
}

/// `PUT /practice/settings`: changes the given settings and keeps the others.
pub async fn settings(
    State(server): State<Arc<Server>>,
    Json(change): Json<serde_json::Map<String, Value>>,
) -> Response {
    let changed = server.with(|state| {
        let mut all = serde_json::to_value(&state.settings)?;
        if let Some(fields) = all.as_object_mut() {
            fields.extend(change);
        }
        state.settings = serde_json::from_value::<Settings>(all)?;
        Ok::<_, serde_json::Error>(state.settings.clone())
    });
    match changed {
        Ok(settings) => Json(settings).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    }
}
