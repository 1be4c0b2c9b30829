//! A link for a camera.

use qrcodegen::{QrCode, QrCodeEcc};

use super::element::{El, el};

/// Light modules around the code (ISO/IEC 18004, section 5.3.8).
const QUIET: i32 = 4;

/// The code; `None` for a text that is too long for one.
pub(super) fn qr(text: &str, title: &str) -> Option<El> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let start = x;
            while x < size && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let length = x - start;
                path += &format!("M{} {}h{length}v1h-{length}z", start + QUIET, y + QUIET);
            }
            x += 1;
        }
    }
    let side = size + 2 * QUIET;
    Some(
        el("svg role='img' class='qr' shape-rendering='crispEdges'")
            .set("viewBox", format!("0 0 {side} {side}"))
            .with(el("title").with(title))
            .with(el("rect width='100%' height='100%' class='light'"))
            .with(el("path class='dark'").set("d", path)),
    )
}
