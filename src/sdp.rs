//! Session descriptions and ICE candidates, as far as a test call needs them (RFC 8866, RFC 7587, RFC 8839).

use crate::few::Gather as _;
use crate::units::{Kbps, fixed};

/// What an ICE candidate line tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The component it is for: 1 carries RTP, 2 RTCP where that goes by a way of its own (RFC 8839, section 5.1).
    pub component: u8,
    /// Its port.
    pub port: u16,
    /// `host`, `srflx`, `prflx` or `relay`.
    pub kind: String,
    /// The related address (`raddr`): of a relay candidate, the address that TURN saw. `None` when it is hidden: browsers
    /// say 0.0.0.0, or (Firefox 153) repeat the candidate's own address.
    pub related: Option<String>,
}

impl Candidate {
    /// Reads `candidate:… COMPONENT … typ KIND … raddr ADDRESS …`.
    pub fn parse(line: &str) -> Option<Self> {
        let component = line.split_ascii_whitespace().nth(1)?.parse().ok()?;
        let port = line.split_ascii_whitespace().nth(5)?.parse().ok()?;
        let kind = word_after(line, "typ")?.to_owned();
        let own = line.split_ascii_whitespace().nth(4);
        let related = word_after(line, "raddr")
            .filter(|address| {
                let parsed = address.parse::<std::net::IpAddr>();
                parsed.is_ok_and(|address| !address.is_unspecified()) && own != Some(address)
            })
            .map(str::to_owned);
        Some(Self {
            component,
            port,
            kind,
            related,
        })
    }
}

/// The highest priority that a candidate may have (RFC 8445, section 5.1.2).
const HIGHEST_PRIORITY: &str = "2147483647";

/// The candidate line with the highest priority. What a browser learns from a connectivity check it takes for a
/// peer-reflexive candidate, which goes before any relay (RFC 8445, section 5.1.2.2): it would send to an address from
/// which the far end itself never sends, TURN would have no channel for it, and each packet would come down in an
/// indication, 64 bytes longer.
pub fn wanted_most(line: &str) -> String {
    match line.split_ascii_whitespace().nth(3) {
        Some(own) => {
            // By its place: the same digits may be the foundation or the component too.
            let start = own.as_ptr().addr() - line.as_ptr().addr();
            [&line[..start], HIGHEST_PRIORITY, &line[start + own.len()..]].concat()
        }
        None => line.to_owned(),
    }
}

/// The candidate line as a new one of the same address: a browser that knows it already pairs it and checks it anew. It says
/// so by its generation, as Chromium counts them, and leaves out whose credentials it goes with, which would tell another.
pub fn renewed(line: &str, generation: u32) -> String {
    let known = ["generation", "ufrag"];
    let words = line.split_ascii_whitespace();
    let mut renewed = String::new();
    for word in words.take_while(|word| !known.contains(word)) {
        renewed.push_str(word);
        renewed.push(' ');
    }
    let renewed = wanted_most(&renewed);
    [&renewed, "generation ", &fixed(f64::from(generation), 0)].concat()
}

/// The description to hand over as the *remote* one, so that the local Opus encoder sends at a constant rate up to
/// `highest`, in stereo, without pauses, error correction and transport-wide feedback. Encoders take these from the far side's
/// description only (RFC 7587, section 6.1): the local description stays as the browser made it.
pub fn constant_opus(description: &str, highest: Kbps) -> String {
    let wanted = format!(
        "stereo=1;sprop-stereo=1;cbr=1;useinbandfec=0;usedtx=0;maxaveragebitrate={}",
        fixed(highest.0 * 1000.0, 0)
    );
    let payload_types: Vec<&str> = description.lines().filter_map(opus_payload_type).few();
    let mut out = String::with_capacity(description.len() + wanted.len());
    for line in description.lines() {
        let format = line
            .strip_prefix("a=fmtp:")
            .and_then(|rest| rest.split(' ').next());
        if format.is_some_and(|format| payload_types.contains(&format)) {
            continue; // replaced below
        }
        // Reports on every packet's arrival steer a rate that is fixed here, and cost a narrow line 20 kbit/s.
        if line.contains("transport-cc") || line.contains("transport-wide-cc") {
            continue;
        }
        out.push_str(line);
        out.push_str("\r\n");
        if let Some(payload_type) = opus_payload_type(line) {
            let kept = parameters_kept(description, payload_type);
            out.push_str(&format!("a=fmtp:{payload_type} {kept}{wanted}\r\n"));
        }
    }
    out
}

/// The payload type of an `a=rtpmap:` line that maps Opus.
fn opus_payload_type(line: &str) -> Option<&str> {
    let (payload_type, codec) = line.strip_prefix("a=rtpmap:")?.split_once(' ')?;
    (codec.len() >= 5 && codec.as_bytes()[..5].eq_ignore_ascii_case(b"opus/")).then_some(payload_type)
}

/// Parameters of a payload type that are not ours to set, such as `minptime=10;`.
fn parameters_kept(description: &str, payload_type: &str) -> String {
    const OURS: [&str; 6] = [
        "stereo",
        "sprop-stereo",
        "cbr",
        "useinbandfec",
        "usedtx",
        "maxaveragebitrate",
    ];
    let prefix = format!("a=fmtp:{payload_type} ");
    let line = description
        .lines()
        .find_map(|line| line.strip_prefix(prefix.as_str()))
        .unwrap_or_default();
    let mut kept = String::new();
    for parameter in line
        .split(';')
        .map(str::trim)
        .filter(|parameter| !parameter.is_empty())
    {
        let name = parameter.split('=').next().unwrap_or_default();
        if !OURS.contains(&name) {
            kept.push_str(parameter);
            kept.push(';');
        }
    }
    kept
}

fn word_after<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let mut words = line.split_ascii_whitespace();
    words.find(|word| *word == name)?;
    words.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candidate_handed_over_goes_before_all_others() {
        let line = "candidate:1 1 udp 41885439 25.77.9.40 49170 typ relay raddr 0.0.0.0 rport 0 ufrag ab";
        assert_eq!(
            wanted_most(line),
            "candidate:1 1 udp 2147483647 25.77.9.40 49170 typ relay raddr 0.0.0.0 rport 0 ufrag ab"
        );
        assert_eq!(wanted_most(""), "", "the end of candidates stays what it is");
        assert_eq!(
            wanted_most("candidate:1 1 udp 1 a.local 9 typ host"),
            "candidate:1 1 udp 2147483647 a.local 9 typ host",
            "the component stays what it is"
        );
    }

    #[test]
    fn a_candidate_is_renewed_by_its_generation_alone() {
        let line = "candidate:1 1 udp 16785407 25.77.9.40 50408 typ relay raddr 0.0.0.0 rport 0 generation 0 ufrag sG1E network-cost 999";
        let renewed =
            "candidate:1 1 udp 2147483647 25.77.9.40 50408 typ relay raddr 0.0.0.0 rport 0 generation 1";
        assert_eq!(super::renewed(line, 1), renewed);
        assert_eq!(
            Candidate::parse(renewed).map(|candidate| candidate.port),
            Some(50408)
        );
    }

    #[test]
    fn opus_gets_our_parameters_feedback_on_every_packet_goes_and_the_rest_stays() {
        let description = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63 0\r\na=rtpmap:111 opus/48000/2\r\n\
                           a=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n\
                           a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n\
                           a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=rtcp-fb:111 nack\r\n\
                           a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:0 PCMU/8000\r\n";
        assert_eq!(
            constant_opus(description, Kbps(510.0)),
            "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63 0\r\na=rtpmap:111 opus/48000/2\r\n\
             a=fmtp:111 minptime=10;stereo=1;sprop-stereo=1;cbr=1;useinbandfec=0;usedtx=0;maxaveragebitrate=510000\r\n\
             a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=rtcp-fb:111 nack\r\n\
             a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:0 PCMU/8000\r\n"
        );
    }

    #[test]
    fn opus_without_parameters_gets_them() {
        let description = "a=rtpmap:109 OPUS/48000/2\r\n";
        assert!(constant_opus(description, Kbps(10.0)).contains("a=fmtp:109 stereo=1;"));
        assert!(constant_opus(description, Kbps(10.0)).ends_with("maxaveragebitrate=10000\r\n"));
        assert_eq!(
            constant_opus("a=rtpmap:0 PCMU/8000\r\n", Kbps(10.0)),
            "a=rtpmap:0 PCMU/8000\r\n"
        );
    }

    #[test]
    fn a_candidate_tells_its_kind_and_where_turn_saw_it() {
        let line =
            "candidate:1 1 udp 2 198.51.100.7 49160 typ relay raddr 203.0.113.9 rport 4711 generation 0";
        let relay = Candidate::parse(line);
        assert_eq!(
            relay.as_ref().map(|relay| (relay.component, relay.kind.as_str())),
            Some((1, "relay"))
        );
        assert_eq!(
            relay.and_then(|relay| relay.related).as_deref(),
            Some("203.0.113.9")
        );
    }

    #[test]
    fn a_hidden_address_is_no_address() {
        let line = "candidate:1 1 udp 2 198.51.100.7 49160 typ relay raddr 0.0.0.0 rport 0";
        assert_eq!(Candidate::parse(line).and_then(|relay| relay.related), None);
        let own = "candidate:2 1 UDP 8331263 25.77.9.40 50357 typ relay raddr 25.77.9.40 rport 50357";
        assert_eq!(Candidate::parse(own).and_then(|relay| relay.related), None);
        assert_eq!(Candidate::parse(own).map(|relay| relay.component), Some(1));
        assert_eq!(Candidate::parse(""), None);
        assert_eq!(Candidate::parse("candidate:1 1 udp 2 a.local 9 typ"), None);
    }
}
