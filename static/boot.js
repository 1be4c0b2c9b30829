// Loads the page's WebAssembly, and leaves readable words behind when that fails or when the app panics.
//
// The app tells of a panic by a `clearline-panic` CustomEvent on window, with the message as `detail`; in the release
// build a panic has no words and is a trap, which shows as a WebAssembly.RuntimeError. The app may say with a
// `clearline-mounted` event that it is on the page: errors of other scripts are then none of its concern.
const root = document.documentElement;
const app = document.querySelector('meta[name="clearline-app"]');
let mounted = false;
let failed = false;

function fail(message) {
  // The first message is the cause; what follows a panic is only "unreachable".
  if (failed) return;
  failed = true;
  const text = String(message).replace(/\s+/g, ' ').trim().slice(0, 300);
  root.dataset.clearline = 'failed';
  root.dataset.clearlineError = text;
  const version = document.querySelector('meta[name="clearline-version"]');
  document.getElementById('fallback-details').textContent = [
    `What happened: ${text}`,
    `Browser: ${navigator.userAgent}`,
    `Time: ${new Date().toISOString()}`,
    `Page: ${location.origin}${location.pathname}`,
    `Version: ${version ? version.content : 'unknown'}`,
  ].join('\n');
  document.getElementById('app').hidden = true;
  document.getElementById('fallback').hidden = false;
}

function failBy(error, message) {
  if (typeof WebAssembly === 'object' && error instanceof WebAssembly.RuntimeError) fail(`${error.message} ${placeOf(error)}`);
  else if (!mounted) fail(message);
}

// The innermost function of the app, as a number that the build's symbols explain.
function placeOf(error) {
  return String(error.stack).match(/wasm-function\[\d+\](:0x[0-9a-f]+)?/)?.[0] ?? '';
}

addEventListener('clearline-mounted', () => { mounted = true; });
addEventListener('clearline-panic', (event) => fail(event.detail));
addEventListener('error', (event) => failBy(event.error, event.message));
addEventListener('unhandledrejection', (event) => failBy(event.reason, event.reason));

// Of all texts that a browser would run, the page has two (SECURITY.md).
try {
  const workers = ['pac-worker.js', 'service-worker.js'];
  window.trustedTypes?.createPolicy('default', { createScriptURL: (url) => (workers.includes(url) ? url : null) });
} catch {
  // Somebody else's policy was first: the PAC checker says that it has no worker.
}

// A run has the line to itself: what the service worker fetches waits until this is given back.
let giveBack;
new MutationObserver(() => {
  giveBack?.();
  if (root.dataset.clearline !== 'running') return;
  // It may be granted when the run is long over.
  const end = new Promise((resolve) => { giveBack = resolve; });
  navigator.locks?.request('clearline.run', { mode: 'shared' }, () => end);
}).observe(root, { attributeFilter: ['data-clearline'] });

// A file that was changed on the way does not run.
function fetched(url, options) {
  return fetch(url, options).then((response) => {
    if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}`);
    return response;
  });
}

// The preload link of trunk carries the hash.
function preloaded(url) {
  const preload = [...document.querySelectorAll('link[rel="preload"][integrity]')].find((link) => link.href === url);
  return fetched(url, preload ? { integrity: preload.integrity } : {});
}

// A later part of a split app, given what the parts before it have. It is asked for three times: the line may be what is
// broken.
async function part(name, before, pause = 1000) {
  try {
    const options = { integrity: app.dataset[`${name}Integrity`], signal: AbortSignal.timeout?.(20000) };
    const answer = await fetched(new URL(app.dataset[name], document.baseURI).href, options);
    const { instance } = await WebAssembly.instantiate(await answer.arrayBuffer(), { a: before });
    return { ...before, ...instance.exports };
  } catch (error) {
    if (pause > 2000) throw error;
    await new Promise((resolve) => { setTimeout(resolve, pause); });
    return part(name, before, pause * 2);
  }
}

if (typeof WebAssembly !== 'object') {
  fail('This browser has no WebAssembly');
} else {
  try {
    const url = (name) => new URL(name, document.baseURI).href;
    // What nearly every start asks for leaves together with the app; where it fails, the app asks itself.
    const early = (path) => fetch(path, { cache: 'no-cache', credentials: 'same-origin', referrerPolicy: 'no-referrer' }).catch(() => null);
    window.clearlineEarly = { 'words/en.json': early('words/en.json') };
    if (!/[?&]config=/.test(location.search)) window.clearlineEarly['config.json'] = early('config.json');
    const wasm = preloaded(url(app.dataset.wasm));
    const { default: start } = await import(url(app.content));
    // What keeps the page for when its server is away; without it the page is as it is.
    if (app.dataset.offline) {
      window.clearlineOffline = (...given) => import(url(app.dataset.offline)).then((it) => it.default(...given)).catch(() => {});
    }
    let tell;
    if (app.dataset.later) window.clearlineLater = new Promise((resolve) => { tell = resolve; });
    const first = await start({ module_or_path: wasm });
    mounted = true;
    if (tell) {
      const whole = await part('later', { ...first });
      // The helpdesk's part comes when the app asks for it, which is told whether it is there.
      let desk;
      window.clearlineDesk = () => desk ??= part('desk', whole).then(() => true, () => { desk = null; return false; });
      tell();
    }
  } catch (error) {
    if (mounted) fail(error);
    failBy(error, error);
  }
}
