// @cloudflare/speedtest with its default measurements, against the laboratory's servers. Nothing is logged anywhere.
import SpeedTest from '@cloudflare/speedtest';
import { number, offer, oneLine } from './harness.js';

const SERVER = 'https://control.example';

offer(server => {
  // It asks for UDP whatever the URL says: host and port are all that it takes.
  const [turnServerUri] = [server.urls].flat()[0].replace(/^turns?:/, '').split('?');
  const test = new SpeedTest({
    autoStart: false,
    downloadApiUrl: `${SERVER}/down`,
    uploadApiUrl: `${SERVER}/up`,
    logAimApiUrl: null,
    turnServerUri,
    turnServerUser: server.username,
    turnServerPass: server.credential,
  });
  const errors = [];
  const kbps = bps => (Number.isFinite(bps) ? bps / 1000 : null);
  // Delay and jitter are of HTTPS, not of the call's path: they are in what it concluded, and no more.
  const tell = () => {
    const { download, upload, latency, jitter, packetLoss } = test.results.getSummary();
    const short = (name, value, unit = '') => (Number.isFinite(value) ? [`${name} ${+value.toFixed(3)}${unit}`] : []);
    const said = [
      ...short('download', kbps(download), ' kbps'),
      ...short('upload', kbps(upload), ' kbps'),
      ...short('latency', latency),
      ...short('jitter', jitter),
      ...short('packetLoss', packetLoss),
    ];
    if (test.isFinished) {
      const scores = Object.entries(test.results.getScores());
      said.push(...scores.map(([use, { classificationName }]) => `${use} ${classificationName}`));
    }
    return {
      // It says 0 where it has nothing that was long enough to count.
      https_down_kbps: kbps(download) || null,
      https_up_kbps: kbps(upload) || null,
      loss: number(packetLoss),
      concluded: [...said, ...errors].join(', '),
    };
  };
  const result = new Promise(resolve => {
    test.onFinish = () => resolve(tell());
    test.onError = message => {
      errors.push(`error: ${oneLine(message)}`);
      // A broken download ends it all; after a broken packet loss test it goes on.
      if (!test.isRunning) resolve(tell());
    };
  });
  test.play();
  return { result, soFar: tell };
});
