//! Hexadecimal digits of bytes, and random ones for tokens and tickets. They protect nothing outside a practice campus.

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Random bytes as hexadecimal digits.
pub fn random_hex(bytes: usize) -> String {
    let mut random = vec![0u8; bytes];
    if getrandom::fill(&mut random).is_err() {
        // Without randomness, practice tickets can be guessed by a user of this machine.
        let now = jiff::Timestamp::now().as_nanosecond().to_be_bytes();
        random
            .iter_mut()
            .zip(now.iter().rev())
            .for_each(|(r, n)| *r = *n);
    }
    hex(&random)
}
