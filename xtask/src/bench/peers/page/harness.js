// Clearline's automation hooks (docs/contract.md, "Automation") around another tool, so that the laboratory needs not
// know which page it has before it. A tool is run once, as its own documentation sets it up.

// The laboratory gives a page 60 s.
const DEADLINE_MS = 58_000;

const NOTHING = {
  rate_kbps: null,
  https_down_kbps: null,
  https_up_kbps: null,
  loss: null,
  jitter_ms: null,
  round_trip_ms: null,
  concluded: '',
};

/**
 * `begin` is given an RTCIceServer. It starts the tool and gives `result`, a promise of what the tool told at its end,
 * and `soFar`, what it can tell before that, if its documentation knows such a thing.
 */
export async function offer(begin) {
  const page = document.documentElement.dataset;
  let report = null;
  window.clearline = { report: () => report };

  const start = async server => {
    page.clearline = 'running';
    const started = performance.now();
    let told;
    let finished = true;
    try {
      const run = begin(server);
      const deadline = new Promise(resolve => setTimeout(resolve, DEADLINE_MS, null));
      told = await Promise.race([run.result, deadline]);
      if (told === null) {
        finished = false;
        told = run.soFar?.() ?? {};
      }
    } catch (error) {
      told = { concluded: `error: ${oneLine(error)}` };
    }
    report = { ...NOTHING, ...told, finished, duration_ms: performance.now() - started };
    window.dispatchEvent(new CustomEvent('clearline-report', { detail: report }));
    page.clearline = 'done';
  };

  try {
    const config = await (await fetch('config.json', { cache: 'no-store' })).json();
    const { urls, username, credential } = config.turn[0];
    const server = { urls, username, credential };
    if (new URLSearchParams(location.search).get('run') === 'auto') {
      await start(server);
      return;
    }
    const button = document.createElement('button');
    button.id = 'start';
    button.textContent = 'Start';
    button.onclick = () => {
      button.remove();
      start(server);
    };
    document.body.append(button);
  } catch (error) {
    page.clearlineError = oneLine(error);
    page.clearline = 'failed';
  }
}

/** What an error says, without its stack. */
export function oneLine(error) {
  return String(error?.message || error).split('\n')[0].replace(/^Error: /, '');
}

/** A number, or null where there is none. */
export function number(value) {
  return Number.isFinite(value) ? value : null;
}
