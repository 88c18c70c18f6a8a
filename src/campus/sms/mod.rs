//! Codes to phones: one adapter a carrier.

pub mod tencent;
mod tencent_sign;

pub use tencent::Tencent;
