//! An image: it decodes only when the right server answered, and needs no CORS.

use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlImageElement;

/// An image under way. Dropping it stops the download.
#[must_use]
pub(crate) struct Image(HtmlImageElement);

impl Image {
    /// Starts to load; `None` when the page cannot make image elements.
    pub(crate) fn load(url: &str) -> Option<Self> {
        let element = HtmlImageElement::new().ok()?;
        element.set_referrer_policy("no-referrer");
        element.set_src(url);
        Some(Self(element))
    }

    /// Width and height once it is decoded; `None` when there is no such image.
    pub(crate) async fn size(&self) -> Option<(u32, u32)> {
        JsFuture::from(self.0.decode()).await.ok()?;
        Some((self.0.natural_width(), self.0.natural_height()))
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        let _ = self.0.remove_attribute("src");
    }
}
