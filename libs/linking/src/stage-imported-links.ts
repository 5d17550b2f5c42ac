import { importedLine, type Connector, type Deadline, type ImportedLine, type TenantId } from '@linkbroker/contracts';
import { uuidV7 } from '@linkbroker/protocol';
import { findProvider, scheduleRefresh, type UpstreamProvider } from '@linkbroker/providers';
import type { Ambient } from './needs.js';
import { randomShare, sealTokens, type Fingerprint, type VaultNeeds } from './upstream-secrets.js';

interface StagedLine {
  readonly id: string;
  readonly setId: string;
  readonly line: number;
  readonly subject: string;
  readonly fingerprint: string;
  readonly scopes: readonly string[];
  readonly linkedAt: Date | null;
  readonly refresh: readonly string[];
  readonly access: readonly { readonly sha256: string; readonly expiresAt: Date }[];
  readonly setScopes: readonly string[];
  readonly hasRefreshToken: boolean;
  readonly accessExpiresAt: Date | null;
  readonly activeDueAt: Date | null;
  readonly dueAt: Date | null;
  readonly sealed: Buffer;
}

export interface StageImportedLinksNeeds extends Pick<Ambient, 'now' | 'randomBytes'>, Pick<VaultNeeds, 'seal'> {
  readonly fingerprint: Fingerprint;
  readonly imports: {
    stage(
      tenantId: TenantId,
      importId: string,
      lines: readonly StagedLine[],
      options: { readonly now: Date; readonly dry: boolean },
    ): Promise<
      readonly { readonly line: number; readonly outcome: 'staged' | 'known' | 'another-subject' }[] | undefined
    >;
  };
}

/** The import that lines are brought into. */
export interface ImportDestination {
  readonly tenantId: TenantId;
  readonly importId: string;
  readonly connector: Pick<Connector, 'id' | 'provider' | 'scopes'>;
  readonly skillScopes: readonly string[];
  /** Whether everything is checked and nothing written. */
  readonly dry: boolean;
  /** Refresh tokens of the same file that were seen, by their fingerprint, with their line. */
  readonly seen: Map<string, number>;
}

/** A line as it was brought, with its number. */
export interface BroughtLine {
  readonly line: number;
  readonly value: unknown;
}

/** What became of a line: staged, there already, or refused with why. */
export type LineOutcome =
  | { readonly line: number; readonly outcome: 'staged' | 'known' }
  | { readonly line: number; readonly outcome: 'refused'; readonly reason: string };

const LEAST_LIFE_MS = 30_000;
const LONGEST_REASON = 300;

/** Why links cannot be imported to this place at all; undefined where they can. */
export function importRefusal(relayed: boolean, providerId: string): string | undefined {
  if (relayed)
    return 'the skill is relayed to the server that it had before: what Alexa holds from there works already';
  return findProvider(providerId)?.identity.from === 'token'
    ? `the provider ${providerId} does not say by an access token whose it is: its links cannot be proved`
    : undefined;
}

/**
 * Checks lines and stages those that are right: their tokens are sealed, and wait to be renewed and proved. A line that is
 * wrong costs no other one.
 * @returns what became of each, in their order; undefined when there is no such import, or it was given up
 * @see ADR 0023
 */
export async function stageImportedLinks(
  needs: StageImportedLinksNeeds,
  destination: ImportDestination,
  brought: readonly BroughtLine[],
  deadline: Deadline,
): Promise<readonly LineOutcome[] | undefined> {
  const outcomes = new Map<number, LineOutcome>();
  const lines: StagedLine[] = [];
  for (const { line, value } of brought) {
    const staged = await stageLine(needs, destination, line, value, deadline);
    if (typeof staged === 'string') outcomes.set(line, { line, outcome: 'refused', reason: staged });
    else lines.push(staged);
  }
  const { tenantId, importId, dry } = destination;
  const written = await needs.imports.stage(tenantId, importId, lines, { now: needs.now(), dry });
  if (!written) return undefined;
  for (const { line, outcome } of written) {
    const reason = 'a refresh token of it was imported for another subject';
    outcomes.set(line, outcome === 'another-subject' ? { line, outcome: 'refused', reason } : { line, outcome });
  }
  return brought.flatMap(({ line }) => outcomes.get(line) ?? []);
}

/** The line ready to be written, or why it is refused. */
async function stageLine(
  needs: StageImportedLinksNeeds,
  destination: ImportDestination,
  line: number,
  value: unknown,
  deadline: Deadline,
): Promise<StagedLine | string> {
  const parsed = importedLine.safeParse(value);
  if (!parsed.success) return complaint(parsed.error.issues);
  const { connector, skillScopes, tenantId } = destination;
  const { subject, upstream, scopes = skillScopes, linkedAt, refreshTokens, accessTokens = [] } = parsed.data;
  const strange = scopes.find((scope) => !skillScopes.includes(scope));
  if (strange !== undefined) return `scopes: the skill has no scope ${strange}`;
  const refresh = [...new Set(refreshTokens.map(toHex))];
  const twice = noteSeen(destination.seen, refresh, line);
  if (twice !== undefined) return `a refresh token of it stands in line ${String(twice)} already`;
  const now = needs.now();
  const tokens = readTokens(upstream, findProvider(connector.provider), now);
  if (!tokens) return 'upstream: the access token has expired, and there is nothing to renew it with';
  const newId = (): string => uuidV7(now, needs.randomBytes(10));
  const setId = newId();
  const random = randomShare(needs.randomBytes);
  const { activeDueAt } = scheduleRefresh(tokens.provider, { ...tokens, refreshExpiresAt: null }, now, random);
  return {
    ...{ id: newId(), setId, line, subject, scopes, refresh, activeDueAt },
    ...{ hasRefreshToken: tokens.hasRefreshToken, accessExpiresAt: tokens.accessExpiresAt },
    fingerprint: needs.fingerprint('imported-token', [connector.id, tokens.identifying]).toString('hex'),
    linkedAt: linkedAt === undefined ? null : new Date(linkedAt),
    access: livingAccess(accessTokens, now),
    setScopes: upstream.scopes ?? connector.scopes,
    dueAt: tokens.living ? activeDueAt : now,
    sealed: await sealTokens(needs, tenantId, { id: setId, version: 1 }, { ...tokens.secrets, profile: {} }, deadline),
  };
}

/** What the other server holds, as far as it is of use; undefined where it is not. */
function readTokens(
  { refreshToken, accessToken, accessTokenExpiresAt }: ImportedLine['upstream'],
  provider: UpstreamProvider | undefined,
  now: Date,
) {
  if (!provider) return undefined;
  const hasRefreshToken = refreshToken !== undefined && provider.refresh.kind === 'refresh_token';
  const end = accessTokenExpiresAt === undefined ? null : new Date(accessTokenExpiresAt);
  const living = accessToken !== undefined && lives(end, hasRefreshToken, now);
  if (!living && !hasRefreshToken) return undefined;
  const secrets = { accessToken: living ? accessToken : '', refreshToken: refreshToken ?? null };
  const identifying = refreshToken ?? secrets.accessToken;
  return { provider, hasRefreshToken, living, accessExpiresAt: living ? end : now, secrets, identifying };
}

/** Of an access token whose end nobody names, a renewal is the safer way to another. */
const lives = (end: Date | null, renewable: boolean, now: Date): boolean =>
  end === null ? !renewable : end.getTime() > now.getTime() + LEAST_LIFE_MS;

const livingAccess = (tokens: NonNullable<ImportedLine['accessTokens']>, now: Date): StagedLine['access'] =>
  tokens
    .map(({ sha256, expiresAt }) => ({ sha256: toHex(sha256), expiresAt: new Date(expiresAt) }))
    .filter(({ expiresAt }) => expiresAt > now);

const toHex = (fingerprint: string): string =>
  fingerprint.length === 64 ? fingerprint.toLowerCase() : Buffer.from(fingerprint, 'base64url').toString('hex');

/** The line in which one of them was seen; otherwise they are noted. */
function noteSeen(seen: Map<string, number>, refresh: readonly string[], line: number): number | undefined {
  for (const one of refresh) {
    const before = seen.get(one);
    if (before !== undefined && before !== line) return before;
  }
  for (const one of refresh) seen.set(one, line);
  return undefined;
}

/** Where it is wrong and how. Never what stands there: it may be a token. */
function complaint(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string {
  const [issue] = issues;
  const where = issue?.path.map(String).join('.') ?? '';
  return `${where === '' ? 'the line' : where}: ${issue?.message ?? 'cannot be read'}`.slice(0, LONGEST_REASON);
}
