//! `yingxin qr`.
