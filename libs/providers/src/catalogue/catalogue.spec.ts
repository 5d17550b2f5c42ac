import { generateKeyPairSync } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FIXTURES, readFixture, readRawFixture } from '../../test/fixtures.js';
import { connectorFor, upstreamFor } from '../../test/sample-connectors.js';
import { factlessFields, fieldsOf, pointsAtField } from '../../test/quirk-fields.js';
import { authorizeParameters } from '../authorize-parameters.js';
import { buildRevocation } from '../build-revocation.js';
import { buildCodeExchange, buildRefresh } from '../build-token-request.js';
import { buildUserinfoRequest } from '../build-userinfo-request.js';
import { checkConnector } from '../check-connector.js';
import { readTokenIdentity, readUserinfo } from '../read-identity.js';
import { readTokenResponse } from '../read-token-response.js';
import { UpstreamError } from '../upstream-error.js';
import { CATALOGUE, findProvider } from './index.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const ASKED = ['as', 'asked'];
const HOP = { code: 'made-up', redirectUri: 'https://broker.example/callback/acme/home', codeVerifier: 'v'.repeat(43) };
const SOURCE = /^(https:\/\/\S+|R\d{1,3}[a-z]?)$/;
const HOST = /^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$/;
/** Providers that are a protocol more than a place: their addresses are the connector's. */
const GENERAL = ['oauth2', 'oidc'];

describe('the catalogue', () => {
  it('has a file for each provider and a provider for each file, in order', () => {
    const files = readdirSync(import.meta.dirname).filter((file) => !/^index\.ts$|\.spec\.ts$/.test(file));
    const ids = files.map((file) => file.replace(/\.ts$/, '')).sort();
    expect(CATALOGUE.map(({ id }) => id)).toEqual(ids);
    expect(readdirSync(FIXTURES).sort()).toEqual(ids);
  });

  it('finds by id and nothing else', () => {
    for (const provider of CATALOGUE) expect(findProvider(provider.id)).toBe(provider);
    for (const id of ['', 'Google', '__proto__', 'constructor']) expect(findProvider(id)).toBeUndefined();
  });
});

describe.each(CATALOGUE.map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
  const connector = connectorFor(provider, keyFor(provider.clientAuthentication));
  const upstream = upstreamFor(provider, connector);
  const canRefresh = provider.refresh.kind !== 'none';

  it('leaves nothing to fill in', () => {
    const names = readdirSync(join(FIXTURES, id)).map((file) => file.replace(/\.json$/, ''));
    const texts = [...textsIn(provider), ...names.flatMap((name) => textsIn(readRawFixture(id, name)))];
    expect(texts.filter((text) => text.startsWith('FILL IN'))).toEqual([]);
  });

  it('is named, and says where its documentation is', () => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(id.length).toBeGreaterThan(2);
    expect(provider.name).toMatch(/^\S(.*\S)?$/);
    expect(provider.retires ?? '2026-11-02').toMatch(/^\d{4}-\d{2}-\d{2}$/);
    for (const page of provider.docs) expect(page).toMatch(/^https:\/\/\S+$/);
  });

  it('has a fact for each quirk, and no fact for what it does not say', () => {
    expect(factlessFields(provider)).toEqual([]);
    const known = fieldsOf(provider);
    expect(Object.keys(provider.facts).filter((path) => !pointsAtField(path, known))).toEqual([]);
    for (const { source } of Object.values(provider.facts)) expect(source).toMatch(SOURCE);
  });

  it('has https addresses without strangers’ placeholders, and anchored patterns', () => {
    const templates = Object.values<string>({ ...provider.endpoints });
    if (provider.issuer !== undefined) templates.push(provider.issuer);
    if (provider.issuerFamily) templates.push(provider.issuerFamily.discovery);
    const names = ['clientId', ...Object.keys(provider.parameters ?? {})];
    for (const template of templates) {
      expect(template).toMatch(/^https:\/\/[^\s?#]+(\?[^\s#]+)?$/);
      for (const [, name = ''] of template.matchAll(/\{(\w+)\}/g)) expect(names).toContain(name);
    }
    const patterns = Object.values(provider.parameters ?? {}).map(({ pattern }) => pattern);
    for (const { source, flags } of [...patterns, ...(provider.issuerFamily ? [provider.issuerFamily.pattern] : [])]) {
      expect([source.startsWith('^'), source.endsWith('$'), flags]).toEqual([true, true, '']);
    }
    for (const { example, pattern } of Object.values(provider.parameters ?? {})) expect(example).toMatch(pattern);
  });

  it('lets no parameter turn an address into another', () => {
    for (const { pattern } of Object.values(provider.parameters ?? {})) {
      for (const evil of ['', 'a/b', 'a?b', 'a#b', 'a@b', 'a:b', 'a\\b', 'a b', '..', '{a}', 'a\n']) {
        expect(evil).not.toMatch(pattern);
      }
    }
  });

  it('names the hosts a sign-in visits', () => {
    for (const host of provider.loginHosts) expect(host).toMatch(HOST);
    if (!GENERAL.includes(id) && provider.loginHosts.length === 0) {
      // Only where the host is a parameter of the connector.
      expect(upstream.authorizationEndpoint).not.toBe(provider.endpoints?.authorization);
    }
  });

  it('has at most three hooks', () => {
    expect(Object.keys(provider.hooks ?? {}).length).toBeLessThanOrEqual(3);
  });

  it('can renew as it says', () => {
    const { kind, rotation, graceSeconds, exchangeParameter } = provider.refresh;
    expect(rotation === 'grace').toBe(graceSeconds !== undefined);
    expect(kind === 'exchange').toBe(exchangeParameter !== undefined);
    const request = buildRefresh(upstream, connector, { accessToken: 'at', refreshToken: 'rt', scopes: ASKED }, NOW);
    expect(request !== undefined).toBe(canRefresh);
  });

  it('finds nothing wrong with a connector that gives what it asks for', () => {
    expect(checkConnector(connector)).toEqual([]);
  });

  it('starts a sign-in: scopes, nonce, consent where it is asked for', () => {
    const ask = (consent: boolean) => authorizeParameters(upstream, connector, { nonce: 'made-up', consent });
    const scopes = provider.scopes.default;
    expect(ask(false)[provider.scopes.parameter ?? 'scope']).toBe(
      scopes.length > 0 ? scopes.join(provider.scopes.separator) : undefined,
    );
    expect(ask(false)['nonce']).toBe(provider.protocol === 'oidc' ? 'made-up' : undefined);
    expect(ask(true)).toMatchObject(provider.consentParameters ?? {});
    for (const value of Object.values(ask(true))) expect(typeof value).toBe('string');
  });

  it('exchanges a code', () => {
    const request = buildCodeExchange(upstream, connector, HOP, NOW);
    expect(request).toMatchObject({ method: 'POST', url: upstream.tokenEndpoint });
    expect(request.body).toContain('made-up');
    expect(request.body?.includes('code_verifier')).toBe(provider.pkce === 'S256');
  });

  it('can say who signed in', () => {
    const { from } = provider.identity;
    const request = buildUserinfoRequest(upstream, 'at');
    if (from === 'userinfo') expect(request?.url).toMatch(/^https:/);
    if (from === 'id_token') expect([upstream.issuer, upstream.jwksUri]).not.toContain(null);
    expect(from === 'id_token').toBe(provider.protocol === 'oidc');
  });

  it('revokes if it says so', () => {
    const request = buildRevocation(upstream, connector, { accessToken: 'at', refreshToken: 'rt' }, NOW);
    expect(request !== undefined).toBe(provider.revocation !== undefined && upstream.revocationEndpoint !== null);
    if (!GENERAL.includes(id)) expect(request !== undefined).toBe(provider.revocation !== undefined);
  });

  it.each(canRefresh ? (['success', 'refresh'] as const) : (['success'] as const))(
    'reads its tokens as documented: %s',
    (name) => {
      const { response, expect: expected } = readFixture(id, name);
      const purpose = name === 'success' ? 'code' : 'refresh';
      const { identity, ...tokens } = expected;
      const read = readTokenResponse(upstream, response, ASKED, purpose, NOW);
      expect(read).toMatchObject(tokens);
      const identifies = name === 'success' && provider.identity.from === 'token';
      if (identifies) expect(identity).toBeDefined();
      if (identity !== undefined) expect(readTokenIdentity(upstream, read)).toEqual(identity);
    },
  );

  it('reads its refusal as documented', () => {
    const { response, expect: expected } = readFixture(id, 'error');
    const read = (): unknown => readTokenResponse(upstream, response, ASKED, canRefresh ? 'refresh' : 'code');
    expect(read).toThrow(UpstreamError);
    expect(read).toThrow(expect.objectContaining(expected) as Error);
  });

  if (provider.identity.from === 'userinfo' || provider.identity.profileFrom === 'userinfo') {
    it('reads who signed in as documented', () => {
      const { response, expect: expected } = readFixture(id, 'userinfo');
      expect(readUserinfo(upstream, response)).toEqual(expected);
    });
  }
});

function keyFor(method: string | undefined): string {
  if (method !== 'signed-secret') return 'made-up-secret';
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** All text in a value, however deep. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
