//! Writes the two halves.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, ImportSection, Instruction, Module, RawSection, TableSection, TypeSection,
};
use wasmparser::{FuncType, FunctionBody, Parser, Payload};

use super::broken;
use super::read::{Read, Uses};
use crate::command::Outcome;

/// What the second half imports from the first.
const FIRST: &str = "a";

/// Which function is where.
pub(super) struct Cut<'a> {
    module: &'a Read<'a>,
    first: BTreeSet<u32>,
    /// Functions of the second half that the first calls, and the slot that each gets at the end of the table.
    stubs: BTreeMap<u32, u32>,
    /// Functions of the first half that the second calls.
    back: BTreeSet<u32>,
    /// What else of the first half the second uses.
    shared: Uses,
}

impl<'a> Cut<'a> {
    pub(super) fn new(module: &'a Read<'a>, first: BTreeSet<u32>) -> Outcome<Self> {
        let end = module
            .tables
            .first()
            .ok_or_else(|| broken("it has no table"))?
            .initial as u32;
        let mut called = BTreeSet::new();
        for function in &first {
            called.extend(module.calls(*function).filter(|other| !first.contains(other)));
        }
        let mut cut = Self {
            module,
            stubs: called.into_iter().zip(end..).collect(),
            first,
            back: BTreeSet::new(),
            shared: Uses::default(),
        };
        for function in cut.later() {
            let uses = &module.uses[(function - module.imported) as usize];
            cut.back
                .extend(uses.functions.iter().filter(|other| cut.first.contains(other)));
            cut.shared.globals.extend(&uses.globals);
            cut.shared.tables.extend(&uses.tables);
        }
        // The second half fills slots.
        cut.shared.tables.insert(0);
        Ok(cut)
    }

    /// The functions of the second half, in order.
    fn later(&self) -> Vec<u32> {
        let all = self.module.imported..self.module.functions.len() as u32;
        all.filter(|function| !self.first.contains(function)).collect()
    }

    fn body(&self, function: u32) -> FunctionBody<'a> {
        self.module.bodies[(function - self.module.imported) as usize].clone()
    }

    fn of(&self, function: u32) -> u32 {
        self.module.functions[function as usize]
    }

    /// Where the first half has its functions, then its stubs, then the one that traps.
    fn places(&self) -> Places {
        let all = self.first.iter().copied().chain(self.stubs.keys().copied());
        Places {
            functions: all.zip(0..).collect(),
            ..Places::default()
        }
    }

    pub(super) fn first_half(&self, bytes: &[u8]) -> Outcome<Vec<u8>> {
        let mut places = self.places();
        let trap = places.functions.len() as u32;
        let mut half = Module::new();
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(broken)?;
            match &payload {
                Payload::FunctionSection(_) => {
                    let mut section = FunctionSection::new();
                    let own = self.first.range(self.module.imported..);
                    for function in own.chain(self.stubs.keys()) {
                        section.function(self.of(*function));
                    }
                    section.function(self.plain()?);
                    half.section(&section);
                }
                Payload::TableSection(_) => {
                    let mut section = TableSection::new();
                    for (index, table) in self.module.tables.iter().enumerate() {
                        let mut table = places.table_type(*table).map_err(broken)?;
                        if index == 0 {
                            table.minimum += self.stubs.len() as u64;
                            table.maximum = table.maximum.map(|most| most + self.stubs.len() as u64);
                        }
                        section.table(table);
                    }
                    half.section(&section);
                }
                Payload::ExportSection(section) => {
                    let mut exports = ExportSection::new();
                    places
                        .parse_export_section(&mut exports, section.clone())
                        .map_err(broken)?;
                    for (name, kind, index) in self.given() {
                        let index = match kind {
                            ExportKind::Func => places.of(index)?,
                            _ => index,
                        };
                        exports.export(&name, kind, index);
                    }
                    half.section(&exports);
                }
                Payload::StartSection { func, .. } => {
                    half.section(&wasm_encoder::StartSection {
                        function_index: places.of(*func)?,
                    });
                }
                Payload::ElementSection(_) => {
                    half.section(&self.elements(|function| places.functions.get(&function).copied(), trap)?);
                }
                Payload::CodeSectionStart { .. } => {
                    let mut code = CodeSection::new();
                    for function in self.first.range(self.module.imported..) {
                        places
                            .parse_function_body(&mut code, self.body(*function))
                            .map_err(broken)?;
                    }
                    for (function, slot) in &self.stubs {
                        code.function(&self.stub(*function, *slot));
                    }
                    let mut trapping = Function::new([]);
                    trapping
                        .instruction(&Instruction::Unreachable)
                        .instruction(&Instruction::End);
                    code.function(&trapping);
                    half.section(&code);
                }
                Payload::CodeSectionEntry(_) | Payload::CustomSection(_) => {}
                other => {
                    if let Some((id, range)) = other.as_section() {
                        half.section(&RawSection {
                            id,
                            data: &bytes[range],
                        });
                    }
                }
            }
        }
        Ok(half.finish())
    }

    pub(super) fn later_half(&self) -> Outcome<Vec<u8>> {
        let mut half = Module::new();
        let later = self.later();
        let mut places = Places {
            functions: self
                .back
                .iter()
                .copied()
                .chain(later.iter().copied())
                .zip(0..)
                .collect(),
            globals: self.shared.globals.iter().copied().zip(0..).collect(),
            tables: self.shared.tables.iter().copied().zip(0..).collect(),
        };
        let mut types = TypeSection::new();
        for of in &self.module.types {
            let of = places.func_type(of.clone()).map_err(broken)?;
            types.ty().func_type(&of);
        }
        let mut imports = ImportSection::new();
        for (name, kind, index) in self.given() {
            let of = match kind {
                ExportKind::Func => EntityType::Function(self.of(index)),
                ExportKind::Memory => EntityType::Memory(
                    places
                        .memory_type(self.module.memories[index as usize])
                        .map_err(broken)?,
                ),
                ExportKind::Global => EntityType::Global(
                    places
                        .global_type(self.module.globals[index as usize])
                        .map_err(broken)?,
                ),
                _ => {
                    let mut table = places
                        .table_type(self.module.tables[index as usize])
                        .map_err(broken)?;
                    if index == 0 {
                        table.minimum += self.stubs.len() as u64;
                        table.maximum = table.maximum.map(|most| most + self.stubs.len() as u64);
                    }
                    EntityType::Table(table)
                }
            };
            imports.import(FIRST, &name, of);
        }
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for function in &later {
            functions.function(self.of(*function));
            places
                .parse_function_body(&mut code, self.body(*function))
                .map_err(broken)?;
        }
        let mut elements = ElementSection::new();
        let own = self
            .module
            .slots
            .iter()
            .filter(|(_, function)| !self.first.contains(function));
        let own = own.map(|(slot, function)| (*slot, *function));
        let stubs = self.stubs.iter().map(|(function, slot)| (*slot, *function));
        for (slot, run) in runs(
            own.chain(stubs)
                .map(|(slot, function)| Ok((slot, places.of(function)?))),
        )? {
            elements.active(
                None,
                &ConstExpr::i32_const(slot as i32),
                Elements::Functions(run.into()),
            );
        }
        half.section(&types)
            .section(&imports)
            .section(&functions)
            .section(&elements)
            .section(&code);
        Ok(half.finish())
    }

    /// What the first half gives to the second: name, kind and index. A digit comes first, as in no other export's name.
    fn given(&self) -> Vec<(String, ExportKind, u32)> {
        let functions = self.back.iter().map(|index| (ExportKind::Func, *index));
        let globals = self
            .shared
            .globals
            .iter()
            .map(|index| (ExportKind::Global, *index));
        let tables = self.shared.tables.iter().map(|index| (ExportKind::Table, *index));
        let all = functions
            .chain(globals)
            .chain(tables)
            .chain([(ExportKind::Memory, 0)]);
        all.enumerate()
            .map(|(number, (kind, index))| (format!("0{number:x}"), kind, index))
            .collect()
    }

    /// The table of the first half: in the second's slots stands what traps.
    fn elements(&self, place: impl Fn(u32) -> Option<u32>, trap: u32) -> Outcome<ElementSection> {
        let mut elements = ElementSection::new();
        let slots = self.module.slots.iter().map(|(slot, function)| {
            let here = self.first.contains(function).then(|| place(*function)).flatten();
            Ok((*slot, here.unwrap_or(trap)))
        });
        for (slot, run) in runs(slots)? {
            elements.active(
                None,
                &ConstExpr::i32_const(slot as i32),
                Elements::Functions(run.into()),
            );
        }
        Ok(elements)
    }

    /// Calls whatever the second half has put into the slot.
    fn stub(&self, function: u32, slot: u32) -> Function {
        let of = self.of(function);
        let mut stub = Function::new([]);
        for parameter in 0..self.module.types[of as usize].params().len() as u32 {
            stub.instruction(&Instruction::LocalGet(parameter));
        }
        stub.instruction(&Instruction::I32Const(slot as i32));
        stub.instruction(&Instruction::CallIndirect {
            type_index: of,
            table_index: 0,
        });
        stub.instruction(&Instruction::End);
        stub
    }

    /// The type of a function that takes and gives nothing.
    fn plain(&self) -> Outcome<u32> {
        let plain = |of: &FuncType| of.params().is_empty() && of.results().is_empty();
        let found = self.module.types.iter().position(plain);
        found
            .map(|index| index as u32)
            .ok_or_else(|| broken("no function takes and gives nothing"))
    }
}

/// Slots that follow one another, as runs.
fn runs(slots: impl Iterator<Item = Outcome<(u32, u32)>>) -> Outcome<Vec<(u32, Vec<u32>)>> {
    let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
    for filled in slots {
        let (slot, function) = filled?;
        match runs.last_mut() {
            Some((start, run)) if *start + run.len() as u32 == slot => run.push(function),
            _ => runs.push((slot, vec![function])),
        }
    }
    Ok(runs)
}

/// Where a half has what.
#[derive(Default)]
struct Places {
    functions: BTreeMap<u32, u32>,
    /// Empty: as they were.
    globals: BTreeMap<u32, u32>,
    /// Empty: as they were.
    tables: BTreeMap<u32, u32>,
}

impl Places {
    fn of(&self, function: u32) -> Outcome<u32> {
        let place = self.functions.get(&function).copied();
        place.ok_or_else(|| broken(format!("function {function} is in the other half")))
    }
}

impl Reencode for Places {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, reencode::Error<Infallible>> {
        self.functions
            .get(&index)
            .copied()
            .ok_or(reencode::Error::InvalidConstExpr)
    }

    fn global_index(&mut self, index: u32) -> Result<u32, reencode::Error<Infallible>> {
        Ok(self.globals.get(&index).copied().unwrap_or(index))
    }

    fn table_index(&mut self, index: u32) -> Result<u32, reencode::Error<Infallible>> {
        Ok(self.tables.get(&index).copied().unwrap_or(index))
    }
}
