import { randomBytes } from 'node:crypto';
import { serve } from '../bench/servers/serve.mjs';

/** A provider that answers a refresh at once, each time with a new refresh token. It checks nothing. */
const token = (length) => randomBytes(length).toString('base64url').slice(0, length);

serve((request, response) => {
  request.resume();
  request.on('end', () => {
    const answer = { access_token: token(218), token_type: 'Bearer', expires_in: 3600, refresh_token: token(103) };
    const body = JSON.stringify(answer);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
});
