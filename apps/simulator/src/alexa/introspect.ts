import { parseObject, redactText } from '../http/redact.js';
import { NoAnswer, send, type Answer } from '../http/send.js';
import type { Skill } from '../skills.js';
import { backendRequest, type Backend } from './backend-request.js';
import { describeAnswer, describeRequest, type Exchange } from './exchange.js';
import { must, type Finding } from './rules.js';
import type { Broker } from './token-endpoint.js';

export interface Introspection {
  readonly exchange: Exchange;
  readonly findings: readonly Finding[];
  readonly active: boolean;
  readonly sub: string | undefined;
  readonly scope: string | undefined;
}

const rule = 'RFC 7662';

type Members = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What an active token's answer lacks for this skill. */
function findGaps(members: Members, skill: Skill): readonly string[] {
  const granted = new Set((textOf(members.scope) ?? '').split(' '));
  const missing = skill.scopes.filter((name) => !granted.has(name));
  return [
    ...(textOf(members.sub) ? [] : ['sub is missing']),
    ...(members.client_id === skill.clientId ? [] : ['client_id is not that of the skill']),
    ...(missing.length === 0 ? [] : [`scope lacks ${missing.join(' ')}`]),
  ];
}

function findRefusal({ status }: Answer, members: Members | undefined): string | undefined {
  if (status !== 200) return `introspection answered HTTP ${status}`;
  if (typeof members?.active !== 'boolean') return 'introspection answered without a boolean "active"';
  return members.active ? undefined : 'the access token is not active';
}

function judge(answer: Answer, skill: Skill): Omit<Introspection, 'exchange'> {
  const members = parseObject(answer.body);
  const refusal = findRefusal(answer, members);
  if (!members || refusal) {
    return { findings: [must(rule, false, refusal ?? '')], active: false, sub: undefined, scope: undefined };
  }
  const [sub, scope] = [textOf(members.sub), textOf(members.scope)];
  const gaps = findGaps(members, skill);
  const says = gaps.join(', ') || `active, sub ${redactText(sub ?? '', 60)}, scope ${scope || '(none)'}`;
  return { findings: [must(rule, gaps.length === 0, says)], active: true, sub, scope };
}

/** Asks about an access token as the skill's own server would on every directive. */
export async function introspect(
  broker: Broker,
  skill: Skill & { backend: Backend },
  accessToken: string,
  title = "The skill's backend asks about the access token",
): Promise<Introspection> {
  const form = { token: accessToken, token_type_hint: 'access_token' };
  const request = backendRequest(broker, skill.backend, '/oauth/introspect', form);
  try {
    const answer = await send(request, broker.deadlineMs);
    const exchange = { title, request: describeRequest(request), answer: describeAnswer(answer) };
    return { exchange, ...judge(answer, skill) };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const exchange = { title, request: describeRequest(request), answer: { problem: error.message, ms: error.ms } };
    return { exchange, findings: [must(rule, false, error.message)], active: false, sub: undefined, scope: undefined };
  }
}
