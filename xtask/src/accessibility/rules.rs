//! The rules of axe-core on one page.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::command::Outcome;
use crate::devtools::Page;

/// Every rule of WCAG 2.0 to 2.2, levels A and AA, and what axe calls best practice; and that a visible label is a part of
/// the name, which axe still calls experimental. What it gives is small: where, which rule, why.
const RUN: &str = "(async contrast => { \
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']; \
    const result = await axe.run(document, { runOnly: { type: 'tag', values: tags }, preload: false, elementRef: false, \
        resultTypes: ['violations', 'incomplete', 'passes'], \
        rules: { 'label-content-name-mismatch': { enabled: true }, 'color-contrast': { enabled: contrast } } }); \
    const named = (list) => list.flatMap(rule => rule.nodes.map(node => [rule.id, \
        `${node.target.join(' ')} ${node.html.slice(0, 120)}: ` \
        + (node.any[0] ?? node.all[0] ?? node.none[0])?.message])); \
    return { passed: result.passes.reduce((sum, rule) => sum + rule.nodes.length, 0), \
        violations: named(result.violations), incomplete: named(result.incomplete) }; })";

/// What the rules said of some pages.
#[derive(Default)]
pub(super) struct Tally {
    runs: u32,
    passed: u64,
    incomplete: BTreeMap<String, Vec<String>>,
    pub(super) violations: Vec<String>,
}

impl Tally {
    /// Holds the page as it is now to the rules.
    ///
    /// # Errors
    /// The browser does not answer.
    pub(super) fn run(&mut self, page: &mut Page, axe: &str, place: &str) -> Outcome<()> {
        if page.evaluate("typeof axe")? == "undefined" {
            page.evaluate(&format!("{axe}; 0"))?;
        }
        // Forced colours are the reader's own; axe sees the page's, which are not drawn.
        let contrast = page.evaluate("!matchMedia('(forced-colors: active)').matches")?;
        let mut result = page.settled(&format!("{RUN}({contrast})"))?;
        self.runs += 1;
        self.passed += result["passed"].as_u64().unwrap_or_default();
        for (rule, element) in named(result["violations"].take()) {
            self.violations.push(format!("{place}: {rule}: {element}"));
        }
        for (rule, element) in named(result["incomplete"].take()) {
            self.incomplete
                .entry(rule)
                .or_default()
                .push(format!("{place}: {element}"));
        }
        Ok(())
    }
}

fn named(list: Value) -> Vec<(String, String)> {
    serde_json::from_value(list).unwrap_or_default()
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let incomplete: usize = self.incomplete.values().map(Vec::len).sum();
        write!(
            formatter,
            "axe-core ran {} times: {} checks passed, {} violations, {incomplete} incomplete",
            self.runs,
            self.passed,
            self.violations.len(),
        )?;
        for (rule, elements) in &self.incomplete {
            write!(
                formatter,
                "\n  {rule}: {} cannot tell, such as {}",
                elements.len(),
                elements[0]
            )?;
        }
        Ok(())
    }
}
