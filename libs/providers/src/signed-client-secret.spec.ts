import { jwtVerify } from 'jose';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { CONNECTOR, upstreamWith } from '../test/upstreams.js';
import { buildCodeExchange, buildRefresh } from './build-token-request.js';
import { buildRevocation } from './build-revocation.js';
import { UpstreamError } from './upstream-error.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const pem = (curve: string): string =>
  generateKeyPairSync('ec', { namedCurve: curve }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const KEY = pem('P-256');
const UPSTREAM = upstreamWith(
  { clientAuthentication: 'signed-secret', revocation: { style: 'rfc7009', killsSiblings: true } },
  { issuer: 'https://appleid.example' },
);
const connectorWith = (clientSecret: string) => ({
  ...CONNECTOR,
  clientSecret,
  parameters: { teamId: 'TEAM123456', keyId: 'KEY1234567' },
});
const HOP = { code: 'c', redirectUri: 'https://broker.example/cb', codeVerifier: 'v' };
const TOKENS = { accessToken: 'at', refreshToken: 'rt', scopes: [] };
const secretIn = (body: string | undefined): string => new URLSearchParams(body).get('client_secret') ?? '';

describe('a secret that is signed for each request', () => {
  it.each([
    ['a code exchange', (at: Date) => buildCodeExchange(UPSTREAM, connectorWith(KEY), HOP, at)],
    ['a refresh', (at: Date) => buildRefresh(UPSTREAM, connectorWith(KEY), TOKENS, at)],
    ['a revocation', (at: Date) => buildRevocation(UPSTREAM, connectorWith(KEY), TOKENS, at)],
  ])('verifies with the public key, in %s', async (_, build) => {
    const secret = secretIn(build(NOW)?.body);
    const { payload, protectedHeader } = await jwtVerify(secret, createPublicKey(KEY), {
      currentDate: NOW,
      algorithms: ['ES256'],
    });
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'KEY1234567' });
    const issuedAt = NOW.getTime() / 1_000;
    expect(payload).toEqual({
      iss: 'TEAM123456',
      sub: 'broker',
      aud: 'https://appleid.example',
      iat: issuedAt,
      exp: issuedAt + 300,
    });
  });

  it('takes a key whose line breaks were written out', async () => {
    const secret = secretIn(buildRefresh(UPSTREAM, connectorWith(KEY.replaceAll('\n', '\\n')), TOKENS, NOW)?.body);
    await expect(jwtVerify(secret, createPublicKey(KEY), { currentDate: NOW })).resolves.toBeDefined();
  });

  it.each([
    ['no key', 'hunter2'],
    ['a key of another curve', pem('P-384')],
    ['a key of another kind', generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })],
    ['half a key', KEY.slice(0, 80)],
  ])('is the tenant’s fault when it is %s, and not a word of it gets out', (_, secret) => {
    const text = secret.toString();
    let thrown: unknown;
    try {
      buildCodeExchange(UPSTREAM, connectorWith(text), HOP, NOW);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UpstreamError);
    expect(thrown).toMatchObject({ failure: 'misconfigured' });
    const shown = `${String(thrown)} ${(thrown as Error).stack ?? ''} ${JSON.stringify(thrown)}`;
    expect(shown).not.toContain(text.slice(30, 60) || text);
    expect((thrown as Error).cause).toBeUndefined();
  });
});
