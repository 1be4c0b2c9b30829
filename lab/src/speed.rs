//! What speed tests of the usual kind ask of a server: `GET /down?bytes=N` and `POST /up`. The page itself does not.

use std::{fs, io, path::Path};

/// What can be downloaded: the sizes that `@cloudflare/speedtest` asks for, in bytes.
const SIZES: [u64; 7] = [
    0,
    100_000,
    1_000_000,
    10_000_000,
    25_000_000,
    100_000_000,
    250_000_000,
];

/// The folder of what can be downloaded, in the world's own.
const FOLDER: &str = "speed";

/// Makes what can be downloaded. It is zeros, which take no room: nothing here compresses them.
pub fn make(dir: &Path) -> io::Result<()> {
    let folder = dir.join(FOLDER);
    fs::create_dir(&folder)?;
    for size in SIZES {
        fs::File::create(folder.join(size.to_string()))?.set_len(size)?;
    }
    Ok(())
}

/// The part of an nginx server. An upload is answered when all of it has arrived, by the means that the production
/// template explains at its `/canary/sink`.
#[must_use]
pub fn locations(dir: &Path) -> String {
    let headers = "add_header Access-Control-Allow-Origin * always;
        add_header Timing-Allow-Origin * always;
        add_header Cache-Control no-store always;";
    format!(
        "    location = /down {{
        if ($arg_bytes !~ \"^[0-9]+$\") {{ return 400; }}
        rewrite ^ /down/$arg_bytes last;
    }}
    location /down/ {{
        internal;
        alias {dir}/{FOLDER}/;
        {headers}
    }}
    location = /up {{
        client_max_body_size 64m;
        client_body_buffer_size 64m;
        mirror /swallow;
        empty_gif;
        error_page 405 = @swallowed;
    }}
    location = /swallow {{ internal; return 204; }}
    location @swallowed {{
        {headers}
        return 204;
    }}
",
        dir = dir.display(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_is_there_and_nothing_is_answered_without_cross_origin_headers() {
        let dir = std::env::temp_dir().join(format!("speed-{}", std::process::id()));
        fs::create_dir_all(&dir).expect("a folder");
        make(&dir).expect("is made");
        for size in SIZES {
            let file = dir.join(FOLDER).join(size.to_string());
            assert_eq!(fs::metadata(file).expect("is there").len(), size);
        }
        let text = locations(&dir);
        fs::remove_dir_all(&dir).expect("was there");
        assert_eq!(text.matches("Access-Control-Allow-Origin *").count(), 2);
        assert!(
            text.contains(&format!("alias {}/speed/;", dir.display())),
            "{text}"
        );
    }
}
