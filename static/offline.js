// Registers `service-worker.js`, or ends it: the configuration says `"offline": false`, or the server has no such file any
// more. Loaded when the page is at rest.
const FILE = 'service-worker.js';
const here = new URL('./', document.baseURI);

export default async function offline(wanted, language, config) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const asked = wanted ? fetch(FILE, { method: 'HEAD', cache: 'no-store' }).then(({ status }) => status, () => 0) : 404;
  const status = await asked;
  if (status === 200) {
    await workers.register(FILE, { updateViaCache: 'none' });
    const { active } = await workers.ready;
    const app = new URL(document.querySelector('meta[name="clearline-app"]').content, here).pathname.slice(here.pathname.length);
    const words = ['', 'results/', 'desk/', 'problems/'].map((part) => `words/${part}${language}.json`);
    active.postMessage({ app, names: [...words, config] });
  } else if (status === 404 || status === 410) {
    // Not one of another page, whose folder this one is in.
    const own = await workers.getRegistration(here);
    if (own?.scope === here.href) await own.unregister();
    const kept = await caches.keys();
    await Promise.all(kept.filter((name) => name.startsWith(`clearline ${here.pathname} `)).map((name) => caches.delete(name)));
  }
}
