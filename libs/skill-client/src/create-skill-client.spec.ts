import { inspect } from 'node:util';
import { closeAll, contract, credentialsOf, CREDENTIALS, json, startBroker } from '../test/fake-broker.js';
import { createSkillClient, type SkillClientOptions } from './create-skill-client.js';

afterEach(closeAll);

const client = (brokerUrl: string, changes: Partial<SkillClientOptions> = {}) =>
  createSkillClient({ brokerUrl, ...CREDENTIALS, ...changes });

describe('an upstream token', () => {
  it('comes for the access token that Alexa sent, with the credentials of the backend', async () => {
    const { url, asked } = await startBroker();
    expect(await client(url).upstreamToken('good')).toEqual({
      kind: 'token',
      accessToken: 'upstream-of-good',
      expiresIn: 3600,
      scope: 'lights',
    });
    expect(asked[0]?.form.get('subject_token')).toBe('good');
  });

  it.each([
    ['dead', { kind: 'link-dead' }],
    ['at-risk', { kind: 'link-at-risk' }],
    ['void', { kind: 'not-linked' }],
    ['sick', { kind: 'unavailable', retryAfterSeconds: 2, reason: 'the broker answered 503' }],
    ['else', { kind: 'misconfigured', reason: 'the broker answered 400 invalid_request' }],
  ])('%s: there is none, and why', async (token, result) => {
    const { url } = await startBroker();
    expect(await client(url).upstreamToken(token)).toEqual(result);
  });

  it.each([undefined, '', 'a b', 'a\r\nb', 'ä'])('%j is no token, and nobody is asked', async (token) => {
    const { url, asked } = await startBroker();
    expect(await client(url).upstreamToken(token)).toEqual({ kind: 'not-linked' });
    expect(await client(url).userinfo(token)).toEqual({ kind: 'not-linked' });
    expect(asked).toHaveLength(0);
  });

  it('needs the right secret', async () => {
    const { url } = await startBroker();
    expect(await client(url, { clientSecret: 'wrong' }).upstreamToken('good')).toEqual({
      kind: 'misconfigured',
      reason: 'the broker answered 401 invalid_client',
    });
  });
});

describe('userinfo', () => {
  it.each([
    ['good', { kind: 'userinfo', userinfo: { sub: 'link-1', name: 'Alice' } }],
    ['void', { kind: 'not-linked' }],
    ['sick', { kind: 'unavailable', retryAfterSeconds: 2, reason: 'the broker answered 503' }],
  ])('of %s', async (token, result) => {
    const { url } = await startBroker();
    expect(await client(url).userinfo(token)).toEqual(result);
  });
});

describe('introspection', () => {
  it.each([
    ['good', { kind: 'active', sub: 'link-1', scope: 'lights', expiresAt: 1_800_000_000_000 }],
    ['void', { kind: 'inactive' }],
  ])('of %s', async (token, result) => {
    const { url } = await startBroker();
    expect(await client(url).introspect(token)).toEqual(result);
  });
});

describe('what is not the broker’s own word says nothing about the link', () => {
  const html = '<html>invalid_grant</html>';
  it.each<[string, Parameters<typeof startBroker>[0], object]>([
    ['a page', (r) => r.writeHead(200, { 'content-type': 'text/html' }).end(html), { kind: 'unavailable' }],
    ['a page with 400', (r) => r.writeHead(400, { 'content-type': 'text/html' }).end(html), { kind: 'misconfigured' }],
    ['a page with 502', (r) => r.writeHead(502, { 'content-type': 'text/html' }).end(html), { kind: 'unavailable' }],
    [
      'half an object',
      (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"acc'),
      { kind: 'unavailable' },
    ],
    ['a list', (r) => json(r, 200, [1]), { kind: 'unavailable' }],
    ['null', (r) => json(r, 200, null), { kind: 'unavailable' }],
    ['no token', (r) => json(r, 200, { expires_in: 3600 }), { kind: 'unavailable' }],
    ['an empty token', (r) => json(r, 200, { access_token: '', expires_in: 3600 }), { kind: 'unavailable' }],
    ['a token that is a number', (r) => json(r, 200, { access_token: 1, expires_in: 3600 }), { kind: 'unavailable' }],
    ['no lifetime', (r) => json(r, 200, { access_token: 'x' }), { kind: 'unavailable' }],
    ['a lifetime in words', (r) => json(r, 200, { access_token: 'x', expires_in: '3600' }), { kind: 'unavailable' }],
    [
      'an endless lifetime',
      (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"x","expires_in":1e999}'),
      { kind: 'unavailable' },
    ],
    ['too much', (r) => json(r, 200, { access_token: 'x'.repeat(70_000), expires_in: 3600 }), { kind: 'unavailable' }],
    ['invalid_grant with 401', (r) => json(r, 401, { error: 'invalid_grant' }), { kind: 'misconfigured' }],
    ['invalid_grant with 500', (r) => json(r, 500, { error: 'invalid_grant' }), { kind: 'unavailable' }],
    [
      'invalid_grant as text',
      (r) => r.writeHead(400, { 'content-type': 'text/plain' }).end('{"error":"invalid_grant"}'),
      { kind: 'misconfigured' },
    ],
    [
      'a way to repair it',
      (r) => json(r, 400, { error: 'invalid_grant', link_state: 'at_risk', repair_uri: 'https://broker/repair/x' }),
      { kind: 'link-at-risk', repairUri: 'https://broker/repair/x' },
    ],
    [
      'a state of the future',
      (r) => json(r, 400, { error: 'invalid_grant', link_state: 'dormant' }),
      { kind: 'link-at-risk' },
    ],
    [
      'too many requests',
      (r) => json(r, 429, {}, { 'retry-after': '30' }),
      { kind: 'unavailable', retryAfterSeconds: 30 },
    ],
    ['a pause without end', (r) => json(r, 503, {}, { 'retry-after': '999999' }), { retryAfterSeconds: 3600 }],
    [
      'a pause that is a date',
      (r) => json(r, 503, {}, { 'retry-after': 'Fri, 31 Dec 2027 23:59:59 GMT' }),
      { retryAfterSeconds: 5 },
    ],
    ['nothing there', (r) => r.writeHead(404).end(), { kind: 'misconfigured', reason: 'the broker answered 404' }],
    [
      'an error that quotes',
      (r) => json(r, 400, { error: 'hunter2 HUNTER2' }),
      { kind: 'misconfigured', reason: 'the broker answered 400' },
    ],
  ])('%s', async (_, behave, result) => {
    const { url } = await startBroker(behave);
    expect(await client(url).upstreamToken('good')).toMatchObject(result);
  });

  it('a redirect is not followed, least of all with the credentials', async () => {
    const elsewhere = await startBroker();
    const { url } = await startBroker((r) => r.writeHead(307, { location: elsewhere.url }).end());
    expect(await client(url).upstreamToken('good')).toMatchObject({ kind: 'misconfigured' });
    expect(elsewhere.asked).toHaveLength(0);
  });
});

describe('the deadline', () => {
  it.each<[string, Parameters<typeof startBroker>[0]]>([
    ['never answers', () => undefined],
    ['never ends its answer', (r) => r.writeHead(200, { 'content-type': 'application/json' }).write('{')],
  ])('ends the question to a broker that %s', async (_, behave) => {
    const { url, asked } = await startBroker(behave);
    const start = performance.now();
    const result = await client(url, { timeoutMs: 150 }).upstreamToken('good');
    expect(result).toEqual({ kind: 'unavailable', retryAfterSeconds: 5, reason: 'no answer in time' });
    expect(performance.now() - start).toBeLessThan(1_500);
    expect(asked).toHaveLength(1);
  });

  it('is well below what Alexa waits, and above what the broker takes', async () => {
    const { url, server } = await startBroker(() => undefined);
    const began = performance.now();
    const result = client(url).upstreamToken('good');
    expect(await result).toMatchObject({ kind: 'unavailable' });
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(3_500);
    expect(took).toBeLessThan(6_000);
    server.closeAllConnections();
  });
});

describe('a connection', () => {
  it('that breaks is tried once more, as after a sleep of the function', async () => {
    const { url, asked } = await startBroker((response, one, count) =>
      count === 2 ? response.socket?.destroy() : contract(response, one, count),
    );
    const skill = client(url, { cacheSize: 0 });
    for (let count = 1; count <= 2; count += 1) {
      expect(await skill.upstreamToken('good')).toMatchObject({ kind: 'token' });
    }
    expect(asked).toHaveLength(3);
  });

  it('that breaks each time is tried twice', async () => {
    const { url, asked } = await startBroker((response) => response.socket?.resetAndDestroy());
    expect(await client(url).upstreamToken('good')).toEqual({
      kind: 'unavailable',
      retryAfterSeconds: 5,
      reason: 'no answer',
    });
    expect(asked).toHaveLength(2);
  });

  it('that nobody takes is unavailable', async () => {
    const { url, server } = await startBroker();
    await new Promise((resolve) => server.close(resolve));
    const result = await client(url).upstreamToken('good');
    expect(result).toMatchObject({ kind: 'unavailable', reason: 'no answer' });
  });
});

describe('the options', () => {
  it.each([
    ['http://link.example.com', 'https address'],
    ['ftp://link.example.com', 'https address'],
    ['link.example.com', 'https address'],
    ['', 'https address'],
    ['http://localhost.example.com', 'https address'],
    ['https://user:hunter2@link.example.com', 'credentials'],
  ])('the address %j is refused', (brokerUrl, reason) => {
    expect(() => client(brokerUrl)).toThrow(reason);
    expect(() => client(brokerUrl)).not.toThrow('hunter2');
  });

  it.each([{ clientId: '' }, { clientSecret: '' }])('%j is refused', (changes) => {
    expect(() => client('https://link.example.com', changes)).toThrow(TypeError);
  });

  it('are not told by the client', () => {
    const skill = client('https://link.example.com', { clientSecret: 'hunter2' });
    expect(inspect(skill, { depth: 9, showHidden: true })).not.toContain('hunter2');
  });

  it('may bring another fetch', async () => {
    const { url } = await startBroker();
    const urls: string[] = [];
    const fetch: typeof globalThis.fetch = (input, init) => {
      urls.push(input as string);
      return globalThis.fetch(input, init);
    };
    expect(await client(url, { fetch }).upstreamToken('good')).toMatchObject({ kind: 'token' });
    expect(urls).toEqual([`${url}/oauth/token`]);
  });
});

describe('AcceptGrant', () => {
  const request = {
    directive: {
      header: { namespace: 'Alexa.Authorization', name: 'AcceptGrant', messageId: 'm', payloadVersion: '3' },
      payload: { grant: { type: 'OAuth2.AuthorizationCode', code: 'c' }, grantee: { type: 'BearerToken', token: 't' } },
    },
  };
  const accepted = { event: { header: { name: 'AcceptGrant.Response' }, payload: {} } };

  it('is handed on as it came, to the address of the skill, and answered as the broker says', async () => {
    const broker = await startBroker((response) => json(response, 200, accepted));
    const client = createSkillClient({ brokerUrl: broker.url, ...CREDENTIALS, alexaClientId: 'alexa lights' });
    expect(await client.acceptGrant(request)).toEqual(accepted);
    expect(broker.asked).toMatchObject([{ method: 'POST', path: '/alexa/alexa%20lights/directives' }]);
    expect(credentialsOf(broker.asked[0]!)).toEqual([CREDENTIALS.clientId, CREDENTIALS.clientSecret]);
  });

  it.each([
    ['the broker is away', 503, { error: 'temporarily_unavailable' }],
    ['the broker does not know the client', 401, { error: 'invalid_client' }],
    ['something else answers', 200, { hello: 'world' }],
  ])('is answered with its own error where %s', async (_, status, body) => {
    const broker = await startBroker((response) => json(response, status, body));
    const client = createSkillClient({ brokerUrl: broker.url, ...CREDENTIALS, alexaClientId: 'alexa-lights' });
    expect(await client.acceptGrant(request)).toMatchObject({
      event: {
        header: { namespace: 'Alexa.Authorization', name: 'ErrorResponse' },
        payload: { type: 'ACCEPT_GRANT_FAILED' },
      },
    });
  });

  it('needs the skill’s own client id', async () => {
    const broker = await startBroker();
    const client = createSkillClient({ brokerUrl: broker.url, ...CREDENTIALS });
    expect(await client.acceptGrant(request)).toMatchObject({ event: { payload: { type: 'ACCEPT_GRANT_FAILED' } } });
    expect(broker.asked).toEqual([]);
  });
});
