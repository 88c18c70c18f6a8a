//! Passwords that are hard to carry.

/// One of many scripts.
pub const UNICODE: &str = "密码 ключ 🔑 &=+%\"'\\";

/// One of 512 bytes.
pub fn long() -> String {
    "长p".repeat(128)
}
