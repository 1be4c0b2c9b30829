//! Tells the page which languages there are words for: adding a language is adding its file.

fn main() {
    let folder = std::path::Path::new("static/words");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut tags: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    tags.sort();
    // English first: it is what a reader gets whose languages there are no words for.
    tags.sort_by_key(|tag| tag != "en");
    println!("cargo::rustc-env=CLEARLINE_LANGUAGES={}", tags.join(" "));
}
