//! The one thing to do first: who acts, how, and the text to hand over.

use yew::Callback;

use super::element::{El, el, fold, group};
use super::helpdesk::helpdesk_line;
use super::{Action, all_said, said};
use crate::config::Helpdesk;
use crate::few::Gather as _;
use crate::fix::{Change, Fix, OTHER_BROWSER, Owner};
use crate::observation::{HEADSET, PAC};
use crate::report::word;
use crate::words::{Arg, Words};

/// The card of the first fix.
pub(super) fn first_step(
    words: &Words,
    fix: &Fix,
    helpdesk: Option<&Helpdesk>,
    actions: &Callback<Action>,
    revealed: bool,
) -> El {
    let helpdesk = helpdesk.filter(|_| fix.owner == Owner::Helpdesk);
    el("section aria-labelledby='first'")
        .set("data-fix", fix.id)
        .class("card first")
        .with(
            el("header")
                .with(el("h2 id='first'").word(words, "ui.first"))
                .with(el("p class='owner'").with(owner(words, fix.owner))),
        )
        .with(el("p class='title'").with(said(words, &fix.title, revealed)))
        .with(steps(words, fix, revealed))
        .with(buttons(words, 0, fix, actions))
        .with(helpdesk.map(|helpdesk| helpdesk_line(words, helpdesk)))
        .with(request(words, fix, revealed))
}

/// How a fix is worked through: where and how long, the steps, and how to see that it worked.
pub(super) fn steps(words: &Words, fix: &Fix, revealed: bool) -> El {
    let about = |key: &str| Arg::Word(word(key, &fix.owner));
    let facts = [("where", about("ui.where")), ("takes", about("ui.takes"))];
    let steps =
        (!fix.steps.is_empty()).then(|| all_said(el("ol class='steps'"), words, &fix.steps, revealed));
    let worked = (!fix.is_experiment()).then(|| {
        let titles = fix
            .resolves
            .iter()
            .map(|id| words.get(&format!("cause.{id}.title")).to_owned());
        let titles = [(
            "causes",
            Arg::Text(titles.few().join(words.get("ui.between-quotes"))),
        )];
        el("p class='facts'").fill(words, "ui.fix.worked", &titles)
    });
    group()
        .with(el("p class='facts'").fill(words, "ui.fix.facts", &facts))
        .with(steps)
        .with(worked)
}

/// The buttons of the fix with this place in the conclusion.
pub(super) fn buttons(words: &Words, index: usize, fix: &Fix, actions: &Callback<Action>) -> El {
    // What the agent does alone is done first, and then tried.
    let own = fix.owner == Owner::Agent;
    let copy = (!fix.copy.is_empty()).then(|| {
        el("button type='button' data-action='copy-fix'")
            .class_if(index == 0 && !own, "primary")
            .on_click(actions, Action::CopyFix(index))
            .word(words, "ui.fix.copy")
    });
    let again = |change, key: &str| {
        el("button type='button' data-action='retest'")
            .class_if(index == 0 && own, "primary")
            .on_click(actions, Action::Retest(change, fix.retest.clone()))
            .word(words, key)
    };
    let row = el("p class='row'").with(copy);
    // Tried on its own, not by a run.
    let alone = match fix.retest.as_slice() {
        [what] if what == HEADSET => Some(("headset", Action::CheckHeadset, "ui.headset.again")),
        [what] if what == PAC => Some(("show-pac", Action::ShowPac, "ui.pac.again")),
        _ => None,
    };
    if let Some((name, action, key)) = alone {
        let again = el("button type='button'")
            .set("data-action", name)
            .class_if(index == 0 && own, "primary")
            .on_click(actions, action);
        return row.with(again.word(words, key));
    }
    if fix.id == OTHER_BROWSER {
        let about = fix.resolves.first().copied().unwrap_or_default();
        let choice = |name, action, key: &str| {
            el("button type='button'")
                .set("data-action", name)
                .on_click(actions, action)
                .word(words, key)
        };
        return row
            .with(choice("copy-address", Action::CopyAddress, "ui.fix.copy-address"))
            .with(choice(
                "other-works",
                Action::OtherBrowser(about, true),
                "ui.fix.other-works",
            ))
            .with(choice(
                "other-same",
                Action::OtherBrowser(about, false),
                "ui.fix.other-same",
            ));
    }
    if !fix.is_experiment() {
        return row.with(again(Change::Fix(fix.id), "ui.fix.retest"));
    }
    row.with_all(fix.tries.iter().map(|change| {
        let key = match change {
            Change::VpnOff => "ui.fix.try-vpn-off",
            _ => "ui.fix.try-network",
        };
        again(*change, key)
    }))
}

/// The text to hand over, to be read before it is copied.
pub(super) fn request(words: &Words, fix: &Fix, revealed: bool) -> El {
    if fix.copy.is_empty() {
        return group();
    }
    let lines: Vec<_> = fix.copy.iter().map(|line| said(words, line, revealed)).few();
    fold(words.get("ui.fix.read"))
        .class("request")
        .with(el("pre").with(lines.join("\n")))
}

/// Who acts, as the agent would say it.
pub(super) fn owner(words: &Words, owner: Owner) -> String {
    let key = match owner {
        Owner::Agent => "owner.agent",
        Owner::Helpdesk => "owner.helpdesk",
        Owner::Desktop => "owner.desktop",
        Owner::Network => "owner.network",
        Owner::Proxy => "owner.proxy",
        Owner::Vpn => "owner.vpn",
        Owner::Vdi => "owner.vdi",
        Owner::Vendor => "owner.vendor",
    };
    words.get(key).to_owned()
}
