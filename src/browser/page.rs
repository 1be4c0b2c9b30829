//! What this page and browser are able to do.

use js_sys::{Array, Object, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::RtcPeerConnection;

use super::clock;
use super::window::{document, function, property, put, text, window};
use crate::environment::{Claims, environment};
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
        local_network: local_network().await,
        redirected_by: redirected_by(),
        renderer: renderer(),
    }
}

/// The permission has had several names: in Chromium 142 one for all, later one for the local network alone. The
/// strictest of those that the browser knows counts.
async fn local_network() -> Option<Permission> {
    let permissions = property(&window().navigator(), "permissions");
    let query = function(&permissions, "query")?;
    let mut found = None;
    for name in ["local-network", "local-network-access"] {
        let wanted = Object::new();
        put(&wanted, "name", &JsValue::from_str(name));
        let Ok(asked) = query.call1(&permissions, &wanted) else {
            continue;
        };
        // A name that the browser does not know is refused.
        let Some(Ok(status)) = clock::within(ASKED, JsFuture::from(Promise::resolve(&asked))).await else {
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
    let context = function(&canvas, "getContext")?
        .call1(&canvas, &JsValue::from_str("webgl"))
        .ok()?;
    let extension = |name| {
        function(&context, "getExtension")?
            .call1(&context, &JsValue::from_str(name))
            .ok()
    };
    let unmasked =
        extension("WEBGL_debug_renderer_info").map(|info| property(&info, "UNMASKED_RENDERER_WEBGL"));
    let name = unmasked
        .filter(|name| name.as_f64().is_some())
        .unwrap_or_else(|| property(&context, "RENDERER"));
    let renderer = function(&context, "getParameter")?.call1(&context, &name).ok();
    let gone = extension("WEBGL_lose_context");
    let lose = gone.as_ref().and_then(|gone| function(gone, "loseContext"));
    if let (Some(gone), Some(lose)) = (&gone, lose) {
        let _ = lose.call0(gone);
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
