//! Each adapter against a practice campus that really runs, over real sockets, with its faults, and against servers that
//! no one here wrote.

mod aliyun;
mod cas;
mod doctor;
mod forms;
mod gammu;
mod gateways;
mod house;
mod ldap;
mod matrix;
pub mod models;
mod pages;
mod phone;
mod samba;
mod sealed;
mod sms;
mod sms_campus;
mod sms_http;
mod sms_platform;
mod wechatpy;
mod wecom;
mod wecom_json;
mod wecom_token;
