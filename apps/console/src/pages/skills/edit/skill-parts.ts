import type { EventRegion, EventType, PUT_SKILL } from '@linkbroker/contracts/api';
import type { z } from 'zod';

export type SkillBody = z.input<(typeof PUT_SKILL)['body']>;
type Relay = NonNullable<SkillBody['relay']>;
type Scheme = NonNullable<Relay['scheme']>;

/** Who is told what happens to links. */
export interface WebhookDraft {
  /** Tells rows apart while they come and go. */
  readonly key: number;
  readonly url: string;
  readonly events: readonly EventType[];
}

/** The client by which a skill sends Alexa events. */
export interface EventsDraft {
  readonly clientId: string;
  /** Empty: the one that is there stays. */
  readonly clientSecret: string;
  readonly region: EventRegion;
  readonly reciprocal: boolean;
}

/** How apps of the skill's maker take part. */
export interface AppsDraft {
  readonly iOS: string;
  readonly Android: string;
  readonly redirectUrls: readonly string[];
}

/** The existing server that a relay stands before. */
export interface RelayDraft {
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  /** To be repeated with every change, where the relay has one of its own. */
  readonly clientSecret: string;
  readonly scheme: Scheme;
}

/** What of a skill has parts of its own. */
export interface SkillPartsDraft {
  readonly webhooks: readonly WebhookDraft[];
  /** Null where the skill sends no events. */
  readonly events: EventsDraft | null;
  readonly apps: AppsDraft;
  /** Null where households sign in with connectors. */
  readonly relay: RelayDraft | null;
}

export const NO_EVENTS: EventsDraft = { clientId: '', clientSecret: '', region: 'na', reciprocal: false };

export function partsDraftOf({ webhooks = [], events, appToApp, relay }: SkillBody): SkillPartsDraft {
  const app = (platform: 'iOS' | 'Android'): string =>
    appToApp?.authorizationUrlsByPlatform?.find((one) => one.platform === platform)?.url ?? '';
  return {
    webhooks: webhooks.map(({ url, events: types }, key) => ({ key, url, events: types })),
    events: events ? eventsDraftOf(events) : null,
    apps: { iOS: app('iOS'), Android: app('Android'), redirectUrls: appToApp?.redirectUrls ?? [] },
    relay: relay ? relayDraftOf(relay) : null,
  };
}

const eventsDraftOf = ({ clientId, region, reciprocal = false }: NonNullable<SkillBody['events']>): EventsDraft => ({
  clientId,
  clientSecret: '',
  region,
  reciprocal,
});

const relayDraftOf = ({ authorizationUrl, tokenUrl, clientId = '', scheme }: Relay): RelayDraft => ({
  authorizationUrl,
  tokenUrl,
  clientId,
  clientSecret: '',
  scheme: scheme ?? 'REQUEST_BODY_CREDENTIALS',
});

/** The body's own parts; undefined where the skill has none of them. */
export function partsOf({ webhooks, events, apps, relay }: SkillPartsDraft) {
  return {
    webhooks: webhooks.map(({ url, events: types }) => ({ url: url.trim(), events: [...types] })),
    events: events ? eventsOf(events) : undefined,
    appToApp: appToAppOf(apps),
    relay: relay ? relayOf(relay) : undefined,
  };
}

const eventsOf = ({ clientId, clientSecret, region, reciprocal }: EventsDraft) => ({
  clientId: clientId.trim(),
  ...(clientSecret !== '' && { clientSecret }),
  region,
  reciprocal,
});

function appToAppOf({ iOS, Android, redirectUrls }: AppsDraft): SkillBody['appToApp'] {
  const named = [{ platform: 'iOS', url: iOS.trim() } as const, { platform: 'Android', url: Android.trim() } as const];
  const authorizationUrlsByPlatform = named.filter(({ url }) => url !== '');
  if (authorizationUrlsByPlatform.length === 0 && redirectUrls.length === 0) return undefined;
  return { authorizationUrlsByPlatform, redirectUrls: [...redirectUrls] };
}

const relayOf = ({ authorizationUrl, tokenUrl, clientId, clientSecret, scheme }: RelayDraft): Relay => ({
  authorizationUrl: authorizationUrl.trim(),
  tokenUrl: tokenUrl.trim(),
  scheme,
  ...(clientId.trim() !== '' && { clientId: clientId.trim() }),
  ...(clientSecret !== '' && { clientSecret }),
});
