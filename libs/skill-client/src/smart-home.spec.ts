import { discover, turnOn } from '../test/requests.js';
import type { Problem } from './results.js';
import { bearerTokenOf, errorResponseFor } from './smart-home.js';

const PROBLEMS: readonly Problem[] = [
  { kind: 'not-linked' },
  { kind: 'link-dead' },
  { kind: 'link-at-risk' },
  { kind: 'unavailable', retryAfterSeconds: 2, reason: 'no answer' },
  { kind: 'misconfigured', reason: 'the broker answered 401 invalid_client' },
];
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const DISCOVER = discover('discovering');
const ACCEPT_GRANT = {
  directive: {
    header: { namespace: 'Alexa.Authorization', name: 'AcceptGrant', payloadVersion: '3', messageId: 'm' },
    payload: {
      grant: { type: 'OAuth2.AuthorizationCode', code: 'ANUb' },
      grantee: { type: 'BearerToken', token: 'granting' },
    },
  },
};

describe('the token of a directive', () => {
  it.each([
    ['TurnOn', turnOn('turning'), 'turning'],
    ['Discover', DISCOVER, 'discovering'],
    ['AcceptGrant', ACCEPT_GRANT, 'granting'],
    ['TurnOn without one', turnOn(), undefined],
  ])('of %s', (_, request, token) => {
    expect(bearerTokenOf(request)).toBe(token);
  });

  it('is a bearer token and nothing else', () => {
    const request = {
      directive: { ...turnOn().directive, endpoint: { scope: { type: 'DirectedUserId', token: 'x' } } },
    };
    expect(bearerTokenOf(request)).toBeUndefined();
  });
});

describe('an error', () => {
  it('has the shape that Alexa wants', () => {
    const { event } = errorResponseFor({ kind: 'link-dead' }, turnOn('hunter2'));
    expect(event).toEqual({
      header: {
        namespace: 'Alexa',
        name: 'ErrorResponse',
        messageId: expect.stringMatching(UUID_V4) as string,
        correlationToken: 'dFMb0z+PgpgdDmluhJ1LddFvSqZ/jCc8ptlAKulUj90jSqg==',
        payloadVersion: '3',
      },
      endpoint: { endpointId: 'appliance-001' },
      payload: { type: 'INVALID_AUTHORIZATION_CREDENTIAL', message: expect.any(String) as string },
    });
    expect(JSON.stringify(event)).not.toContain('hunter2');
  });

  it('has an id of its own each time', () => {
    const ids = PROBLEMS.map((problem) => errorResponseFor(problem, turnOn()).event.header.messageId);
    expect(new Set(ids).size).toBe(PROBLEMS.length);
  });

  it('unlinks for a dead link and for nothing else', () => {
    const types = PROBLEMS.map((problem) => {
      const { payload } = errorResponseFor(problem, turnOn('t')).event;
      return 'type' in payload ? [problem.kind, payload.type] : [];
    });
    expect(types).toEqual([
      ['not-linked', 'INTERNAL_ERROR'],
      ['link-dead', 'INVALID_AUTHORIZATION_CREDENTIAL'],
      ['link-at-risk', 'BRIDGE_UNREACHABLE'],
      ['unavailable', 'BRIDGE_UNREACHABLE'],
      ['misconfigured', 'INTERNAL_ERROR'],
    ]);
  });

  it('leaves out what the directive does not have', () => {
    const request = { directive: { header: { namespace: 'Alexa', name: 'ReportState' } } };
    const { event } = errorResponseFor({ kind: 'not-linked' }, request);
    expect(event.header).not.toHaveProperty('correlationToken');
    expect(event).not.toHaveProperty('endpoint');
  });

  it.each(PROBLEMS)('of a discovery is an empty list: $kind', (problem) => {
    const { event } = errorResponseFor(problem, DISCOVER);
    expect(event).toEqual({
      header: {
        namespace: 'Alexa.Discovery',
        name: 'Discover.Response',
        messageId: expect.stringMatching(UUID_V4) as string,
        payloadVersion: '3',
      },
      payload: { endpoints: [] },
    });
  });

  it.each(PROBLEMS)('of AcceptGrant is its own: $kind', (problem) => {
    const { event } = errorResponseFor(problem, ACCEPT_GRANT);
    expect(event.header).toMatchObject({ namespace: 'Alexa.Authorization', name: 'ErrorResponse' });
    expect(event.payload).toMatchObject({ type: 'ACCEPT_GRANT_FAILED' });
  });
});
