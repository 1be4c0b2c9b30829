//! What web, TURN and STUN addresses have in common: characters, host and port.

use std::net::Ipv4Addr;

use super::Fault;

/// No URL is longer than this many bytes.
pub(super) const LONGEST: usize = 2048;

/// Reads a host name: letters, digits, hyphens and dots, or a dotted IPv4 address.
pub(super) fn host_name(host: &str) -> Result<String, Fault> {
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let name = host.to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    let number = last.bytes().all(|b| b.is_ascii_digit()) || last.starts_with("0x");
    let key = if host.is_empty() {
        return Err(Fault::of("host.missing"));
    } else if !host.is_ascii() {
        "host.letters"
    } else if host.contains('*') {
        "host.many"
    } else if host.ends_with('.') {
        "host.dot"
    } else if host.len() > 253 || !host.split('.').all(label_fits) {
        "host.malformed"
    } else if number && host.parse::<Ipv4Addr>().is_err() {
        "host.no-address"
    } else {
        return Ok(name);
    };
    Err(Fault::of(key).quoting(host))
}

/// Reads `HOST` or `HOST:PORT`.
pub(super) fn host_and_port(authority: &str) -> Result<(String, Option<u16>), Fault> {
    if authority.starts_with('[') || authority.matches(':').count() > 1 {
        return Err(Fault::of("host.ipv6").quoting(authority));
    }
    let Some((host, port)) = authority.split_once(':') else {
        return Ok((host_name(authority)?, None));
    };
    let digits = (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
    match port.parse::<u16>() {
        Ok(number) if digits && number > 0 => Ok((host_name(host)?, Some(number))),
        _ => Err(Fault::of("host.port").quoting(port)),
    }
}

/// The hosts that browsers trust without encryption.
pub(super) fn loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

pub(super) fn no_odd_characters(text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::of("url.empty"));
    }
    if text.len() > LONGEST {
        let fault = Fault::of("url.long").number("length", text.len());
        return Err(fault.number("longest", LONGEST));
    }
    let blank = |c: char| c.is_whitespace() || c.is_control();
    let odd = |c: char| blank(c) || "\\\"'<>^`{|}".contains(c);
    match text.chars().find(|c| odd(*c)) {
        None => Ok(()),
        Some(c) if blank(c) => Err(Fault::of("url.blank").quoting(text)),
        Some(c) => Err(Fault::of("url.character")
            .text("character", c.encode_utf8(&mut [0; 4]))
            .quoting(text)),
    }
}

pub(super) fn no_fragment(text: &str) -> Result<(), Fault> {
    match text.contains('#') {
        true => Err(Fault::of("url.fragment").quoting(text)),
        false => Ok(()),
    }
}

pub(super) fn no_user(authority: &str) -> Result<(), Fault> {
    match authority.contains('@') {
        true => Err(Fault::of("url.user")),
        false => Ok(()),
    }
}
