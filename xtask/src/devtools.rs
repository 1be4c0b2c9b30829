//! Just enough of the Chrome DevTools Protocol: open a page, evaluate an expression in it.

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
        };
        let target = page.call("Target.createTarget", json!({ "url": url }))?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = page.call("Target.attachToTarget", attach)?;
        page.session = session["sessionId"].as_str().map(str::to_owned);
        Ok(page)
    }

    /// The value of a JavaScript expression.
    ///
    /// # Errors
    /// The browser does not answer, or the expression throws.
    pub fn evaluate(&mut self, expression: &str) -> Outcome<Value> {
        let parameters = json!({ "expression": expression, "returnByValue": true });
        let deadline = Instant::now() + NAVIGATION;
        let answer = loop {
            match self.call("Runtime.evaluate", parameters.clone()) {
                // Between two documents there is nothing to evaluate in.
                Err(failure) if failure.to_string().contains("context") && Instant::now() < deadline => {
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

    fn call(&mut self, method: &str, parameters: Value) -> Outcome<Value> {
        self.last += 1;
        let mut request = json!({ "id": self.last, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            request["sessionId"] = session.as_str().into();
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
