//! A small module, cut in parts.

use super::read::{Read, belongs, read, without_hashes};
use super::{Part, split_at};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, ImportSection, Instruction, MemorySection, MemoryType,
    Module, NameMap, NameSection, RefType, TableSection, TableType, TypeSection, ValType,
};

/// `page` is exported and calls `door` and `helper`; `door` calls `deep`, `helper` and an import, uses a global and
/// calls through the table, where `shown` and `later::hidden` are.
fn module() -> Vec<u8> {
    let names = [
        "import",
        "page",
        "door",
        "deep",
        "helper",
        "shown",
        "later[0123456789abcdef]::hidden",
    ];
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut imports = ImportSection::new();
    imports.import("js", "import", EntityType::Function(1));
    let mut functions = FunctionSection::new();
    for of in [0, 1, 1, 1, 0, 1] {
        functions.function(of);
    }
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 3,
        maximum: Some(3),
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    globals.global(
        GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        },
        &ConstExpr::i32_const(7),
    );
    let mut exports = ExportSection::new();
    exports
        .export("page", ExportKind::Func, 1)
        .export("memory", ExportKind::Memory, 0);
    let mut elements = ElementSection::new();
    elements.active(
        None,
        &ConstExpr::i32_const(1),
        Elements::Functions(vec![5, 6].into()),
    );
    let mut code = CodeSection::new();
    let mut body = |instructions: &[Instruction<'_>]| {
        let mut function = Function::new([]);
        for instruction in instructions {
            function.instruction(instruction);
        }
        code.function(function.instruction(&Instruction::End));
    };
    use Instruction::{Call, CallIndirect, Drop, GlobalGet, I32Const, LocalGet};
    body(&[I32Const(1), Call(2), Call(4), Drop]);
    body(&[
        LocalGet(0),
        Call(3),
        Call(4),
        Call(0),
        GlobalGet(0),
        CallIndirect {
            type_index: 1,
            table_index: 0,
        },
    ]);
    body(&[LocalGet(0)]);
    body(&[LocalGet(0)]);
    body(&[]);
    body(&[LocalGet(0)]);
    let mut map = NameMap::new();
    for (index, name) in (0..).zip(names) {
        map.append(index, name);
    }
    let mut named = NameSection::new();
    named.functions(&map);
    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&tables)
        .section(&memories);
    module
        .section(&globals)
        .section(&exports)
        .section(&elements)
        .section(&code)
        .section(&named);
    module.finish()
}

fn valid(half: &[u8]) -> Read<'_> {
    wasmparser::Validator::new().validate_all(half).unwrap();
    read(half).unwrap()
}

const LATER: Part = Part {
    doors: &["door"],
    later: &["later"],
};

#[test]
fn each_function_is_in_one_part_and_what_both_need_is_in_the_first() {
    let parts = split_at(&module(), &[LATER]).unwrap();
    let [first, later] = parts.as_slice() else {
        panic!("{}", parts.len())
    };
    let (first, later) = (valid(first), valid(later));
    // page, helper, shown, the way to door, and what traps.
    assert_eq!((first.imported, first.bodies.len()), (1, 5));
    // door, deep and hidden; helper and the import come from the first part.
    assert_eq!((later.imported, later.bodies.len()), (2, 3));
    assert!(first.names.is_empty() && later.names.is_empty());
}

#[test]
fn a_later_part_fills_the_slots_that_trapped_until_then() {
    let parts = split_at(&module(), &[LATER]).unwrap();
    let (first, later) = (valid(&parts[0]), valid(&parts[1]));
    let trap = first.functions.len() as u32 - 1;
    let slots: Vec<(u32, bool)> = first
        .slots
        .iter()
        .map(|(slot, function)| (*slot, *function == trap))
        .collect();
    assert_eq!(slots, [(1, false), (2, true)]);
    assert_eq!(first.tables[0].initial, 4);
    // Its own place in the table, and the door at the end of it.
    assert_eq!(later.slots.keys().collect::<Vec<_>>(), [&2, &3]);
}

#[test]
fn a_third_part_is_called_through_a_slot_by_the_second() {
    let third = Part {
        doors: &["deep"],
        later: &[],
    };
    let parts = split_at(&module(), &[LATER, third]).unwrap();
    let (first, later, third) = (valid(&parts[0]), valid(&parts[1]), valid(&parts[2]));
    // page, helper, shown, the ways to door and deep, and what traps.
    assert_eq!(first.bodies.len(), 6);
    // door and hidden; helper, the import, and the way to deep come from the first part.
    assert_eq!((later.imported, later.bodies.len()), (3, 2));
    assert_eq!((third.imported, third.bodies.len()), (0, 1));
    assert_eq!(first.tables[0].initial, 5);
    let filled: Vec<u32> = later.slots.keys().chain(third.slots.keys()).copied().collect();
    assert_eq!(filled.len(), 3);
}

#[test]
fn without_a_door_all_stays_together() {
    let none = Part {
        doors: &[],
        later: &[],
    };
    let parts = split_at(&module(), &[none]).unwrap();
    assert_eq!(valid(&parts[0]).bodies.len(), 7);
    assert_eq!(valid(&parts[1]).bodies.len(), 0);
}

#[test]
fn a_door_that_is_gone_is_named() {
    let gone = Part {
        doors: &["gone"],
        later: &[],
    };
    let failure = split_at(&module(), &[gone]).unwrap_err();
    assert!(failure.to_string().contains("gone is not there"), "{failure}");
}

#[test]
fn only_whole_paths_count() {
    let later = ["clearline::pac"];
    assert!(belongs("<clearline::pac::Job>::run::{closure#0}", &later));
    assert!(belongs("core::ptr::drop_in_place::<clearline::pac>", &later));
    assert!(!belongs("clearline::pacing::go", &later));
    assert!(!belongs("other::clearline::pac::go", &later));
    assert_eq!(
        without_hashes("<a[0123456789abcdef]::B as [u8; 4]>"),
        "<a::B as [u8; 4]>"
    );
}
