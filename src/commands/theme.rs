//! `yingxin theme`.
