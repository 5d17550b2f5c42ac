const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

const portOf = ({ port, protocol }: URL): string => port || (DEFAULT_PORTS[protocol] ?? '');

/** A page of http may lead to https where only its own scheme is named. @see CSP Level 3 §6.7.2.8 */
const schemeFits = (wanted: string, { protocol }: URL): boolean =>
  wanted === protocol || (wanted === 'http:' && protocol === 'https:');

function hostFits(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : pattern === host;
}

/** One source expression; paths are not compared, as for redirects. */
function matches(source: string, page: URL, to: URL): boolean {
  const expression = source.toLowerCase();
  if (expression === '*') return /^https?:$/.test(to.protocol);
  if (expression === "'self'") return page.hostname === to.hostname && schemeFits(page.protocol, to);
  if (/^[a-z][a-z0-9+.-]*:$/.test(expression)) return schemeFits(expression, to);
  const [, scheme, host = '', port] =
    /^(?:([a-z][a-z0-9+.-]*:)\/\/)?([^/:]+)(?::(\d+|\*))?(?:\/.*)?$/.exec(expression) ?? [];
  if (!hostFits(host, to.hostname) || !schemeFits(scheme ?? page.protocol, to)) return false;
  return port === undefined ? DEFAULT_PORTS[to.protocol] === portOf(to) : port === '*' || port === portOf(to);
}

/**
 * Whether the policies of a page let a form of it lead to an address, by redirects too. `form-action` falls back to nothing:
 * a policy without it lets everything pass.
 * @see R40, CSP Level 3 §6.4.1
 */
export function allowsForm(policies: readonly string[], page: string, to: string): boolean {
  const all = policies.flatMap((value) => value.split(','));
  return all.every((policy) => {
    const directives = policy.split(';').map((directive) => directive.trim().split(/\s+/));
    const sources = directives.find(([name]) => name?.toLowerCase() === 'form-action')?.slice(1);
    return sources === undefined || sources.some((source) => matches(source, new URL(page), new URL(to)));
  });
}
