use super::*;
use proptest::prelude::*;

const FILE: &str = r#"{
  "schema": "clearline.config/1",
  "name": "Best Customer",
  "applications": [{ "id": "agent-desktop", "url": "https://best-customer.example/" }],
  "turn": [
    { "id": "turn-1", "urls": ["turn:turn.best-customer.example:443"], "username": "demo", "credential": "secret" }
  ]
}
"#;

fn draft() -> Draft {
    Draft::open(FILE, "config.json")
}

fn typed(old: &str, new: &str) -> Draft {
    let draft = draft();
    let text = draft.text.replacen(old, new, 1);
    draft.typed(text).check()
}

fn with(draft: &Draft, change: Change) -> Draft {
    draft.with(&change).expect("it can be written").0
}

/// Key, line and column of each problem.
fn problems(draft: &Draft) -> Vec<(&str, Option<(usize, usize)>)> {
    let all = draft.checked.problems.iter();
    all.map(|(problem, spot)| (problem.fault.key, spot.map(|spot| (spot.line, spot.column))))
        .collect()
}

#[test]
fn a_good_file_is_shown_without_its_password_and_saved_with_it() {
    let draft = draft();
    assert_eq!(problems(&draft), []);
    assert!(!draft.text.contains("secret") && !format!("{draft:?}").contains("secret"));
    assert_eq!(draft.whole().expose(), FILE);
    let config = draft.checked.config.clone().expect("nothing is wrong");
    assert_eq!(Config::parse(FILE), Ok((*config).clone()));
    assert!(draft.checked.has_passwords() && !draft.is_changed());
    let draft = typed("Best", "Good");
    assert!(draft.is_changed() && !draft.clone().saved().is_changed());
    assert_eq!(draft.whole().expose(), FILE.replace("Best", "Good"));
}

#[test]
fn each_problem_has_its_place() {
    assert_eq!(
        problems(&typed("\"name\"", "\"nmae\"")),
        [("key.meant", Some((3, 3))), ("key.missing", Some((1, 1)))]
    );
    assert_eq!(
        problems(&typed("turn:turn", "https:turn")).first(),
        Some(&("turn.malformed", Some((6, 32))))
    );
    let broken = typed("\"Best Customer\",", "\"Best Customer\"");
    assert_eq!(problems(&broken), [("file.no-json", Some((4, 3)))]);
    assert_eq!((broken.checked.json.as_ref(), broken.checked.count), (None, 1));
    let twice = typed("\"turn\": [", "\"name\": \"B\",\n \"turn\": [");
    assert_eq!(problems(&twice), [("key.twice", Some((5, 3)))]);
}

#[test]
fn more_problems_than_anyone_reads_are_counted() {
    let many: String = (0..300).map(|n| format!("\"odd{n}\": 1, ")).collect();
    let draft = typed("\"name\":", &format!("{many}\"name\":"));
    assert_eq!((draft.checked.problems.len(), draft.checked.count), (LISTED, 300));
}

#[test]
fn what_is_no_configuration_is_refused_and_the_draft_stays() {
    let refused = |text: Option<&str>| {
        let after = typed("Best", "Good").replaced("other.json", text);
        assert!(after.text.contains("Good"));
        let problem = after.refused.expect("it is refused");
        assert_eq!(problem.path, "other.json");
        problem.fault.key
    };
    assert_eq!(refused(None), "file.unread");
    assert_eq!(refused(Some(&" ".repeat(LONGEST + 1))), "file.long");
    assert_eq!(refused(Some("{\n\"name\": \"Gr\u{fffd}n\"}")), "file.encoding");
    assert_eq!(refused(Some("{\0\"\0")), "file.encoding");
    // These are texts that can be mended.
    for (text, key) in [
        ("", "file.no-json"),
        ("<!doctype html>", "file.web-page"),
        ("\u{feff}[]", "value.kind"),
    ] {
        let after = draft().replaced("other.json", Some(text));
        assert_eq!(
            (after.refused.as_ref(), problems(&after)[0].0),
            (None, key),
            "{text}"
        );
        assert!(after.is_changed() || text.is_empty());
        assert_eq!(after.file, "config.json");
    }
    let deep = draft().replaced("deep.json", Some(&"[".repeat(100_000)));
    assert_eq!(problems(&deep), [("file.no-json", Some((1, 102)))]);
}

#[test]
fn what_another_file_replaced_can_be_had_back() {
    let unchanged = draft().replaced("other.json", Some("{}"));
    assert!(!unchanged.can_undo() && unchanged.is_changed() && !unchanged.has_kept());
    let mine = typed("Best", "Good");
    let after = mine.clone().replaced("other.json", Some("{}"));
    assert!(after.can_undo() && after.file == "config.json");
    assert_eq!(after.undone(), mine);
    // Alike but for the password.
    let alike = FILE.replace("secret", "other");
    let after = unchanged
        .replaced("a.json", Some(FILE))
        .replaced("b.json", Some(&alike));
    assert!(after.can_undo() && after.whole().expose() == alike);
    assert_eq!(after.undone().whole().expose(), FILE);
}

#[test]
fn a_draft_comes_back_without_typed_passwords() {
    let edited = typed(
        "\"demo\"",
        "\"demo\" }, { \"id\": \"b\", \"urls\": [\"turn:b.example\"], \"username\": \"u\", \"credential\": \"typed\"",
    );
    // The stand-in is now the second one's.
    let edited = edited.check();
    let stored = edited.stored();
    assert!(
        !stored.contains("secret") && !stored.contains("typed"),
        "{stored}"
    );
    let back = draft().restored(&typed("Best", "Good").stored());
    assert_eq!(back.whole().expose(), FILE.replace("Best", "Good"));
    assert!(back.is_changed() && back.checked.config.is_some());

    let typed_one = typed("••••••••1", "typed");
    let back = draft().restored(&typed_one.stored());
    assert_eq!(problems(&back), [("credential.lost", Some((6, 92)))]);
    assert_eq!(back.checked.config, None);

    // What is written into the form is there until it is looked at, whatever is drawn meanwhile.
    let writing = draft().editing("helpdesk.phone", Some("+1 55".to_owned()));
    let writing = writing.saved().check();
    assert_eq!(writing.edited("helpdesk.phone"), Some("+1 55"));
    assert_eq!(writing.edited("name"), None);
    let (after, _) = writing
        .with(&Change::Field("name", "Good"))
        .expect("another name");
    assert_eq!(after.edited("helpdesk.phone"), None);

    // Not what is behind the stand-ins of another file.
    let other = FILE.replace("turn.best", "evil.best");
    let back = Draft::open(&other, "config.json").restored(&typed("Best", "Good").stored());
    assert_eq!(problems(&back), [("credential.lost", Some((6, 92)))]);
    assert!(!back.whole().expose().contains("secret"));
    assert_eq!(back.refused.map(|it| it.fault.key), Some("draft.newer"));
    for odd in ["", "{}", "[1]", "{\"base\": 1}", "\u{0}"] {
        assert_eq!(draft().restored(odd), draft());
    }
}

#[test]
fn the_form_writes_into_the_text() {
    let after = with(&draft(), Change::Field("helpdesk.name", " IT \"Desk\" "));
    assert!(
        after
            .text
            .ends_with("],\n  \"helpdesk\": { \"name\": \"IT \\\"Desk\\\"\" }\n}\n")
    );
    let after = with(&after, Change::Field("helpdesk.phone", "+1 555"));
    assert!(after.text.contains("Desk\\\"\", \"phone\": \"+1 555\" }"));
    let after = with(&after, Change::Field("helpdesk.phone", ""));
    let after = with(&after, Change::Field("helpdesk.name", ""));
    assert_eq!(after.text, draft().text);

    let after = with(
        &draft(),
        Change::Field("turn.0.urls", "turn:a.example, turn:b.example"),
    );
    assert!(
        after
            .text
            .contains("\"urls\": [\"turn:a.example\", \"turn:b.example\"]")
    );
    let after = with(&draft(), Change::Choice("phone", "\"pstn\""));
    assert_eq!(
        after.checked.config.as_ref().map(|it| it.phone.id()),
        Some("pstn")
    );
    assert_eq!(draft().with(&Change::Field("name.x", "1")), None);
}

#[test]
fn entries_come_and_go() {
    let (after, spot) = draft().with(&Change::Application).unwrap();
    assert_eq!(spot.line, 4);
    assert!(
        after
            .text
            .contains("{ \"id\": \"application-2\", \"name\": \"\", \"url\": \"https://\" }")
    );
    assert_eq!(with(&after, Change::Gone("applications.1")).text, draft().text);
    let after = with(&with(&draft(), Change::Turn), Change::Turn);
    assert!(after.text.contains("turn-2") && after.text.contains("turn-3"));
}

#[test]
fn credentials_come_in_one_way() {
    let fetched = with(&draft(), Change::Access(0, Access::Fetched));
    assert!(
        fetched
            .text
            .contains("\"credentials_url\": \"/turn-credentials\" }")
    );
    assert!(!fetched.text.contains("username") && fetched.checked.config.is_some());
    let none = with(&fetched, Change::Access(0, Access::Unauthorized));
    assert!(none.text.contains("\"expect\": \"unauthorized\" }") && !none.text.contains("credentials_url"));
    let own = with(&none, Change::Access(0, Access::Static));
    assert!(own.text.contains("\"username\": \"\", \"credential\": \"\" }"));
    let server = own.checked.json.as_ref().unwrap().list_of("turn");
    assert_eq!(Access::of(&server[0]), Some(Access::Static));
    assert_eq!(own.with(&Change::Access(9, Access::Static)), None);
}

#[test]
fn the_template_lacks_only_what_nobody_else_knows() {
    let template = Draft::template("config.json");
    assert!(!template.is_changed());
    let keys: Vec<&str> = problems(&template).into_iter().map(|it| it.0).collect();
    assert_eq!(keys, ["name.empty", "list.empty", "key.needed-by-default"]);
    let template = with(&with(&template, Change::Application), Change::Turn);
    let keys: Vec<&str> = problems(&template).into_iter().map(|it| it.0).collect();
    assert_eq!(keys, ["name.empty", "name.empty", "host.missing", "host.missing"]);
}

proptest! {
    /// Near a configuration, with passwords in it.
    #[test]
    fn no_text_is_too_odd(
        from in 0..FILE.len(), length in 0_usize..40,
        text in "([\\[\\]{},: \n]|\"a\"|\"credential\"|\"••••••••1\"|\\\\|\"|é|1){0,6}"
    ) {
        let to = (from + length).min(FILE.len());
        let text = [&FILE[..from], &text, &FILE[to..]].concat();
        let draft = Draft::open(&text, "config.json");
        let back = draft.clone().restored(&draft.stored());
        // A misspelt key is another field, and what an edit tears off the password is no password.
        let whole = FILE[..from].contains("\"credential\": \"secret\"");
        prop_assert!(!whole || !back.stored().contains("secret"), "{}", back.stored());
        for change in [Change::Field("turn.0.credential", "b"), Change::Turn, Change::Gone("turn.0"),
            Change::Access(0, Access::Fetched)] {
            if let Some((after, _)) = draft.with(&change) {
                prop_assert!(after.checked.json.is_some());
            }
        }
        if Json::read(&text).is_ok() {
            let whole = draft.whole();
            prop_assert_eq!(whole.expose(), text);
        }
    }
}
