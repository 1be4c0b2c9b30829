//! JSON merge patch (RFC 7396): how a world differs from the base configuration.

use serde_json::Value;

/// Applies `patch` to `target`: objects are merged, `null` removes, everything else replaces.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    if let Value::Object(members) = target {
        for (key, change) in changes {
            if change.is_null() {
                members.remove(key);
            } else {
                merge(members.entry(key.clone()).or_insert(Value::Null), change);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_merge_null_removes_lists_are_replaced() {
        let mut config = json!({"a": {"b": 1, "c": 2}, "list": [1, 2], "gone": true});
        merge(
            &mut config,
            &json!({"a": {"c": 3}, "list": [9], "gone": null, "new": {"x": {"y": 1}}}),
        );
        assert_eq!(
            config,
            json!({"a": {"b": 1, "c": 3}, "list": [9], "new": {"x": {"y": 1}}})
        );
    }

    #[test]
    fn a_patch_that_is_no_object_replaces_all() {
        let mut config = json!({"a": 1});
        merge(&mut config, &json!("broken"));
        assert_eq!(config, json!("broken"));
    }
}
