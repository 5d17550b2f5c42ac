import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 256 });
/** Far more than anybody may take: a late answer is to be seen. */
const longestMs = 60_000;

/**
 * One request to a process on this machine.
 * @returns {Promise<{ status: number, headers: Record<string, string>, text: string, beganAt: number, ms: number }>}
 *   status 0: no connection, or one that broke. Times in milliseconds
 */
export function send({ port, method = 'GET', path, headers = {}, body }) {
  const beganAt = Date.now();
  const began = performance.now();
  const answer = (rest) => ({ status: 0, headers: {}, text: '', beganAt, ms: performance.now() - began, ...rest });
  return new Promise((resolve) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const asked = request(
      { agent, host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => (text += part));
        response.on('end', () => resolve(answer({ status: response.statusCode, headers: response.headers, text })));
        response.on('error', () => resolve(answer({})));
      },
    );
    asked.setTimeout(longestMs, () => asked.destroy());
    asked.on('error', (error) => resolve(answer({ text: error.code ?? '' })));
    asked.end(body);
  });
}

/** A form as Alexa's cloud and a skill's server send it. */
export const post = (port, path, authorization, fields) =>
  send({
    ...{ port, path, method: 'POST', body: new URLSearchParams(fields).toString() },
    headers: { authorization, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
  });
