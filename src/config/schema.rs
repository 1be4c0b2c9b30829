//! The JSON Schema of the configuration, written from the table of fields that the reader uses. Not part of the page.

use serde_json::{Map, Value, json};

use super::fields::{Field, Kind, Need, ROOT, SCHEMA, Shape};
use super::formats::Format;
use super::problem_words;

/// The JSON Schema (draft 2020-12), published as `config.schema.json`. It is for editors; the reader knows more, such
/// as which addresses are routable and which ids are taken.
pub fn schema() -> Value {
    let mut schema = object(&ROOT, "$");
    schema.insert(
        "$schema".into(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    schema.insert(
        "title".into(),
        json!(format!("Clearline configuration ({SCHEMA})")),
    );
    Value::Object(schema)
}

fn object(shape: &Shape, path: &str) -> Map<String, Value> {
    let in_ways = |field: &Field| shape.ways.iter().any(|group| group.contains(&field.name));
    let properties: Map<String, Value> = shape
        .fields
        .iter()
        .map(|field| {
            let path = format!("{path}.{}", field.name);
            let mut property = kind(&field.kind, &path);
            if !field.required && !in_ways(field) {
                allow_null(&mut property);
            }
            property.insert("description".into(), json!(problem_words().get(&path)));
            (field.name.to_owned(), Value::Object(property))
        })
        .collect();
    let required: Vec<&str> = shape
        .fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.name)
        .collect();
    let mut schema =
        map(json!({ "type": "object", "additionalProperties": false, "properties": properties }));
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    if !shape.ways.is_empty() {
        let ways: Vec<Value> = shape.ways.iter().map(|group| way(shape, group)).collect();
        schema.insert("oneOf".into(), json!(ways));
    }
    if let Some(need) = &shape.needs {
        schema.extend(when(shape, need));
    }
    schema
}

/// This group of keys, and no key of another group.
fn way(shape: &Shape, group: &[&str]) -> Value {
    let others: Vec<Value> = shape
        .ways
        .iter()
        .filter(|other| **other != group)
        .flat_map(|other| other.iter())
        .map(|key| json!({ "required": [key] }))
        .collect();
    json!({ "required": group, "not": { "anyOf": others } })
}

fn when(shape: &Shape, need: &Need) -> Map<String, Value> {
    let mut condition = map(json!({ "properties": { need.field: { "enum": need.values } } }));
    if !need.by_default {
        condition.insert("required".into(), json!([need.field]));
    }
    let list = shape
        .fields
        .iter()
        .any(|field| field.name == need.needed && matches!(field.kind, Kind::List { .. }));
    let there = if list {
        json!({ "type": "array", "minItems": 1 })
    } else {
        json!({ "type": "object" })
    };
    map(json!({
        "if": condition,
        "then": { "required": [need.needed], "properties": { need.needed: there } },
    }))
}

fn kind(kind_: &Kind, path: &str) -> Map<String, Value> {
    match kind_ {
        Kind::Text(format) => {
            let mut schema = map(json!({ "type": "string", "minLength": 1, "maxLength": format.longest }));
            if let Some(pattern) = pattern(format) {
                schema.insert("pattern".into(), json!(pattern));
            }
            schema
        }
        Kind::Choice(ids) => map(json!({ "type": "string", "enum": ids })),
        Kind::Whole { least, most } => map(json!({ "type": "integer", "minimum": least, "maximum": most })),
        Kind::Flag => map(json!({ "type": "boolean" })),
        Kind::Object(shape) => object(shape, path),
        Kind::List { of, least, most } => {
            let mut schema = map(json!({ "type": "array", "maxItems": most, "items": kind(of, path) }));
            if *least > 0 {
                schema.insert("minItems".into(), json!(least));
            }
            schema
        }
    }
}

/// What the reader checks, or a little less.
fn pattern(format: &Format) -> Option<&'static str> {
    Some(match format.right {
        "format.name" => r"\S",
        "format.id" => "^[a-z0-9]+(-[a-z0-9]+)*$",
        "format.http-url" => r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s#@\\]+$",
        "format.canary-url" => r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s#@?\\]+$",
        "format.page-url" => r"^[^\s#\\]+$",
        "format.turn-url" => r"^turns?:[^/\s#@?\\\[]+(\?transport=(tcp|udp))?$",
        "format.stun-url" => r"^stun:[^/\s#@?\\\[]+$",
        "format.network" => r"^[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]{1,2})?$",
        "format.telephone" => "[0-9]",
        "format.email" => r"^[^\s@]+@[^\s@]+$",
        "format.colour" => "^#[0-9a-fA-F]{6}$",
        "format.line" | "format.credential" => return None,
        other => unreachable!("{other} has no pattern"),
    })
}

fn allow_null(schema: &mut Map<String, Value>) {
    let type_ = schema.get("type").cloned().unwrap_or_default();
    schema.insert("type".into(), json!([type_, "null"]));
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
