//! Splits the page's wasm in two, so that a first visit waits for half of it: what the first screen needs, and the rest,
//! which comes behind the page and is there before anybody has read it.
//!
//! Both halves are one program. They share memory, tables and globals; a call into the second half goes through a slot
//! of the function table, which the second half fills when it arrives, and a call back is an import. The program itself
//! waits at one place for the second half (`app::later`), and calls it only through the functions in [`DOORS`]: all that
//! can be reached through them alone is in the second half, found by walking the calls. So a new function finds its
//! half by itself, and a first half that calls the second at any other place cannot be built.
//!
//! The function table shows functions without saying who calls them: those whose names belong to [`LATER`] are the
//! second half's.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, ImportSection, Instruction, Module, RawSection, TableSection, TypeSection,
};
use wasmparser::{
    CompositeInnerType, Element, ElementItems, ElementKind, ExternalKind, FuncType, FunctionBody,
    KnownCustom, Name, Operator, Parser, Payload, TypeRef,
};

use crate::command::{Failure, Outcome};

/// The functions of the second half that the first may call, once it is there.
const DOORS: [&str; 5] = [
    "<clearline::app::App>::take",
    "<clearline::app::App>::follow",
    "clearline::ui::before::plan_warnings",
    "clearline::ui::during::during",
    "clearline::ui::after::after",
];

/// Beginnings of paths: functions under them that are called through the table belong to the second half.
const LATER: [&str; 24] = [
    "clearline::activity",
    "clearline::browser::bandwidth",
    "clearline::browser::bell",
    "clearline::browser::call",
    "clearline::browser::gather",
    "clearline::browser::headset",
    "clearline::browser::https",
    "clearline::browser::noise",
    "clearline::browser::pac",
    "clearline::browser::page",
    "clearline::browser::pairing",
    "clearline::browser::peer",
    "clearline::browser::policy",
    "clearline::browser::Browser",
    "clearline::checkup",
    "clearline::diagnosis",
    "clearline::fix",
    "clearline::ladder",
    "clearline::pac",
    "clearline::questions",
    "clearline::report",
    "clearline::app::check_pac",
    "<clearline::app::App>::keep_running",
    "<clearline::app::App>::try_headset",
];

/// What the second half imports from the first.
const FIRST: &str = "a";

/// The two halves.
#[derive(Debug)]
pub struct Halves {
    /// Runs alone until somebody needs the second.
    pub first: Vec<u8>,
    /// Is instantiated with the exports of the first as its module `a`.
    pub later: Vec<u8>,
}

/// Splits a module that still has the names of its functions.
///
/// # Errors
/// The module is not as the compiler makes them, or a door is not there.
pub fn split(module: &[u8]) -> Outcome<Halves> {
    split_at(module, &DOORS, &LATER)
}

fn split_at(bytes: &[u8], doors: &[&str], later: &[&str]) -> Outcome<Halves> {
    let module = read(bytes)?;
    let doors = module.doors(doors)?;
    let first = module.first(&doors, later);
    let cut = Cut::new(&module, first)?;
    Ok(Halves {
        first: cut.first_half(bytes)?,
        later: cut.later_half()?,
    })
}

/// A module as far as it matters here.
#[derive(Default)]
struct Read<'a> {
    types: Vec<FuncType>,
    /// Imported functions; all else is defined here.
    imported: u32,
    /// The type of each function, imported ones first.
    functions: Vec<u32>,
    bodies: Vec<FunctionBody<'a>>,
    /// What each body uses.
    uses: Vec<Uses>,
    names: BTreeMap<u32, String>,
    exported: Vec<u32>,
    start: Option<u32>,
    /// The function table's slots that are filled, and with which function.
    slots: BTreeMap<u32, u32>,
    tables: Vec<wasmparser::TableType>,
    memories: Vec<wasmparser::MemoryType>,
    globals: Vec<wasmparser::GlobalType>,
}

/// What a function uses.
#[derive(Clone, Default)]
struct Uses {
    functions: BTreeSet<u32>,
    globals: BTreeSet<u32>,
    tables: BTreeSet<u32>,
    memory: bool,
    /// It names a data segment, or takes a function's reference: it stays in the first half.
    bound: bool,
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("the page's wasm cannot be split: {error}"))
}

fn read(bytes: &[u8]) -> Outcome<Read<'_>> {
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
                        other => return Err(broken(format!("it imports {other:?}"))),
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
fn without_hashes(name: &str) -> String {
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

    fn memory_index(&mut self, index: u32) -> Result<u32, reencode::Error<Infallible>> {
        self.memory = true;
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

    fn name(&self, function: u32) -> &str {
        self.names.get(&function).map_or("", |name| name)
    }

    /// The functions with these names. One that the compiler has copied into its callers is no door any more.
    fn doors(&self, doors: &[&str]) -> Outcome<BTreeSet<u32>> {
        let named: BTreeMap<&str, u32> = self.names.iter().map(|(index, name)| (&**name, *index)).collect();
        let found = doors.iter().map(|door| {
            named.get(door).copied().ok_or_else(|| {
                broken(format!(
                    "{door} is not there: it needs #[inline(never)], or DOORS a new name"
                ))
            })
        });
        found.collect()
    }

    fn calls(&self, function: u32) -> impl Iterator<Item = u32> {
        let uses = function
            .checked_sub(self.imported)
            .and_then(|body| self.uses.get(body as usize));
        uses.into_iter().flat_map(|uses| uses.functions.iter().copied())
    }

    /// All functions of the first half: what can be reached without a door.
    fn first(&self, doors: &BTreeSet<u32>, later: &[&str]) -> BTreeSet<u32> {
        let in_table = self.slots.values().copied();
        let shown = in_table.filter(|function| !belongs(self.name(*function), later));
        let bound = (self.imported..)
            .zip(&self.uses)
            .filter(|(_, uses)| uses.bound)
            .map(|(index, _)| index);
        let mut open: Vec<u32> = self
            .exported
            .iter()
            .copied()
            .chain(self.start)
            .chain(shown)
            .chain(bound)
            .collect();
        let mut first: BTreeSet<u32> = (0..self.imported).collect();
        while let Some(function) = open.pop() {
            if !doors.contains(&function) && first.insert(function) {
                open.extend(self.calls(function));
            }
        }
        first
    }
}

/// Whether a function's own path, or that of the type it is for, begins with one of `paths`.
fn belongs(name: &str, paths: &[&str]) -> bool {
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

/// Which function is where.
struct Cut<'a> {
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
    fn new(module: &'a Read<'a>, first: BTreeSet<u32>) -> Outcome<Self> {
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

    fn first_half(&self, bytes: &[u8]) -> Outcome<Vec<u8>> {
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

    fn later_half(&self) -> Outcome<Vec<u8>> {
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
