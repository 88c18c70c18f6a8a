//! Form bodies with a password in them.

use zeroize::Zeroizing;

/// A form body in one buffer of the right size from the beginning: growing it would leave pieces of a password behind.
pub(super) fn encode(fields: &[(&str, &str)]) -> Zeroizing<Vec<u8>> {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let most = |text: &str| text.len().saturating_mul(3);
    let room: usize = fields
        .iter()
        .map(|(key, value)| most(key).saturating_add(most(value)).saturating_add(2))
        .sum();
    let mut body = Zeroizing::new(Vec::with_capacity(room));
    for (place, (key, value)) in fields.iter().enumerate() {
        if place > 0 {
            body.push(b'&');
        }
        // The names may come from a server's page.
        for (part, text) in [(0, key), (1, value)] {
            if part == 1 {
                body.push(b'=');
            }
            for byte in text.bytes() {
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    body.push(byte);
                } else {
                    let [high, low] = [byte >> 4, byte & 15].map(|half| HEX[usize::from(half)]);
                    body.extend_from_slice(&[b'%', high, low]);
                }
            }
        }
    }
    body
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
