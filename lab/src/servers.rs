//! The configuration texts of the laboratory's servers. Pure: faults and paths in, text out.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use crate::{
    fault::Fault,
    hosts, policy,
    site::{self, CredentialValues, SiteValues, WebServer},
    speed,
};

/// The production configuration of the page and its canary.
const TEMPLATE: &str = include_str!("../../static/server/nginx.conf");

/// The credential service, and the line with which the page's configuration takes it in.
const CREDENTIALS: &str = include_str!("../../static/server/turn-credentials.conf");
const INCLUDE: &str = "# include /etc/nginx/clearline-turn.conf;";
/// nginx's JavaScript, where Debian puts it.
pub const NJS: &str = "/usr/lib/nginx/modules/ngx_http_js_module.so";
/// What the credential service and coturn both know.
pub const SECRET: &str = "north-wind-and-sun-4711";

/// The paths that the servers' configurations name.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The world's own directory: logs, pid files, certificates.
    pub dir: &'a Path,
    /// The built page.
    pub page: &'a Path,
    /// Its Content-Security-Policy, where somebody wrote one.
    pub policy: Option<&'a str>,
}

/// The company's resolver: knows the proxy, asks the cloud for the rest, has never heard of the missing names.
#[must_use]
pub fn corp_dnsmasq(faults: &[Fault], places: Places<'_>) -> String {
    let mut listen = vec![hosts::GATEWAY, "127.0.0.1"];
    if faults.contains(&Fault::Ipv6Only {}) {
        listen.push(hosts::AGENT_SIX.1);
    }
    let mut text = dnsmasq(&listen, "corp", places);
    _ = writeln!(text, "host-record={},{}", hosts::PROXY_NAME, hosts::GATEWAY);
    _ = writeln!(text, "server={}", hosts::NAME_SERVER);
    for fault in faults {
        if let Fault::NameMissing { hosts } = fault {
            for host in hosts {
                _ = writeln!(text, "local=/{host}/");
            }
        }
        if let Fault::PrivateName { host } = fault {
            _ = writeln!(text, "host-record={host},{}", hosts::GATEWAY);
        }
    }
    text
}

/// The name server that knows every host.
#[must_use]
pub fn cloud_dnsmasq(faults: &[Fault], places: Places<'_>) -> String {
    let mut text = dnsmasq(&[hosts::NAME_SERVER], "cloud", places);
    text.push_str("local=/example/\n");
    for host in hosts::ALL {
        _ = write!(text, "host-record={},{}", host.name, host.address);
        let six = hosts::SIX.iter().find(|(it, _)| *it == host);
        if let Some((_, address)) = six.filter(|_| faults.contains(&Fault::Ipv6Only {})) {
            _ = write!(text, ",{address}");
        }
        text.push('\n');
    }
    text
}

fn dnsmasq(listen: &[&str], name: &str, places: Places<'_>) -> String {
    let mut text = "no-resolv\nno-hosts\nbind-interfaces\nuser=root\n".to_owned();
    _ = writeln!(text, "pid-file={}/dnsmasq-{name}.pid", places.dir.display());
    for address in listen {
        _ = writeln!(text, "listen-address={address}");
    }
    text
}

/// The company's web proxy.
#[must_use]
pub fn squid(faults: &[Fault], places: Places<'_>) -> String {
    let dir = places.dir.join("squid");
    let dir = dir.display();
    let opens = opener(faults);
    let how = opens.map_or_else(String::new, |root| {
        format!(
            " ssl-bump cert={world}/company-ca.pem key={world}/company-ca.key generate-host-certificates=on
sslcrtd_program {root}usr/lib/squid/security_file_certgen -s {dir}/certificates -M 4MB
tls_outgoing_options cafile={world}/cloud-ca.pem",
            world = places.dir.display(),
            root = root.join("").display(),
        )
    });
    let mut text = format!("http_port {}:{}{how}\n", hosts::GATEWAY, hosts::PROXY_PORT);
    for fault in faults {
        if let Fault::ProxyDenies { hosts } = fault {
            _ = writeln!(text, "acl denied dstdomain {}", hosts.join(" "));
            text.push_str("http_access deny CONNECT denied\n");
        }
    }
    if faults.contains(&Fault::ProxyAddress {}) {
        _ = writeln!(text, "tcp_outgoing_address {}", hosts::EGRESS_PROXY);
    }
    _ = write!(
        text,
        "http_access allow all
{bump}cache deny all
cache_mem 8 MB
dns_nameservers 127.0.0.1
visible_hostname {name}
access_log stdio:{dir}/access.log
cache_log {dir}/cache.log
coredump_dir {dir}
pid_filename none
netdb_filename none
pinger_enable off
shutdown_lifetime 0 seconds
",
        name = hosts::PROXY_NAME,
        bump = if opens.is_some() {
            "ssl_bump bump all\n"
        } else {
            ""
        },
    );
    text
}

/// Where the proxy's programs are.
#[must_use]
pub fn squid_root(faults: &[Fault]) -> PathBuf {
    opener(faults).unwrap_or(Path::new("/")).to_owned()
}

/// Where a proxy that opens TLS has its programs, if this one does.
fn opener(faults: &[Fault]) -> Option<&Path> {
    faults.iter().find_map(|fault| match fault {
        Fault::ProxyOpens { root } => Some(root.as_path()),
        _ => None,
    })
}

/// The TURN server: plain STUN and TLS on the same port, as coturn tells them apart itself.
#[must_use]
pub fn coturn(faults: &[Fault], places: Places<'_>) -> String {
    let dir = places.dir.display();
    let address = if faults
        .iter()
        .any(|fault| matches!(fault, Fault::TurnDelay { .. }))
    {
        hosts::TURN_BEHIND_DELAY
    } else {
        hosts::TURN.address
    };
    let mut text = format!(
        "listening-ip={address}
relay-ip={address}
listening-port=443
min-port=50000
max-port=50999
relay-threads=1
{who}
realm=voice-cloud.example
cert={dir}/cloud.pem
pkey={dir}/cloud.key
userdb={dir}/turn.db
pidfile={dir}/turn.pid
log-file={dir}/coturn.log
simple-log
no-cli
fingerprint
",
        who = if faults.contains(&Fault::SharedSecret {}) {
            format!("use-auth-secret\nstatic-auth-secret={SECRET}")
        } else {
            format!("lt-cred-mech\nuser={}:{}", hosts::TURN_USER, hosts::TURN_PASSWORD)
        },
    );
    if faults.contains(&Fault::TurnQuota {}) {
        text.push_str("user-quota=1\n");
    }
    if faults.contains(&Fault::RelayDenied {}) {
        _ = writeln!(text, "denied-peer-ip={address}");
    }
    text
}

/// What the company, or a guest network, puts in front of other people's servers; nothing where it leaves them alone.
#[must_use]
pub fn company_nginx(faults: &[Fault], places: Places<'_>) -> Option<String> {
    let servers: String = faults
        .iter()
        .filter_map(|fault| match fault {
            Fault::BlockPage { .. } => Some(block_page(places)),
            Fault::InterceptTls {} => Some(interceptor(places)),
            Fault::CaptivePortal { trusted } => Some(portal(*trusted, places)),
            _ => None,
        })
        .collect();
    (!servers.is_empty()).then(|| nginx_around("corp", &servers, places))
}

/// Opens TLS with the company's certificate and asks the real server itself.
fn interceptor(places: Places<'_>) -> String {
    format!(
        "server {{
    listen {gateway}:8444 ssl;
    ssl_certificate {dir}/company.pem;
    ssl_certificate_key {dir}/company.key;
    resolver 127.0.0.1 ipv6=off;
    location / {{
        proxy_pass https://$ssl_server_name:443;
        proxy_ssl_server_name on;
        proxy_ssl_name $ssl_server_name;
        proxy_bind {gateway};
        proxy_http_version 1.1;
        proxy_set_header Host $host;
    }}
}}
",
        gateway = hosts::GATEWAY,
        dir = places.dir.display(),
    )
}

/// A guest network's sign-in page, whatever was asked for.
fn portal(trusted: bool, places: Places<'_>) -> String {
    format!(
        "server {{
    listen {gateway}:8445 ssl;
    ssl_certificate {dir}/{who}.pem;
    ssl_certificate_key {dir}/{who}.key;
    default_type text/html;
    add_header Access-Control-Allow-Origin *;
    location / {{ return 200 '<!doctype html><title>Welcome</title><h1>Please sign in to our Wi-Fi</h1>'; }}
}}
",
        gateway = hosts::GATEWAY,
        dir = places.dir.display(),
        who = if trusted { "company" } else { "stranger" },
    )
}

/// The web filter that answers in other hosts' names.
fn block_page(places: Places<'_>) -> String {
    let dir = places.dir.display();
    format!(
        "server {{
    listen {gateway}:8443 ssl;
    ssl_certificate {dir}/company.pem;
    ssl_certificate_key {dir}/company.key;
    default_type text/html;
    location / {{ return 200 '<!doctype html><title>Blocked</title><h1>This site is blocked by company policy</h1>'; }}
}}
",
        gateway = hosts::GATEWAY,
    )
}

/// The cloud's web servers: the page and the canary from the production template, the rest as small as can be.
#[must_use]
pub fn cloud_nginx(faults: &[Fault], places: Places<'_>) -> String {
    let dir = places.dir.display();
    let origins: Vec<String> = hosts::ALL
        .iter()
        .map(|host| format!("https://{}", host.name))
        .collect();
    let secret = faults.contains(&Fault::SharedSecret {});
    let template = if secret {
        TEMPLATE.replace(INCLUDE, &format!("include {dir}/turn-credentials.conf;"))
    } else {
        TEMPLATE.to_owned()
    };
    let mut servers = site::render(
        WebServer::Nginx,
        &template,
        &SiteValues {
            // One server for two hosts: each has its own address.
            listen: listen(&[hosts::PAGE, hosts::SELFTEST], " ssl http2", faults),
            server_name: format!("{} {}", hosts::PAGE.name, hosts::SELFTEST.name),
            root: places.page.display().to_string(),
            bytes: format!("{dir}/bytes"),
            certificate: format!("{dir}/cloud.pem"),
            certificate_key: format!("{dir}/cloud.key"),
            content_security_policy: places.policy.map_or_else(
                || policy::content_security_policy(&origins, &origins),
                str::to_owned,
            ),
        },
    );
    let credentials = if faults.contains(&Fault::CredentialsDown {}) {
        "    location / { return 503; }\n".to_owned()
    } else {
        format!(
            "    location / {{ add_header Access-Control-Allow-Origin *; return 200 \
             '{{\"username\":\"{}\",\"password\":\"{}\",\"ttl\":86400,\"uris\":[]}}'; }}\n",
            hosts::TURN_USER,
            hosts::TURN_PASSWORD
        )
    };
    let desktop = if faults.contains(&Fault::DesktopError {}) {
        "    location / { add_header Access-Control-Allow-Origin * always; return 503; }\n"
    } else {
        "    location / { return 200 '<!doctype html><title>Agent Desktop</title>'; }\n"
    };
    let setup = format!(
        "    location = /favicon.png {{ alias {dir}/picture.png; }}
    location / {{ return 200 '<!doctype html><title>Agent Setup</title>'; }}
",
    );
    let control = "    location / { add_header Access-Control-Allow-Origin *; return 204; }\n";
    let control_and_speed = format!("{}{control}", speed::locations(places.dir));
    for (host, kind, locations) in [
        (hosts::CREDENTIALS, "application/json", credentials.as_str()),
        (hosts::DESKTOP, "text/html", desktop),
        (hosts::SETUP, "text/html", &setup),
        (hosts::SIGN_IN, "text/html", control),
        (hosts::TELEMETRY, "text/plain", control),
        (hosts::CONTROL, "text/plain", &control_and_speed),
    ] {
        _ = write!(
            servers,
            "server {{
    listen {listen};
    server_name {name};
    ssl_certificate {dir}/cloud.pem;
    ssl_certificate_key {dir}/cloud.key;
    default_type {kind};
{locations}}}
",
            listen = listen(&[host], " ssl", faults),
            name = host.name,
        );
    }
    let around = nginx_around("cloud", &servers, places);
    if secret {
        format!("load_module {NJS};\n{around}")
    } else {
        around
    }
}

/// The credential service of the release bundle, filled in.
#[must_use]
pub fn credentials(places: Places<'_>) -> String {
    site::render_credentials(
        CREDENTIALS,
        &CredentialValues {
            root: places.page.display().to_string(),
            secret: SECRET.to_owned(),
            uris: vec![format!("turn:{}:443?transport=tcp", hosts::TURN.name)],
            lifetime_s: 600,
        },
    )
}

/// Where hosts listen, as nginx wants it between `listen` and the semicolon.
fn listen(at: &[hosts::Host], how: &str, faults: &[Fault]) -> String {
    let four = at.iter().map(|host| format!("{}:443{how}", host.address));
    let six = hosts::SIX
        .iter()
        .filter(|(host, _)| at.contains(host) && faults.contains(&Fault::Ipv6Only {}))
        .map(|(_, address)| format!("[{address}]:443{how}"));
    four.chain(six).collect::<Vec<_>>().join(";\n    listen ")
}

fn nginx_around(name: &str, servers: &str, places: Places<'_>) -> String {
    let dir = places.dir.display();
    format!(
        "user root;
daemon off;
worker_processes 1;
pid {dir}/nginx-{name}.pid;
error_log {dir}/nginx-{name}-error.log warn;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    access_log {dir}/nginx-{name}-access.log;
    client_body_temp_path {dir}/nginx-{name}-body;
    proxy_temp_path {dir}/nginx-{name}-proxy;
    fastcgi_temp_path {dir}/nginx-{name}-fastcgi;
    uwsgi_temp_path {dir}/nginx-{name}-uwsgi;
    scgi_temp_path {dir}/nginx-{name}-scgi;
{servers}}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places<'static> {
        Places {
            dir: Path::new("/run/x"),
            page: Path::new("/srv/page"),
            policy: None,
        }
    }

    #[test]
    fn a_missing_name_is_denied_by_the_company_and_known_to_the_cloud() {
        let missing = [Fault::NameMissing {
            hosts: vec!["turn.voice-cloud.example".to_owned()],
        }];
        assert!(corp_dnsmasq(&missing, places()).contains("local=/turn.voice-cloud.example/\n"));
        assert!(!corp_dnsmasq(&[], places()).contains("voice-cloud"));
        assert!(cloud_dnsmasq(&[], places()).contains("host-record=turn.voice-cloud.example,25.77.9.40\n"));
    }

    #[test]
    fn the_proxy_denies_before_it_allows() {
        let text = squid(
            &[Fault::ProxyDenies {
                hosts: vec!["control.example".to_owned()],
            }],
            places(),
        );
        assert!(text.find("deny CONNECT denied") < text.find("allow all"));
    }

    #[test]
    fn credentials_that_end_take_the_place_of_the_password() {
        let secret = [Fault::SharedSecret {}];
        let text = coturn(&secret, places());
        assert!(
            text.contains("static-auth-secret=") && !text.contains(hosts::TURN_PASSWORD),
            "{text}"
        );
        let nginx = cloud_nginx(&secret, places());
        assert!(nginx.starts_with("load_module ") && nginx.contains("include /run/x/turn-credentials.conf;"));
        assert!(!nginx.contains(SECRET));
        assert!(!cloud_nginx(&[], places()).contains("load_module"));
    }

    #[test]
    fn a_proxy_that_opens_tls_still_denies_before_it_allows() {
        let root = PathBuf::from("/opt/squid");
        let text = squid(&[Fault::ProxyOpens { root }], places());
        assert!(
            text.contains("sslcrtd_program /opt/squid/usr/lib/squid/"),
            "{text}"
        );
        assert!(text.find("http_access") < text.find("ssl_bump bump"), "{text}");
        assert!(!squid(&[], places()).contains("ssl"));
    }

    #[test]
    fn turn_moves_aside_for_the_delay_and_denies_the_address_it_relays_from() {
        let text = coturn(
            &[
                Fault::TurnDelay {
                    ms: 300,
                    jitter_ms: 0,
                    loss_percent: 0,
                    burst: 0,
                    stall_ms: 0,
                },
                Fault::RelayDenied {},
            ],
            places(),
        );
        assert!(text.contains("listening-ip=25.77.9.41\n") && text.contains("denied-peer-ip=25.77.9.41\n"));
    }
}
