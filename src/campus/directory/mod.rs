//! The company's contacts: one adapter a way of reaching them.

pub mod guide;
pub mod wecom;
mod wecom_errcode;
mod wecom_token;

pub use guide::Guide;
pub use wecom::WeCom;
