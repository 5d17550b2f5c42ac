import { signingSecretsOf, type ConfigWebhook, type TenantId } from '@linkbroker/contracts';
import {
  webhookSecretsPlace,
  type ConfigurationNeeds,
  type PlannedChange,
  type WebhookConfiguration,
  type WebhookFields,
} from './configuration.js';
import { differences } from './plan-connectors.js';

const SEAL_MS = 10_000;

/** Which skill, and how to call it to a person. */
export interface WebhooksPlace {
  readonly tenantId: TenantId;
  readonly skillId: string;
  readonly label: string;
}

/**
 * The changes that make a skill's webhooks what the file says. Where it names no secret, one is made, told once and kept. One that the file does not name is removed, which unlinks
 * nobody; one whose receiver had said that it is gone is tried again.
 */
export async function planWebhooks(
  needs: ConfigurationNeeds,
  place: WebhooksPlace,
  wanted: readonly ConfigWebhook[],
  stored: readonly WebhookConfiguration[],
): Promise<PlannedChange[]> {
  const planned: PlannedChange[] = [];
  for (const webhook of wanted) {
    const known = stored.find(({ url }) => url === webhook.url);
    planned.push(...(await planWebhook(needs, place, webhook, known)));
  }
  const removed = stored.filter(({ url }) => !wanted.some((webhook) => webhook.url === url));
  const removals = removed.map(({ id, url }) => ({
    change: { kind: 'remove-webhook' as const, id },
    line: `- ${place.label}: webhook ${withoutQuery(url)}`,
  }));
  return [...planned, ...removals];
}

async function planWebhook(
  needs: ConfigurationNeeds,
  place: WebhooksPlace,
  wanted: ConfigWebhook,
  known: WebhookConfiguration | undefined,
): Promise<PlannedChange[]> {
  const name = `webhook ${withoutQuery(wanted.url)}`;
  if (!known) return [await planNew(needs, place, wanted, name)];
  const { id } = known;
  const named = signingSecretsOf(wanted);
  const kept = named.length === 0;
  const secrets = kept ? known.secrets : await sealedSecrets(needs, place.tenantId, id, named, known.secrets);
  const webhook: WebhookFields = { url: wanted.url, events: eventsOf(wanted), secrets };
  const differing = differences<WebhookFields>(known, webhook);
  const what = known.disabled ? [...differing, 'is used again'] : differing;
  if (what.length === 0) return [];
  return [{ change: { kind: 'update-webhook', id, webhook }, line: `~ ${place.label}: ${name}: ${what.join(', ')}` }];
}

async function planNew(
  needs: ConfigurationNeeds,
  { tenantId, skillId, label }: WebhooksPlace,
  wanted: ConfigWebhook,
  name: string,
): Promise<PlannedChange> {
  const id = needs.newId();
  const named = signingSecretsOf(wanted);
  const made = named.length === 0 ? needs.newSigningSecret() : undefined;
  const secrets = await sealedSecrets(needs, tenantId, id, made === undefined ? named : [made], undefined);
  const webhook: WebhookFields = { url: wanted.url, events: eventsOf(wanted), secrets };
  return {
    change: { kind: 'create-webhook', id, skillId, webhook },
    line: `+ ${label}: ${name}`,
    ...(made !== undefined && { once: { what: `signing secret of ${label}: ${name}`, secret: made } }),
  };
}

const eventsOf = ({ events }: ConfigWebhook): ConfigWebhook['events'] => [...new Set(events)].sort();

/** What stands in the query may be a secret. */
const withoutQuery = (url: string): string => url.replace(/\?.*/, '');

/** The stored sealed secrets when they are the same ones, so that applying twice changes nothing. */
async function sealedSecrets(
  needs: ConfigurationNeeds,
  tenantId: TenantId,
  webhookId: string,
  secrets: readonly string[],
  stored: Buffer | undefined,
): Promise<Buffer> {
  const place = webhookSecretsPlace(tenantId, webhookId);
  const plain = Buffer.from(JSON.stringify(secrets), 'utf8');
  const deadline = performance.now() + SEAL_MS;
  if (stored && (await needs.open(place, stored, deadline)).equals(plain)) return stored;
  return needs.seal(place, plain, deadline);
}
