import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { signal } from '../../lib/processes.mjs';
import { signalTree } from '../process-tree.mjs';
import { createLedger } from './ledger.mjs';
import { ownerOf } from './owner.mjs';

/**
 * The upstream of a chaos run: a process of its own that is never struck, so that its ledger is the truth. Two styles,
 * `/strict` and `/grace`. It signs everybody in, and misbehaves as its launcher tells it over IPC.
 */
const ledger = createLedger();
const told = { pids: [], mode: null, times: Infinity, strike: null };
const owners = new WeakMap();

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://upstream');
  const [, style, endpoint] = url.pathname.split('/');
  const answer = { authorize, token, userinfo: identify, live }[endpoint];
  if (!answer) return send(response, 404, { error: 'not_found' });
  return Promise.resolve(answer({ request, response, url, style })).catch(() => response.destroy());
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
process.on('message', ({ set, report }) => {
  Object.assign(told, set);
  if (report) process.send({ report: ledger.report() });
});

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function authorize({ response, url, style }) {
  const back = new URL(url.searchParams.get('redirect_uri'));
  back.searchParams.set('code', ledger.signIn(url.searchParams.get('user'), style));
  back.searchParams.set('state', url.searchParams.get('state'));
  response.writeHead(303, { location: back.href }).end();
}

/** As a plain OAuth server answers, and as the catalogue's graceful provider does, whose token is in a header of its own. */
function identify({ request, response }) {
  const { authorization = '', 'x-shopify-access-token': own } = request.headers;
  const user = ledger.userOf(own ?? authorization.replace(/^Bearer /, ''));
  send(
    response,
    user ? 200 : 401,
    user ? { sub: user, data: { shop: { id: user, name: user } } } : { error: 'invalid_token' },
  );
}

/** For the harness: whether an access token is good right now, and whose it is. */
function live({ response, url }) {
  send(response, 200, { user: ledger.userOf(url.searchParams.get('token') ?? '') });
}

async function token(call) {
  const { request, response } = call;
  let text = '';
  for await (const part of request) text += part;
  const form = new URLSearchParams(text);
  if (form.get('grant_type') === 'refresh_token') return refresh(call, form.get('refresh_token') ?? '');
  const answer = ledger.redeem(form.get('code') ?? '');
  return send(response, answer ? 200 : 400, answer ?? { error: 'invalid_grant' });
}

function ownerOfSocket(socket) {
  if (!owners.get(socket)) owners.set(socket, ownerOf(socket.remotePort, told.pids));
  return owners.get(socket);
}

async function refresh({ request, response }, value) {
  const owner = ownerOfSocket(request.socket);
  const found = ledger.present(value, owner);
  if (!found) return send(response, 400, { error: 'invalid_grant' });
  const { token: presented, presentation } = found;
  const mode = takeMode();
  if (mode === 'status-503') return send(response, 503, { error: 'temporarily_unavailable' });
  if (mode === 'reset') return request.socket.resetAndDestroy();
  if (mode === 'hang') return undefined;
  const answer = ledger.refresh(presented, presentation);
  if (mode === 'hang-after-processing') return void (presentation.answer = 'hang');
  if (mode === 'reset-after-processing') {
    presentation.answer = 'reset';
    return request.socket.resetAndDestroy();
  }
  const strike = answer && takeStrike(owner);
  if (strike) freezeBefore(strike);
  note(response, presentation);
  send(response, answer ? 200 : 400, answer ?? { error: 'invalid_grant' });
  return strike ? strikeOwner(strike, owner) : undefined;
}

function takeMode() {
  const { mode } = told;
  if (mode !== null && (told.times -= 1) <= 0) told.mode = null;
  return mode;
}

/** A strike waits for the first answer to one of our own. */
function takeStrike(owner) {
  if (owner === null) return null;
  const { strike } = told;
  told.strike = null;
  return strike;
}

/** What stores the answer is frozen before the answer leaves. */
function freezeBefore({ freeze }) {
  if (freeze) signalTree(freeze, 'SIGSTOP');
}

async function strikeOwner({ id, signal: name, afterMs }, owner) {
  if (name && afterMs > 0) await delay(afterMs);
  if (name) signal(owner, name);
  process.send({ struck: { id, owner, at: Date.now() } });
}

function note(response, presentation) {
  const end = (answer) => {
    if (presentation.answer !== 'pending') return;
    presentation.answer = answer;
    presentation.answeredAt = Date.now();
  };
  response.once('finish', () => end('written'));
  response.once('close', () => end('gone'));
}
