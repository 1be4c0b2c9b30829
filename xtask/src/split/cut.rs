//! Writes the parts.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, ImportSection, Instruction, Module, RawSection, TableSection, TypeSection,
};
use wasmparser::{FuncType, FunctionBody, Parser, Payload};

use super::broken;
use super::read::Read;
use crate::command::Outcome;

/// What a part imports from those before it.
const BEFORE: &str = "a";

/// Which function is where.
pub(super) struct Cut<'a> {
    module: &'a Read<'a>,
    parts: Vec<BTreeSet<u32>>,
    /// Functions that an earlier part calls, and the slot that each gets at the end of the table.
    stubs: BTreeMap<u32, u32>,
}

/// What one part gives to later ones.
struct Given {
    name: String,
    kind: ExportKind,
    index: u32,
    /// In place of the function itself its stub.
    stub: bool,
}

impl<'a> Cut<'a> {
    pub(super) fn new(module: &'a Read<'a>, parts: Vec<BTreeSet<u32>>) -> Outcome<Self> {
        let table = module.tables.first().ok_or_else(|| broken("it has no table"))?;
        let mut cut = Self {
            module,
            parts,
            stubs: BTreeMap::new(),
        };
        let mut called = BTreeSet::new();
        for number in 0..cut.parts.len() {
            called.extend(
                cut.foreign(number)
                    .into_iter()
                    .filter(|it| cut.part_of(*it) > number),
            );
        }
        cut.stubs = called.into_iter().zip(table.initial as u32..).collect();
        Ok(cut)
    }

    /// The part that has a function; imported ones are in the first.
    fn part_of(&self, function: u32) -> usize {
        self.parts
            .iter()
            .position(|part| part.contains(&function))
            .unwrap_or(0)
    }

    /// The functions that a part calls and has not.
    fn foreign(&self, number: usize) -> BTreeSet<u32> {
        let part = &self.parts[number];
        let called = part.iter().flat_map(|function| self.module.calls(*function));
        // The first part has what is imported.
        called
            .filter(|other| !(part.contains(other) || number == 0 && *other < self.module.imported))
            .collect()
    }

    fn body(&self, function: u32) -> FunctionBody<'a> {
        self.module.bodies[(function - self.module.imported) as usize].clone()
    }

    fn of(&self, function: u32) -> u32 {
        self.module.functions[function as usize]
    }

    pub(super) fn first(&self, bytes: &[u8]) -> Outcome<Vec<u8>> {
        let imported = 0..self.module.imported;
        let all = imported
            .chain(self.parts[0].iter().copied())
            .chain(self.stubs.keys().copied());
        let mut places = Places {
            functions: all.zip(0..).collect(),
            ..Places::default()
        };
        let trap = places.functions.len() as u32;
        let mut part = Module::new();
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(broken)?;
            match &payload {
                Payload::FunctionSection(_) => {
                    let mut section = FunctionSection::new();
                    for function in self.parts[0].iter().chain(self.stubs.keys()) {
                        section.function(self.of(*function));
                    }
                    section.function(self.plain()?);
                    part.section(&section);
                }
                Payload::TableSection(_) => {
                    let mut section = TableSection::new();
                    for index in 0..self.module.tables.len() {
                        section.table(self.table(index as u32)?);
                    }
                    part.section(&section);
                }
                Payload::ExportSection(section) => {
                    let mut exports = ExportSection::new();
                    places
                        .parse_export_section(&mut exports, section.clone())
                        .map_err(broken)?;
                    self.export(0, &places, &mut exports)?;
                    part.section(&exports);
                }
                Payload::StartSection { func, .. } => {
                    part.section(&wasm_encoder::StartSection {
                        function_index: places.of(*func)?,
                    });
                }
                Payload::ElementSection(_) => {
                    let slots = self.module.slots.iter().map(|(slot, function)| {
                        // In the slots of later parts stands what traps.
                        let here = self.part_of(*function) == 0;
                        Ok((*slot, if here { places.of(*function)? } else { trap }))
                    });
                    part.section(&elements(slots)?);
                }
                Payload::CodeSectionStart { .. } => {
                    let mut code = CodeSection::new();
                    for function in &self.parts[0] {
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
                    part.section(&code);
                }
                Payload::CodeSectionEntry(_) | Payload::CustomSection(_) => {}
                other => {
                    if let Some((id, range)) = other.as_section() {
                        part.section(&RawSection {
                            id,
                            data: &bytes[range],
                        });
                    }
                }
            }
        }
        Ok(part.finish())
    }

    pub(super) fn later(&self, number: usize) -> Outcome<Vec<u8>> {
        let own = &self.parts[number];
        let foreign = self.foreign(number);
        let (globals, tables) = self.used(number);
        let mut places = Places {
            functions: foreign.iter().chain(own).copied().zip(0..).collect(),
            globals: globals.iter().copied().zip(0..).collect(),
            tables: tables.iter().copied().zip(0..).collect(),
        };
        let mut types = TypeSection::new();
        for of in &self.module.types {
            let of = places.func_type(of.clone()).map_err(broken)?;
            types.ty().func_type(&of);
        }
        let mut imports = ImportSection::new();
        let mut import = |name: String, of: EntityType| {
            imports.import(BEFORE, &name, of);
        };
        for function in &foreign {
            let stub = self.part_of(*function) > number;
            import(
                function_name(*function, stub),
                EntityType::Function(self.of(*function)),
            );
        }
        for index in &globals {
            let of = places
                .global_type(self.module.globals[*index as usize])
                .map_err(broken)?;
            import(global_name(*index), EntityType::Global(of));
        }
        for index in &tables {
            import(table_name(*index), EntityType::Table(self.table(*index)?));
        }
        let memory = self
            .module
            .memories
            .first()
            .ok_or_else(|| broken("it has no memory"))?;
        import(
            MEMORY.to_owned(),
            EntityType::Memory(places.memory_type(*memory).map_err(broken)?),
        );
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for function in own {
            functions.function(self.of(*function));
            places
                .parse_function_body(&mut code, self.body(*function))
                .map_err(broken)?;
        }
        let mut exports = ExportSection::new();
        self.export(number, &places, &mut exports)?;
        let shown = self
            .module
            .slots
            .iter()
            .map(|(slot, function)| (*slot, *function));
        let stubs = self.stubs.iter().map(|(function, slot)| (*slot, *function));
        let slots = shown.chain(stubs).filter(|(_, function)| own.contains(function));
        let elements = elements(slots.map(|(slot, function)| Ok((slot, places.of(function)?))))?;
        let mut part = Module::new();
        part.section(&types)
            .section(&imports)
            .section(&functions)
            .section(&exports)
            .section(&elements)
            .section(&code);
        Ok(part.finish())
    }

    /// The globals and tables that a part uses; each later part fills slots of the first table.
    fn used(&self, number: usize) -> (BTreeSet<u32>, BTreeSet<u32>) {
        let (mut globals, mut tables) = (BTreeSet::new(), BTreeSet::from([0]));
        let own = self.parts[number]
            .iter()
            .filter_map(|it| it.checked_sub(self.module.imported));
        for uses in own.filter_map(|body| self.module.uses.get(body as usize)) {
            globals.extend(&uses.globals);
            tables.extend(&uses.tables);
        }
        (globals, tables)
    }

    /// What a part gives to later ones, all that is not a function by the first.
    fn given(&self, number: usize) -> Vec<Given> {
        let (mut functions, mut globals, mut tables) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for later in number + 1..self.parts.len() {
            for function in self.foreign(later) {
                let part = self.part_of(function);
                // Stubs are in the first part.
                let stub = part > later;
                if part == number && !stub || number == 0 && stub {
                    functions.insert((function, stub));
                }
            }
            if number == 0 {
                let (some, others) = self.used(later);
                globals.extend(some);
                tables.extend(others);
            }
        }
        let give = |name: String, kind, index, stub| Given {
            name,
            kind,
            index,
            stub,
        };
        let functions = functions
            .into_iter()
            .map(|(index, stub)| give(function_name(index, stub), ExportKind::Func, index, stub));
        let globals = globals
            .into_iter()
            .map(|index| give(global_name(index), ExportKind::Global, index, false));
        let tables = tables
            .into_iter()
            .map(|index| give(table_name(index), ExportKind::Table, index, false));
        let memory = (number == 0).then(|| give(MEMORY.to_owned(), ExportKind::Memory, 0, false));
        functions.chain(globals).chain(tables).chain(memory).collect()
    }

    fn export(&self, number: usize, places: &Places, exports: &mut ExportSection) -> Outcome<()> {
        for given in self.given(number) {
            let index = match given.kind {
                ExportKind::Func => places.of(given.index)?,
                _ => given.index,
            };
            debug_assert!(!given.stub || number == 0);
            exports.export(&given.name, given.kind, index);
        }
        Ok(())
    }

    /// A table with room for the stubs' slots, where it is the functions' own.
    fn table(&self, index: u32) -> Outcome<wasm_encoder::TableType> {
        let table = self.module.tables[index as usize];
        let mut table = Places::default().table_type(table).map_err(broken)?;
        if index == 0 {
            let more = self.stubs.len() as u64;
            table.minimum += more;
            table.maximum = table.maximum.map(|most| most + more);
        }
        Ok(table)
    }

    /// Calls whatever a later part has put into the slot.
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

/// The function table's slots: those that follow one another in one segment.
fn elements(slots: impl Iterator<Item = Outcome<(u32, u32)>>) -> Outcome<ElementSection> {
    let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
    for filled in slots {
        let (slot, function) = filled?;
        match runs.last_mut() {
            Some((start, run)) if *start + run.len() as u32 == slot => run.push(function),
            _ => runs.push((slot, vec![function])),
        }
    }
    let mut elements = ElementSection::new();
    for (slot, run) in runs {
        elements.active(
            None,
            &ConstExpr::i32_const(slot as i32),
            Elements::Functions(run.into()),
        );
    }
    Ok(elements)
}

/// The name under which parts hand something over: a digit comes first, as in no other export's name.
fn function_name(index: u32, stub: bool) -> String {
    format!("{}{index:x}", if stub { 1 } else { 0 })
}

fn global_name(index: u32) -> String {
    format!("2{index:x}")
}

fn table_name(index: u32) -> String {
    format!("3{index:x}")
}

const MEMORY: &str = "4";

/// Where a part has what.
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
        place.ok_or_else(|| broken(format!("function {function} is in another part")))
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
