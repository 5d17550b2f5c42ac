import { secretsOf } from '@linkbroker/contracts';
import type { ClientConfiguration, ConfigurationNeeds, PlannedChange } from './configuration.js';

export interface SecretPlanOptions {
  /** Replaced secrets stop at once instead of after 30 days unseen. */
  readonly retireSecrets: boolean;
}

/** Which client of which skill, and how to call it to a person. */
export interface ClientPlace {
  readonly skillId: string;
  readonly kind: 'alexa' | 'backend';
  readonly label: string;
}

type WantedClient = Parameters<typeof secretsOf>[0] & { readonly clientId: string };
type StoredSecret = ClientConfiguration['secrets'][number];

/**
 * The changes that make one client of a skill what is wanted. Where no secret is named those that are there stay, and a new
 * client gets one that is told once.
 */
export async function planClient(
  needs: ConfigurationNeeds,
  place: ClientPlace,
  wanted: WantedClient,
  known: ClientConfiguration | undefined,
  options: SecretPlanOptions,
): Promise<PlannedChange[]> {
  const named = secretsOf(wanted);
  if (named.length === 0) {
    const made = known ? [] : [await planMadeSecret(needs, place, wanted.clientId)];
    return [...planClientId(place, wanted.clientId, known), ...made];
  }
  const unmatched = new Set(known?.secrets ?? []);
  const secrets: PlannedChange[] = [];
  for (const secret of named) {
    const match = await findMatch(needs, secret, [...unmatched]);
    if (match) unmatched.delete(match);
    secrets.push(...(await planSecret(needs, place, wanted.clientId, secret, match)));
  }
  return [...planClientId(place, wanted.clientId, known), ...secrets, ...planReplaced(place, [...unmatched], options)];
}

function planClientId(
  { skillId, kind, label }: ClientPlace,
  clientId: string,
  known: ClientConfiguration | undefined,
): PlannedChange[] {
  if (!known) {
    const change = { kind: 'add-client', skillId, client: kind, clientId } as const;
    return [{ change, line: `+ ${label}: ${kind} client ${clientId}` }];
  }
  if (known.clientId === clientId) return [];
  const line = `~ ${label}: ${kind} client id ${known.clientId} becomes ${clientId}; change it where it is used too`;
  return [{ change: { kind: 'rename-client', from: known.clientId, clientId }, line }];
}

async function planSecret(
  needs: ConfigurationNeeds,
  { kind, label }: ClientPlace,
  clientId: string,
  secret: string,
  match: StoredSecret | undefined,
): Promise<PlannedChange[]> {
  if (!match) {
    const change = { kind: 'add-secret', id: needs.newId(), clientId, hash: await needs.hashSecret(secret) } as const;
    return [{ change, line: `+ ${label}: ${kind} client secret` }];
  }
  if (!match.superseded) return [];
  return [
    { change: { kind: 'restore-secret', id: match.id }, line: `~ ${label}: ${kind} client secret is current again` },
  ];
}

/** A secret that is made here, and told this once. */
async function planMadeSecret(needs: ConfigurationNeeds, place: ClientPlace, clientId: string): Promise<PlannedChange> {
  const secret = needs.newClientSecret();
  const [planned] = await planSecret(needs, place, clientId, secret, undefined);
  if (!planned) throw new Error('a new secret is always a change');
  return { ...planned, once: { what: `${place.kind} client secret of ${place.label}`, secret } };
}

/**
 * A new secret for a client that is there. Those before it stay until nobody uses them, or end at once.
 */
export async function planNewSecret(
  needs: ConfigurationNeeds,
  place: ClientPlace,
  known: ClientConfiguration,
  options: SecretPlanOptions,
): Promise<PlannedChange[]> {
  const before = known.secrets.filter(({ superseded }) => !superseded);
  // One that was replaced already makes room: there are two that work, and no more.
  const older = known.secrets.filter(({ superseded }) => superseded);
  return [
    await planMadeSecret(needs, place, known.clientId),
    ...planReplaced(place, before, options),
    ...planReplaced(place, older, { retireSecrets: true }),
  ];
}

/** A secret the file does not name any more keeps working until nobody uses it, unless told otherwise. */
function planReplaced(
  { kind, label }: ClientPlace,
  replaced: readonly StoredSecret[],
  { retireSecrets }: SecretPlanOptions,
): PlannedChange[] {
  if (retireSecrets) {
    const line = `- ${label}: replaced ${kind} client secret, at once`;
    return replaced.map(({ id }) => ({ change: { kind: 'retire-secret', id }, line }));
  }
  const line = `~ ${label}: replaced ${kind} client secret retires after 30 days unseen`;
  return replaced
    .filter(({ superseded }) => !superseded)
    .map(({ id }) => ({ change: { kind: 'supersede-secret', id }, line }));
}

async function findMatch(
  needs: ConfigurationNeeds,
  secret: string,
  stored: readonly StoredSecret[],
): Promise<StoredSecret | undefined> {
  for (const candidate of stored) if (await needs.verifySecret(secret, candidate.hash)) return candidate;
  return undefined;
}
