import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

/**
 * Login with Amazon as the benchmark needs it: every code is good, and tokens as long as Amazon's (R160) come after a set
 * time. `POST /hang` makes it take requests and answer none.
 */
const answerAfter = Number(process.env.ANSWER_AFTER_MS);
let hangs = false;

const tokenOf = (kind) => `${kind}|${randomBytes(280).toString('base64url')}`;

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    if (request.url === '/hang') {
      hangs = true;
      return response.end();
    }
    if (hangs) return undefined;
    const tokens = {
      access_token: tokenOf('Atza'),
      refresh_token: tokenOf('Atzr'),
      token_type: 'bearer',
      expires_in: 3600,
    };
    const body = JSON.stringify(tokens);
    return setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
    }, answerAfter);
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1');
