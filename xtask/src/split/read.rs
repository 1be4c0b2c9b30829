//! Reads a module as far as the split needs it, and finds which function belongs to which part.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use wasm_encoder::CodeSection;
use wasm_encoder::reencode::{self, Reencode};
use wasmparser::{
    CompositeInnerType, Element, ElementItems, ElementKind, ExternalKind, FuncType, FunctionBody,
    KnownCustom, Name, Operator, Parser, Payload, TypeRef,
};

use super::broken;
use crate::command::Outcome;

/// A module as far as it matters here.
#[derive(Default)]
pub(super) struct Read<'a> {
    pub(super) types: Vec<FuncType>,
    /// Imported functions; all else is defined here.
    pub(super) imported: u32,
    /// Something else that is imported.
    pub(super) foreign: Option<String>,
    /// The type of each function, imported ones first.
    pub(super) functions: Vec<u32>,
    pub(super) bodies: Vec<FunctionBody<'a>>,
    /// What each body uses.
    pub(super) uses: Vec<Uses>,
    pub(super) names: BTreeMap<u32, String>,
    pub(super) exported: Vec<u32>,
    pub(super) start: Option<u32>,
    /// The function table's slots that are filled, and with which function.
    pub(super) slots: BTreeMap<u32, u32>,
    pub(super) tables: Vec<wasmparser::TableType>,
    pub(super) memories: Vec<wasmparser::MemoryType>,
    pub(super) globals: Vec<wasmparser::GlobalType>,
}

/// What a function uses.
#[derive(Clone, Default)]
pub(super) struct Uses {
    pub(super) functions: BTreeSet<u32>,
    pub(super) globals: BTreeSet<u32>,
    pub(super) tables: BTreeSet<u32>,
    /// It names a data segment, or takes a function's reference: it stays in the first part.
    pub(super) bound: bool,
}

pub(super) fn read(bytes: &[u8]) -> Outcome<Read<'_>> {
    let mut module = Read::default();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(broken)? {
            Payload::TypeSection(section) => {
                for group in section {
                    for of in group.map_err(broken)?.into_types() {
                        let CompositeInnerType::Func(of) = of.composite_type.inner else {
                            return Err(broken("a type is not that of a function"));
                        };
                        module.types.push(of);
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import.map_err(broken)?.ty {
                        TypeRef::Func(of) => module.functions.push(of),
                        other => module.foreign = Some(format!("{other:?}")),
                    }
                }
                module.imported = module.functions.len() as u32;
            }
            Payload::FunctionSection(section) => {
                for of in section {
                    module.functions.push(of.map_err(broken)?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    module.tables.push(table.map_err(broken)?.ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    module.memories.push(memory.map_err(broken)?);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    module.globals.push(global.map_err(broken)?.ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.map_err(broken)?;
                    if export.kind == ExternalKind::Func {
                        module.exported.push(export.index);
                    }
                }
            }
            Payload::StartSection { func, .. } => module.start = Some(func),
            Payload::ElementSection(section) => {
                for element in section {
                    module.fill(element.map_err(broken)?)?;
                }
            }
            Payload::CodeSectionEntry(body) => {
                module.uses.push(uses(&body)?);
                module.bodies.push(body);
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    for part in names {
                        if let Name::Function(names) = part.map_err(broken)? {
                            for name in names {
                                let name = name.map_err(broken)?;
                                module.names.insert(name.index, without_hashes(name.name));
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(module)
}

/// `clearline[856adbe96bdff747]::app` → `clearline::app`
pub(super) fn without_hashes(name: &str) -> String {
    let mut text = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        match after.split_once(']') {
            Some((hash, after)) if hash.len() >= 8 && hash.bytes().all(|it| it.is_ascii_hexdigit()) => {
                rest = after
            }
            _ => {
                text.push('[');
                rest = after;
            }
        }
    }
    text + rest
}

fn uses(body: &FunctionBody<'_>) -> Outcome<Uses> {
    let mut uses = Uses::default();
    let mut operators = body.get_operators_reader().map_err(broken)?;
    while !operators.eof() {
        match operators.read().map_err(broken)? {
            Operator::RefFunc { function_index } => {
                uses.functions.insert(function_index);
                uses.bound = true;
            }
            Operator::MemoryInit { .. } | Operator::DataDrop { .. } | Operator::TableInit { .. } => {
                uses.bound = true
            }
            _ => {}
        }
    }
    uses.parse_function_body(&mut CodeSection::new(), body.clone())
        .map_err(broken)?;
    Ok(uses)
}

impl Reencode for Uses {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, reencode::Error<Infallible>> {
        self.functions.insert(index);
        Ok(index)
    }

    fn global_index(&mut self, index: u32) -> Result<u32, reencode::Error<Infallible>> {
        self.globals.insert(index);
        Ok(index)
    }

    fn table_index(&mut self, index: u32) -> Result<u32, reencode::Error<Infallible>> {
        self.tables.insert(index);
        Ok(index)
    }
}

impl Read<'_> {
    fn fill(&mut self, element: Element<'_>) -> Outcome<()> {
        let (
            ElementKind::Active {
                table_index: None,
                offset_expr,
            },
            ElementItems::Functions(items),
        ) = (element.kind, element.items)
        else {
            return Err(broken(
                "its function table is filled in a way that is not known here",
            ));
        };
        let Ok(Operator::I32Const { value }) = offset_expr.get_operators_reader().read() else {
            return Err(broken("its function table begins at a place that is reckoned"));
        };
        for (slot, function) in (value as u32..).zip(items) {
            self.slots.insert(slot, function.map_err(broken)?);
        }
        Ok(())
    }

    pub(super) fn name(&self, function: u32) -> &str {
        self.names.get(&function).map_or("", |name| name)
    }

    /// The functions with these names. One that the compiler has copied into its callers is no door any more.
    pub(super) fn doors(&self, doors: &[&str]) -> Outcome<BTreeSet<u32>> {
        let named: BTreeMap<&str, u32> = self.names.iter().map(|(index, name)| (&**name, *index)).collect();
        let found = doors.iter().map(|door| {
            named.get(door).copied().ok_or_else(|| {
                broken(format!(
                    "{door} is not there: it needs #[inline(never)], or the list of doors its new name"
                ))
            })
        });
        found.collect()
    }

    pub(super) fn calls(&self, function: u32) -> impl Iterator<Item = u32> {
        let uses = function
            .checked_sub(self.imported)
            .and_then(|body| self.uses.get(body as usize));
        uses.into_iter().flat_map(|uses| uses.functions.iter().copied())
    }

    /// The functions of each part: what can be reached without a door of a later one. A part's paths are those whose
    /// functions in the table are its own. What nobody reaches is in the last.
    pub(super) fn parts(&self, cuts: &[(BTreeSet<u32>, &[&str])]) -> Vec<BTreeSet<u32>> {
        let place = |function: &u32| {
            let of = |(_, paths): &(BTreeSet<u32>, &[&str])| belongs(self.name(*function), paths);
            cuts.iter().rposition(of).map_or(0, |at| at + 1)
        };
        let bodies = (self.imported..).zip(&self.uses);
        let bound = bodies.filter(|(_, uses)| uses.bound).map(|(index, _)| index);
        let mut taken: BTreeSet<u32> = (0..self.imported).collect();
        let mut parts: Vec<BTreeSet<u32>> = Vec::new();
        for number in 0..=cuts.len() {
            let shown = self.slots.values().filter(|it| place(it) == number).copied();
            let mut open: Vec<u32> = shown.collect();
            match number.checked_sub(1) {
                None => {
                    open.extend(
                        self.exported
                            .iter()
                            .copied()
                            .chain(self.start)
                            .chain(bound.clone()),
                    );
                }
                Some(cut) => open.extend(&cuts[cut].0),
            }
            let closed = |function: &u32| cuts[number..].iter().any(|(doors, _)| doors.contains(function));
            let mut part = BTreeSet::new();
            while let Some(function) = open.pop() {
                if !closed(&function) && !taken.contains(&function) && part.insert(function) {
                    open.extend(self.calls(function));
                }
            }
            taken.extend(&part);
            parts.push(part);
        }
        let all = 0..self.functions.len() as u32;
        if let Some(last) = parts.last_mut() {
            last.extend(all.filter(|function| !taken.contains(function)));
        }
        parts
    }
}

/// Whether a function's own path, or that of the type it is for, begins with one of `paths`.
pub(super) fn belongs(name: &str, paths: &[&str]) -> bool {
    paths.iter().any(|path| {
        name.match_indices(path).any(|(at, _)| {
            let before = name[..at].chars().next_back();
            let after = name[at + path.len()..].chars().next();
            let apart =
                |it: Option<char>| it.is_none_or(|it| !(it.is_alphanumeric() || it == '_' || it == ':'));
            apart(before) && (after == Some(':') || apart(after))
        })
    })
}
