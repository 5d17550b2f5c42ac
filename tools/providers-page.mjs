import { format, resolveConfig } from 'prettier';
import { root } from './lib/paths.mjs';
import { providersText } from './providers-text.mjs';
import { join } from 'node:path';

export const providersFile = join(root, 'docs/providers.md');

const ROTATION = { none: 'stays', replaced: 'replaced', 'single-use': 'single use', grace: 'grace' };
const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
];

/** Seconds in the largest unit that leaves no rest. */
function span(seconds) {
  const [size, unit] = UNITS.find(([size]) => seconds % size === 0) ?? [1, 's'];
  return `${seconds / size} ${unit}`;
}

const code = (text) => `\`${text}\``;
const list = (items) => items.map(code).join(', ');

function refreshOf({ kind, rotation, graceSeconds, minIntervalSeconds, ceiling }) {
  if (kind === 'none') return 'none';
  const parts = [kind === 'exchange' ? 'exchange' : ROTATION[rotation]];
  if (graceSeconds !== undefined) parts.push(span(graceSeconds));
  if (minIntervalSeconds !== undefined) parts.push(`at most every ${span(minIntervalSeconds)}`);
  if (ceiling !== undefined) parts.push(`at most ${ceiling} per person`);
  return parts.join(', ');
}

function livesOf({ token, refresh }) {
  const access = token.lifetime ?? token.assumedLifetime;
  const parts = [access === undefined ? 'not said' : span(access)];
  if (refresh.maxAgeSeconds !== undefined) parts.push(`refresh ${span(refresh.maxAgeSeconds)}`);
  if (refresh.idleSeconds !== undefined) parts.push(`idle ${span(refresh.idleSeconds)}`);
  return parts.join('; ');
}

const revocationOf = ({ revocation }) => (revocation ? (revocation.killsSiblings ? 'all' : 'one') : 'none');

const behaviour = (catalogue, modeRefusal) => [
  ['Provider', 'Id', 'Protocol', 'PKCE', 'Refresh', 'Lives', 'Revocation', 'Web view', 'Upstream mode', 'Hosts'],
  ...catalogue.map((provider) => [
    `[${provider.name}](${provider.docs[0]})${provider.retires ? `, until ${provider.retires}` : ''}`,
    code(provider.id),
    provider.protocol === 'oidc' ? 'OpenID' : 'OAuth 2.0',
    provider.pkce === 'S256' ? 'S256' : 'no',
    refreshOf(provider.refresh),
    livesOf(provider),
    revocationOf(provider),
    provider.webView,
    modeRefusal(provider) === undefined ? 'yes' : 'no',
    list(provider.loginHosts),
  ]),
];

function issuerOf({ protocol, issuer, issuerFamily }) {
  if (protocol !== 'oidc') return 'none';
  return issuer || issuerFamily ? '' : 'needed';
}

const needs = (catalogue) => [
  ['Id', 'Issuer', 'Parameters', 'Endpoints', 'Scopes, unless it names others', 'Client shows its secret'],
  ...catalogue.map((provider) => [
    code(provider.id),
    issuerOf(provider),
    Object.entries(provider.parameters ?? {})
      .map(([name, { description, example, optional }]) => {
        return `${code(name)}${optional ? ' (optional)' : ''}: ${description}, such as ${code(example)}`;
      })
      .join('<br>'),
    provider.protocol === 'oauth2' && !provider.endpoints ? 'needed' : '',
    list(provider.scopes.default),
    provider.clientAuthentication ?? (provider.protocol === 'oidc' ? 'as discovery says' : 'post'),
  ]),
];

const doubts = (catalogue) => [
  ['Id', 'Reported by users', 'Not verified'],
  ...catalogue.map(({ id, facts }) => {
    const of = (status) => list(Object.keys(facts).filter((path) => facts[path].status === status));
    return [code(id), of('reported'), of('unverified')];
  }),
];

const table = ([head, ...rows]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/**
 * docs/providers.md: the hand-written text and the tables.
 * @param {readonly import('@linkbroker/providers').UpstreamProvider[]} catalogue
 * @param {(provider: import('@linkbroker/providers').UpstreamProvider) => string | undefined} modeRefusal
 * @returns {Promise<string>}
 */
export async function providersPage(catalogue, modeRefusal) {
  const page = [
    providersText,
    '## The providers\n',
    table(behaviour(catalogue, modeRefusal)),
    '\n## What each connector gives\n',
    table(needs(catalogue)),
    '\n## How sure it is\n',
    'What is not listed here is documented by the provider; each declaration says where.\n',
    table(doubts(catalogue)),
  ].join('\n');
  return format(page, { ...(await resolveConfig(providersFile)), parser: 'markdown' });
}
