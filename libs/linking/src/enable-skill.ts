import {
  buildEnablement,
  buildLwaCodeExchange,
  readEnablementAnswer,
  readLwaAnswer,
  type EnablementOrder,
  type EnablementRefusal,
  type EnablementVerdict,
  type LwaTokens,
} from '@linkbroker/alexa';
import type { Deadline, EventPermission, Skill, TenantId } from '@linkbroker/contracts';
import { uuidV7 } from '@linkbroker/protocol';
import { callAlexa, findApis, type AlexaApiNeeds } from './alexa-api.js';
import { openEventsSecret } from './event-grant-needs.js';
import type { Ambient } from './needs.js';
import { newCode } from './new-code.js';
import { reach } from './upstream-needs.js';
import type { VaultNeeds } from './upstream-secrets.js';

export interface EnableSkillNeeds extends Ambient, Pick<VaultNeeds, 'open'>, AlexaApiNeeds {
  readonly lwaTokenUrl: string;
  readonly links: {
    grantAgain(
      tenantId: TenantId,
      grant: {
        skillId: string;
        linkId: string;
        grantId: string;
        codeHash: Buffer;
        codeExpiresAt: Date;
        redirectUri: string;
        scopes: readonly string[];
      },
      now: Date,
      deadline: Deadline,
    ): Promise<boolean>;
  };
}

export type EnableSkillRefusal =
  'not_configured' | 'foreign_redirect_uri' | 'no_link' | 'amazon_code_refused' | EnablementRefusal;

export type EnabledSkill =
  /** The tokens are Amazon's for the household, and are kept nowhere. */
  | { readonly kind: 'enabled'; readonly tokens: LwaTokens }
  /** `status` is Alexa's, where it was asked. */
  | { readonly kind: 'refused'; readonly reason: EnableSkillRefusal; readonly status: number | null }
  | { readonly kind: 'unavailable' };

const LWA_MS = 3_000;

/**
 * Enables a skill for a household that has begun in an app of its maker's, and hands Alexa a code for a link of the broker, or
 * the one that the app was given. What can be refused without spending Amazon's code comes first. Alexa redeems the code at
 * the token endpoint before it answers.
 * @throws errors of the stores and the vault
 * @see R185 R189–R194
 */
export async function enableSkill(
  needs: EnableSkillNeeds,
  skill: Skill,
  order: EnablementOrder,
  deadline: Deadline,
): Promise<EnabledSkill> {
  const result = await enable(needs, skill, order, deadline);
  const where = { tenantId: skill.tenantId, skillId: skill.id, ...(order.link && { linkId: order.link }) };
  if (result.kind === 'enabled') needs.trace({ name: 'enablement.done', ...where, outcome: order.stage });
  else {
    const { reason: outcome, status } = result.kind === 'refused' ? result : { reason: 'unavailable', status: null };
    needs.trace({ name: 'enablement.failed', ...where, outcome, ...(status !== null && { status }) });
  }
  return result;
}

const refused = (reason: EnableSkillRefusal, status: number | null = null): EnabledSkill => ({
  kind: 'refused',
  reason,
  status,
});

async function enable(
  needs: EnableSkillNeeds,
  skill: Skill,
  order: EnablementOrder,
  deadline: Deadline,
): Promise<EnabledSkill> {
  const { events, alexaSkillId } = skill;
  if (!events || alexaSkillId === undefined) return refused('not_configured');
  if (!skill.redirectUris.includes(order.redirectUri)) return refused('foreign_redirect_uri');
  const authCode = order.code ?? (await grantAgain(needs, skill, order, deadline));
  if (authCode === undefined) return refused('no_link');
  const tokens = await exchange(needs, skill, events, order, deadline);
  if ('kind' in tokens) return tokens;
  const account = { stage: order.stage, redirectUri: order.redirectUri, authCode };
  const request = (api: string) => buildEnablement(api, alexaSkillId, tokens.accessToken, account);
  const apis = await findApis(needs, skill.id, tokens.accessToken, deadline);
  return conclude(await callAlexa(needs, skill.id, apis.map(request), readEnablementAnswer, deadline), tokens);
}

function conclude(verdict: EnablementVerdict, tokens: LwaTokens): EnabledSkill {
  if (verdict.kind === 'done') return { kind: 'enabled', tokens };
  return verdict.kind === 'refused' ? refused(verdict.reason, verdict.status) : { kind: 'unavailable' };
}

/** One more grant of a link, pending: what Alexa redeems. One that nobody redeems goes by itself. */
async function grantAgain(
  needs: EnableSkillNeeds,
  skill: Skill,
  { link: linkId = '', redirectUri }: EnablementOrder,
  deadline: Deadline,
): Promise<string | undefined> {
  const now = needs.now();
  const { code, ...fresh } = newCode(needs, now);
  const grant = {
    ...{ skillId: skill.id, linkId, redirectUri, scopes: skill.scopes },
    grantId: uuidV7(now, needs.randomBytes(10)),
    ...fresh,
  };
  return (await needs.links.grantAgain(skill.tenantId, grant, now, deadline)) ? code : undefined;
}

/** Amazon's code for the household's tokens. @see R189 */
async function exchange(
  needs: EnableSkillNeeds,
  skill: Skill,
  { clientId, sealedSecret }: EventPermission,
  { amazonCode, redirectUri, codeVerifier }: EnablementOrder,
  deadline: Deadline,
): Promise<LwaTokens | EnabledSkill> {
  const sealed = Buffer.from(sealedSecret, 'base64');
  const clientSecret = await openEventsSecret(needs, skill.tenantId, skill.id, sealed, deadline);
  const proof = { redirectUri, codeVerifier };
  const request = buildLwaCodeExchange(needs.lwaTokenUrl, { clientId, clientSecret }, amazonCode, proof);
  const until = Math.min(deadline, performance.now() + LWA_MS);
  const outbound = { ...request, purpose: 'upstream', deadline: until, circuit: `lwa ${skill.id}` } as const;
  const answer = await reach(() => needs.egress.send(outbound)).then(readLwaAnswer, () => undefined);
  if (answer?.kind === 'tokens') return answer.tokens;
  const final = answer !== undefined && answer.failure !== 'transient';
  return final ? refused('amazon_code_refused') : { kind: 'unavailable' };
}
