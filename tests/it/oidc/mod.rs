//! Signing in by OpenID Connect: against a scripted issuer, against glewlwyd, which no one here
//! wrote, and the kiosk's whole journey in a terminal.

mod breaking;
mod device;
mod issuer;
pub mod jose;
mod journey;
mod password;
mod real;
mod tokens;
mod toolkit;
