//! What this page and browser are able to do.

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::RtcPeerConnection;

use super::clock;
use super::window::{call, document, object, property, settled, text, window};
use crate::environment::{Claims, environment};
use crate::few::Gather as _;
use crate::observation::{Constructor, Desktop, PageSeen, Permission};
use crate::units::Millis;

/// A permission is told within this time, or not at all.
const ASKED: Millis = Millis(300.0);

/// Looks at the page itself; asks nobody.
pub(crate) async fn page() -> PageSeen {
    let window = window();
    let navigator = property(&window, "navigator");
    let claimed = property(&navigator, "userAgentData");
    let brands: Vec<(String, String)> = entries(&property(&claimed, "brands"))
        .iter()
        .filter_map(|brand| Some((text(&brand, "brand")?, text(&brand, "version")?)))
        .few();
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
        local_network: local_network().await,
        redirected_by: redirected_by(),
        renderer: renderer(),
    }
}

/// The permission has had several names: in Chromium 142 one for all, later one for the local network alone. The
/// strictest of those that the browser knows counts.
async fn local_network() -> Option<Permission> {
    let permissions = property(&window().navigator(), "permissions");
    let mut found = None;
    for name in ["local-network", "local-network-access"] {
        let Some(asked) = call(&permissions, "query", &[object(&[("name", name)]).into()]) else {
            continue;
        };
        // A name that the browser does not know is refused.
        let Some(Ok(status)) = clock::within(ASKED, settled(&asked)).await else {
            continue;
        };
        let state = match text(&status, "state").as_deref() {
            Some("denied") => Permission::Denied,
            Some("granted") => Permission::Granted,
            Some("prompt") => Permission::Prompt,
            _ => continue,
        };
        if found.is_none() || state == Permission::Denied {
            found = Some(state);
        }
    }
    found
}

/// The objects that programs of virtual desktops put into a page to take its calls over: Citrix' SDK for unified
/// communications, Omnissa's extension for WebRTC redirection, Amazon DCV's.
const HOOKS: [(&str, Desktop); 7] = [
    ("CitrixWebRTC", Desktop::Citrix),
    ("CitrixBootstrap", Desktop::Citrix),
    ("getCitrixWebrtcRedir", Desktop::Citrix),
    ("HorizonWebRTCExtension", Desktop::Horizon),
    ("HorizonWebRtcRedirectionAPI", Desktop::Horizon),
    ("DCVWebRTCPeerConnectionProxy", Desktop::Amazon),
    ("DCVWebRTCPeerConnectionProxyV2", Desktop::Amazon),
];

/// Who takes calls of this page over, where that shows. Microsoft documents a property for its call redirection.
fn redirected_by() -> Option<Desktop> {
    let window = window();
    let devices = property(&window.navigator(), "mediaDevices");
    if property(&devices, "isCallRedirectionEnabled").is_truthy() {
        return Some(Desktop::Azure);
    }
    let hook = HOOKS.iter().find(|(name, _)| property(&window, name).is_truthy());
    hook.map(|(_, desktop)| *desktop)
}

/// The graphics device's name. The context is given back at once: browsers keep few.
fn renderer() -> Option<String> {
    let canvas = document().create_element("canvas").ok()?;
    let context = call(&canvas, "getContext", &["webgl".into()])?;
    let extension = |name: &str| call(&context, "getExtension", &[name.into()]);
    let unmasked =
        extension("WEBGL_debug_renderer_info").map(|info| property(&info, "UNMASKED_RENDERER_WEBGL"));
    let name = unmasked
        .filter(|name| name.as_f64().is_some())
        .unwrap_or_else(|| property(&context, "RENDERER"));
    let renderer = call(&context, "getParameter", &[name]);
    if let Some(gone) = extension("WEBGL_lose_context") {
        call(&gone, "loseContext", &[]);
    }
    renderer?.as_string()
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
    let capabilities = call(&class, "getCapabilities", &["audio".into()])?;
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
