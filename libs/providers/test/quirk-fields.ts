import type { UpstreamProvider } from '../src/upstream-provider.js';

/**
 * What needs no fact: what a provider is called and where it writes about itself, what is the rule for everybody, and
 * what is a choice of ours. Everything else that a declaration says is a quirk.
 */
const PLAIN_FIELDS = new Set(['id', 'name', 'protocol', 'docs', 'facts', 'parameters']);
const PLAIN_VALUES: Readonly<Record<string, unknown>> = {
  'scopes.separator': ' ',
  webView: 'unknown',
  'identity.userinfo.method': 'GET',
};
/** Scopes that are asked for where a connector names none: our choice. */
const OUR_CHOICE = new Set(['scopes.default']);

/** Paths of all that a declaration says, down to two levels: deeper ones are one thing (`token.paths`). */
export function fieldsOf(provider: UpstreamProvider): readonly string[] {
  const said = Object.entries(provider).filter(
    ([name, value]) => value !== undefined && name !== 'facts' && !isEmptyList(value),
  );
  return said.flatMap(([name, value]) =>
    isGroup(name, value) ? Object.keys(value).map((member) => `${name}.${member}`) : [name],
  );
}

/** Whether a fact's path is a field or the group of one. */
export function pointsAtField(path: string, fields: readonly string[]): boolean {
  return fields.some((field) => field === path || field.startsWith(`${path}.`));
}

/** Quirks that no fact covers, neither of the field nor of its group. */
export function factlessFields(provider: UpstreamProvider): readonly string[] {
  return fieldsOf(provider).filter((field) => {
    const [group = ''] = field.split('.');
    if (PLAIN_FIELDS.has(group) || OUR_CHOICE.has(field)) return false;
    if (PLAIN_VALUES[field] === valueAt(provider, field)) return false;
    return !Object.hasOwn(provider.facts, field) && !Object.hasOwn(provider.facts, group);
  });
}

/** Groups whose members are told apart; what is a value of its own (`endpoints`, `authorizeParameters`) is one field. */
const GROUPS = new Set(['scopes', 'token', 'refresh', 'errors', 'identity', 'revocation', 'hooks']);

function isGroup(name: string, value: unknown): value is object {
  return GROUPS.has(name) && typeof value === 'object' && value !== null;
}

function valueAt(provider: UpstreamProvider, field: string): unknown {
  return field.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], provider);
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
