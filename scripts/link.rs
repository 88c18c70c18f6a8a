//! How the program is linked.

fn main() {
    // At a fixed address. A program that may lie anywhere has its 45,000 pointers rewritten at each start, on 200 pages
    // that are then its own: 0.8 ms of the 3 to the first frame. Heap, stack and libraries still lie anywhere, and none
    // of the program's own code is unsafe.
    let is = |part: &str, wanted: &str| std::env::var(part).is_ok_and(|value| value == wanted);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    println!("cargo::rerun-if-changed=scripts/link.rs");
}
