//! Each adapter against a practice campus that really runs, over real sockets, with its faults, and against servers that
//! no one here wrote.

#[path = "support/certificates.rs"]
mod certificates;
#[path = "support/contract.rs"]
mod contract;
#[path = "support/django.rs"]
mod django;
#[path = "support/gammu.rs"]
mod gammu;
#[path = "support/passwords.rs"]
mod passwords;
#[path = "support/proxy.rs"]
mod proxy;
#[path = "support/servers.rs"]
mod servers;
#[path = "support/slapd.rs"]
mod slapd;

mod campus {
    mod aliyun;
    mod cas;
    mod doctor;
    mod forms;
    mod gammu;
    mod gateways;
    mod house;
    mod ldap;
    mod matrix;
    mod models;
    mod phone;
    mod sms;
    mod wechatpy;
    mod wecom;
    mod wecom_token;
}
