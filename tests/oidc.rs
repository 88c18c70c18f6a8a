//! Signing in by OpenID Connect: against an issuer that says whatever it is told to, against glewlwyd, which no one here
//! wrote, and the kiosk's whole journey in a terminal.

#[path = "support/certificates.rs"]
mod certificates;
#[path = "support/contract.rs"]
mod contract;
#[path = "support/glewlwyd.rs"]
mod glewlwyd;
#[path = "support/passwords.rs"]
mod passwords;
#[path = "support/proxy.rs"]
mod proxy;
#[path = "support/servers.rs"]
mod servers;
mod support;

mod oidc {
    mod breaking;
    mod device;
    mod issuer;
    mod jose;
    mod journey;
    mod password;
    mod real;
    mod tokens;
}
