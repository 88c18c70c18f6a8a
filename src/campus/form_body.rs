//! Form bodies with a password or a code in them.

use zeroize::Zeroizing;

/// A form body in UTF-8.
pub(super) fn encode(fields: &[(&str, &str)]) -> Zeroizing<Vec<u8>> {
    encode_bytes(fields)
}

/// A form body whose texts are in the charset that the server reads, in one buffer of the right size from the beginning:
/// growing it would leave pieces of a password behind.
pub(super) fn encode_bytes<K: AsRef<[u8]>, V: AsRef<[u8]>>(
    fields: &[(K, V)],
) -> Zeroizing<Vec<u8>> {
    let most = |text: &[u8]| text.len().saturating_mul(3);
    let room: usize = fields
        .iter()
        .map(|(key, value)| {
            most(key.as_ref())
                .saturating_add(most(value.as_ref()))
                .saturating_add(2)
        })
        .sum();
    let mut body = Zeroizing::new(Vec::with_capacity(room));
    for (place, (key, value)) in fields.iter().enumerate() {
        if place > 0 {
            body.push(b'&');
        }
        // The names may come from a server's page.
        percent_encode(key.as_ref(), &mut body);
        body.push(b'=');
        percent_encode(value.as_ref(), &mut body);
    }
    body
}

/// Appends these bytes as they stand in a form or an address: all but the unreserved ones (RFC 3986 2.3) escaped.
pub(super) fn percent_encode(text: &[u8], to: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            to.push(*byte);
        } else {
            let [high, low] = [byte >> 4, byte & 15].map(|half| HEX[usize::from(half)]);
            to.extend_from_slice(&[b'%', high, low]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_encoded_without_growing() {
        let body = encode(&[
            ("username", "20260001"),
            ("password", "a&b=c +%密"),
            ("a&b", ""),
        ]);
        assert_eq!(
            std::str::from_utf8(&body).unwrap(),
            "username=20260001&password=a%26b%3Dc%20%2B%25%E5%AF%86&a%26b="
        );
        let worst = "密".repeat(40);
        let body = encode(&[("password", &worst)]);
        assert!(body.capacity() == 2 + 8 * 3 + 40 * 9 && body.len() < body.capacity());
    }
}
