import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Skill } from '../skills.js';

export type Region = 'na' | 'eu' | 'fe';
export const regions: readonly Region[] = ['na', 'eu', 'fe'];

/** A household at Amazon, as a skill's client knows it. */
export interface Household {
  readonly clientId: string;
  readonly region: Region;
}

/** One household's permission for a skill to send events, at Amazon. */
interface Permission extends Household {
  /** When its code was given. */
  readonly at: number;
  exchanged: boolean;
  /** What the skill answered to AcceptGrant, once it has. */
  accepted: boolean | undefined;
  disabled: boolean;
}

/** A permission as people may see it. */
export interface EventGrant extends Household {
  readonly at: number;
  /** `exchanged`: there are tokens, and no AcceptGrant was answered. */
  readonly stage: 'issued' | 'exchanged' | 'accepted' | 'refused' | 'disabled';
}

interface IssuedCode {
  readonly permission: Permission;
  readonly expiresAt: number;
}

export interface AmazonAnswer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An event that a gateway took. */
export interface TakenEvent {
  readonly region: Region;
  readonly clientId: string;
  readonly at: number;
  readonly namespace: string;
  readonly name: string;
  readonly messageId: string;
  /** As it came, without the token. */
  readonly event: object;
}

const codeLife = 5 * 60_000;
const tokenLife = 3600;
const eventsKept = 200;
const grantsKept = 200;
const endpointsTaken = 300;

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
const create = (kind: string): string => `${kind}|${randomBytes(270).toString('base64url')}`;

type Members = Readonly<Record<string, unknown>>;
const membersOf = (value: unknown): Members => (typeof value === 'object' && value !== null ? (value as Members) : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const tokenIn = (authorization: string): string => /^Bearer (.+)$/.exec(authorization)?.[1] ?? '';

function stageOf({ disabled, accepted, exchanged }: Permission): EventGrant['stage'] {
  if (disabled) return 'disabled';
  if (accepted !== undefined) return accepted ? 'accepted' : 'refused';
  return exchanged ? 'exchanged' : 'issued';
}

/** An error of a gateway. @see R172 */
const exception = (status: number, code: string, description: string): AmazonAnswer => ({
  status,
  body: {
    header: { namespace: 'System', name: 'Exception', messageId: randomBytes(8).toString('hex') },
    payload: { code, description },
  },
});

const oauthError = (status: number, error: string, type: string): AmazonAnswer => ({
  status,
  body: { error, error_description: 'The request was refused.' },
  headers: { 'x-amzn-errortype': type },
});

/**
 * Amazon's side of events: Login with Amazon with codes that work once and refresh tokens that last, and the gateways of
 * three regions, each of which knows its own households.
 * @see R159–R173
 */
export class Amazon {
  /** What the gateways took, oldest first. */
  readonly events: TakenEvent[] = [];
  /** What the next events are answered instead, one each. */
  readonly faults: { readonly status: number; readonly code: string }[] = [];
  private readonly codes = new Map<string, IssuedCode>();
  /** By the code that began them, oldest first. */
  private readonly grants = new Map<string, Permission>();
  private readonly refreshTokens = new Map<string, Permission>();
  private readonly accessTokens = new Map<string, { readonly permission: Permission; readonly expiresAt: number }>();

  constructor(
    private readonly skills: () => readonly Skill[],
    private readonly now: () => number,
  ) {}

  /** The code that AcceptGrant brings of a household in a region: five minutes, one use. @see R162 */
  issueCode(skill: Skill, region: Region = skill.events?.region ?? 'na'): string {
    const code = `RH${randomBytes(16).toString('hex')}`;
    const at = this.now();
    const unanswered = { exchanged: false, accepted: undefined, disabled: false };
    const permission: Permission = { clientId: skill.events?.clientId ?? '', region, at, ...unanswered };
    this.codes.set(code, { permission, expiresAt: at + codeLife });
    this.grants.set(code, permission);
    const oldest = this.grants.size > grantsKept ? this.grants.keys().next().value : undefined;
    if (oldest !== undefined) this.grants.delete(oldest);
    return code;
  }

  /** Notes what the skill answered to the AcceptGrant that brought this code. */
  noteAnswer(code: string, accepted: boolean): void {
    const permission = this.grants.get(code);
    if (permission) permission.accepted = accepted;
  }

  /** What households have granted a skill's client, newest first. */
  grantsOf(clientId: string): readonly EventGrant[] {
    const known = [...this.grants.values()].filter((permission) => permission.clientId === clientId);
    return known.reverse().map((permission) => ({
      clientId,
      region: permission.region,
      at: permission.at,
      stage: stageOf(permission),
    }));
  }

  /** What the gateways took of a skill's client, newest first. */
  eventsOf(clientId: string): readonly TakenEvent[] {
    return this.events.filter((event) => event.clientId === clientId).reverse();
  }

  /** Every household of a client disables its skill. */
  disable(clientId: string): void {
    for (const permission of this.refreshTokens.values())
      if (permission.clientId === clientId) permission.disabled = true;
  }

  reset(): void {
    this.events.length = 0;
    this.faults.length = 0;
    for (const known of [this.codes, this.grants, this.refreshTokens, this.accessTokens]) known.clear();
  }

  /** The token endpoint of Login with Amazon. */
  answerToken(form: ReadonlyMap<string, string>): AmazonAnswer {
    const clientId = form.get('client_id') ?? '';
    const client = this.skills().find(({ events }) => events?.clientId === clientId)?.events;
    if (!client || !same(client.clientSecret, form.get('client_secret') ?? '')) {
      return oauthError(401, 'invalid_client', 'OA2InvalidClientException');
    }
    const grantType = form.get('grant_type');
    if (grantType === 'authorization_code') return this.exchange(clientId, form.get('code') ?? '');
    if (grantType === 'refresh_token') return this.refresh(clientId, form.get('refresh_token') ?? '');
    return oauthError(400, 'unsupported_grant_type', 'OA2UnsupportedGrantTypeException');
  }

  private exchange(clientId: string, code: string): AmazonAnswer {
    const issued = this.codes.get(code);
    this.codes.delete(code);
    if (!issued || issued.expiresAt <= this.now() || issued.permission.clientId !== clientId)
      return this.invalidGrant();
    issued.permission.exchanged = true;
    const refreshToken = create('Atzr');
    this.refreshTokens.set(refreshToken, issued.permission);
    return this.give(issued.permission, refreshToken);
  }

  private refresh(clientId: string, token: string): AmazonAnswer {
    const permission = this.refreshTokens.get(token);
    return permission?.clientId === clientId ? this.give(permission, token) : this.invalidGrant();
  }

  private invalidGrant = (): AmazonAnswer => oauthError(400, 'invalid_grant', 'OA2InvalidGrantException');

  private give(permission: Permission, refreshToken: string): AmazonAnswer {
    const accessToken = create('Atza');
    this.accessTokens.set(accessToken, { permission, expiresAt: this.now() + tokenLife * 1000 });
    return {
      status: 200,
      body: { access_token: accessToken, token_type: 'bearer', expires_in: tokenLife, refresh_token: refreshToken },
    };
  }

  /** Whose token stands in a header, while it lives. */
  householdOf(authorization: string): Household | undefined {
    return this.permissionOf(tokenIn(authorization));
  }

  private permissionOf(token: string): Permission | undefined {
    const known = this.accessTokens.get(token);
    return known && known.expiresAt > this.now() ? known.permission : undefined;
  }

  /** The gateway of a region. */
  answerEvent(region: Region, authorization: string, body: unknown): AmazonAnswer {
    const token = tokenIn(authorization);
    const permission = this.permissionOf(token);
    if (!permission) return exception(401, 'INVALID_ACCESS_TOKEN_EXCEPTION', 'Access token is not valid.');
    if (permission.region !== region) return exception(403, 'SKILL_NEVER_ENABLED_EXCEPTION', 'Not enabled here.');
    if (permission.disabled) return exception(403, 'SKILL_DISABLED_EXCEPTION', 'The skill was disabled.');
    const fault = this.faults.shift();
    if (fault) return exception(fault.status, fault.code, 'A fault that was asked for.');
    return this.take(region, permission.clientId, token, membersOf(body));
  }

  private take(region: Region, clientId: string, token: string, body: Members): AmazonAnswer {
    const event = membersOf(body.event);
    const [header, endpoint, payload] = [membersOf(event.header), membersOf(event.endpoint), membersOf(event.payload)];
    const [namespace, name, messageId] = [textOf(header.namespace), textOf(header.name), textOf(header.messageId)];
    const scope = membersOf(namespace === 'Alexa.Discovery' ? payload.scope : endpoint.scope);
    const isWhole = namespace !== '' && name !== '' && messageId !== '' && header.payloadVersion === '3';
    if (!isWhole || scope.type !== 'BearerToken' || scope.token !== token) {
      return exception(400, 'INVALID_REQUEST_EXCEPTION', 'The event is malformed.');
    }
    if (Array.isArray(payload.endpoints) && payload.endpoints.length > endpointsTaken) {
      return exception(413, 'REQUEST_ENTITY_TOO_LARGE_EXCEPTION', 'Too many endpoints.');
    }
    const shown = JSON.parse(JSON.stringify(event).replaceAll(JSON.stringify(token), '"…"')) as object;
    this.events.push({ region, clientId, at: this.now(), namespace, name, messageId, event: shown });
    this.events.splice(0, this.events.length - eventsKept);
    return { status: 202 };
  }
}
