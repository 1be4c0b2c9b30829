//! The pages of `docs/`: what they name is there, and what is written from the code is as the code is. Run with
//! `UPDATE_EXPECT=1` after a change of a cause's description.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clearline::words::{Words, source};
use expect_test::expect_file;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All pages for people: the three at the top, and `docs/`.
fn pages() -> Vec<String> {
    let mut pages: Vec<String> = ["README.md", "SECURITY.md", "CHANGELOG.md"]
        .map(str::to_owned)
        .into();
    for entry in fs::read_dir(root().join("docs")).expect("docs/") {
        let name = entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".md") {
            pages.push(format!("docs/{name}"));
        }
    }
    pages.sort();
    pages
}

/// Where the links and pictures of a page lead, without those to other servers.
fn links(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1);
    targets
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains("://") && !target.contains(' '))
        .collect()
}

/// The name that a heading has in a link, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    kept.chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = read(&page);
        let folder = Path::new(&page).parent().unwrap_or(Path::new(""));
        for link in links(&text) {
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let target: PathBuf = match file {
                "" => PathBuf::from(&page),
                _ => folder.join(file),
            };
            if !root().join(&target).exists() {
                broken.push(format!("{page}: {link}"));
            } else if !place.is_empty() {
                let text = fs::read_to_string(root().join(&target)).unwrap_or_default();
                let headings = text.lines().filter(|line| line.starts_with('#'));
                if !headings
                    .map(|it| anchor(it.trim_start_matches('#')))
                    .any(|it| it == place)
                {
                    broken.push(format!("{page}: {link}: no such heading"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "links into nothing:\n{}", broken.join("\n"));
}

#[test]
fn every_page_and_picture_is_found_from_the_overview() {
    let overview = read("docs/README.md");
    let linked: BTreeSet<&str> = links(&overview).into_iter().collect();
    let (mut lost, mut shown) = (Vec::new(), BTreeSet::new());
    for page in pages() {
        let text = read(&page);
        let folder = Path::new(&page).parent().unwrap_or(Path::new(""));
        shown.extend(links(&text).iter().map(|it| root().join(folder).join(it)));
        let name = page.strip_prefix("docs/").filter(|name| *name != "README.md");
        if name.is_some_and(|name| !linked.contains(name)) {
            lost.push(page);
        }
    }
    for entry in fs::read_dir(root().join("docs/pictures")).expect("docs/pictures") {
        let picture = entry.expect("an entry").path();
        if !shown.contains(&picture) {
            lost.push(picture.display().to_string());
        }
    }
    assert!(lost.is_empty(), "nobody finds:\n{}", lost.join("\n"));
}

#[test]
fn the_causes_are_described_as_in_their_files() {
    let [page, ..] = source::parts(&read("static/words/en.json")).expect("the words' parts");
    let words = Words::parse("en", &source::written(&page)).expect("words");
    let mut text = String::from(
        "# Every root cause\n\n<!-- written by `UPDATE_EXPECT=1 cargo test --test docs` from the head of each file in src/diagnosis/ -->\n\n\
         For network engineers: what the page may conclude, in the order in which it looks, the more fundamental first. Which\n\
         evidence decides between causes that look alike is in [diagnosis.md](diagnosis.md); limits and their sources are in\n\
         [`src/diagnosis/thresholds.rs`](../src/diagnosis/thresholds.rs); facts such as G17 are those of [demands.md](demands.md).\n",
    );
    for cause in clearline::diagnosis::ids() {
        let source = read(&format!("src/diagnosis/{}.rs", cause.replace('-', "_")));
        let title = words.get(&format!("cause.{cause}.title")).to_owned();
        let head = source.lines().take_while(|line| line.starts_with("//!"));
        let head: Vec<&str> = head
            .map(|line| line.trim_start_matches("//!"))
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        let described = head.join("\n");
        let (_, points) = described
            .split_once("\n\n")
            .unwrap_or_else(|| panic!("{cause}: no points in its file's head"));
        write!(
            text,
            "\n## `{cause}`\n\n*{title}*\n\n{}\n",
            plain(points).trim_end()
        )
        .expect("a string takes all");
    }
    expect_file![root().join("docs/causes.md")].assert_eq(&text);
}

/// The facts that a text cites, such as `G17`.
fn facts(text: &str) -> BTreeSet<u32> {
    let mut facts = BTreeSet::new();
    for (at, _) in text.match_indices('G') {
        let before = text[..at].chars().next_back();
        let digits: String = text[at + 1..].chars().take_while(char::is_ascii_digit).collect();
        let after = text[at + 1 + digits.len()..].chars().next();
        let word =
            |letter: Option<char>| letter.is_some_and(|it| it.is_alphanumeric() || it == '.' || it == '_');
        if !word(before) && !after.is_some_and(char::is_alphanumeric) {
            facts.extend(digits.parse::<u32>().ok());
        }
    }
    facts
}

#[test]
fn the_readme_says_why_each_dependency_is_there() {
    let readme = read("README.md");
    let mut unnamed = Vec::new();
    let mut named = 0;
    for manifest in [
        "Cargo.toml",
        "lab/Cargo.toml",
        "xtask/Cargo.toml",
        "fuzz/Cargo.toml",
    ] {
        let mut listed = false;
        for line in read(manifest).lines() {
            if let Some(section) = line.strip_prefix('[') {
                listed = section.contains("dependencies]") && !section.starts_with("workspace");
            } else if listed && line.contains('=') {
                let name = line.split(['=', '.']).next().unwrap_or_default().trim();
                let own = ["clearline", "lab"].contains(&name);
                named += u32::from(!own);
                // As a word of its own: `yew` is in no other name.
                let words = readme.split(|letter: char| !letter.is_alphanumeric() && !"-_".contains(letter));
                if !own && !words.into_iter().any(|word| word == name) {
                    unnamed.push(format!("{manifest}: {name}"));
                }
            }
        }
    }
    assert!(named > 25, "only {named} dependencies were found");
    assert!(
        unnamed.is_empty(),
        "README.md does not name:\n{}",
        unnamed.join("\n")
    );
}

/// Requests cite them, and whoever gets one looks them up.
#[test]
fn every_fact_that_is_cited_is_told() {
    let told = facts(&read("docs/demands.md"));
    let mut cited = facts(&read("docs/diagnosis.md"));
    let mut folders = vec![root().join("src"), root().join("static/words")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => cited.extend(facts(&fs::read_to_string(path).expect("a text"))),
            }
        }
    }
    assert!(cited.len() > 30, "only {} facts were found", cited.len());
    let lost: Vec<&u32> = cited.difference(&told).collect();
    assert!(lost.is_empty(), "cited, but not in docs/demands.md: {lost:?}");
}

/// Without the links that only Rust's documentation understands.
fn plain(text: &str) -> String {
    let mut parts = text.split("[`");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("`]").expect("a link of rustdoc ends");
        let name = name.trim_start_matches("super::").trim_start_matches("crate::");
        write!(plain, "`{name}`{rest}").expect("a string takes all");
    }
    plain
}
