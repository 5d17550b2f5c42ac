import { OAuthError } from './oauth-error.js';
import { parseParameters } from './parameters.js';
import { parseReciprocalRequest } from './reciprocal-request.js';

const GOOD = 'grant_type=reciprocal_authorization_code&client_id=alexa&code=ANUb%7Cx';

test('the code is read, form-decoded, whatever else is sent', () => {
  expect(parseReciprocalRequest(parseParameters(`${GOOD}&future=1&future=2`))).toEqual({ code: 'ANUb|x' });
});

test.each([
  ['', 'invalid_request', 'grant_type is missing'],
  ['grant_type=&code=x', 'invalid_request', 'grant_type is missing'],
  ['grant_type=authorization_code&code=x', 'unsupported_grant_type', 'reciprocal_authorization_code'],
  ['grant_type=Reciprocal_authorization_code&code=x', 'unsupported_grant_type', 'reciprocal_authorization_code'],
  ['grant_type=reciprocal_authorization_code', 'invalid_request', 'code is missing'],
  ['grant_type=reciprocal_authorization_code&code=', 'invalid_request', 'code is missing'],
  ['grant_type=reciprocal_authorization_code&code=%zz', 'invalid_request', 'code cannot be decoded'],
  [`grant_type=reciprocal_authorization_code&code=${'x'.repeat(2_049)}`, 'invalid_request', 'code is too long'],
  [`${GOOD}&code=other`, 'invalid_request', 'code is given more than once'],
  [`${GOOD}&client_id=other`, 'invalid_request', 'client_id is given more than once'],
])('%s is refused', (body, code, description) => {
  const parse = (): unknown => parseReciprocalRequest(parseParameters(body));
  expect(parse).toThrow(OAuthError);
  expect(parse).toThrow(expect.objectContaining({ code, status: 400 }) as Error);
  expect(parse).toThrow(description);
});
