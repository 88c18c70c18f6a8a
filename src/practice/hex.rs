//! Bytes as hexadecimal digits, and random ones: tokens and tickets look so. Nothing here is a secret worth keeping.

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Random bytes as hexadecimal digits.
pub fn random_hex(bytes: usize) -> String {
    let mut random = vec![0u8; bytes];
    if getrandom::fill(&mut random).is_err() {
        // No randomness: practice tickets may then be guessed, on this machine, by its own user.
        let now = jiff::Timestamp::now().as_nanosecond().to_be_bytes();
        random
            .iter_mut()
            .zip(now.iter().rev())
            .for_each(|(r, n)| *r = *n);
    }
    hex(&random)
}
