//! From a file's JSON to a [`Config`], with the rules that reach over more than one key.

use super::formats::canary;
use super::json::Json;
use super::read::{entry, inside};
use super::spelling::{nearest, quoted};
use super::{
    ActivityId, Application, Brand, Check, Config, Fault, Helpdesk, HttpUrl, Load, Network4, Phone, Problem,
    Reporting, Transport, TurnAccess, TurnServer, TurnUrl,
};
use crate::catalogue;
use crate::units::Secret;

/// The configuration; `None` when something is missing or malformed, which [`super::read::check`] has named.
pub(super) fn config(json: &Json) -> Option<Config> {
    Some(Config {
        name: json.text_of("name")?.trim().to_owned(),
        transport: choice(json, "transport", Transport::from_id)?.unwrap_or_default(),
        phone: choice(json, "phone", Phone::from_id)?.unwrap_or_default(),
        applications: json
            .list_of("applications")
            .iter()
            .map(application)
            .collect::<Option<_>>()?,
        turn: json
            .list_of("turn")
            .iter()
            .map(turn_server)
            .collect::<Option<_>>()?,
        stun: json.list_of("stun").iter().map(turn_url).collect::<Option<_>>()?,
        controls: json
            .list_of("controls")
            .iter()
            .map(http_url)
            .collect::<Option<_>>()?,
        canary: match json.get("canary") {
            None => None,
            Some(canary) => Some(http_url(canary.get("url")?)?),
        },
        egress_known: json
            .get("egress")
            .map_or(&[][..], |egress| egress.list_of("known"))
            .iter()
            .map(network)
            .collect::<Option<_>>()?,
        load: load(json.get("activities")),
        helpdesk: match json.get("helpdesk") {
            None => None,
            Some(desk) => Some(helpdesk(desk)?),
        },
        reporting: match json.get("reporting") {
            None => Reporting::default(),
            Some(reporting) => Reporting {
                otlp_url: optional_url(reporting, "otlp_url")?,
                webhook_url: optional_url(reporting, "webhook_url")?,
            },
        },
        brand: json.get("brand").map(brand).unwrap_or_default(),
    })
}

/// What is wrong between keys that are fine by themselves.
pub(super) fn contradictions(json: &Json) -> Vec<Problem> {
    let mut problems = Vec::new();
    for list in ["applications", "turn"] {
        let ids = json.list_of(list).iter().map(|entry| entry.text_of("id"));
        taken(
            ids,
            &inside("$", list),
            ".id",
            "Give every entry an id of its own.",
            &mut problems,
        );
    }
    for (index, application) in json.list_of("applications").iter().enumerate() {
        let path = entry("$.applications", index);
        problems.extend(reserved(application).map(|fault| fault.at(&inside(&path, "id"))));
        problems.extend(unnamed(application).map(|fault| fault.at(&inside(&path, "name"))));
        let check = application.text_of("check").unwrap_or("reach");
        if application.get("image").is_some() && check != "image" && Check::IDS.contains(&check) {
            let what = format!("The check is {check}, so this image would not be looked at.");
            problems.push(
                Fault::new(what, "Add \"check\": \"image\", or leave the image out.")
                    .at(&inside(&path, "image")),
            );
        }
        if check == "canary" {
            let url = application.get("url").and_then(http_url);
            problems.extend(
                url.and_then(|url| canary(&url).err())
                    .map(|fault| fault.at(&inside(&path, "url"))),
            );
        }
    }
    for (index, server) in json.list_of("turn").iter().enumerate() {
        let path = inside(&entry("$.turn", index), "urls");
        let urls = server.list_of("urls").iter().map(Json::text);
        taken(urls, &path, "", "Keep one of them.", &mut problems);
    }
    for list in ["stun", "controls"] {
        let urls = json.list_of(list).iter().map(Json::text);
        taken(urls, &inside("$", list), "", "Keep one of them.", &mut problems);
    }
    if let Some(egress) = json.get("egress") {
        let known = egress.list_of("known").iter().map(Json::text);
        taken(known, "$.egress.known", "", "Keep one of them.", &mut problems);
    }
    problems
}

/// Names every text that an earlier entry has already.
fn taken<'a>(
    texts: impl Iterator<Item = Option<&'a str>>,
    path: &str,
    suffix: &str,
    remedy: &str,
    problems: &mut Vec<Problem>,
) {
    let mut seen: Vec<(&str, usize)> = Vec::new();
    for (index, text) in texts.enumerate() {
        let Some(text) = text else { continue };
        match seen.iter().find(|(before, _)| *before == text) {
            Some((_, first)) => {
                let what = format!("This is the same as {}{suffix}.", entry(path, *first));
                problems.push(Fault::new(what, remedy).at(&format!("{}{suffix}", entry(path, index))));
            }
            None if seen.len() < 1000 => seen.push((text, index)),
            None => return,
        }
    }
}

/// Ids that the check uses for itself: two probes of one name could not be told apart.
fn reserved(application: &Json) -> Option<Fault> {
    let id = application.text_of("id")?;
    let taken = ["page", "canary"].contains(&id) || id.starts_with("control-");
    taken.then(|| {
        Fault::new(
            format!("The check itself uses the name {}.", quoted(id)),
            "Choose another id, such as my-application.",
        )
    })
}

/// An id that is not in the catalogue has no name of its own.
fn unnamed(application: &Json) -> Option<Fault> {
    let id = application.text_of("id")?;
    if application.get("name").is_some() || catalogue::application(id).is_some() {
        return None;
    }
    let known = catalogue::APPLICATIONS.iter().map(|application| application.id);
    let remedy = match nearest(id, known) {
        Some(meant) => format!("Did you mean the id {meant}? Otherwise add a name that people recognise."),
        None => "Add a name that people recognise.".into(),
    };
    Some(Fault::new(
        format!(
            "The catalogue has no application {}, so its name is missing.",
            quoted(id)
        ),
        remedy,
    ))
}

fn application(json: &Json) -> Option<Application> {
    let id = json.text_of("id")?.to_owned();
    let known = catalogue::application(&id);
    let name = match (json.text_of("name"), known) {
        (Some(name), _) => name.trim().to_owned(),
        (None, Some(known)) => known.name.to_owned(),
        (None, None) => return None,
    };
    let check = match json.text_of("check").unwrap_or("reach") {
        "reach" => Check::Reach,
        "canary" => Check::Canary,
        "image" => {
            let image = json.get("image")?;
            Check::Image {
                url: http_url(image.get("url")?)?,
                width: image.whole_of("width")?,
                height: image.whole_of("height")?,
            }
        }
        _ => return None,
    };
    let by_default = known.map_or(ActivityId::AgentDesktop, |known| known.activity);
    Some(Application {
        name,
        url: http_url(json.get("url")?)?,
        check,
        required: json.flag_of("required").unwrap_or(true),
        activity: choice(json, "activity", ActivityId::from_id)?.unwrap_or(by_default),
        id,
    })
}

fn turn_server(json: &Json) -> Option<TurnServer> {
    let access = if json.get("expect").is_some() {
        TurnAccess::Unauthorized
    } else if let Some(url) = json.text_of("credentials_url") {
        TurnAccess::Fetched { url: url.to_owned() }
    } else {
        TurnAccess::Static {
            username: json.text_of("username")?.to_owned(),
            credential: Secret::new(json.text_of("credential")?),
        }
    };
    Some(TurnServer {
        id: json.text_of("id")?.to_owned(),
        urls: json.list_of("urls").iter().map(turn_url).collect::<Option<_>>()?,
        access,
    })
}

fn load(json: Option<&Json>) -> Load {
    Load {
        calls: json.and_then(|json| json.whole_of("calls")).unwrap_or(1),
        screen_recording: json
            .and_then(|json| json.flag_of("screen_recording"))
            .unwrap_or(false),
    }
}

fn helpdesk(json: &Json) -> Option<Helpdesk> {
    let text = |key: &str| json.text_of(key).map(str::to_owned);
    Some(Helpdesk {
        name: json.text_of("name")?.trim().to_owned(),
        phone: text("phone"),
        email: text("email"),
        url: text("url"),
    })
}

fn brand(json: &Json) -> Brand {
    Brand {
        logo: json.text_of("logo").map(str::to_owned),
        accent: json.text_of("accent").map(str::to_ascii_lowercase),
    }
}

/// `Some(None)` when the key is not there.
fn choice<T>(json: &Json, key: &str, from_id: fn(&str) -> Option<T>) -> Option<Option<T>> {
    match json.get(key) {
        None => Some(None),
        Some(value) => from_id(value.text()?).map(Some),
    }
}

fn optional_url(json: &Json, key: &str) -> Option<Option<HttpUrl>> {
    match json.get(key) {
        None => Some(None),
        Some(value) => http_url(value).map(Some),
    }
}

fn http_url(json: &Json) -> Option<HttpUrl> {
    HttpUrl::parse(json.text()?).ok()
}

fn turn_url(json: &Json) -> Option<TurnUrl> {
    TurnUrl::parse(json.text()?).ok()
}

fn network(json: &Json) -> Option<Network4> {
    Network4::parse(json.text()?).ok()
}
