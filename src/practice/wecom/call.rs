//! The parts of a WeCom call, and what it returns.

use serde_json::Value;

use super::super::server::Fields;
use super::super::state::SecretKind;

/// The response's fields, or an errcode.
pub type WecomResult = Result<Value, i64>;

/// One call: who calls, and with what.
pub struct WecomCall<'a> {
    /// The kind of secret whose access token came with the call.
    pub kind: SecretKind,
    /// The query parameters.
    pub params: &'a Fields,
    /// The JSON body; null for a GET.
    pub body: &'a Value,
    /// The address of this campus, without a slash at the end.
    pub base_url: &'a str,
}
