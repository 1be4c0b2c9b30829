//! The page's global objects, and the few properties that have no typed face.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Window};

/// The page's window. This program is only ever loaded by a page.
pub(crate) fn window() -> Window {
    js_sys::global().unchecked_into()
}

/// The page's document.
pub(crate) fn document() -> Document {
    property(&window(), "document").unchecked_into()
}

/// `object.name`, `undefined` where there is none.
pub(crate) fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// `object.name` as a text.
pub(crate) fn text(object: &JsValue, name: &str) -> Option<String> {
    property(object, name).as_string()
}

/// `object.name = value`; false when the object refuses.
pub(crate) fn put(object: &JsValue, name: &str, value: &JsValue) -> bool {
    Reflect::set(object, &JsValue::from_str(name), value).unwrap_or(false)
}

/// `{name: text, …}`
pub(crate) fn object(texts: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, text) in texts {
        put(&object, name, &JsValue::from_str(text));
    }
    object
}

/// `object.name`, when it is a function.
pub(crate) fn function(object: &JsValue, name: &str) -> Option<Function> {
    property(object, name).dyn_into().ok()
}

/// `object.name(arguments…)`; `None` where there is no such function, or it refuses.
pub(crate) fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let list: Array = arguments.iter().collect();
    function(object, name)?.apply(object, &list).ok()
}

/// What a promise, or a value that may be one, comes to.
pub(crate) fn settled(promise: &JsValue) -> JsFuture {
    JsFuture::from(Promise::resolve(promise))
}

/// `new object.class(arguments…)`; `undefined` where there is no such class, or it refuses.
pub(crate) fn construct(object: &JsValue, class: &str, arguments: &[JsValue]) -> JsValue {
    let list: Array = arguments.iter().collect();
    let made = function(object, class).map(|class| Reflect::construct(&class, &list));
    made.and_then(Result::ok).unwrap_or(JsValue::UNDEFINED)
}
