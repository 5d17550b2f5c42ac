import { OAuthError } from './oauth-error.js';
import { malformedParameters, parameter, repeatedParameters, type Parameters } from './parameters.js';

/** The grant type by which Alexa brings a code of Login with Amazon. @see R175 */
export const RECIPROCAL_CODE = 'reciprocal_authorization_code';

const NAMES = ['grant_type', 'code', 'client_id', 'client_secret'];
/** Characters of a code worth reading; Amazon's tokens have at most 2,048 octets (R160). */
const LONGEST_CODE = 2_048;

const refuse = (description: string): OAuthError => new OAuthError('invalid_request', description);

/**
 * The code of Login with Amazon in a reciprocal authorization. Unknown parameters are ignored.
 * @throws OAuthError `invalid_request` or `unsupported_grant_type`
 * @see R175 R176
 */
export function parseReciprocalRequest(body: Parameters): { readonly code: string } {
  const [repeated] = repeatedParameters(body, NAMES);
  if (repeated) throw refuse(`${repeated} is given more than once.`);
  const [malformed] = malformedParameters(body, NAMES);
  if (malformed) throw refuse(`${malformed} cannot be decoded.`);
  const grantType = parameter(body, 'grant_type');
  if (grantType === undefined) throw refuse('grant_type is missing.');
  if (grantType !== RECIPROCAL_CODE) {
    throw new OAuthError('unsupported_grant_type', `grant_type must be ${RECIPROCAL_CODE}.`);
  }
  const code = parameter(body, 'code');
  if (code === undefined) throw refuse('code is missing.');
  if (code.length > LONGEST_CODE) throw refuse('code is too long.');
  return { code };
}
