//! Tencent Cloud's signature TC3-HMAC-SHA256 (its documentation, "Signature v3"), without I/O.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{hex, mac};

/// The signed parts of a request, beside the body.
pub struct TencentSigning<'a> {
    pub secret_id: &'a str,
    pub secret_key: &'a str,
    pub service: &'a str,
    /// With the port where it is not 443.
    pub host: &'a str,
    pub content_type: &'a str,
    /// Unix seconds, as in `X-TC-Timestamp`.
    pub timestamp: i64,
}

impl TencentSigning<'_> {
    /// The value of `Authorization` for a POST of this body to `/`.
    pub fn authorization(&self, body: &[u8]) -> String {
        let date = jiff::Timestamp::from_second(self.timestamp)
            .map(|at| at.strftime("%Y-%m-%d").to_string())
            .unwrap_or_default();
        let canonical = format!(
            "POST\n/\n\ncontent-type:{}\nhost:{}\n\ncontent-type;host\n{}",
            self.content_type,
            self.host,
            hex(&Sha256::digest(body))
        );
        let scope = format!("{date}/{}/tc3_request", self.service);
        let to_sign = format!(
            "TC3-HMAC-SHA256\n{}\n{scope}\n{}",
            self.timestamp,
            hex(&Sha256::digest(canonical.as_bytes()))
        );
        let mut key = Zeroizing::new(Vec::with_capacity(self.secret_key.len().saturating_add(3)));
        key.extend_from_slice(b"TC3");
        key.extend_from_slice(self.secret_key.as_bytes());
        for part in [date.as_str(), self.service, "tc3_request"] {
            key = Zeroizing::new(mac(&key, part.as_bytes()).to_vec());
        }
        format!(
            "TC3-HMAC-SHA256 Credential={}/{scope}, SignedHeaders=content-type;host, Signature={}",
            self.secret_id,
            hex(&mac(&key, to_sign.as_bytes()))
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of Tencent Cloud's public documentation (https://www.tencentcloud.com/document/product/267/37447).
    #[test]
    fn the_documentations_own_example() {
        let signing = TencentSigning {
            secret_id: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
            secret_key: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
            service: "cvm",
            host: "cvm.tencentcloudapi.com",
            content_type: "application/json; charset=utf-8",
            timestamp: 1_551_113_065,
        };
        let body = br#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#;
        assert_eq!(
            signing.authorization(body),
            "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, \
             SignedHeaders=content-type;host, \
             Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
        );
    }

    /// Requests that Tencent Cloud's own Python SDK made (tests/vectors/record.py).
    #[test]
    fn the_vendors_own_requests_are_signed_alike() {
        let made: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/vectors/tencent.json")).unwrap();
        let requests = made["requests"].as_array().unwrap();
        assert!(requests.len() >= 4);
        for request in requests {
            let header = |name: &str| request["headers"][name].as_str().unwrap();
            let signing = TencentSigning {
                secret_id: made["key_id"].as_str().unwrap(),
                secret_key: made["key"].as_str().unwrap(),
                service: "sms",
                host: header("host"),
                content_type: header("content-type"),
                timestamp: header("x-tc-timestamp").parse().unwrap(),
            };
            let body = request["body"].as_str().unwrap();
            assert_eq!(
                signing.authorization(body.as_bytes()),
                header("authorization"),
                "{body}"
            );
        }
    }
}
