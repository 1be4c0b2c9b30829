//! What this page and browser are able to do.

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::RtcPeerConnection;

use super::window::{function, property, text, window};
use crate::environment::{Claims, environment};
use crate::observation::{Constructor, PageSeen};

/// Looks at the page itself; asks nobody.
pub(crate) fn page() -> PageSeen {
    let window = window();
    let navigator = property(&window, "navigator");
    let claimed = property(&navigator, "userAgentData");
    let brands: Vec<(String, String)> = entries(&property(&claimed, "brands"))
        .iter()
        .filter_map(|brand| Some((text(&brand, "brand")?, text(&brand, "version")?)))
        .collect();
    let environment = environment(Claims {
        user_agent: &text(&navigator, "userAgent").unwrap_or_default(),
        brands: &brands,
        platform: text(&claimed, "platform").as_deref(),
    });
    PageSeen {
        secure: window.is_secure_context(),
        webrtc: constructor(),
        opus: opus("RTCRtpSender")
            .zip(opus("RTCRtpReceiver"))
            .map(|(sends, receives)| sends && receives),
        online: property(&navigator, "onLine").as_bool().unwrap_or(true),
        browser: environment.browser,
        engine: environment.engine,
        os: environment.os,
    }
}

fn constructor() -> Constructor {
    if !property(&window(), "RTCPeerConnection").is_function() {
        return Constructor::Missing;
    }
    match RtcPeerConnection::new() {
        Ok(connection) => {
            connection.close();
            Constructor::Works
        }
        Err(_) => Constructor::Throws,
    }
}

/// Whether `class.getCapabilities("audio")` lists Opus; `None` where the browser does not say.
fn opus(class: &str) -> Option<bool> {
    let class = property(&window(), class);
    let capabilities = function(&class, "getCapabilities")?
        .call1(&class, &JsValue::from_str("audio"))
        .ok()?;
    let codecs = property(&capabilities, "codecs");
    Array::is_array(&codecs).then(|| {
        entries(&codecs)
            .iter()
            .filter_map(|codec| text(&codec, "mimeType"))
            .any(|kind| kind.eq_ignore_ascii_case("audio/opus"))
    })
}

fn entries(list: &JsValue) -> Array {
    if Array::is_array(list) {
        Array::from(list)
    } else {
        Array::new()
    }
}
