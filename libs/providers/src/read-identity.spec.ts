import { upstreamWith } from '../test/upstreams.js';
import { buildUserinfoRequest } from './build-userinfo-request.js';
import { readCallbackProfile, readTokenIdentity, readUserinfo } from './read-identity.js';
import { UpstreamError } from './upstream-error.js';
import type { UpstreamProvider } from './upstream-provider.js';

const PROFILE = { name: 'name|login', email: 'email', picture: 'picture', locale: 'locale' };
const withSubject = (...subject: [string, ...string[]]) =>
  upstreamWith({ identity: { from: 'userinfo', subject, profile: PROFILE } });
const answer = (json: unknown, status = 200) => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(json),
});

describe('readUserinfo', () => {
  it.each<[string, [string, ...string[]], unknown, string]>([
    ['text', ['sub'], { sub: 'a' }, 'a'],
    ['a number', ['id'], { id: 583231 }, '583231'],
    ['zero', ['id'], { id: 0 }, '0'],
    ['the first of alternatives that is there', ['sub|id|user_id'], { sub: null, id: '', user_id: 7 }, '7'],
    ['a nested one', ['data.user.id'], { data: { user: { id: 'x' } } }, 'x'],
    ['one in a list', ['data.0.id'], { data: [{ id: 'x' }] }, 'x'],
    ['several, joined', ['team.id', 'user.id'], { team: { id: 'T' }, user: { id: 'U' } }, 'T:U'],
  ])('finds a subject that is %s', (_, subject, json, expected) => {
    expect(readUserinfo(withSubject(...subject), answer(json)).subject).toBe(expected);
  });

  it.each<[string, unknown]>([
    ['nobody', {}],
    ['nothing', null],
    ['half of somebody', { team: { id: 'T' } }],
    ['a fraction', { team: { id: 1.5 }, user: { id: 'U' } }],
    ['a number that JSON cannot carry', { team: { id: 2 ** 53 }, user: { id: 'U' } }],
    ['an object', { team: { id: {} }, user: { id: 'U' } }],
    ['a truth', { team: { id: true }, user: { id: 'U' } }],
    ['more than a column holds', { team: { id: 'T' }, user: { id: 'U'.repeat(254) } }],
    ['what no database takes', { team: { id: 'T' }, user: { id: 'U\u0000' } }],
    ['half a character', { team: { id: 'T' }, user: { id: '\uD800' } }],
  ])('refuses an answer that names %s', (_, json) => {
    expect(() => readUserinfo(withSubject('team.id', 'user.id'), answer(json))).toThrow(
      expect.objectContaining({ name: 'UpstreamError', failure: 'misconfigured' }) as Error,
    );
  });

  it('reads of the profile what fits', () => {
    const json = { sub: 'a', login: 'alice', email: 7, picture: 'http://plain.example/a.png', locale: 'en' };
    expect(readUserinfo(withSubject('sub'), answer(json)).profile).toEqual({ name: 'alice', locale: 'en' });
    const long = { sub: 'a', name: 'x'.repeat(201), email: 'a\nb', picture: 'https://pic.example/a.png' };
    expect(readUserinfo(withSubject('sub'), answer(long)).profile).toEqual({ picture: 'https://pic.example/a.png' });
  });

  it('holds an answer to the subject of the id_token', () => {
    expect(readUserinfo(withSubject('sub'), answer({ sub: 'a', name: 'Alice' }), 'a')).toEqual({
      subject: 'a',
      profile: { name: 'Alice' },
    });
    expect(readUserinfo(withSubject('sub'), answer({ name: 'Alice' }), 'a').subject).toBe('a');
    expect(() => readUserinfo(withSubject('sub'), answer({ sub: 'b' }), 'a')).toThrow('somebody else');
  });

  it.each([
    [401, {}, 'rejected'],
    [403, { error: 'insufficient_scope' }, 'rejected'],
    [200, { error: 'missing_scope' }, 'rejected'],
    [302, {}, 'misconfigured'],
    [429, {}, 'unavailable'],
    [502, { sub: 'a' }, 'unavailable'],
  ])('is refused with %d %j as %s', (status, json, failure) => {
    expect(() => readUserinfo(withSubject('sub'), answer(json, status))).toThrow(
      expect.objectContaining({ name: 'UpstreamError', failure }) as Error,
    );
  });

  it('takes no signed or other answer for JSON', () => {
    const jwt = { status: 200, contentType: 'application/jwt', body: 'eyJ.made.up' };
    expect(() => readUserinfo(withSubject('sub'), jwt)).toThrow(UpstreamError);
  });
});

describe('readTokenIdentity', () => {
  it('finds who signed in in the token answer', () => {
    const upstream = upstreamWith({
      identity: { from: 'token', subject: ['user.id'], profile: { name: 'user.name' } },
    });
    const tokens = { answer: { user: { id: 7, name: 'Alice' } } };
    expect(readTokenIdentity(upstream, tokens)).toEqual({ subject: '7', profile: { name: 'Alice' } });
    expect(() => readTokenIdentity(upstream, { answer: {} })).toThrow(UpstreamError);
  });
});

describe('readCallbackProfile', () => {
  const upstream = upstreamWith({
    identity: {
      from: 'id_token',
      subject: ['sub'],
      callbackProfile: { name: ['name.firstName', 'name.lastName'], email: 'email' },
    },
  });

  it.each([
    [
      'both names',
      '{"name":{"firstName":"Alice","lastName":"Example"},"email":"a@b.example"}',
      {
        name: 'Alice Example',
        email: 'a@b.example',
      },
    ],
    ['one name', '{"name":{"lastName":"Example"}}', { name: 'Example' }],
    ['garbage', '{"name":', {}],
    ['a list', '[]', {}],
    ['too much', `{"email":"${'x'.repeat(5_000)}"}`, {}],
    ['nothing', undefined, {}],
  ])('of %s', (_, user, profile) => {
    expect(readCallbackProfile(upstream, { user })).toEqual(profile);
  });

  it('is empty where the provider sends none, whatever the browser sends', () => {
    expect(readCallbackProfile(upstreamWith(), { user: '{"email":"a@b.example"}' })).toEqual({});
  });
});

describe('buildUserinfoRequest', () => {
  const requestOf = (
    identity: UpstreamProvider['identity'],
    userinfoEndpoint: string | null = 'https://a.example/me',
  ) => buildUserinfoRequest(upstreamWith({ identity }, { userinfoEndpoint }), 'at');

  it('asks as RFC 6750 §2.1 says', () => {
    expect(requestOf({ from: 'userinfo', subject: ['sub'] })).toEqual({
      method: 'GET',
      url: 'https://a.example/me',
      headers: { accept: 'application/json', authorization: 'Bearer at' },
    });
  });

  it('asks the way the provider wants it', () => {
    const userinfo = {
      method: 'POST',
      headers: { accept: 'a/b', 'user-agent': 'x' },
      query: { fields: 'id' },
    } as const;
    expect(requestOf({ from: 'userinfo', subject: ['sub'], userinfo })).toEqual({
      method: 'POST',
      url: 'https://a.example/me',
      headers: {
        accept: 'a/b',
        authorization: 'Bearer at',
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'x',
      },
      body: 'fields=id',
    });
    const query = { from: 'userinfo', subject: ['sub'], userinfo: { query: { fields: 'id,name' } } } as const;
    expect(requestOf(query, 'https://a.example/me?v=1')?.url).toBe('https://a.example/me?v=1&fields=id%2Cname');
  });

  it('asks for a profile that no id_token has, if it can', () => {
    const identity = { from: 'id_token', subject: ['sub'], profileFrom: 'userinfo' } as const;
    expect(requestOf(identity)).toBeDefined();
    expect(requestOf(identity, null)).toBeUndefined();
  });

  it.each(['id_token', 'token'] as const)('does not ask where the %s says it', (from) => {
    expect(requestOf({ from, subject: ['sub'] })).toBeUndefined();
  });
});
