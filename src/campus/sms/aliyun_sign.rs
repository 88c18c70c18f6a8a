//! Aliyun's signature ACS3-HMAC-SHA256 (its documentation, "V3 request structure and signature"), without I/O. Requests
//! have their parameters in the query and no body.

use sha2::{Digest, Sha256};

use super::{hex, mac};

/// The signed parts of a request.
pub struct AliyunSigning<'a> {
    pub key_id: &'a str,
    pub key: &'a str,
    /// Name and value, in any order.
    pub query: &'a [(&'a str, &'a str)],
    /// Names in lower case with their values, in any order; all of them are signed.
    pub headers: &'a [(&'a str, &'a str)],
}

/// The SHA-256 of an empty body, as in `x-acs-content-sha256`.
pub fn empty_body() -> String {
    hex(&Sha256::digest(b""))
}

impl AliyunSigning<'_> {
    /// The value of `Authorization` for a POST of nothing to `/`.
    pub fn authorization(&self) -> String {
        let mut headers: Vec<(&str, &str)> = self.headers.to_vec();
        headers.sort_unstable();
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let signed = names.join(";");
        let lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}:{}\n", value.trim()))
            .collect();
        let canonical = format!(
            "POST\n/\n{}\n{lines}\n{signed}\n{}",
            query(self.query),
            empty_body()
        );
        let to_sign = format!(
            "ACS3-HMAC-SHA256\n{}",
            hex(&Sha256::digest(canonical.as_bytes()))
        );
        format!(
            "ACS3-HMAC-SHA256 Credential={},SignedHeaders={signed},Signature={}",
            self.key_id,
            hex(&mac(self.key.as_bytes(), to_sign.as_bytes()))
        )
    }
}

/// The query in its canonical form, which is also sent: sorted by name, every character encoded but the unreserved ones of
/// RFC 3986.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let mut pairs = pairs.to_vec();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len().saturating_mul(3));
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Requests that Aliyun's own Python SDK made (tests/vectors/record.py).
    #[test]
    fn the_vendors_own_requests_are_signed_alike() {
        let made: Value =
            serde_json::from_str(include_str!("../../../tests/vectors/aliyun.json")).unwrap();
        let requests = made["requests"].as_array().unwrap();
        assert!(requests.len() >= 6);
        for request in requests {
            let given = request["headers"]["authorization"].as_str().unwrap();
            let signed = given.split("SignedHeaders=").nth(1).unwrap();
            let headers: Vec<(&str, &str)> = signed
                .split(',')
                .next()
                .unwrap()
                .split(';')
                .map(|name| (name, request["headers"][name].as_str().unwrap()))
                .collect();
            let target = request["target"].as_str().unwrap();
            let url = reqwest::Url::parse(&format!("http://h{target}")).unwrap();
            let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            let query: Vec<(&str, &str)> = pairs
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let signing = AliyunSigning {
                key_id: made["key_id"].as_str().unwrap(),
                key: made["key"].as_str().unwrap(),
                query: &query,
                headers: &headers,
            };
            assert_eq!(signing.authorization(), given, "{target}");
        }
    }

    #[test]
    fn a_query_is_encoded_as_it_is_signed() {
        assert_eq!(
            query(&[("b", "a ~*'()!/+&="), ("a", "练")]),
            "a=%E7%BB%83&b=a%20~%2A%27%28%29%21%2F%2B%26%3D"
        );
    }
}
