import {
  CHANGE_TENANT,
  GET_TENANT,
  LINK_SUPPORT_CASE,
  LIST_LINKS,
  REVOKE_LINK,
  SIGN_OUT,
} from '@linkbroker/contracts/api';
import { ApiFailure } from './api-failure.js';
import { createCallApi, createReadTagged } from './call-api.js';

interface Sent {
  readonly url: string;
  readonly request: RequestInit;
}

const TENANT = { slug: 'acme', name: 'Acme', timelineDays: 30, createdAt: '2026-01-01T00:00:00.000Z' };
const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', ...headers },
  });

function answering(answer: (signal: AbortSignal) => Response | Promise<Response>) {
  const sent: Sent[] = [];
  const fetch = async (url: string, request: RequestInit): Promise<Response> => {
    sent.push({ url, request });
    return answer(request.signal as AbortSignal);
  };
  return { sent, callApi: createCallApi({ fetch: fetch as typeof globalThis.fetch, csrf: () => 'the-token' }) };
}
const headersOf = ({ request }: Sent): Record<string, string> => request.headers as Record<string, string>;
const failureOf = (call: Promise<unknown>): Promise<ApiFailure> =>
  call.then(
    () => Promise.reject(new Error('it worked')),
    (error: unknown) => error as ApiFailure,
  );

describe('what is sent', () => {
  test('the address is filled in and escaped; what is not given is left out', async () => {
    const { sent, callApi } = answering(() => json({ items: [], next: null }));
    await callApi(LIST_LINKS, { params: { tenant: 'a/b' }, query: { state: 'dead', skill: undefined, cursor: '' } });
    expect([sent[0]?.url, sent[0]?.request.method]).toEqual(['/api/v1/tenants/a%2Fb/links?state=dead', 'GET']);
    expect(headersOf(sent[0]!)).not.toHaveProperty('x-csrf-token');
  });

  test('what changes something carries the token of the session', async () => {
    const { sent, callApi } = answering(() => json(TENANT));
    await callApi(CHANGE_TENANT, { params: { tenant: 'acme' }, body: { name: 'Acme' } });
    expect(headersOf(sent[0]!)).toMatchObject({ 'x-csrf-token': 'the-token', 'content-type': 'application/json' });
    expect(sent[0]?.request.body).toBe('{"name":"Acme"}');
  });
});

describe('what is read to be changed', () => {
  test('comes with its entity tag, which a change then brings along', async () => {
    const sent: Sent[] = [];
    const fetch = (url: string, request: RequestInit): Promise<Response> => {
      sent.push({ url, request });
      return Promise.resolve(json(TENANT, 200, { etag: '"tag-1"' }));
    };
    const needs = { fetch: fetch as typeof globalThis.fetch, csrf: () => 'the-token' };
    const params = { tenant: 'acme' };
    const { answer, tag } = await createReadTagged(needs)(GET_TENANT, { params });
    await createCallApi(needs)(CHANGE_TENANT, { params, body: { name: answer.name }, ifMatch: tag });
    expect(headersOf(sent[0]!)).not.toHaveProperty('if-match');
    expect(headersOf(sent[1]!)).toMatchObject({ 'if-match': '"tag-1"' });
  });
});

describe('what comes back', () => {
  test('is held to the shape of its route', async () => {
    expect(
      await answering(() => json({ ...TENANT, more: 1 })).callApi(GET_TENANT, { params: { tenant: 'acme' } }),
    ).toEqual(TENANT);
    const failure = await failureOf(
      answering(() => json({ slug: 'acme' })).callApi(GET_TENANT, { params: { tenant: 'acme' } }),
    );
    expect([failure.kind, failure.status]).toEqual(['unreadable', 200]);
  });

  test('is a text, or nothing, where the route says so', async () => {
    expect(await answering(() => new Response('a case')).callApi(LINK_SUPPORT_CASE, { params: { link: 'x' } })).toBe(
      'a case',
    );
    const nothing = answering(() => new Response(null, { status: 204 }));
    expect(await Promise.all([nothing.callApi(SIGN_OUT, {})])).toEqual([undefined]);
  });
});

describe('what went wrong', () => {
  const revoke = (answer: (signal: AbortSignal) => Response | Promise<Response>, signal?: AbortSignal) =>
    failureOf(
      answering(answer).callApi(REVOKE_LINK, { params: { tenant: 'acme', link: 'x' }, body: { reason: 'r' } }, signal),
    );

  test('is a problem with its fields and when to try again', async () => {
    const body = { detail: 'Wrong.', errors: [{ field: 'body.reason', message: 'is too long' }, { field: 1 }] };
    const failure = await revoke(() => json(body, 429, { 'retry-after': '30' }));
    expect(failure).toMatchObject({
      ...{ kind: 'problem', status: 429, detail: 'Wrong.', retryAfter: 30, passes: true },
      errors: [{ field: 'body.reason', message: 'is too long' }],
    });
  });

  test('says nothing of what a proxy in between has sent', async () => {
    const failure = await revoke(
      () => new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } }),
    );
    expect([failure.kind, failure.detail, failure.passes]).toEqual(['unreadable', '', true]);
  });

  test('is a connection that is away, or an answer that is no JSON', async () => {
    expect((await revoke(() => Promise.reject(new TypeError('fetch failed')))).kind).toBe('offline');
    expect((await revoke(() => new Response('{', { status: 200 }))).kind).toBe('unreadable');
  });

  test('a call that its caller gave up is no failure of the API', async () => {
    const caller = new AbortController();
    const given = revoke(
      (signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      caller.signal,
    );
    caller.abort();
    expect(await given).not.toBeInstanceOf(ApiFailure);
  });
});
