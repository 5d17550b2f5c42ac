import type { Deadline, Relay, Skill, TenantId } from '@linkbroker/contracts';
import type { AnswerKey, RelayedRequest, RelayedTokens } from '@linkbroker/protocol';
import type { Ambient } from './needs.js';
import type { UpstreamNeeds } from './upstream-needs.js';
import type { Fingerprint, VaultNeeds } from './upstream-secrets.js';

interface Presentation {
  readonly skillId: string;
  readonly tokenHash: Buffer;
}

type Claimed =
  | { readonly kind: 'claimed'; readonly attempt: number }
  | { readonly kind: 'answered'; readonly answer: Buffer }
  | { readonly kind: 'under-way'; readonly attemptId: string };

export interface RelayNeeds
  extends Ambient, Pick<VaultNeeds, 'open'>, Pick<UpstreamNeeds, 'egress'>, RelayFingerprintNeeds {
  readonly relayedTokens: {
    claim(
      tenantId: TenantId,
      claim: Presentation & { readonly attemptId: string; readonly leaseMs: number; readonly keepUntil: Date },
      now: Date,
      deadline: Deadline,
    ): Promise<Claimed>;
    find(
      tenantId: TenantId,
      presentation: Presentation,
      attemptId: string,
      deadline: Deadline,
    ): Promise<Buffer | 'under-way' | 'ended'>;
    answer(
      tenantId: TenantId,
      presentation: Presentation,
      answer: Buffer,
      keepUntil: Date,
      deadline: Deadline,
    ): Promise<Buffer | undefined>;
    release(tenantId: TenantId, presentation: Presentation, attemptId: string, deadline: Deadline): Promise<void>;
  };
}

export interface RelayFingerprintNeeds {
  readonly fingerprint: Fingerprint;
}

/** A token request of a skill with a relay, by its authenticated Alexa client. */
export interface RelayCall {
  readonly skill: Skill;
  readonly relay: Relay;
  /** The secret that Alexa presented. */
  readonly clientSecret: string;
  readonly request: RelayedRequest;
}

/** One presentation of a code or refresh token: where its row is, and what opens the answer in it. */
export interface RelayPlace extends Presentation {
  readonly key: AnswerKey;
}

/** What the existing server said once and for all: tokens, or that what was presented is dead. */
export type RelayedAnswer = { readonly tokens: RelayedTokens } | { readonly refused: string };
