//! The headset: three seconds of the microphone, its level, and what was recorded played back. Nothing of it is kept, and
//! no device's name is read.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Array, Float32Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, EventTarget, MediaStream, MediaStreamTrack};

use super::bell::Bell;
use super::clock;
use super::device::BlobUrl;
use super::window::{call, document, function, property, put, settled, text, window};
use crate::observation::{HeadsetSeen, Level, MicrophoneSeen};
use crate::ui::HeadsetStage;
use crate::units::{Millis, Share};

/// The agent may think about the browser's question for so long.
const QUESTION: Millis = Millis(60_000.0);
/// How long is listened.
const LISTENING: Millis = Millis(3_000.0);
/// The meter moves this often.
const LOOK_EVERY: Millis = Millis(50.0);
/// Samples in a look: all that 48,000 per second bring between two of them.
const SAMPLES: u32 = 4_096;
/// What was recorded is played to its end, or for so long.
const PLAYING: Millis = Millis(4_000.0);
/// Devices are listed, and a recording is handed over, within this time.
const PATIENCE: Millis = Millis(2_000.0);

/// Tries the headset and tells how far it is. Dropping the future switches everything off.
pub async fn check(tell: &dyn Fn(HeadsetStage)) -> HeadsetSeen {
    tell(HeadsetStage::Asking);
    let microphone = match clock::within(QUESTION, open()).await {
        None => MicrophoneSeen::Dismissed,
        Some(Err(error)) => refusal(&error),
        Some(Ok(microphone)) => {
            let recorder = Recorder::start(&microphone.0);
            let level = listen(&microphone, tell).await;
            let recorded = match &recorder {
                Some(recorder) => recorder.finish().await,
                None => None,
            };
            // The microphone is off before anything is heard from it.
            drop((recorder, microphone));
            if let Some(recorded) = recorded {
                tell(HeadsetStage::Playing);
                play(&recorded).await;
            }
            level.map_or(MicrophoneSeen::Failed, MicrophoneSeen::Heard)
        }
    };
    HeadsetSeen {
        microphone,
        speakers: clock::within(PATIENCE, speakers()).await.flatten(),
    }
}

/// An open microphone; switched off when dropped.
struct Microphone(MediaStream);

impl Drop for Microphone {
    fn drop(&mut self) {
        for track in self.0.get_tracks().iter() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
    }
}

type Opened = Result<Microphone, JsValue>;

async fn open() -> Opened {
    let devices = property(&window().navigator(), "mediaDevices");
    let wanted = Object::new();
    put(&wanted, "audio", &JsValue::TRUE);
    let asked = call(&devices, "getUserMedia", &[wanted.into()]).ok_or(JsValue::UNDEFINED)?;
    let asked = settled(&asked);
    // The agent may answer when nobody waits any more: then the microphone is switched off as soon as it comes.
    let answer: Rc<(Bell, RefCell<Option<Opened>>)> = Rc::default();
    let waiting = Rc::downgrade(&answer);
    spawn_local(async move {
        let opened = asked.await.map(|stream| Microphone(stream.unchecked_into()));
        if let Some(answer) = waiting.upgrade() {
            answer.1.replace(Some(opened));
            answer.0.ring();
        }
    });
    answer.0.heard().await;
    answer.1.take().unwrap_or(Err(JsValue::UNDEFINED))
}

/// Why there is no microphone, by the names of Media Capture and Streams (section 10.3.1), and Chromium's words.
fn refusal(error: &JsValue) -> MicrophoneSeen {
    let said = text(error, "message").unwrap_or_default();
    match text(error, "name").as_deref() {
        Some("NotAllowedError") if said.contains("system") => MicrophoneSeen::BlockedBySystem,
        Some("NotAllowedError") if said.contains("dismissed") => MicrophoneSeen::Dismissed,
        Some("NotAllowedError" | "SecurityError") => MicrophoneSeen::Blocked,
        Some("NotFoundError") => MicrophoneSeen::Missing,
        Some("NotReadableError" | "AbortError") => MicrophoneSeen::Busy,
        _ => MicrophoneSeen::Failed,
    }
}

/// Listens for a while; `None` where the browser cannot measure.
async fn listen(microphone: &Microphone, tell: &dyn Fn(HeadsetStage)) -> Option<Level> {
    let ear = Analyser::new(&microphone.0)?;
    let start = clock::now();
    let (mut peak, mut clipped, mut looks) = (0.0_f64, 0.0, 0.0);
    while clock::now().since(start) < LISTENING {
        clock::sleep(LOOK_EVERY).await;
        // Until the browser lets it run, and where there is nothing to play on, it sees silence whatever is said.
        if !ear.runs() {
            continue;
        }
        let level = ear.look()?;
        peak = peak.max(level.peak.0);
        clipped += level.clipped.0;
        looks += 1.0;
        tell(HeadsetStage::Listening(level.peak));
    }
    Some(Level {
        peak: Share(peak),
        clipped: Share::of(clipped, looks)?,
    })
}

/// Looks at samples as they come; closed when dropped.
struct Analyser {
    context: JsValue,
    node: JsValue,
}

impl Analyser {
    fn new(stream: &MediaStream) -> Option<Self> {
        let class: Function = function(&window(), "AudioContext")?;
        let context: JsValue = Reflect::construct(&class, &Array::new()).ok()?;
        let node = call(&context, "createAnalyser", &[])?;
        put(&node, "fftSize", &SAMPLES.into());
        let source = call(&context, "createMediaStreamSource", &[stream.into()])?;
        call(&source, "connect", std::slice::from_ref(&node))?;
        call(&context, "resume", &[]);
        Some(Self { context, node })
    }

    fn runs(&self) -> bool {
        text(&self.context, "state").as_deref() == Some("running")
    }

    fn look(&self) -> Option<Level> {
        let samples = Float32Array::new_with_length(SAMPLES);
        call(&self.node, "getFloatTimeDomainData", &[samples.clone().into()])?;
        Level::of(&samples.to_vec())
    }
}

impl Drop for Analyser {
    fn drop(&mut self) {
        call(&self.context, "close", &[]);
    }
}

/// Records; what comes is kept until it is played. Listeners end when dropped.
struct Recorder {
    recorder: JsValue,
    data: Rc<RefCell<Option<Blob>>>,
    bell: Rc<Bell>,
    _listener: EventListener,
}

impl Recorder {
    fn start(stream: &MediaStream) -> Option<Self> {
        let class = function(&window(), "MediaRecorder")?;
        let recorder = Reflect::construct(&class, &Array::of1(stream)).ok()?;
        let (data, bell) = (Rc::new(RefCell::new(None)), Rc::new(Bell::default()));
        let (hand_over, ring) = (data.clone(), bell.clone());
        let target: &EventTarget = recorder.unchecked_ref();
        let listener = EventListener::new(target, "dataavailable", move |event| {
            hand_over.replace(property(event, "data").dyn_into::<Blob>().ok());
            ring.ring();
        });
        call(&recorder, "start", &[])?;
        Some(Self {
            recorder,
            data,
            bell,
            _listener: listener,
        })
    }

    /// Ends the recording, which hands everything over at once.
    async fn finish(&self) -> Option<BlobUrl> {
        call(&self.recorder, "stop", &[])?;
        clock::within(PATIENCE, self.bell.heard()).await?;
        BlobUrl::of(self.data.borrow().as_ref()?)
    }
}

/// Plays to the end; stopped when dropped.
async fn play(recorded: &BlobUrl) {
    struct Player(JsValue);
    impl Drop for Player {
        fn drop(&mut self) {
            call(&self.0, "pause", &[]);
            put(&self.0, "src", &"".into());
        }
    }
    let Ok(element) = document().create_element("audio") else {
        return;
    };
    let bell = Rc::new(Bell::default());
    let ring = bell.clone();
    let _ended = EventListener::new(&element, "ended", move |_| ring.ring());
    let player = Player(element.into());
    put(&player.0, "src", &JsValue::from_str(recorded.as_str()));
    let Some(started) = call(&player.0, "play", &[]) else {
        return;
    };
    if matches!(clock::within(PATIENCE, settled(&started)).await, Some(Ok(_))) {
        let _ = clock::within(PLAYING, bell.heard()).await;
    }
}

/// How many devices there are to listen with.
async fn speakers() -> Option<u32> {
    let devices = property(&window().navigator(), "mediaDevices");
    let asked = call(&devices, "enumerateDevices", &[])?;
    let list: Array = settled(&asked).await.ok()?.dyn_into().ok()?;
    let is_speaker = |device: &JsValue| text(device, "kind").as_deref() == Some("audiooutput");
    Some(list.iter().filter(is_speaker).count() as u32)
}
