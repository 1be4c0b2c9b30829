// @jitsi/precall-test as its README has it; since 1.0 the results come in a promise instead of the README's callback.
import PreCallTest from '@jitsi/precall-test';
import { number, offer } from './harness.js';

offer(server => {
  const tell = told => {
    const { mediaConnectivity, throughput, fractionalLoss, rtt, jitter } = told;
    const short = value => (Number.isFinite(value) ? +value.toFixed(3) : value);
    const shown = Object.entries({ mediaConnectivity, throughput, fractionalLoss, rtt, jitter });
    return {
      rate_kbps: number(throughput),
      loss: number(fractionalLoss),
      jitter_ms: number(jitter),
      round_trip_ms: number(rtt),
      concluded: shown.map(([name, value]) => `${name} ${short(value)}`).join(', '),
    };
  };
  return { result: new PreCallTest().start([server]).then(tell) };
});
