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

/** How to sign in: steps in a browser, or a program that is given the address and prints where it was sent back to. */
export type LoginRecipe = { readonly steps: readonly LoginStep[] } | { readonly command: readonly string[] };

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
  login,
});

/** The server to be looked at and what Amazon's console says of it. */
export type Target = Readonly<z.infer<typeof target>>;

/** A target file that cannot be used. The message names every wrong key and no value. */
export class UnusableTarget extends Error {}

/**
 * Reads a target file.
 * @throws UnusableTarget
 */
export function parseTarget(json: string): Target {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch {
    // The parser's own words quote the text, which holds secrets.
    throw new UnusableTarget('the target is not JSON');
  }
  const { data, error } = target.safeParse(given);
  if (data) return data;
  const complaints = error.issues.map((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? `unknown ${issue.keys.join(', ')}` : complaint(issue);
    return `${issue.path.join('.') || 'target'}: ${keys}`;
  });
  throw new UnusableTarget(complaints.join('; '));
}

function complaint({ code, message }: { readonly code: string; readonly message: string }): string {
  if (code === 'invalid_union') return 'a list of {fill, value}, {click}, {waitFor}, or {command: […]}';
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

/** The hosts that a run may talk to: those of the two addresses, and the exact ones of the domain list. Without ports. */
export function namedHosts({ authorizeUrl, tokenUrl, domains = [] }: Target): ReadonlySet<string> {
  const own = [authorizeUrl, tokenUrl].map((address) => new URL(address).hostname);
  return new Set([...own, ...domains.filter(isExactHost).map((domain) => domain.toLowerCase())]);
}
