//! The sound of a test call and the ears for it: no gesture, no permission, no sound device needed.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlVideoElement, MediaStream, MediaStreamTrack};

use super::clock;
use super::device::BlobUrl;
use super::window::{document, function, text};
use crate::tone::noise_wav;
use crate::units::Millis;

/// Length of the loop.
const SECONDS: u32 = 2;
/// How often and how long to look for the captured track, which may appear a moment after playing starts.
const LOOKS: u32 = 25;
const BETWEEN_LOOKS: Millis = Millis(20.0);

/// A muted media element; stopped and emptied when dropped. It is a `<video>` although it only ever has sound: without
/// a gesture Chromium plays muted video elements and refuses muted audio elements (seen in version 156).
#[must_use]
struct Player(HtmlVideoElement);

impl Player {
    fn new() -> Result<Self, JsValue> {
        let element: HtmlVideoElement = document().create_element("video")?.unchecked_into();
        element.set_muted(true);
        element.set_attribute("playsinline", "")?;
        Ok(Self(element))
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        let _ = self.0.pause();
        self.0.set_src_object(None);
        let _ = self.0.remove_attribute("src");
        self.0.load();
    }
}

/// Noise without end, as a track that can be sent; silent and released when dropped.
#[must_use]
pub(crate) struct Noise {
    pub(crate) track: MediaStreamTrack,
    pub(crate) stream: MediaStream,
    _player: Player,
    _file: BlobUrl,
}

impl Noise {
    /// Starts the noise: a looping, muted element whose sound is captured before it is muted.
    ///
    /// # Errors
    /// Says what the browser refused.
    pub(crate) async fn start() -> Result<Self, String> {
        let file = BlobUrl::new(&noise_wav(SECONDS), "audio/wav").ok_or("no blob")?;
        let player = Player::new().map_err(said)?;
        player.0.set_loop(true);
        player.0.set_src(file.as_str());
        JsFuture::from(player.0.play().map_err(said)?)
            .await
            .map_err(said)?;
        let capture = function(&player.0, "captureStream")
            .or_else(|| function(&player.0, "mozCaptureStream"))
            .ok_or("no captureStream")?;
        let stream: MediaStream = capture.call0(&player.0).map_err(said)?.unchecked_into();
        for _ in 0..LOOKS {
            if let Ok(track) = stream.get_audio_tracks().get(0).dyn_into::<MediaStreamTrack>() {
                return Ok(Self {
                    track,
                    stream,
                    _player: player,
                    _file: file,
                });
            }
            clock::sleep(BETWEEN_LOOKS).await;
        }
        Err("no captured track".to_owned())
    }
}

impl Drop for Noise {
    fn drop(&mut self) {
        self.track.stop();
    }
}

/// Plays an arriving track without a sound: browsers decode, and count, only what is played.
#[must_use]
pub(crate) struct Ear(#[allow(dead_code, reason = "held for its Drop")] Player);

impl Ear {
    /// Starts to listen; `None` when the browser refuses.
    pub(crate) fn new(track: &MediaStreamTrack) -> Option<Self> {
        let player = Player::new().ok()?;
        let stream = MediaStream::new_with_tracks(&Array::of1(track)).ok()?;
        player.0.set_src_object(Some(&stream));
        // The future takes over a refusal; playing shows in the statistics.
        drop(player.0.play().ok().map(JsFuture::from));
        Some(Self(player))
    }
}

/// The words of a JavaScript error.
pub(crate) fn said(error: JsValue) -> String {
    text(&error, "message")
        .or_else(|| error.as_string())
        .unwrap_or_else(|| "unknown".to_owned())
}
