//! Where `scripts/servers` puts the servers that no one here wrote.

#![allow(dead_code, clippy::panic)]

use std::path::PathBuf;

/// A file below that folder.
pub fn path(name: &str) -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let path = here.join(target).join("servers").join(name);
    if !path.exists() {
        panic!("{} is not there; run: ./scripts/servers", path.display());
    }
    path
}
