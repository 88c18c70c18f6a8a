//! The options of `yingxin practice`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

/// How a practice desk is set up.
#[derive(Debug, Args)]
pub struct PracticeArgs {
    /// The loopback address of the simulated campus; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// The campus pack whose routes are practised (default: that of --config, else the embedded one)
    #[arg(long, value_name = "FILE")]
    pub pack: Option<PathBuf>,
    /// Sign in on the simulated phone (F9) with OpenID Connect's device grant; the password form stays available
    #[arg(long)]
    pub oidc: bool,
    /// Begin with the drill of five minutes: F9, then D begins it later
    #[arg(long)]
    pub drill: bool,
}
