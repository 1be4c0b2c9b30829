// Time-limited TURN credentials as coturn's `use-auth-secret` accepts them (draft-uberti-behave-turn-rest), for nginx's
// njs. Its settings, and the secret, are in turn-credentials.conf.

import crypto from 'crypto';

function answer(r) {
  const ttl = Number(r.variables.clearline_turn_lifetime);
  const expiry = Math.floor(Date.now() / 1000) + ttl;
  // coturn counts allocations by what stands behind the colon: agents do not use up each other's quota.
  const username = `${expiry}:clearline-${r.variables.request_id.slice(0, 8)}`;
  const password = crypto.createHmac('sha1', r.variables.clearline_turn_secret).update(username).digest('base64');
  const uris = r.variables.clearline_turn_uris.split(' ').filter(uri => uri);

  r.headersOut['Content-Type'] = 'application/json';
  r.return(200, JSON.stringify({ username, password, ttl, uris }));
}

export default { answer };
