// Runs a PAC file for the PAC checker, and nothing else. Whoever wrote the PAC file is not trusted: this worker's own
// Content-Security-Policy (server/nginx.conf) takes network and imports away from it, everything but plain JavaScript
// is removed before the file is run, and the page ends the worker after two seconds.
"use strict";
(() => {
  const scope = self;
  const say = scope.postMessage.bind(scope);
  const { parse, stringify } = JSON;
  const [evaluate, text] = [scope.eval, String];
  const refused = (promise) => promise.then(() => false, () => true);

  // What stays. A PAC file's home has no more than this either.
  const KEPT = new Set(("Array BigInt Boolean Date Error EvalError Function Infinity Intl JSON Map Math NaN Number " +
    "Object RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError decodeURI " +
    "decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt " +
    "undefined unescape").split(" "));

  const strip = () => {
    for (let at = scope; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const name of Reflect.ownKeys(at)) {
        if (!KEPT.has(name) && !Reflect.deleteProperty(at, name)) {
          Reflect.defineProperty(at, name, { value: undefined });
        }
      }
    }
  };

  // What the page gave, and what the file asked while it answered one question.
  let names = {};
  let own = null;
  let asked = {};
  const note = (what) => { asked[what] = true; };

  const byte = (part) => /^\d{1,3}$/.test(part) && part < 256;
  const literal = (host) => {
    const parts = text(host).split(".");
    return parts.length === 4 && parts.every(byte);
  };
  const number = (address) => text(address).split(".").reduce((sum, part) => (sum << 8) | (part & 255), 0);
  const look = (host) => {
    host = text(host).slice(0, 253);
    if (literal(host)) return host;
    if (asked.names.length < 50 && !asked.names.includes(host)) asked.names.push(host);
    return Object.hasOwn(names, host) ? names[host] : null;
  };
  const within = (now, from, to) => (from <= to ? from <= now && now <= to : from <= now || now <= to);
  const clock = (args) => {
    note("clock");
    const gmt = args.at(-1) === "GMT";
    if (gmt) args.pop();
    const now = new Date();
    return (part) => now[(gmt ? "getUTC" : "get") + part]();
  };
  const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
  const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

  const library = {
    isPlainHostName: (host) => !/[.:]/.test(host),
    dnsDomainIs: (host, domain) => host.endsWith(domain),
    localHostOrDomainIs: (host, name) => host === name || name.startsWith(host + "."),
    dnsDomainLevels: (host) => host.split(".").length - 1,
    // Not what a shell does, but what browsers do: only these three characters are special.
    shExpMatch: (from, pattern) =>
      new RegExp("^" + pattern.replace(/\./g, "\\.").replace(/\*/g, ".*").replace(/\?/g, ".") + "$").test(from),
    convert_addr: number,
    isResolvable: (host) => look(host) !== null,
    dnsResolve: look,
    isInNet: (host, network, mask) => {
      if (!literal(network) || !literal(mask)) return false;
      const address = look(host);
      return address !== null && (number(address) & number(mask)) === (number(network) & number(mask));
    },
    myIpAddress: () => {
      note("own");
      return own ?? "127.0.0.1";
    },
    weekdayRange: (...args) => {
      const now = clock(args);
      const [from, to] = [args[0], args[args.length - 1]].map((day) => DAYS.indexOf(day));
      return from >= 0 && to >= 0 && within(now("Day"), from, to);
    },
    dateRange: (...args) => {
      const now = clock(args);
      const today = { day: now("Date"), month: now("Month") + 1, year: now("FullYear") };
      const kind = (part) => (MONTHS.includes(part) ? "month" : part > 31 ? "year" : "day");
      const value = (part) => (MONTHS.includes(part) ? MONTHS.indexOf(part) + 1 : +part);
      const key = (of) => (of.year ?? 0) * 10000 + (of.month ?? 0) * 100 + (of.day ?? 0);
      const half = args.length === 1 ? 1 : args.length / 2;
      const side = (parts) => key(Object.fromEntries(parts.map((part) => [kind(part), value(part)])));
      const only = Object.fromEntries(args.slice(0, half).map((part) => [kind(part), today[kind(part)]]));
      return args.length > 0 && within(key(only), side(args.slice(0, half)), side(args.slice(-half)));
    },
    timeRange: (...args) => {
      const now = clock(args);
      const half = args.length === 1 ? 1 : args.length / 2;
      const time = (parts) => parts.reduce((sum, part) => sum * 60 + +part, 0);
      const today = ["Hours", "Minutes", "Seconds"].slice(0, half).map(now);
      return args.length > 0 && within(time(today), time(args.slice(0, half)), time(args.slice(-half)));
    },
    alert: () => {},
    // Microsoft's, which Chromium knows and Firefox does not.
    dnsResolveEx: (host) => (note("extended"), look(host) ?? ""),
    isResolvableEx: (host) => (note("extended"), look(host) !== null),
    isInNetEx: (host, network) => {
      note("extended");
      const [prefix, length] = text(network).split("/");
      const address = look(host);
      if (address === null || !literal(prefix) || !(length >= 0 && length <= 32)) return false;
      const mask = +length === 0 ? 0 : -1 << (32 - length);
      return (number(address) & mask) === (number(prefix) & mask);
    },
    myIpAddressEx: () => (note("extended"), note("own"), own ?? ""),
    sortIpAddressList: (list) => (note("extended"), text(list).split(";").sort().join(";")),
    getClientVersion: () => (note("extended"), "1.0"),
  };

  const wrong = (error) => {
    try {
      return text(error?.message ?? error).slice(0, 200);
    } catch {
      return "?";
    }
  };

  const answer = (find, [url, host]) => {
    asked = { names: [] };
    let route = null;
    let error = null;
    try {
      route = find(url, host);
      if (typeof route !== "string") {
        error = "not a text: " + wrong(typeof route);
        route = null;
      }
    } catch (thrown) {
      error = wrong(thrown);
    }
    return { route: route?.slice(0, 400) ?? null, error, ...asked };
  };

  const run = (job) => {
    names = Object.fromEntries(job.names);
    own = job.own;
    strip();
    Object.assign(globalThis, library);
    try {
      evaluate(job.text);
    } catch (error) {
      return { failed: "broken", error: wrong(error) };
    }
    const find = globalThis.FindProxyForURL;
    return typeof find === "function" ? { answers: job.questions.map((one) => answer(find, one)) } : { failed: "no-function" };
  };

  const start = async () => {
    // Without its own policy a PAC file could reach the network: then it is not run. Neither question leaves this
    // computer.
    let locked = await refused(fetch("data:,")) && await refused(import("data:text/javascript,"));
    try {
      evaluate("1");
    } catch {
      locked = false;
    }
    if (!locked) return say('{"failed":"unprotected"}');
    scope.addEventListener("message", (event) => say(stringify(run(parse(event.data)))), { once: true });
    say("ready");
  };
  start();
})();
