//! Each adapter against a practice campus that really runs, over real sockets, with its faults, and against servers that
//! no one here wrote.

#[path = "support/gammu.rs"]
mod gammu;
#[path = "support/servers.rs"]
mod servers;

mod campus {
    mod aliyun;
    mod cas;
    mod gammu;
    mod house;
    mod phone;
    mod sms;
    mod wechatpy;
    mod wecom;
    mod wecom_token;
}
