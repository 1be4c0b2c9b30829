//! How a view writes an element: its opening tag as text, then what goes into it.
//!
//! `html!` writes every element out as code, which weighs about ten times as much in the page.

use std::ops::Range;
use std::rc::Rc;

use yew::virtual_dom::{AttrValue, Listener, ListenerKind, VNode, VTag, VText};
use yew::{Callback, Event, Html};

use super::Action;
use crate::units::fixed;
use crate::words::{Arg, Words};

/// An element under construction, the size of a pointer.
pub(super) struct El(Rc<VTag>);

/// Starts an element from its opening tag without brackets, such as `section class='card' id='x'`.
#[inline(never)]
pub(super) fn el(opening: &'static str) -> El {
    let (tag, attributes) = opening.split_once(' ').unwrap_or((opening, ""));
    let mut tag = VTag::new(AttrValue::Static(tag));
    // The quotes take it apart: `class=`, `card`, ` id=`, `x`, and nothing.
    let mut parts = attributes.split('\'');
    while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
        debug_assert!(name.ends_with('='), "{opening}: a quote too many or too few");
        let name = name.trim_matches([' ', '=']);
        debug_assert!(!name.contains(' '), "{opening}: every attribute has a value");
        tag.add_attribute(name, AttrValue::Static(value));
    }
    El(Rc::new(tag))
}

/// Several nodes side by side, without an element around them.
pub(super) fn group() -> El {
    el("")
}

/// A part of the page under a heading with this id.
#[inline(never)]
pub(super) fn section(id: &str, heading: &str) -> El {
    el("section")
        .set("aria-labelledby", id)
        .with(el("h3").set("id", id).with(heading))
}

/// A framed part of the page under a heading with this id.
#[inline(never)]
pub(super) fn card(id: &str, heading: &str) -> El {
    el("section")
        .set("aria-labelledby", id)
        .class("card")
        .with(el("h2").set("id", id).with(heading))
}

/// What opens when its summary is pressed.
#[inline(never)]
pub(super) fn fold(summary: &str) -> El {
    el("details").with(el("summary").with(summary))
}

/// A table that scrolls when it is too wide; the words of its caption and its columns, those with numbers, its rows as a
/// group.
pub(super) fn table(words: &Words, caption: &str, columns: &[&str], numbers: Range<usize>, rows: El) -> El {
    let mut head = el("tr");
    for (at, key) in columns.iter().enumerate() {
        let column = el("th scope='col'").class_if(numbers.contains(&at), "number");
        head = head.with(column.word(words, key));
    }
    el("div tabindex='0' role='group'")
        .set("aria-label", words.get(caption))
        .class("scroll")
        .with(
            el("table")
                .with(el("caption").word(words, caption))
                .with(el("thead").with(head))
                .with(el("tbody").with(rows)),
        )
}

/// What can stand inside an element. Nothing keeps its place, so that the nodes behind it keep theirs.
pub(super) trait Inside {
    /// As a node.
    fn node(self) -> Html;
}

impl Inside for Html {
    fn node(self) -> Html {
        self
    }
}

impl Inside for El {
    #[inline(never)]
    fn node(mut self) -> Html {
        match Rc::get_mut(&mut self.0) {
            Some(group) if group.tag().is_empty() => {
                let mut nodes = group.children_mut().map(std::mem::take).unwrap_or_default();
                if group.key.is_some() {
                    nodes.to_vlist_mut().key = group.key.take();
                }
                nodes
            }
            _ => VNode::VTag(self.0),
        }
    }
}

impl Inside for Option<El> {
    #[inline(never)]
    fn node(self) -> Html {
        self.map(El::node).unwrap_or_default()
    }
}

impl Inside for String {
    fn node(self) -> Html {
        self.as_str().node()
    }
}

impl Inside for &String {
    fn node(self) -> Html {
        self.as_str().node()
    }
}

impl Inside for &str {
    fn node(self) -> Html {
        VNode::VText(VText::new(Rc::<str>::from(self)))
    }
}

impl El {
    /// Puts something inside, behind what is there.
    #[inline(never)]
    pub(super) fn with(self, inside: impl Inside) -> Self {
        self.push(inside.node())
    }

    /// Puts many things inside.
    pub(super) fn with_all<T: Inside>(self, all: impl IntoIterator<Item = T>) -> Self {
        let mut many = group();
        for one in all {
            many = many.with(one);
        }
        self.with(many)
    }

    /// Puts the words for `key` inside.
    #[inline(never)]
    pub(super) fn word(self, words: &Words, key: &str) -> Self {
        self.with(words.get(key))
    }

    /// Puts the words for `key` with their gaps filled inside.
    #[inline(never)]
    pub(super) fn fill(self, words: &Words, key: &str, args: &[(&'static str, Arg)]) -> Self {
        self.with(words.fill(key, args))
    }

    /// Sets an attribute. One of the opening tag keeps its place.
    #[inline(never)]
    pub(super) fn set(self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.edit(|tag| tag.add_attribute(name, value.as_ref()))
    }

    /// Sets an attribute that is left out when there is no value.
    pub(super) fn set_some(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Adds a class to those of the opening tag.
    #[inline(never)]
    pub(super) fn class(self, class: &str) -> Self {
        let mut classes = match self.0.attributes.iter().find(|(name, _)| *name == "class") {
            Some((_, classes)) => format!("{classes} "),
            None => String::new(),
        };
        classes.push_str(class);
        self.set("class", classes)
    }

    /// Adds a class when it applies.
    pub(super) fn class_if(self, applies: bool, class: &str) -> Self {
        if applies { self.class(class) } else { self }
    }

    /// Sets an attribute to a length in pixels.
    pub(super) fn px(self, name: &'static str, length: f64) -> Self {
        self.set(name, fixed(length, 1))
    }

    /// Sets an attribute to a length in whole pixels.
    pub(super) fn whole(self, name: &'static str, length: f64) -> Self {
        self.set(name, fixed(length, 0))
    }

    /// Sets an attribute to a part of the page's width.
    #[inline(never)]
    pub(super) fn percent(self, name: &'static str, part: f64) -> Self {
        self.set(name, fixed(part, 2) + "%")
    }

    /// Whether a box is ticked or a choice is chosen.
    pub(super) fn checked(self, checked: bool) -> Self {
        self.edit(|tag| tag.set_checked(checked))
    }

    /// What is written in a field, whatever was typed there before.
    pub(super) fn filled(self, value: &str) -> Self {
        self.edit(|tag| tag.set_value(AttrValue::from(value.to_owned())))
    }

    /// Keeps this apart from what had another key in its place.
    pub(super) fn key(self, key: &str) -> Self {
        self.edit(|tag| tag.key = Some(key.into()))
    }

    /// Asks for `action` when it is pressed.
    #[inline(never)]
    pub(super) fn on_click(self, actions: &Callback<Action>, action: Action) -> Self {
        self.listen(false, actions, action)
    }

    /// Asks for `action` when its choice changes.
    #[inline(never)]
    pub(super) fn on_change(self, actions: &Callback<Action>, action: Action) -> Self {
        self.listen(true, actions, action)
    }

    fn listen(self, change: bool, actions: &Callback<Action>, action: Action) -> Self {
        let actions = actions.clone();
        self.edit(|tag| {
            tag.add_listener(Rc::new(Ask {
                change,
                actions,
                action,
            }));
        })
    }

    #[inline(never)]
    fn push(self, child: Html) -> Self {
        self.edit(|tag| tag.add_child(child))
    }

    /// Nobody else holds an element under construction.
    fn edit(mut self, change: impl FnOnce(&mut VTag)) -> Self {
        Rc::get_mut(&mut self.0).map(change);
        self
    }
}

/// Asks for an action, whatever the event says.
struct Ask {
    /// For a change, otherwise for a click: a copy of `ListenerKind` weighs 1.5 kB.
    change: bool,
    actions: Callback<Action>,
    action: Action,
}

impl Listener for Ask {
    fn kind(&self) -> ListenerKind {
        if self.change {
            ListenerKind::onchange
        } else {
            ListenerKind::onclick
        }
    }

    fn handle(&self, _: Event) {
        self.actions.emit(self.action.clone());
    }

    fn passive(&self) -> bool {
        false
    }
}
