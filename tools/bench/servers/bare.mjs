import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { openPool, serve } from './serve.mjs';

/**
 * The bare Node limit: the least that a server which does this job durably could do with a statement for each request.
 * It reads the form, runs one prepared statement and writes a pair of tokens as long as the broker's. It knows no
 * clients, no tenants, no rules; it believes every token; it writes no log and counts nothing.
 */
const pool = openPool();
// A key object: an HMAC keyed with octets prepares its key anew every time, which costs more than the MAC.
const key = createSecretKey(randomBytes(32));

const REFRESH = {
  name: 'refresh',
  text: 'UPDATE grants SET generation = generation + 1 WHERE id = $1 RETURNING id, generation',
};
const EXCHANGE = {
  name: 'exchange',
  text: 'UPDATE grants SET generation = 1 WHERE code = $1 AND generation = 0 RETURNING id, generation',
};

serve((request, response) => {
  let form = '';
  request.setEncoding('latin1');
  request.on('data', (part) => (form += part));
  request.on('end', () => {
    answer(new URLSearchParams(form), response).catch((error) => {
      process.stderr.write(`${error.stack}\n`);
      write(response, 500, '{"error":"server_error"}');
    });
  });
});

async function answer(form, response) {
  const token = form.get('refresh_token');
  const asked = token === null ? [EXCHANGE, form.get('code')] : [REFRESH, grantOf(token)];
  const { rows } = await pool.query({ ...asked[0], values: [asked[1]] });
  if (rows.length === 0) return write(response, 400, '{"error":"invalid_grant"}');
  return write(response, 200, JSON.stringify(pair(rows[0])));
}

function write(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

/** 16 octets of grant, 4 of generation, a MAC: 72 characters. The access token is 60 random octets: 80 characters. */
function pair({ id, generation }) {
  const bytes = Buffer.alloc(54);
  bytes.write(id.replaceAll('-', ''), 0, 'hex');
  bytes.writeUInt32BE(Number(generation), 16);
  createHmac('sha256', key).update(bytes.subarray(0, 20)).digest().copy(bytes, 20);
  return {
    access_token: randomBytes(60).toString('base64url'),
    token_type: 'Bearer',
    expires_in: 3600,
    refresh_token: bytes.toString('base64url'),
  };
}

function grantOf(token) {
  const hex = Buffer.from(token, 'base64url').toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
