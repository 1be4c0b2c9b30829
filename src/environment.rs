//! Which browser on which system: read from what the browser tells about itself.

use crate::observation::{Desktop, Engine};

/// A browser and its system.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Environment {
    /// Name and major version, such as `Chromium 156`.
    pub browser: String,
    /// The engine's major version, when it could be read.
    pub engine: Option<Engine>,
    /// Such as `Linux`.
    pub os: String,
}

/// What the browser tells about itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Claims<'a> {
    /// `navigator.userAgent`.
    pub user_agent: &'a str,
    /// `navigator.userAgentData.brands`: name and major version, in random order, with made-up ones among them.
    pub brands: &'a [(String, String)],
    /// `navigator.userAgentData.platform`.
    pub platform: Option<&'a str>,
}

/// Browser tokens of a user agent with their names, the most telling first.
const TOKENS: [(&str, &str); 11] = [
    ("Edg/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chromium"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];

/// Systems of a user agent, the most telling first.
const SYSTEMS: [(&str, &str); 8] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
    ("X11", "Unix"),
];

/// Graphics devices that only virtual machines have. Software renderers (llvmpipe, SwiftShader, Microsoft Basic Render
/// Driver) are not among them: a computer whose graphics driver is switched off has them, too.
const RENDERERS: [(&str, Desktop); 10] = [
    ("citrix", Desktop::Citrix),
    ("vmware", Desktop::Horizon),
    ("svga3d", Desktop::Horizon),
    ("omnissa", Desktop::Horizon),
    ("microsoft remote display", Desktop::Azure),
    ("hyper-v", Desktop::Azure),
    ("dcv", Desktop::Amazon),
    ("nvidia grid", Desktop::Other),
    ("virtio", Desktop::Other),
    ("virgl", Desktop::Other),
];

/// Whose virtual desktop has a graphics device of this name; `None` where real computers have it, too.
pub fn desktop_of(renderer: &str) -> Option<Desktop> {
    virtual_one(renderer).map(|(_, desktop)| desktop)
}

/// The part of a graphics device's name that tells whose virtual desktop it is.
pub fn mark_of(renderer: &str) -> Option<&'static str> {
    virtual_one(renderer).map(|(mark, _)| mark)
}

fn virtual_one(renderer: &str) -> Option<(&'static str, Desktop)> {
    let renderer = renderer.to_ascii_lowercase();
    RENDERERS
        .iter()
        .find(|(mark, _)| renderer.contains(mark))
        .copied()
}

/// Reads what a browser tells about itself.
pub fn environment(claims: Claims<'_>) -> Environment {
    Environment {
        browser: browser(claims).unwrap_or_default(),
        engine: engine(claims),
        os: claims
            .platform
            .filter(|platform| !platform.is_empty())
            .or_else(|| {
                SYSTEMS
                    .iter()
                    .find(|(mark, _)| claims.user_agent.contains(mark))
                    .map(|(_, name)| *name)
            })
            .unwrap_or_default()
            .to_owned(),
    }
}

fn browser(claims: Claims<'_>) -> Option<String> {
    let real = |name: &str| !(name.contains("Not") && name.contains("Brand"));
    let product = claims
        .brands
        .iter()
        .find(|(name, _)| real(name) && name != "Chromium");
    if let Some((name, version)) = product.or_else(|| claims.brands.iter().find(|(name, _)| real(name))) {
        let name = match name.as_str() {
            "Google Chrome" => "Chrome",
            "Microsoft Edge" => "Edge",
            "HeadlessChrome" => "Chromium",
            other => other,
        };
        return Some(format!("{name} {version}"));
    }
    let found = TOKENS
        .iter()
        .find_map(|(token, name)| Some((name, major_after(claims.user_agent, token)?)));
    found.map(|(name, version)| format!("{name} {version}"))
}

fn engine(claims: Claims<'_>) -> Option<Engine> {
    let version = |token| major_after(claims.user_agent, token);
    if let Some((_, major)) = claims.brands.iter().find(|(name, _)| name == "Chromium") {
        return major.parse().ok().map(Engine::Chromium);
    }
    if claims.user_agent.contains("like Mac OS X") {
        // Every browser there is Safari inside, and its version goes with the system's.
        return version("Version/")
            .or_else(|| version(" OS "))
            .map(Engine::Webkit);
    }
    version("Chrome/")
        .or_else(|| version("HeadlessChrome/"))
        .map(Engine::Chromium)
        .or_else(|| version("Firefox/").map(Engine::Gecko))
        .or_else(|| version("Version/").map(Engine::Webkit))
}

/// The number right after `token`.
fn major_after(user_agent: &str, token: &str) -> Option<u32> {
    let rest = user_agent.split_once(token)?.1;
    let end = rest
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(rest.len());
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(user_agent: &str, browser: &str, engine: Engine, os: &str) {
        let seen = environment(Claims {
            user_agent,
            ..Claims::default()
        });
        let expected = Environment {
            browser: browser.into(),
            engine: Some(engine),
            os: os.into(),
        };
        assert_eq!(seen, expected, "{user_agent}");
    }

    #[test]
    fn user_agents_are_read() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
        check(chrome, "Chrome 142", Engine::Chromium(142), "Windows");
        check(
            &format!("{chrome} Edg/142.0.0.0"),
            "Edge 142",
            Engine::Chromium(142),
            "Windows",
        );
        check(
            "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
            "Firefox 153",
            Engine::Gecko(153),
            "Linux",
        );
        check(
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
            "Safari 26",
            Engine::Webkit(26),
            "macOS",
        );
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.0.0 Mobile/15E148 Safari/604.1",
            "Chrome 142",
            Engine::Webkit(18),
            "iOS",
        );
    }

    #[test]
    fn brands_win_over_the_user_agent_and_made_up_ones_do_not_count() {
        let brands = [
            ("Not=A?Brand", "24"),
            ("Chromium", "156"),
            ("Microsoft Edge", "156"),
        ]
        .map(|(name, version)| (name.to_owned(), version.to_owned()));
        let claims = Claims {
            user_agent: "Chrome/1.0",
            brands: &brands,
            platform: Some("macOS"),
        };
        let seen = environment(claims);
        assert_eq!((seen.browser.as_str(), seen.os.as_str()), ("Edge 156", "macOS"));
        assert_eq!(seen.engine, Some(Engine::Chromium(156)));
        let plain = environment(Claims {
            brands: &brands[..2],
            ..claims
        });
        assert_eq!(plain.browser, "Chromium 156");
    }

    #[test]
    fn virtual_graphics_devices_are_known_and_slow_ones_are_not_virtual() {
        let angle = |name: &str| {
            desktop_of(&format!(
                "ANGLE (Unknown, {name} Direct3D11 vs_5_0 ps_5_0, D3D11)"
            ))
        };
        assert_eq!(angle("Citrix Indirect Display Adapter"), Some(Desktop::Citrix));
        assert_eq!(angle("VMware SVGA 3D"), Some(Desktop::Horizon));
        assert_eq!(angle("NVIDIA GRID T4-2Q"), Some(Desktop::Other));
        for real in [
            "Microsoft Basic Render Driver",
            "SwiftShader Device (Subzero)",
            "llvmpipe (LLVM 15.0.6, 256 bits)",
            "Intel(R) UHD Graphics 620",
        ] {
            assert_eq!(angle(real), None, "{real}");
        }
    }

    #[test]
    fn nothing_known_is_nothing_claimed() {
        assert_eq!(environment(Claims::default()), Environment::default());
    }
}
