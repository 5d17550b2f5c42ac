import { ALEXA_LIMITS, isVendorId, REDIRECT_HOSTS } from '@linkbroker/alexa';
import { fail, notApplicable, pass, warn, type Check, type Outcome } from '../check.js';
import { isExactHost, type Target } from '../target.js';

/** Whether a redirect URI stands on one of Alexa's hosts. */
export function isAlexaHost(redirectUri: string): boolean {
  return REDIRECT_HOSTS.some((host) => host === new URL(redirectUri).hostname);
}

function checkRedirectUri({ redirectUri }: Target): Outcome {
  if (!isAlexaHost(redirectUri)) return warn(`${redirectUri} is not one of Alexa's: this run says nothing about those`);
  const vendorId = /^https:\/\/[a-z.]+\/api\/skill\/link\/([^/?#]+)$/.exec(redirectUri)?.[1];
  if (vendorId === undefined) return fail('it does not have the form https://HOST/api/skill/link/VENDOR_ID');
  if (isVendorId(vendorId)) return pass(`it ends in the vendor id ${vendorId}`);
  return fail('it does not end in a vendor id: M and capital letters and digits');
}

function checkDomainNames({ domains = [] }: Target): Outcome {
  if (domains.length === 0) return notApplicable('the target names no domains');
  const wrong = domains.filter((domain) => !isExactHost(domain));
  return wrong.length === 0 ? pass(`${domains.length} hosts`) : fail(`no exact hosts: ${wrong.join(', ')}`);
}

function checkDomainCount({ domains = [] }: Target): Outcome {
  const says = `${domains.length} of ${ALEXA_LIMITS.maxDomains}`;
  return domains.length <= ALEXA_LIMITS.maxDomains ? pass(says) : fail(says);
}

function checkScopes({ scope }: Target): Outcome {
  const count = scope.split(' ').filter(Boolean).length;
  if (count > ALEXA_LIMITS.maxScopes) return fail(`${count} scopes, ${ALEXA_LIMITS.maxScopes} are allowed`);
  return count === 0 ? warn('no scope: a smart home skill needs one') : pass(`${count} of ${ALEXA_LIMITS.maxScopes}`);
}

function checkOwnQuery({ authorizeUrl }: Target): Outcome {
  const names = [...new URL(authorizeUrl).searchParams.keys()];
  return names.length === 0 ? pass('it has none') : fail(`it has ${names.join(', ')}`);
}

function checkCredentials({ scheme, clientId, clientSecret }: Target): Outcome {
  if (scheme !== 'HTTP_BASIC') return notApplicable('the credentials stand in the body');
  const plain = /^[A-Za-z0-9._~-]+$/;
  if (plain.test(clientId) && plain.test(clientSecret)) return pass('no character that would need encoding');
  return warn('client id or secret hold characters that may be encoded or not before Base64');
}

const check = (
  name: string,
  rule: string,
  title: string,
  remedy: string,
  look: (target: Target) => Outcome,
): Check => ({
  name,
  rule,
  title,
  remedy,
  run: ({ target }) => look(target),
});

/** What the console's fields say, without asking anybody. */
export const CONFIGURATION_CHECKS: readonly Check[] = [
  check(
    'redirect-uri',
    'R21',
    "The redirect URI is one of Alexa's, with the vendor id",
    'Copy the three Alexa Redirect URLs from the Account Linking page of the developer console; they end in the vendor id, not in the skill id.',
    checkRedirectUri,
  ),
  check(
    'own-query',
    'R32',
    'The authorization address has no query of its own',
    'Put what the server needs into the path; parameters of the address were seen twice or lost.',
    checkOwnQuery,
  ),
  check(
    'domain-names',
    'R53',
    'Each entry of the domain list is one exact host',
    'Write hosts without scheme, path, port and wildcard; a domain does not cover its subdomains.',
    checkDomainNames,
  ),
  check(
    'domain-count',
    'R54',
    'The domain list has at most 15 entries',
    'Serve what the page needs from fewer hosts, best from its own.',
    checkDomainCount,
  ),
  check(
    'scopes',
    'R130',
    'There are at most 15 scopes, and one at least for smart home skills',
    'Reduce the scopes of the skill, or name one.',
    checkScopes,
  ),
  check(
    'credentials',
    'R67',
    'Client id and secret are the same in every encoding',
    'Use letters, digits, and . _ ~ - in generated ids and secrets.',
    checkCredentials,
  ),
];
