import type { GET_SKILL } from '@linkbroker/contracts/api';
import type { z } from 'zod';
import { partsDraftOf, partsOf, type SkillBody, type SkillPartsDraft } from './skill-parts.js';

export type SkillDetails = z.output<(typeof GET_SKILL)['answer']>;
export type GrantType = NonNullable<SkillBody['grantTypes']>[number];

/** What the form of a skill shows. Texts are as typed; an empty one stands for nothing. */
export interface SkillDraft extends SkillPartsDraft {
  readonly name: string;
  readonly vendorId: string;
  readonly skillId: string;
  readonly clientId: string;
  readonly connectors: readonly string[];
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly color: string;
  readonly logo: string;
  readonly grantTypes: readonly GrantType[];
  readonly implicitTokenTtl: string;
  readonly pkce: 'optional' | 'required';
  readonly tokenMode: 'own' | 'upstream';
  readonly accessTokenTtl: string;
  /** How many older refresh tokens stay good; empty for all of them. */
  readonly refreshKeep: string;
  /** Empty where the skill has no backend client. */
  readonly backendClientId: string;
}

/** A skill as the API tells it: the body that would make it, and its slug. */
type Skill = SkillDetails['skill'];
type KnownSkill = SkillBody & { readonly slug: string };

/** What a form begins with. */
export function draftOf(skill: Skill): SkillDraft {
  const known = skill as unknown as KnownSkill;
  const { branding, backend, refreshKeep } = known;
  return {
    ...namesOf(known),
    connectors: known.connectors ?? [],
    scopes: known.scopes ?? [],
    redirectUris: known.redirectUris ?? [],
    color: branding?.color ?? '',
    logo: branding?.logo ?? '',
    ...tokensOf(known),
    refreshKeep: typeof refreshKeep === 'number' ? String(refreshKeep) : '',
    backendClientId: backend?.clientId ?? '',
    ...partsDraftOf(known),
  };
}

const namesOf = ({ name, vendorId = '', skillId = '', clientId }: KnownSkill) => ({
  name,
  vendorId,
  skillId,
  clientId,
});

const tokensOf = ({ grantTypes, implicitTokenTtl, pkce, tokenMode, accessTokenTtl }: KnownSkill) => ({
  grantTypes: grantTypes ?? (['authorization_code'] as const),
  implicitTokenTtl: implicitTokenTtl === undefined ? '' : String(implicitTokenTtl),
  pkce: pkce ?? ('optional' as const),
  tokenMode: tokenMode ?? ('own' as const),
  accessTokenTtl: accessTokenTtl === undefined ? '' : String(accessTokenTtl),
});

/**
 * The body that makes a skill what its form says. Whatever the form does not show is what it was: what a form drops because it
 * does not know it would be ended by a change of a name.
 */
export function bodyOf(was: Skill, draft: SkillDraft): SkillBody {
  const { slug: _, ...kept } = was as unknown as KnownSkill;
  const body = {
    ...kept,
    name: draft.name.trim(),
    clientId: draft.clientId.trim(),
    vendorId: text(draft.vendorId),
    skillId: text(draft.skillId),
    ...(draft.relay ? {} : { connectors: [...draft.connectors] }),
    scopes: [...draft.scopes],
    redirectUris: [...draft.redirectUris],
    branding: defined({ color: text(draft.color), logo: text(draft.logo) }),
    grantTypes: [...draft.grantTypes],
    implicitTokenTtl: draft.grantTypes.includes('implicit') ? figure(draft.implicitTokenTtl) : undefined,
    pkce: draft.pkce,
    tokenMode: draft.tokenMode,
    accessTokenTtl: figure(draft.accessTokenTtl),
    refreshKeep: figure(draft.refreshKeep) ?? ('all' as const),
    backend: draft.backendClientId.trim() === '' ? undefined : { clientId: draft.backendClientId.trim() },
    ...partsOf(draft),
  };
  return defined(body) as unknown as SkillBody;
}

const text = (typed: string): string | undefined => (typed.trim() === '' ? undefined : typed.trim());
/** What is no figure is sent as it was typed: the API says what is wrong with it. */
const figure = (typed: string): number | undefined => (typed.trim() === '' ? undefined : Number(typed));

const defined = <Value extends object>(value: Value): Partial<Value> =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<Value>;

/** Whether two drafts say the same. */
export const sameDraft = (one: SkillDraft, other: SkillDraft): boolean => JSON.stringify(one) === JSON.stringify(other);
