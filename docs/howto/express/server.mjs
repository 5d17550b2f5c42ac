/** An authorization server for one Alexa skill: Express, @node-oauth/oauth2-server and SQLite. See ../express.md. */
import OAuth2Server from '@node-oauth/oauth2-server';
import express from 'express';
import { createModel } from './model.mjs';
import { refusalPage, signInPage } from './page.mjs';
import { Store } from './store.mjs';

const { Request, Response } = OAuth2Server;

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

const publicUrl = setting('PUBLIC_URL');
const store = new Store(setting('DATABASE'));
const client = {
  clientId: setting('ALEXA_CLIENT_ID'),
  clientSecret: setting('ALEXA_CLIENT_SECRET'),
  redirectUris: ['pitangui.amazon.com', 'layla.amazon.com', 'alexa.amazon.co.jp'].map(
    (host) => `https://${host}/api/skill/link/${setting('ALEXA_VENDOR_ID')}`,
  ),
  scopes: ['lights'],
};
const model = createModel(store, client);
const oauth = new OAuth2Server({
  model,
  accessTokenLifetime: 3_600,
  authorizationCodeLifetime: 300,
  // Refresh tokens are not rotated: a lost answer would leave Alexa with one that is dead.
  alwaysIssueNewRefreshToken: false,
  // The state is not shown to the library, which lets fewer characters pass than Alexa may send.
  allowEmptyState: true,
});

/** What was refused, without what was presented. */
const note = ({ name, message }) => process.stderr.write(`${name}: ${message}\n`);

/** Alexa's state as it stands in the address. A '+' that is not encoded would be read as a space further on. */
function readState({ originalUrl }) {
  const [, state = ''] = /[?&]state=([!-%'-~]*)/.exec(originalUrl) ?? [];
  return state.replaceAll('+', '%2B');
}

/** Sends the browser back to Alexa. The redirect URI has been compared with the registered ones. */
function sendBack(request, response, location) {
  response.redirect(`${location}${location.includes('?') ? '&' : '?'}state=${readState(request)}`);
}

/** Nobody is sent to an address that is not registered, letter by letter. */
function refuseStrangers({ query }, response, next) {
  const known = query.client_id === client.clientId && client.redirectUris.includes(query.redirect_uri);
  if (known) next();
  else response.status(400).send(refusalPage());
}

function showSignIn(request, response) {
  const { response_type: type, redirect_uri: redirectUri } = request.query;
  if (type !== 'code') sendBack(request, response, `${redirectUri}?error=unsupported_response_type`);
  else response.send(signInPage());
}

async function signIn(request, response) {
  const { username, password } = request.body ?? {};
  const name = await store.signIn(String(username), String(password));
  if (name === undefined) {
    response.status(401).send(signInPage('User name or password are not right.'));
    return;
  }
  const { state: _state, ...query } = request.query;
  const asked = new Request({ method: request.method, headers: request.headers, query, body: {} });
  const answer = new Response(response);
  // A refusal is in the answer as well: a redirect with the error.
  await oauth.authorize(asked, answer, { authenticateHandler: { handle: () => ({ name }) } }).catch(note);
  const location = answer.get('location');
  if (location === undefined) response.status(400).send(refusalPage());
  else sendBack(request, response, location);
}

async function token(request, response) {
  const answer = new Response(response);
  await oauth.token(new Request(request), answer).catch(note);
  // The refresh token stays the same, and says so.
  if (answer.body.access_token) answer.body.refresh_token ??= request.body.refresh_token;
  response.set(answer.headers).set('Cache-Control', 'no-store').set('Pragma', 'no-cache');
  response.status(answer.status ?? 200).json(answer.body);
}

/** For the skill's own server: whose access token it is, if it is one. RFC 7662. */
function introspect(request, response) {
  const [, pair = ''] = /^Basic (\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(pair, 'base64').toString()) ?? [];
  if (!model.getClient(id, secret)) {
    response.status(401).set('WWW-Authenticate', 'Basic').json({ error: 'invalid_client' });
    return;
  }
  const found = store.findAccessToken(String(request.body?.token));
  const { name: sub, scope, expires_at: expiresAt } = found ?? {};
  response.json(found ? { active: true, sub, scope, exp: Math.floor(expiresAt / 1_000) } : { active: false });
}

const metadata = {
  issuer: publicUrl,
  authorization_endpoint: `${publicUrl}/oauth/authorize`,
  token_endpoint: `${publicUrl}/oauth/token`,
  introspection_endpoint: `${publicUrl}/oauth/introspect`,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
};

const app = express();
app.disable('x-powered-by');
app.use((_request, response, next) => {
  // No form-action: browsers hold the redirect back to Alexa against it as well.
  response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  response.set('Referrer-Policy', 'no-referrer').set('Cache-Control', 'no-store');
  next();
});
app.use(express.urlencoded({ extended: false, limit: '10kb' }));
app.get('/oauth/authorize', refuseStrangers, showSignIn);
app.post('/oauth/authorize', refuseStrangers, signIn);
app.post('/oauth/token', token);
app.post('/oauth/introspect', introspect);
app.get('/.well-known/oauth-authorization-server', (_request, response) => response.json(metadata));
app.use((error, _request, response, _next) => {
  note(error);
  response.status(error.status ?? 500).json({ error: error.status ? 'invalid_request' : 'server_error' });
});

// The proxy in front ends TLS; nobody else reaches this port.
app.listen(Number(setting('PORT')), '127.0.0.1', () => process.stdout.write('ready\n'));
