//! Form bodies (`application/x-www-form-urlencoded`) with secrets in them: made in one buffer, wiped when dropped.

use zeroize::Zeroizing;

/// A form body in one buffer of the right size from the beginning: growing it would leave pieces of a password behind.
pub fn form(fields: &[(&str, &str)]) -> Zeroizing<Vec<u8>> {
    let most =
        |(key, value): &(&str, &str)| key.len().saturating_add(value.len().saturating_mul(3));
    let room: usize = fields
        .iter()
        .map(|field| most(field).saturating_add(2))
        .sum();
    let mut body = Zeroizing::new(Vec::with_capacity(room));
    for (place, (key, value)) in fields.iter().enumerate() {
        if place > 0 {
            body.push(b'&');
        }
        body.extend_from_slice(key.as_bytes());
        body.push(b'=');
        encode_into(&mut body, value);
    }
    body
}

/// One value as it stands in a form.
pub fn encoded(value: &str) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(value.len().saturating_mul(3)));
    encode_into(&mut bytes, value);
    let text = String::from_utf8(std::mem::take(&mut *bytes));
    // Only ASCII is written.
    Zeroizing::new(text.unwrap_or_default())
}

fn encode_into(body: &mut Vec<u8>, value: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            body.push(byte);
        } else {
            let [high, low] = [byte >> 4, byte & 15].map(|half| HEX[usize::from(half)]);
            body.extend_from_slice(&[b'%', high, low]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_encoded_without_growing() {
        let body = form(&[("username", "20260001"), ("password", "a&b=c +%密")]);
        assert_eq!(
            std::str::from_utf8(&body).unwrap(),
            "username=20260001&password=a%26b%3Dc%20%2B%25%E5%AF%86"
        );
        let worst = "密".repeat(40);
        let body = form(&[("password", &worst)]);
        assert!(body.len() <= 2 + 8 + 40 * 9 && body.capacity() == 2 + 8 + 40 * 9);
    }
}
