import { findUser } from '../../upstream/users.js';
import type { Grant } from '../ledger.js';

/** Google's subjects are decimal numbers too large for a JavaScript number. */
const subjects: Readonly<Record<string, string>> = {
  alice: '110169484474386276334',
  bob: '108204268033311374519',
};

/** What Google says of the user of a grant, in id_tokens and at userinfo. */
export function claimsOf(grant: Grant): Record<string, string | boolean> {
  const user = findUser(grant.account.username);
  if (!user) throw new Error('a grant of nobody');
  const has = (end: string) => grant.scope.some((scope) => scope.endsWith(`/userinfo.${end}`));
  const [given = '', family = ''] = user.name.split(' ');
  return {
    sub: subjects[user.username] ?? user.sub,
    ...(has('profile') ? { name: user.name, given_name: given, family_name: family } : {}),
    ...(has('email') ? { email: user.email, email_verified: true } : {}),
  };
}
