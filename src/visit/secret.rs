//! Secrets are a type: moved, never cloned, zeroized when dropped, redacted in Debug.

use secrecy::{ExposeSecret, SecretString};

/// A password, a PIN or a typed code. It cannot be cloned, printed or serialized.
pub struct Secret(SecretString);

impl Secret {
    /// Takes the text over without a copy; the buffer is zeroized on drop.
    pub fn new(text: String) -> Self {
        // Boxing shrinks to fit and may move the text; an exact buffer stays where it is.
        Secret(SecretString::from(text))
    }

    /// The text itself, for the one place that sends or compares it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(***)")
    }
}
