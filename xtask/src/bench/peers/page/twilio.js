// @twilio/rtc-diagnostics as its README has it: the bitrate test, stopped after 10 s.
import { testMediaConnectionBitrate } from '@twilio/rtc-diagnostics';
import { number, offer, oneLine } from './harness.js';

const README_MS = 10_000;
// As long as the example in its API documentation runs, and its own limit for a test to which nothing comes.
const LONGEST_MS = 15_000;

offer(server => {
  const test = testMediaConnectionBitrate({ iceServers: [server] });
  const values = [];
  const warnings = new Set();
  test.on('bitrate', value => values.push(value));
  test.on('warning', name => warnings.add(name));
  test.on('warning-cleared', name => warnings.delete(name));
  // Without a listener its emitter would throw; the report lists the errors again.
  test.on('error', () => {});
  const tell = ({ averageBitrate, errors }) => {
    const said = [`averageBitrate ${Math.round(averageBitrate)}`];
    said.push(...[...warnings].map(name => `warning ${name}`));
    said.push(...errors.map(error => `${error.name}: ${oneLine(error)}`));
    return { rate_kbps: values.length > 0 ? number(averageBitrate) : null, concluded: said.join(', ') };
  };
  const result = new Promise(resolve => test.on('end', report => resolve(tell(report))));
  // Where nothing has come by then it has until its own limit, at which it says why.
  setTimeout(() => values.length > 0 && test.stop(), README_MS);
  setTimeout(() => test.stop(), LONGEST_MS);
  return { result };
});
