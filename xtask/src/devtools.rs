//! Just enough of the Chrome DevTools Protocol: open a page, evaluate an expression in it, count what it holds.

use std::collections::BTreeMap;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

use crate::command::{Failure, Outcome};

/// How long a tab may be between two documents.
const NAVIGATION: Duration = Duration::from_secs(5);

/// One open page of a browser.
pub struct Page {
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    session: Option<String>,
    last: u64,
    /// How often each event was told.
    events: BTreeMap<String, u32>,
}

impl Page {
    /// Opens `url` in a new tab of the browser whose DevTools listen at `address`.
    ///
    /// # Errors
    /// The browser does not answer, or refuses.
    pub fn open(address: &str, url: &str) -> Outcome<Self> {
        let (socket, _) = tungstenite::connect(address).map_err(said)?;
        if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
            stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        }
        let mut page = Self {
            socket,
            session: None,
            last: 0,
            events: BTreeMap::new(),
        };
        let target = page.call("Target.createTarget", json!({ "url": url }))?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = page.call("Target.attachToTarget", attach)?;
        page.session = session["sessionId"].as_str().map(str::to_owned);
        // Then a tab that crashes says so, and is not waited for.
        page.call("Inspector.enable", json!({}))?;
        Ok(page)
    }

    /// The value of a JavaScript expression.
    ///
    /// # Errors
    /// The browser does not answer, or the expression throws.
    pub fn evaluate(&mut self, expression: &str) -> Outcome<Value> {
        let parameters = json!({ "expression": expression, "returnByValue": true });
        self.evaluated(expression, &parameters)
    }

    /// What the promise that an expression gives comes to.
    ///
    /// # Errors
    /// The browser does not answer, or the promise is broken.
    pub fn settled(&mut self, expression: &str) -> Outcome<Value> {
        let parameters = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        self.evaluated(expression, &parameters)
    }

    fn evaluated(&mut self, expression: &str, parameters: &Value) -> Outcome<Value> {
        // Between two documents there is nothing to evaluate in.
        let between = |failure: &Failure| {
            let said = failure.to_string();
            said.contains("context") || said.contains("target navigated")
        };
        let deadline = Instant::now() + NAVIGATION;
        let answer = loop {
            match self.call("Runtime.evaluate", parameters.clone()) {
                Err(failure) if between(&failure) && Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                answer => break answer?,
            }
        };
        match answer.get("exceptionDetails") {
            Some(thrown) => Err(Failure::new(format!("`{expression}` threw: {}", thrown["text"]))),
            None => Ok(answer["result"]["value"].clone()),
        }
    }

    /// Waits until an expression is true.
    ///
    /// # Errors
    /// It is not, within `patience`.
    pub fn until(&mut self, patience: Duration, condition: &str) -> Outcome<()> {
        let deadline = Instant::now() + patience;
        while self.evaluate(condition)? != true {
            if Instant::now() > deadline {
                return Err(Failure::new(format!("this did not become true: {condition}")));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// The same for a step of a test: a failure says which, and what the page showed instead.
    ///
    /// # Errors
    /// It is not, within `patience`.
    pub fn expect(&mut self, patience: Duration, what: &str, condition: &str) -> Outcome<()> {
        const SHOWN: &str = "document.body?.innerText.slice(0, 1500) + ' | ' + document.activeElement?.outerHTML.slice(0, 99)";
        self.until(patience, condition).map_err(|failure| {
            let shown = self.evaluate(SHOWN).unwrap_or_default();
            Failure::new(format!("{what}: {failure}\n{shown}"))
        })
    }

    /// What `of` (a JavaScript function of a list) makes of all objects that are alive of this class.
    ///
    /// # Errors
    /// The browser does not answer, or knows no such class.
    pub fn alive(&mut self, class: &str, of: &str) -> Outcome<Value> {
        let named = json!({ "expression": format!("{class}.prototype") });
        let prototype = self.call("Runtime.evaluate", named)?["result"]["objectId"].clone();
        let objects = self.call("Runtime.queryObjects", json!({ "prototypeObjectId": prototype }))?;
        let list = &objects["objects"]["objectId"];
        let called = json!({
            "objectId": list,
            "functionDeclaration": format!("function() {{ return ({of})(this); }}"),
            "returnByValue": true,
        });
        let value = self.call("Runtime.callFunctionOn", called)?["result"]["value"].take();
        // The list itself keeps all of them alive.
        self.call("Runtime.releaseObject", json!({ "objectId": list }))?;
        Ok(value)
    }

    /// A method of the page.
    ///
    /// # Errors
    /// The browser does not answer, or refuses.
    pub fn call(&mut self, method: &str, parameters: Value) -> Outcome<Value> {
        let session = self.session.clone();
        self.send(session.as_deref(), method, &parameters)
    }

    /// A method of the browser that the page is in.
    ///
    /// # Errors
    /// The browser does not answer, or refuses.
    pub fn call_browser(&mut self, method: &str) -> Outcome<Value> {
        self.send(None, method, &json!({}))
    }

    /// How often the browser told of this event, as far as its answers were read.
    pub fn heard(&self, event: &str) -> u32 {
        self.events.get(event).copied().unwrap_or_default()
    }

    fn send(&mut self, session: Option<&str>, method: &str, parameters: &Value) -> Outcome<Value> {
        self.last += 1;
        let mut request = json!({ "id": self.last, "method": method, "params": parameters });
        if let Some(session) = session {
            request["sessionId"] = session.into();
        }
        self.socket
            .send(Message::text(request.to_string()))
            .map_err(said)?;
        loop {
            let Message::Text(text) = self.socket.read().map_err(said)? else {
                continue;
            };
            let Ok(mut answer) = serde_json::from_str::<Value>(text.as_str()) else {
                continue;
            };
            if answer["method"] == "Inspector.targetCrashed" {
                return Err(Failure::new("the tab crashed"));
            }
            if let Some(event) = answer["method"].as_str() {
                *self.events.entry(event.to_owned()).or_default() += 1;
            }
            if answer["id"] != self.last {
                continue;
            }
            return match answer.get("error") {
                Some(error) => Err(Failure::new(format!("{method}: {}", error["message"]))),
                None => Ok(answer["result"].take()),
            };
        }
    }
}

fn said(error: tungstenite::Error) -> Failure {
    Failure::new(format!("the browser's DevTools: {error}"))
}
