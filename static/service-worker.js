// Keeps the page for when its server cannot be reached: an agent who is blocked or offline still gets it, the last result
// and the fixes. `static/offline.js` registers it, `cargo xtask dist` names the files of the bundle in it.
//
// It answers for the page's own files alone, and never what a probe asks: those are not fetched with `no-store`, carry no
// query, and are of a kind that is named below. Whatever else passes is none of its concern.
const BUNDLE = '@BUNDLE@';
const HERE = new URL('./', location.href);
// Several pages may live on one server, each in a folder of its own.
const PREFIX = `clearline ${HERE.pathname} `;
const OWN = PREFIX + BUNDLE.version;
// Belongs to no version: the administrator edits it.
const CONFIGS = `${PREFIX}configs`;
// A server that has not answered by then is as good as away: the page comes from here, and its probes say what is wrong.
const DEADLINE = 5000;
const PAGE = HERE.href;
// Stands in this page's own document, and in nobody else's.
const MARK = 'clearline-version';
const HASHED = /-[0-9a-f]{8,}(_bg)?\.(js|wasm|css|svg|png|ico)$/;

// Pages that were opened from here: their server is away, and nothing of them waits for it once more.
const fromHere = new Set();

// Which kind of the page's own files a request is for.
function kindOf({ url, method, mode, cache }) {
  const { href, pathname, search } = new URL(url);
  if (method !== 'GET' || cache === 'no-store' || !href.startsWith(PAGE)) return undefined;
  const name = pathname.slice(HERE.pathname.length);
  if (mode === 'navigate') return ['', 'index.html'].includes(name) ? 'page' : undefined;
  if (search) return undefined;
  if (HASHED.test(name)) return 'part';
  if (/^(config|configs\/[a-z0-9-]{1,40})\.json$/.test(name)) return 'config';
  return /^words\/.+\.json$/.test(name) || name === 'pac-worker.js' ? 'text' : undefined;
}

async function recall(name, request) {
  return (await caches.open(name)).match(request, { ignoreVary: true });
}

// What a promise comes to, or nothing: it is late, or was broken.
function inTime(promise) {
  return Promise.race([promise.catch(() => {}), new Promise((late) => { setTimeout(late, DEADLINE); })]);
}

// Answers that say something of their own about what was asked for: gone, or to be signed in for.
function says({ type, status }) {
  return type === 'opaqueredirect' || [401, 404, 410].includes(status);
}

// A filter, a portal or a broken server that answers in the page's place is not shown in its place: the page says what to
// do about it. Whoever wants to see it reloads with the Shift key, past every worker.
async function isPage(answer) {
  return says(answer) || answer.ok && (await answer.clone().text()).includes(MARK);
}

function isJson(answer) {
  return answer.clone().json().then(() => true, () => false);
}

async function isText(answer) {
  if (says(answer)) return true;
  if (!answer.ok) return false;
  if (answer.url.endsWith('.js')) return /javascript/.test(answer.headers.get('Content-Type'));
  return isJson(answer);
}

// One with mistakes is the administrator's all the same: the page names them.
async function isConfig(answer) {
  return await isText(answer) || answer.ok && /json/.test(answer.headers.get('Content-Type'));
}

// As the build reckoned it.
async function digest(answer) {
  const bytes = await crypto.subtle.digest('SHA-256', await answer.clone().arrayBuffer());
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(bytes)))}`;
}

async function isOwnPage(answer) {
  return answer.ok && await digest(answer) === BUNDLE.page;
}

// Without the mark of a redirect: a browser opens no page that has one.
async function put(name, request, answer) {
  await (await caches.open(name)).put(request, new Response(answer.body, answer));
}

async function right(asked, is) {
  const answer = await asked;
  return await is(answer) ? answer : undefined;
}

// From the server; from here when it does not answer, or something else does.
async function page(event) {
  const { request, preloadResponse, resultingClientId } = event;
  const asked = Promise.resolve(preloadResponse).then((answer) => answer ?? fetch(request));
  const answer = await inTime(right(asked, isPage));
  if (answer) {
    // The policy in its head follows the configuration.
    const newest = answer.clone();
    event.waitUntil(isOwnPage(newest).then((own) => own && put(OWN, PAGE, newest)).catch(() => {}));
    return answer;
  }
  const copy = await recall(OWN, PAGE);
  if (!copy) return asked;
  fromHere.add(resultingClientId);
  return copy;
}

// What has a hash in its name never changes, and was checked when it came. Pages of the version before find theirs, too.
async function part({ request }) {
  return await caches.match(request, { ignoreVary: true }) ?? fetch(request);
}

// As the page; the page is told that it has a copy.
async function told(event, name, is) {
  const { request, clientId } = event;
  const here = fromHere.has(clientId);
  const copied = async () => {
    const copy = await recall(name, request);
    if (!copy) return undefined;
    const headers = new Headers(copy.headers);
    headers.set('Clearline-Kept', here ? 'page' : 'config');
    return new Response(copy.body, { status: copy.status, headers });
  };
  // What comes too late for this page is there for the next.
  const renew = async (asked) => {
    const answer = (await asked).clone();
    if (answer.ok && await isJson(answer)) await put(name, request, answer);
  };
  const renewed = (work) => { if (name === CONFIGS) event.waitUntil(work().catch(() => {})); };
  const first = here ? await copied() : undefined;
  if (first) {
    renewed(() => alone(() => renew(fetch(request))));
    return first;
  }
  const asked = fetch(request);
  renewed(() => renew(asked));
  return await inTime(right(asked, is)) ?? await copied() ?? asked;
}

const answers = {
  page,
  part,
  config: (event) => told(event, CONFIGS, isConfig),
  text: (event) => told(event, OWN, isText),
};

addEventListener('fetch', (event) => {
  const kind = kindOf(event.request);
  if (kind) event.respondWith(answers[kind](event));
});

// Does this when no run has the line.
function alone(work) {
  return navigator.locks ? navigator.locks.request('clearline.run', work) : work();
}

// Puts a file into a cache, unless it is there.
async function keep(cache, name, options, is) {
  const url = new URL(name, HERE);
  if (await recall(cache, url)) return;
  await alone(async () => {
    const answer = await fetch(url, { credentials: 'same-origin', referrerPolicy: 'no-referrer', ...options });
    if (!answer.ok || !await is(answer)) throw new Error(`${name} is not what it should be`);
    await put(cache, url, answer);
  });
}

const ALWAYS = () => true;
const NEWEST = { cache: 'no-cache' };

// The whole bundle, or nothing: the page names its parts by their hashes, so that versions do not mix.
async function fill() {
  for (const [name, integrity] of Object.entries(BUNDLE.files)) await keep(OWN, name, { integrity }, ALWAYS);
  await keep(OWN, PAGE, NEWEST, isOwnPage);
  // The words that the version before had kept are kept of this one.
  for (const name of await others()) {
    for (const request of await (await caches.open(name)).keys()) {
      if (kindOf(request) === 'text') await keep(OWN, request.url, NEWEST, isText).catch(() => {});
    }
  }
}

async function others() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== OWN && name !== CONFIGS);
}

// Browsers that know routes do not even ask this worker about anything but the page's own files.
async function route(event) {
  const files = ['*-*.js', '*-*.wasm', '*-*.css', '*-*.svg', 'config.json', 'configs/*.json', 'words/*', 'pac-worker.js'];
  const own = files.map((pathname) => ({ urlPattern: new URLPattern({ pathname, search: '', baseURL: PAGE }) }));
  await event.addRoutes([
    ...[{ requestMode: 'navigate' }, ...own].map((condition) => ({ condition, source: 'fetch-event' })),
    { condition: { urlPattern: new URLPattern({}) }, source: 'network' },
  ]);
}

addEventListener('install', (event) => {
  // At once: what this version has replaced is still here for the pages that are open.
  skipWaiting();
  if (event.addRoutes) event.waitUntil(route(event).catch(() => {}));
  event.waitUntil(fill());
});

addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const old = await others();
    // Pages of the newest of them may be open, and want their later parts.
    old.pop();
    await Promise.all(old.map((name) => caches.delete(name)));
    await registration.navigationPreload?.enable();
  })());
});

// The page says which words it uses. One of another version has words of another version.
addEventListener('message', (event) => {
  const { app, names = [] } = event.data ?? {};
  if (!Object.hasOwn(BUNDLE.files, app)) return;
  event.waitUntil((async () => {
    for (const name of names) {
      const kind = kindOf(new Request(new URL(name, HERE)));
      const cache = kind === 'config' ? CONFIGS : OWN;
      if (kind === 'config' || kind === 'text') await keep(cache, name, NEWEST, isText).catch(() => {});
    }
  })());
});
