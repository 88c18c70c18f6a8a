//! `yingxin.toml`: what this desk is connected to. Each error names the file, the key and the remedy.
