//! The JSON Schema of the configuration, written from the table of fields that the reader uses.

use serde_json::{Map, Value, json};

use super::fields::{Field, Kind, Need, ROOT, SCHEMA, Shape};

/// The JSON Schema (draft 2020-12), published as `config.schema.json`. It is for editors; the reader knows more, such
/// as which addresses are routable and which ids are taken.
pub fn schema() -> Value {
    let mut schema = object(&ROOT);
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

fn object(shape: &Shape) -> Map<String, Value> {
    let in_ways = |field: &Field| shape.ways.iter().any(|group| group.contains(&field.name));
    let properties: Map<String, Value> = shape
        .fields
        .iter()
        .map(|field| {
            let mut property = kind(&field.kind);
            if !field.required && !in_ways(field) {
                allow_null(&mut property);
            }
            property.insert("description".into(), json!(field.about));
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

fn kind(kind_: &Kind) -> Map<String, Value> {
    match kind_ {
        Kind::Text(format) => {
            let mut schema = map(json!({ "type": "string", "minLength": 1, "maxLength": format.longest }));
            if !format.pattern.is_empty() {
                schema.insert("pattern".into(), json!(format.pattern));
            }
            schema
        }
        Kind::Choice(ids) => map(json!({ "type": "string", "enum": ids })),
        Kind::Whole { least, most } => map(json!({ "type": "integer", "minimum": least, "maximum": most })),
        Kind::Flag => map(json!({ "type": "boolean" })),
        Kind::Object(shape) => object(shape),
        Kind::List { of, least, most } => {
            let mut schema = map(json!({ "type": "array", "maxItems": most, "items": kind(of) }));
            if *least > 0 {
                schema.insert("minItems".into(), json!(least));
            }
            schema
        }
    }
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
