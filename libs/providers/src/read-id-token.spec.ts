import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { createHmac } from 'node:crypto';
import { upstreamWith } from '../test/upstreams.js';
import { readIdToken, UnknownSigningKey, type IdTokenExpectation } from './read-id-token.js';
import type { Upstream } from './resolve-upstream.js';
import { UpstreamError } from './upstream-error.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const SECONDS = NOW.getTime() / 1_000;
const ISSUER = 'https://id.example.com';
const UPSTREAM = upstreamWith(
  { protocol: 'oidc', identity: { from: 'id_token', subject: ['sub'], profile: { name: 'name', email: 'email' } } },
  { issuer: ISSUER, idTokenAlgorithms: ['RS256', 'ES256'] },
);
const EXPECTED: IdTokenExpectation = { upstream: UPSTREAM, clientId: 'broker', nonce: 'n-0S6_WzA2Mj', now: NOW };
const CLAIMS: JWTPayload = {
  iss: ISSUER,
  aud: EXPECTED.clientId,
  sub: 'subject-1',
  nonce: EXPECTED.nonce,
  iat: SECONDS - 5,
  exp: SECONDS + 300,
};

const rsa = await generateKeyPair('RS256', { extractable: true });
const ec = await generateKeyPair('ES256', { extractable: true });
const stranger = await generateKeyPair('RS256');
const JWKS = {
  keys: [
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa-1', use: 'sig', alg: 'RS256' },
    { ...(await exportJWK(ec.publicKey)), kid: 'ec-1', use: 'sig' },
  ],
};

/** A token of these claims, `undefined` leaving one out, under the provider's key unless another one is given. */
function sign(changes: Record<string, unknown> = {}, header = { alg: 'RS256', kid: 'rsa-1' }, key = rsa.privateKey) {
  const claims = JSON.parse(JSON.stringify({ ...CLAIMS, ...changes })) as JWTPayload;
  return new SignJWT(claims).setProtectedHeader(header).sign(key);
}
const read = (token: string, changes: Partial<Upstream> = {}, jwks: unknown = JWKS) =>
  readIdToken(token, jwks, { ...EXPECTED, upstream: { ...UPSTREAM, ...changes } });

describe('a good id_token', () => {
  it('says who signed in', async () => {
    expect(await read(await sign())).toEqual({ subject: 'subject-1', profile: {}, claims: CLAIMS });
    const other = await read(await sign({}, { alg: 'ES256', kid: 'ec-1' }, ec.privateKey));
    expect(other.subject).toBe('subject-1');
  });

  it('says what the declaration looks for, as far as it fits', async () => {
    const identity = await read(await sign({ name: 'Alice', email: 'x'.repeat(400), picture: 'https://pic.example/' }));
    expect(identity.profile).toEqual({ name: 'Alice' });
    const paths = await read(await sign({ tid: 'T1', oid: 'O1' }), { subjectPaths: ['tid', 'oid'] });
    expect(paths.subject).toBe('T1:O1');
  });

  it.each([
    ['a list of one audience', { aud: ['broker'] }],
    ['several audiences, for us', { aud: ['broker', 'api'], azp: 'broker' }],
    ['a clock a minute behind', { iat: SECONDS - 500, exp: SECONDS - 59 }],
    ['a start a moment ahead', { nbf: SECONDS + 59 }],
    ['the longest subject', { sub: 's'.repeat(255) }],
  ])('may have %s', async (_, changes) => {
    expect((await read(await sign(changes))).subject).not.toBe('');
  });
});

describe('an id_token is refused', () => {
  it.each([
    ['from another issuer', { iss: 'https://evil.example' }],
    ['from an issuer with a slash more', { iss: `${ISSUER}/` }],
    ['without an issuer', { iss: undefined }],
    ['for another client', { aud: 'other' }],
    ['for no client', { aud: undefined }],
    ['for several, authorized party another', { aud: ['broker', 'other'], azp: 'other' }],
    ['for several, no authorized party', { aud: ['broker', 'other'] }],
    ['with another nonce', { nonce: 'other' }],
    ['without a nonce', { nonce: undefined }],
    ['with a nonce that is no text', { nonce: [EXPECTED.nonce] }],
    ['that has expired', { exp: SECONDS - 61 }],
    ['without an end', { exp: undefined }],
    ['without a beginning', { iat: undefined }],
    ['that begins later', { nbf: SECONDS + 61 }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['with a subject beyond bounds', { sub: 's'.repeat(256) }],
    ['with a number for a subject', { sub: 7 }],
    ['with a subject that no database takes', { sub: 'a\u0000b' }],
  ])('%s', async (_, changes) => {
    await expect(read(await sign(changes))).rejects.toMatchObject({ name: 'UpstreamError', failure: 'misconfigured' });
  });

  it('that another key of the same name signed', async () => {
    const token = await sign({}, { alg: 'RS256', kid: 'rsa-1' }, stranger.privateKey);
    await expect(read(token)).rejects.toMatchObject({
      failure: 'misconfigured',
      message: 'the id_token does not verify: ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
  });

  it('with a claim changed after it was signed', async () => {
    const [header = '', payload = '', signature = ''] = (await sign()).split('.');
    const changed = { ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), sub: 'subject-2' };
    const forged = [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
    await expect(read(forged)).rejects.toThrow('the id_token does not verify');
  });

  it('without a signature, even where the algorithms are empty', async () => {
    const token = new UnsecuredJWT(CLAIMS).encode();
    for (const idTokenAlgorithms of [UPSTREAM.idTokenAlgorithms, []]) {
      await expect(read(token, { idTokenAlgorithms })).rejects.toThrow(UpstreamError);
    }
  });

  it('with the public key used as a shared secret', async () => {
    const jwk = await exportJWK(rsa.publicKey);
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = `${part({ alg: 'HS256', kid: 'rsa-1' })}.${part(CLAIMS)}`;
    for (const secret of [JSON.stringify(jwk), jwk.n ?? '', Buffer.from(jwk.n ?? '', 'base64url')]) {
      const token = `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
      await expect(read(token)).rejects.toThrow('the id_token does not verify');
    }
  });

  it('with a shared secret among the published keys', async () => {
    const secret = Buffer.alloc(32, 7);
    const token = await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', kid: 'oct-1' }).sign(secret);
    const jwks = { keys: [...JWKS.keys, { kty: 'oct', kid: 'oct-1', alg: 'HS256', k: secret.toString('base64url') }] };
    await expect(read(token, {}, jwks)).rejects.toThrow('the id_token does not verify');
  });

  it('with an algorithm the provider does not use', async () => {
    await expect(read(await sign(), { idTokenAlgorithms: ['ES256'] })).rejects.toThrow('the id_token does not verify');
    await expect(read(await sign(), { idTokenAlgorithms: [] })).rejects.toThrow('the id_token does not verify');
  });

  it.each(['', 'x', 'a.b', 'a.b.c', '..', 'e30.e30.', 'ä.ö.ü'])('that is %j', async (token) => {
    await expect(read(token)).rejects.toMatchObject({ name: 'UpstreamError', failure: 'misconfigured' });
  });

  it('without its content in the words of the refusal', async () => {
    const token = await sign({ aud: 'other', sub: 'alice@example.com' });
    const error: unknown = await read(token).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UpstreamError);
    expect(`${(error as Error).stack ?? ''} ${JSON.stringify(error)}`).not.toMatch(/alice|eyJ/);
    expect((error as Error).cause).toBeUndefined();
  });
});

describe('an issuer of each customer’s own', () => {
  const family = {
    discovery: 'https://id.example.com/common',
    pattern: /^https:\/\/id\.example\.com\/[0-9a-f]{4}$/,
    open: `${ISSUER}/{tenantid}`,
    claim: 'tid',
  };
  const open = { ...UPSTREAM, provider: { ...UPSTREAM.provider, issuerFamily: family }, issuer: family.open };
  const readOpen = async (changes: Record<string, unknown>) =>
    readIdToken(await sign(changes), JWKS, { ...EXPECTED, upstream: open });

  it('is the one that another claim names', async () => {
    expect((await readOpen({ iss: `${ISSUER}/12ab`, tid: '12ab' })).subject).toBe('subject-1');
  });

  it.each([
    ['another customer', { iss: `${ISSUER}/12ab`, tid: '34cd' }],
    ['no customer', { iss: `${ISSUER}/12ab` }],
    ['what is no customer', { iss: `${ISSUER}/../evil`, tid: '../evil' }],
    ['the open issuer itself', { iss: `${ISSUER}/{tenantid}`, tid: '{tenantid}' }],
  ])('is refused when it is of %s', async (_, changes) => {
    await expect(readOpen(changes)).rejects.toThrow('the id_token is from another issuer');
  });
});

describe('the published keys', () => {
  it('without the one that signed are worth another look', async () => {
    const token = await sign({}, { alg: 'RS256', kid: 'rsa-2' });
    await expect(read(token)).rejects.toThrow(UnknownSigningKey);
    await expect(read(token)).rejects.toMatchObject({ failure: 'misconfigured' });
    await expect(read(await sign(), {}, { keys: [] })).rejects.toThrow(UnknownSigningKey);
  });

  it.each([[null], ['keys'], [[]], [{}], [{ keys: {} }], [{ keys: ['x'] }], [{ keys: Array(201).fill({}) }]])(
    'are unusable when they are %j',
    async (jwks) => {
      await expect(read(await sign(), {}, jwks)).rejects.toThrow('the provider publishes no usable keys');
    },
  );

  it.each([[[{}]], [[{ kty: 'RSA', kid: 'rsa-1' }]], [[{ kty: 'RSA', kid: 'rsa-1', alg: 'RS256', n: 7, e: null }]]])(
    'that are no keys, %j, verify nothing',
    async (keys) => {
      await expect(read(await sign(), {}, { keys })).rejects.toThrow(UpstreamError);
    },
  );
});
