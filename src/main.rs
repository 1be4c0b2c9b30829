//! Mounts the page.

#[cfg(target_arch = "wasm32")]
fn main() {
    clearline::app::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("Clearline is a page: build it with `cargo xtask run` or `cargo xtask dist`.");
}
