//! The embedded campus: an HTTP server on loopback that speaks the real protocols, and what a practice student's phone
//! shows. It knows only the wire: nothing of the kiosk's own types.
