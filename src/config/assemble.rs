//! From a file's JSON to a [`Config`], with the rules that reach over more than one key.

use super::formats::canary;
use super::read::{Reading, whole};
use super::spelling::nearest;
use super::{
    ActivityId, Application, Brand, Check, Config, Fault, Helpdesk, HttpUrl, Load, Network4, Phone,
    Reporting, Transport, TurnAccess, TurnServer, TurnUrl,
};
use crate::catalogue;
use crate::few::Gather as _;
use crate::json::Json;
use crate::units::Secret;

/// The configuration in a file that [`super::read::check`] found nothing wrong with; `None` when there is something
/// after all.
pub(super) fn config(json: &Json) -> Option<Config> {
    let mut config = Config {
        name: name(json),
        transport: choice(json, "transport", Transport::from_id).unwrap_or_default(),
        phone: choice(json, "phone", Phone::from_id).unwrap_or_default(),
        applications: Vec::new(),
        turn: Vec::new(),
        stun: Vec::new(),
        controls: Vec::new(),
        canary: None,
        egress_known: Vec::new(),
        load: load(json.get("activities")),
        helpdesk: json.get("helpdesk").map(helpdesk),
        reporting: Reporting::default(),
        offline: !matches!(json.get("offline"), Some(Json::Flag(false))),
        brand: json.get("brand").map(brand).unwrap_or_default(),
    };
    for json in json.list_of("applications") {
        config.applications.push(application(json)?);
    }
    for json in json.list_of("turn") {
        let mut server = TurnServer {
            id: text(json, "id").unwrap_or_default(),
            urls: Vec::new(),
            access: access(json),
        };
        for url in json.list_of("urls") {
            server.urls.push(turn_url(url)?);
        }
        config.turn.push(server);
    }
    for json in json.list_of("stun") {
        config.stun.push(turn_url(json)?);
    }
    for json in json.list_of("controls") {
        config.controls.push(http_url(json)?);
    }
    if let Some(canary) = json.get("canary") {
        config.canary = Some(http_url(canary.get("url")?)?);
    }
    for json in json
        .get("egress")
        .map_or(&[][..], |egress| egress.list_of("known"))
    {
        config.egress_known.push(Network4::parse(json.text()?).ok()?);
    }
    if let Some(reporting) = json.get("reporting") {
        let url = |key| reporting.get(key).and_then(http_url);
        config.reporting = Reporting {
            otlp_url: url("otlp_url"),
            webhook_url: url("webhook_url"),
        };
    }
    Some(config)
}

/// Names what is wrong between keys that are fine by themselves.
pub(super) fn contradictions(json: &Json, reading: &mut Reading) {
    for list in ["applications", "turn"] {
        let back = reading.enter(list);
        let ids = json.list_of(list).iter().map(|entry| entry.text_of("id"));
        taken(ids.few(), ".id", "id.same", reading);
        reading.leave(back);
    }
    let list = reading.enter("applications");
    for (index, json) in json.list_of("applications").iter().enumerate() {
        let back = reading.enter_entry(index);
        contradictions_in_application(json, reading);
        reading.leave(back);
    }
    reading.leave(list);
    let list = reading.enter("turn");
    for (index, server) in json.list_of("turn").iter().enumerate() {
        let back = reading.enter_entry(index);
        all_different(server, "urls", reading);
        reading.leave(back);
    }
    reading.leave(list);
    all_different(json, "stun", reading);
    all_different(json, "controls", reading);
    if let Some(egress) = json.get("egress") {
        let back = reading.enter("egress");
        all_different(egress, "known", reading);
        reading.leave(back);
    }
}

fn contradictions_in_application(json: &Json, reading: &mut Reading) {
    let check = json.text_of("check").unwrap_or("reach");
    if let Some(id) = json.text_of("id") {
        if ["page", "canary"].contains(&id) || id.starts_with("control-") {
            // Two probes of one name could not be told apart.
            reading.wrong_in("id", Fault::of("id.taken").quoting(id));
        }
        if json.get("name").is_none() && catalogue::application(id).is_none() {
            reading.wrong_in("name", unnamed(id));
        }
    }
    if json.get("image").is_some() && check != "image" && Check::IDS.contains(&check) {
        reading.wrong_in("image", Fault::of("image.unused").text("check", check));
    }
    if check == "canary"
        && let Some(url) = json.get("url").and_then(http_url)
        && let Err(fault) = canary(&url)
    {
        reading.wrong_in("url", fault);
    }
}

/// An id that is not in the catalogue has no name of its own.
fn unnamed(id: &str) -> Fault {
    let known: Vec<&str> = catalogue::APPLICATIONS.iter().map(|known| known.id).few();
    match nearest(id, &known) {
        Some(meant) => Fault::of("id.unnamed-meant").text("meant", meant),
        None => Fault::of("id.unnamed"),
    }
    .quoting(id)
}

fn all_different(json: &Json, list: &str, reading: &mut Reading) {
    let back = reading.enter(list);
    let texts = json.list_of(list).iter().map(Json::text);
    taken(texts.few(), "", "entry.same", reading);
    reading.leave(back);
}

/// Names every text that an earlier entry has already.
fn taken(texts: Vec<Option<&str>>, suffix: &str, key: &'static str, reading: &mut Reading) {
    // A list may be longer than it should be.
    let texts = &texts[..texts.len().min(1000)];
    for (index, text) in texts.iter().enumerate() {
        let first = texts.iter().position(|before| before == text).unwrap_or(index);
        if text.is_some() && first < index {
            reading.same(index, first, suffix, key);
        }
    }
}

fn application(json: &Json) -> Option<Application> {
    let id = json.text_of("id")?;
    let known = catalogue::application(id);
    let name = match known {
        Some(known) => json.text_of("name").unwrap_or(known.name),
        None => json.text_of("name")?,
    };
    let check = match json.text_of("check").unwrap_or("reach") {
        "image" => {
            let image = json.get("image")?;
            Check::Image {
                width: whole(image.get("width")?)?,
                height: whole(image.get("height")?)?,
                url: http_url(image.get("url")?)?,
            }
        }
        "canary" => Check::Canary,
        _ => Check::Reach,
    };
    let by_default = known.map_or(ActivityId::AgentDesktop, |known| known.activity);
    Some(Application {
        url: http_url(json.get("url")?)?,
        check,
        name: name.trim().to_owned(),
        id: id.to_owned(),
        required: json.flag_of("required").unwrap_or(true),
        activity: choice(json, "activity", ActivityId::from_id).unwrap_or(by_default),
    })
}

fn access(json: &Json) -> TurnAccess {
    if json.get("expect").is_some() {
        TurnAccess::Unauthorized
    } else if let Some(url) = text(json, "credentials_url") {
        TurnAccess::Fetched { url }
    } else {
        TurnAccess::Static {
            username: text(json, "username").unwrap_or_default(),
            credential: Secret::new(json.text_of("credential").unwrap_or_default()),
        }
    }
}

fn load(json: Option<&Json>) -> Load {
    let get = |key| json.and_then(|json| json.get(key));
    Load {
        calls: get("calls").and_then(whole).unwrap_or(1),
        screen_recording: matches!(get("screen_recording"), Some(Json::Flag(true))),
    }
}

fn helpdesk(json: &Json) -> Helpdesk {
    Helpdesk {
        name: name(json),
        phone: text(json, "phone"),
        email: text(json, "email"),
        url: text(json, "url"),
    }
}

fn brand(json: &Json) -> Brand {
    Brand {
        logo: text(json, "logo"),
        accent: json.text_of("accent").map(str::to_ascii_lowercase),
    }
}

fn name(json: &Json) -> String {
    json.text_of("name").unwrap_or_default().trim().to_owned()
}

fn text(json: &Json, key: &str) -> Option<String> {
    json.text_of(key).map(str::to_owned)
}

fn choice<T>(json: &Json, key: &str, from_id: fn(&str) -> Option<T>) -> Option<T> {
    from_id(json.text_of(key)?)
}

fn http_url(json: &Json) -> Option<HttpUrl> {
    HttpUrl::parse(json.text()?).ok()
}

fn turn_url(json: &Json) -> Option<TurnUrl> {
    TurnUrl::parse(json.text()?).ok()
}
