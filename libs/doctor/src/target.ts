import { z } from 'zod';

const text = (max: number) => z.string().min(1).max(max);

const webAddress = text(2_048).refine(isWebAddress, 'must be an http(s) address without credentials and fragment');

function isWebAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, hash } = new URL(value);
  return /^https?:$/.test(protocol) && username + password === '' && hash === '' && !value.includes('#');
}

const step = z.union([
  z.strictObject({ fill: text(500), value: z.string().max(1_000) }),
  z.strictObject({ click: text(500) }),
  z.strictObject({ waitFor: text(500) }),
]);
const command = z.strictObject({ command: z.array(z.string().max(4_000)).min(1).max(50) });

const login = z.union([
  z.literal('manual').transform((): LoginRecipe => MANUAL),
  z
    .array(step)
    .min(1)
    .max(50)
    .transform((steps): LoginRecipe => ({ steps })),
  command,
  z.tuple([command]).transform(([only]): LoginRecipe => only),
]);

/** What is done on the pages: a field is filled, something is clicked, something is waited for. Each by a CSS selector. */
export type LoginStep = z.infer<typeof step>;

/**
 * How to sign in: steps in a browser, a program that is given the address and prints where it was sent back to, or a
 * person in a browser that can be seen.
 */
export type LoginRecipe =
  { readonly steps: readonly LoginStep[] } | { readonly command: readonly string[] } | { readonly manual: true };

const MANUAL: LoginRecipe = { manual: true };

/** RFC 9110 §5.6.2, and no line break in what is sent. */
const headers = z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/), z.string().regex(/^[ -~]{0,4000}$/));
const code = text(4_096).optional();

/** The skill's handler of directives: asked over HTTP, or a program that reads the directive and prints the answer. */
const acceptGrant = z.union([
  z.strictObject({ url: webAddress, headers: headers.optional(), code }),
  z.strictObject({ ...command.shape, code }),
]);

const target = z.strictObject({
  authorizeUrl: webAddress,
  tokenUrl: webAddress,
  clientId: text(1_000),
  clientSecret: text(1_000),
  scheme: z.enum(['HTTP_BASIC', 'REQUEST_BODY_CREDENTIALS']),
  redirectUri: webAddress,
  scope: z.string().max(2_000),
  domains: z.array(text(300)).max(100).optional(),
  ca: text(100_000).optional(),
  skill: text(300).optional(),
  /** Another client of the same server, to see whether it can use this one's codes. */
  otherClient: z.strictObject({ clientId: text(1_000), clientSecret: text(1_000) }).optional(),
  acceptGrant: acceptGrant.optional(),
  login: login.default(MANUAL),
});

/** A recording was made by somebody who signed in: only what it is compared with is needed. */
const recordingTarget = target.partial().required({ authorizeUrl: true, clientId: true });

/** The server to be looked at and what Amazon's console says of it. */
export type Target = Readonly<z.infer<typeof target>>;

/** What a recording is held against. */
export type RecordingTarget = Pick<Target, 'authorizeUrl' | 'clientId' | 'domains' | 'skill'>;

/** A target file that cannot be used. The message names every wrong key and no value. */
export class UnusableTarget extends Error {}

/**
 * Reads a target file.
 * @throws UnusableTarget
 */
export function parseTarget(json: string): Target {
  return parseAs(target, json);
}

/**
 * Reads a target file of which only authorizeUrl, clientId and domains are used; a whole one will do.
 * @throws UnusableTarget
 */
export function parseRecordingTarget(json: string): RecordingTarget {
  return parseAs(recordingTarget, json);
}

function parseAs<T>(schema: z.ZodType<T>, json: string): T {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch {
    // The parser's own words quote the text, which holds secrets.
    throw new UnusableTarget('the target is not JSON');
  }
  const { success, data, error } = schema.safeParse(given);
  if (success) return data;
  const complaints = error.issues.map((issue) => {
    const path = issue.path.join('.') || 'target';
    return `${path}: ${issue.code === 'unrecognized_keys' ? `unknown ${issue.keys.join(', ')}` : complaint(issue, path)}`;
  });
  throw new UnusableTarget(complaints.join('; '));
}

const LOGIN_FORMS = 'a list of {fill, value}, {click}, {waitFor}, or {command: […]}, or "manual"';
const ACCEPT_GRANT_FORMS = '{url, headers?, code?} or {command: […], code?}';

interface Complaint {
  readonly code: string;
  readonly message: string;
}

function complaint({ code, message }: Complaint, path: string): string {
  if (code === 'invalid_union') return path === 'acceptGrant' ? ACCEPT_GRANT_FORMS : LOGIN_FORMS;
  return message;
}

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether an address leads to this machine, where nobody has a certificate. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(new URL(address).hostname);
}

/** Whether an entry of a domain list is one host: no scheme, port, path or wildcard. @see R53 */
export function isExactHost(domain: string): boolean {
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(domain);
}

/** The hosts that pages may load from: those of the two addresses, and the exact ones of the domain list. Without ports. */
export function namedHosts({ authorizeUrl, tokenUrl, domains = [] }: Target): ReadonlySet<string> {
  const own = [authorizeUrl, tokenUrl].map((address) => new URL(address).hostname);
  return new Set([...own, ...domains.filter(isExactHost).map((domain) => domain.toLowerCase())]);
}

/** The hosts that requests of the doctor's own may go to: also the skill's handler of directives. */
export function reachableHosts(target: Target): ReadonlySet<string> {
  const { acceptGrant: handler } = target;
  const own = handler && 'url' in handler ? [new URL(handler.url).hostname] : [];
  return new Set([...namedHosts(target), ...own]);
}
