import { expect, test } from '@jest/globals';
import { describeAnswer, judgeAnswer } from './judge-answer.mjs';

const pair = { access_token: 'a', refresh_token: 'r', token_type: 'Bearer', expires_in: 3_600 };
const released = { access_token: 'a', issued_token_type: 't', expires_in: 12 };
const answer = (status, body, headers = {}) => ({
  status,
  headers,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});

test.each([
  ['refresh', answer(200, pair), 'ok'],
  ['refresh', answer(200, { ...pair, refresh_token: undefined }), 'wrong'],
  ['refresh', answer(200, { ...pair, expires_in: 100 }), 'wrong'],
  ['refresh', answer(503, { error: 'temporarily_unavailable' }, { 'retry-after': '2' }), 'unavailable'],
  ['refresh', answer(503, { error: 'temporarily_unavailable' }), 'wrong'],
  ['refresh', answer(503, '<html>', { 'retry-after': '2' }), 'wrong'],
  ['refresh', answer(400, { error: 'invalid_grant' }), 'verdict'],
  ['refresh', answer(401, { error: 'invalid_client' }), 'wrong'],
  ['refresh', answer(500, {}), 'wrong'],
  ['refresh', answer(0, ''), 'cut'],
  ['exchange', answer(200, released), 'ok'],
  ['exchange', answer(200, { ...released, expires_in: -1 }), 'wrong'],
  ['exchange', answer(400, { error: 'invalid_grant', link_state: 'at_risk' }), 'verdict'],
  ['userinfo', answer(200, { sub: 'x' }), 'ok'],
  ['userinfo', answer(401, { error: 'invalid_token' }), 'verdict'],
  ['userinfo', answer(200, 'half an ans'), 'wrong'],
])('%s %j is %s', (what, given, expected) => {
  expect(judgeAnswer(what, given)).toBe(expected);
});

test('an answer is described without a token', () => {
  expect(describeAnswer(answer(200, pair))).toBe('200 access_token refresh_token token_type expires_in');
  expect(describeAnswer(answer(400, { error: 'invalid_grant', link_state: 'dead' }))).toBe('400 invalid_grant dead');
  expect(describeAnswer(answer(502, '<html>'))).toBe('502');
});
