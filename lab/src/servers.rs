//! The configuration texts of the laboratory's servers. Pure: faults and paths in, text out.

use std::{fmt::Write as _, path::Path};

use crate::{fault::Fault, hosts};

/// The paths that the servers' configurations name.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The world's own directory: logs, pid files, certificates.
    pub dir: &'a Path,
    /// The built page.
    pub page: &'a Path,
}

/// The company's resolver: knows the proxy, asks the cloud for the rest, has never heard of the missing names.
#[must_use]
pub fn corp_dnsmasq(faults: &[Fault], places: Places<'_>) -> String {
    let mut text = dnsmasq(&[hosts::GATEWAY, "127.0.0.1"], "corp", places);
    _ = writeln!(text, "host-record={},{}", hosts::PROXY_NAME, hosts::GATEWAY);
    _ = writeln!(text, "server={}", hosts::NAME_SERVER);
    for fault in faults {
        if let Fault::NameMissing { hosts } = fault {
            for host in hosts {
                _ = writeln!(text, "local=/{host}/");
            }
        }
    }
    text
}

/// The name server that knows every host.
#[must_use]
pub fn cloud_dnsmasq(places: Places<'_>) -> String {
    let mut text = dnsmasq(&[hosts::NAME_SERVER], "cloud", places);
    text.push_str("local=/example/\n");
    for host in hosts::ALL {
        _ = writeln!(text, "host-record={},{}", host.name, host.address);
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
    let mut text = format!("http_port {}:{}\n", hosts::GATEWAY, hosts::PROXY_PORT);
    for fault in faults {
        if let Fault::ProxyDenies { hosts } = fault {
            _ = writeln!(text, "acl denied dstdomain {}", hosts.join(" "));
            text.push_str("http_access deny CONNECT denied\n");
        }
    }
    _ = write!(
        text,
        "http_access allow all
cache deny all
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
    );
    text
}

/// The TURN server: plain STUN and TLS on the same port, as coturn tells them apart itself.
#[must_use]
pub fn coturn(faults: &[Fault], places: Places<'_>) -> String {
    let dir = places.dir.display();
    let address = if faults.iter().any(|fault| matches!(fault, Fault::TurnDelay { .. })) {
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
lt-cred-mech
realm=voice-cloud.example
user={user}:{password}
cert={dir}/cloud.pem
pkey={dir}/cloud.key
userdb={dir}/turn.db
pidfile={dir}/turn.pid
log-file={dir}/coturn.log
simple-log
no-cli
fingerprint
",
        user = hosts::TURN_USER,
        password = hosts::TURN_PASSWORD,
    );
    if faults.contains(&Fault::RelayDenied {}) {
        _ = writeln!(text, "denied-peer-ip={address}");
    }
    text
}

/// The web filter that answers in other hosts' names.
#[must_use]
pub fn block_page_nginx(places: Places<'_>) -> String {
    let dir = places.dir.display();
    let server = format!(
        "server {{
    listen {gateway}:8443 ssl;
    ssl_certificate {dir}/company.pem;
    ssl_certificate_key {dir}/company.key;
    default_type text/html;
    location / {{ return 200 '<!doctype html><title>Blocked</title><h1>This site is blocked by company policy</h1>'; }}
}}
",
        gateway = hosts::GATEWAY,
    );
    nginx("corp", &server, places)
}

/// The cloud's web servers.
#[must_use]
pub fn cloud_nginx(faults: &[Fault], places: Places<'_>) -> String {
    let credentials = if faults.contains(&Fault::CredentialsDown {}) {
        "return 503;".to_owned()
    } else {
        format!(
            "default_type application/json; add_header Cache-Control no-store; \
             return 200 '{{\"username\":\"{}\",\"password\":\"{}\",\"ttl\":86400,\"uris\":[]}}';",
            hosts::TURN_USER,
            hosts::TURN_PASSWORD
        )
    };
    let page = format!(
        "    location = /config.json {{ alias {dir}/config.json; add_header Cache-Control no-cache; }}
    location = /turn-credentials {{ {credentials} }}
    location / {{ root {page}; index index.html; add_header Cache-Control no-cache; }}
",
        dir = places.dir.display(),
        page = places.page.display(),
    );
    let desktop = "    location / { default_type text/html; return 200 '<!doctype html><title>Agent Desktop</title>'; }\n";
    let setup = format!(
        "    location = /favicon.png {{ alias {dir}/picture.png; }}
    location / {{ default_type text/html; return 200 '<!doctype html><title>Agent Setup</title>'; }}
",
        dir = places.dir.display(),
    );
    let control = "    location / { add_header Access-Control-Allow-Origin *; return 204; }\n";
    let canary = "    ssl_session_tickets off;
    ssl_session_cache off;
    location = /canary {
        default_type application/json;
        add_header Access-Control-Allow-Origin *;
        add_header Timing-Allow-Origin *;
        add_header Cache-Control no-store;
        return 200 '{\"clearline\":1,\"nonce\":\"$nonce\",\"address\":\"$remote_addr\",\"time\":\"$time_iso8601\",\"via\":$via_json,\"forwarded\":$forwarded_json,\"tls\":{\"protocol\":\"$ssl_protocol\",\"cipher\":\"$ssl_cipher\",\"ciphers\":\"$ssl_ciphers\",\"curves\":\"$ssl_curves\"}}';
    }
";
    let mut servers = "    map $arg_nonce $nonce { \"~^[A-Za-z0-9._-]{1,64}$\" $arg_nonce; default \"\"; }
    map $http_via $via_json { \"\" null; default '\"proxy\"'; }
    map $http_forwarded$http_x_forwarded_for $forwarded_json { \"\" null; default '\"proxy\"'; }
"
    .to_owned();
    for (host, locations) in [
        (hosts::PAGE, page.as_str()),
        (hosts::DESKTOP, desktop),
        (hosts::SETUP, &setup),
        (hosts::CONTROL, control),
        (hosts::SELFTEST, canary),
    ] {
        _ = write!(
            servers,
            "server {{
    listen {address}:443 ssl;
    server_name {name};
    ssl_certificate {dir}/cloud.pem;
    ssl_certificate_key {dir}/cloud.key;
{locations}}}
",
            address = host.address,
            name = host.name,
            dir = places.dir.display(),
        );
    }
    nginx("cloud", &servers, places)
}

fn nginx(name: &str, servers: &str, places: Places<'_>) -> String {
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
    types {{ application/wasm wasm; }}
    access_log {dir}/nginx-{name}-access.log;
    client_body_temp_path {dir}/nginx-{name}-body;
    proxy_temp_path {dir}/nginx-{name}-proxy;
    fastcgi_temp_path {dir}/nginx-{name}-fastcgi;
    uwsgi_temp_path {dir}/nginx-{name}-uwsgi;
    scgi_temp_path {dir}/nginx-{name}-scgi;
    ssl_protocols TLSv1.2 TLSv1.3;
    gzip_static on;
{servers}}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places<'static> {
        Places { dir: Path::new("/run/x"), page: Path::new("/srv/page") }
    }

    #[test]
    fn a_missing_name_is_denied_by_the_company_and_known_to_the_cloud() {
        let missing = [Fault::NameMissing { hosts: vec!["turn.voice-cloud.example".to_owned()] }];
        assert!(corp_dnsmasq(&missing, places()).contains("local=/turn.voice-cloud.example/\n"));
        assert!(!corp_dnsmasq(&[], places()).contains("voice-cloud"));
        assert!(cloud_dnsmasq(places()).contains("host-record=turn.voice-cloud.example,25.77.9.40\n"));
    }

    #[test]
    fn the_proxy_denies_before_it_allows() {
        let text = squid(&[Fault::ProxyDenies { hosts: vec!["control.example".to_owned()] }], places());
        assert!(text.find("deny CONNECT denied") < text.find("allow all"));
    }

    #[test]
    fn turn_moves_aside_for_the_delay_and_denies_the_address_it_relays_from() {
        let text = coturn(&[Fault::TurnDelay { ms: 300 }, Fault::RelayDenied {}], places());
        assert!(text.contains("listening-ip=25.77.9.41\n") && text.contains("denied-peer-ip=25.77.9.41\n"));
    }
}
