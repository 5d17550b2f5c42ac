import { z } from 'zod';
import type { ApiRoute } from './api-route.js';
import { ROLES } from './permissions.js';

/** Sizes in characters. A password's upper bound keeps its hash from being work without end. */
export const PASSWORD_LENGTH = { least: 12, most: 128 };

const presented = z.string().min(1).max(200);
export const loginName = z
  .email('must be an e-mail address: it is only a name to sign in with')
  .max(200)
  .transform((text) => text.toLowerCase());
export const displayName = z.string().trim().min(1).max(80);
export const newPassword = z.string().min(PASSWORD_LENGTH.least).max(PASSWORD_LENGTH.most);
/** What a browser's WebAuthn call gives, as JSON. @see Web Authentication Level 3 §5.1 */
const credential = z.looseObject({ id: z.string().min(1).max(1_400), response: z.looseObject({}) });
const publicKeyOptions = z.looseObject({ challenge: z.string() });

/**
 * How far somebody is: `second-factor` and `enrol` are sessions that can do nothing but present or set up a second
 * factor.
 */
export const SESSION_STAGES = ['signed-out', 'second-factor', 'enrol', 'signed-in'] as const;
export type SessionStage = (typeof SESSION_STAGES)[number];

const session = z.object({
  stage: z.enum(SESSION_STAGES),
  account: z
    .object({ id: z.uuid(), displayName: z.string(), login: z.string().nullable(), operator: z.boolean() })
    .nullable(),
  tenants: z.array(z.object({ slug: z.string(), name: z.string(), role: z.enum(ROLES) })),
  /** Goes into the header `x-csrf-token` of every change. */
  csrf: z.string().nullable(),
  secondFactorAt: z.iso.datetime().nullable(),
  factors: z.object({ totp: z.boolean(), passkeys: z.int(), recoveryCodes: z.int() }).nullable(),
});
export type SentSession = z.input<typeof session>;

const codes = z.object({ recoveryCodes: z.array(z.string()) });
const described = z.object({
  id: z.string(),
  current: z.boolean(),
  method: z.enum(['password', 'passkey', 'provider']),
  agent: z.string(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
});
const passkey = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});

export const READ_SESSION = {
  method: 'GET',
  path: '/session',
  summary: 'Who is signed in, how far, and with what',
  access: 'public',
  answer: session,
} as const satisfies ApiRoute;

export const SIGN_IN_BY_PASSWORD = {
  method: 'POST',
  path: '/session/password',
  summary: 'Signs in with login and password; a second factor may be due after it',
  access: 'public',
  body: z.strictObject({ login: presented, password: presented }),
  answer: session,
} as const satisfies ApiRoute;

export const PRESENT_TOTP = {
  method: 'POST',
  path: '/session/totp',
  summary: 'Presents a code of the authenticator app',
  access: 'public',
  body: z.strictObject({ code: z.string().regex(/^\d{6}$/) }),
  answer: session,
} as const satisfies ApiRoute;

export const PRESENT_RECOVERY_CODE = {
  method: 'POST',
  path: '/session/recovery-code',
  summary: 'Presents a recovery code, which is spent by it',
  access: 'public',
  body: z.strictObject({ code: presented }),
  answer: session,
} as const satisfies ApiRoute;

export const BEGIN_PASSKEY = {
  method: 'POST',
  path: '/session/passkey/options',
  summary: 'What a browser needs to ask for a passkey',
  access: 'public',
  answer: publicKeyOptions,
} as const satisfies ApiRoute;

export const SIGN_IN_BY_PASSKEY = {
  method: 'POST',
  path: '/session/passkey',
  summary: 'Signs in with a passkey, or presents it as the second factor',
  access: 'public',
  body: z.strictObject({ credential }),
  answer: session,
} as const satisfies ApiRoute;

export const SIGN_OUT = {
  method: 'DELETE',
  path: '/session',
  summary: 'Ends the session',
  access: 'public',
} as const satisfies ApiRoute;

export const LIST_SESSIONS = {
  method: 'GET',
  path: '/sessions',
  summary: "The account's sessions, the newest first",
  access: 'signed-in',
  answer: z.object({ items: z.array(described) }),
} as const satisfies ApiRoute;

export const END_SESSION = {
  method: 'DELETE',
  path: '/sessions/{session}',
  summary: "Ends one of the account's sessions",
  access: 'signed-in',
} as const satisfies ApiRoute;

export const END_OTHER_SESSIONS = {
  method: 'DELETE',
  path: '/sessions',
  summary: "Ends all of the account's sessions but this one",
  access: 'signed-in',
} as const satisfies ApiRoute;

export const WELCOME_OPERATOR = {
  method: 'POST',
  path: '/welcome',
  summary: 'Makes the first operator, with the one-time link that the admin app printed',
  access: 'public',
  body: z.strictObject({ token: presented, displayName, login: loginName, password: newPassword }),
  answer: session,
  status: 201,
} as const satisfies ApiRoute;

export const BEGIN_TOTP = {
  method: 'POST',
  path: '/account/totp',
  summary: 'Begins to set up an authenticator app: the only time its secret is shown',
  access: 'public',
  answer: z.object({ secret: z.string(), uri: z.string() }),
} as const satisfies ApiRoute;

export const CONFIRM_TOTP = {
  method: 'POST',
  path: '/account/totp/confirm',
  summary: 'Confirms the authenticator app by its first code',
  access: 'public',
  body: z.strictObject({ code: z.string().regex(/^\d{6}$/) }),
  answer: session,
} as const satisfies ApiRoute;

export const REMOVE_TOTP = {
  method: 'DELETE',
  path: '/account/totp',
  summary: 'Removes the authenticator app',
  access: 'signed-in',
} as const satisfies ApiRoute;

export const LIST_PASSKEYS = {
  method: 'GET',
  path: '/account/passkeys',
  summary: "The account's passkeys",
  access: 'signed-in',
  answer: z.object({ items: z.array(passkey) }),
} as const satisfies ApiRoute;

export const BEGIN_PASSKEY_REGISTRATION = {
  method: 'POST',
  path: '/account/passkeys/options',
  summary: 'What a browser needs to make a passkey',
  access: 'public',
  answer: publicKeyOptions,
} as const satisfies ApiRoute;

export const REGISTER_PASSKEY = {
  method: 'POST',
  path: '/account/passkeys',
  summary: 'Adds a passkey',
  access: 'public',
  body: z.strictObject({ name: displayName, credential }),
  answer: session,
} as const satisfies ApiRoute;

export const REMOVE_PASSKEY = {
  method: 'DELETE',
  path: '/account/passkeys/{passkey}',
  summary: 'Removes a passkey',
  access: 'signed-in',
} as const satisfies ApiRoute;

export const CHANGE_PASSWORD = {
  method: 'POST',
  path: '/account/password',
  summary: "Changes the password and ends the account's other sessions",
  access: 'signed-in',
  body: z.strictObject({ current: presented, password: newPassword }),
} as const satisfies ApiRoute;

export const RENEW_RECOVERY_CODES = {
  method: 'POST',
  path: '/account/recovery-codes',
  summary: 'Makes ten new recovery codes, shown once; the old ones no longer work',
  access: 'signed-in',
  answer: codes,
  status: 201,
} as const satisfies ApiRoute;
