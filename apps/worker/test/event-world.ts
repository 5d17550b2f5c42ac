import { applyConfig } from '@linkbroker/configuration';
import { configFile, type Deadline, type TenantId } from '@linkbroker/contracts';
import { AddressPolicy, Egress } from '@linkbroker/egress';
import { deliverEvents, type DeliverEventsNeeds } from '@linkbroker/linking';
import {
  ConfigurationStore,
  EventDeliveriesStore,
  EventLogStore,
  GrantsStore,
  KeysStore,
  LinksStore,
  TokenSetsStore,
} from '@linkbroker/persistence';
import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { FixedClock, noteSecret, noteSecretsIn, pendingGrant, redemptionOf } from '@linkbroker/testing';
import { hashSecret, parseMasterKeys, Vault, verifySecret } from '@linkbroker/vault';
import { randomBytes, randomUUID } from 'node:crypto';

const deadline = (): Deadline => performance.now() + 10_000;

/** A live grant of a link: what Alexa holds. */
export interface LiveGrant {
  readonly linkId: string;
  readonly grantId: string;
  readonly secretHash: Buffer;
}

export type EventWorld = Awaited<ReturnType<typeof createEventWorld>>;

/** Real stores, vault and egress around a tenant with one skill, whose clock is the test's. */
export async function createEventWorld(start: Date, allow = 'webhook:127.0.0.0/8') {
  const database: ScratchDatabase = await createScratchDatabase();
  const clock = new FixedClock(start.toISOString());
  const [broker, worker, admin] = [
    (await database.open('broker')).database,
    (await database.open('worker')).database,
    await database.open('admin'),
  ];
  const masterKeys = `k1:${noteSecret('master key', randomBytes(32).toString('base64'))}`;
  const vaultOf = (rows: typeof broker): Vault => new Vault(parseMasterKeys(masterKeys), new KeysStore(rows));
  const [adminVault, workerVault] = [vaultOf(admin.database), vaultOf(worker)];
  const configuration = new ConfigurationStore(admin.dataSource);
  const egress = new Egress(new AddressPolicy(allow));
  const traces: { readonly name: string; readonly detail?: string }[] = [];
  const needs: DeliverEventsNeeds = {
    ...{ now: clock.now, randomBytes, trace: (event) => void traces.push(event), egress },
    open: workerVault.open.bind(workerVault),
    deliveries: new EventDeliveriesStore(worker),
  };
  const apply = async (webhooks: readonly object[]): Promise<void> => {
    const config = configFile.parse({
      tenants: [{ slug: 'acme', name: 'Acme', connectors: [HOME], skills: [{ ...LIGHTS, webhooks }] }],
    });
    noteSecretsIn(config);
    const applying = {
      ...{
        now: clock.now,
        newId: randomUUID,
        newClientSecret: () => noteSecret('client secret', randomBytes(32).toString('base64url')),
        newSigningSecret: () => noteSecret('webhook secret', `whsec_${randomBytes(32).toString('base64')}`),
        hashSecret,
        verifySecret,
        store: configuration,
      },
      ...{ seal: adminVault.seal.bind(adminVault), open: adminVault.open.bind(adminVault) },
    };
    await applyConfig(applying, config, { dryRun: false, prune: false, liveGrants: null, retireSecrets: false });
  };
  const [grants, links, sets] = [new GrantsStore(broker), new LinksStore(broker), new TokenSetsStore(broker)];
  const ids = async (): Promise<{ tenantId: TenantId; skillId: string; connectorId: string }> => {
    const tenantId = (await configuration.resolveTenant('acme'))!;
    const { skills, connectors } = await configuration.read(tenantId);
    return { tenantId, skillId: skills[0]!.id, connectorId: connectors[0]!.id };
  };

  /** What a household's linking and Alexa's redeeming of the code write. */
  const link = async (subject: string): Promise<LiveGrant> => {
    const { tenantId, skillId, connectorId } = await ids();
    const known = await sets.findBySubject(tenantId, connectorId, subject, deadline());
    const tokenSetId = known?.id ?? randomUUID();
    if (!known) {
      const set = {
        ...{ id: tokenSetId, connectorId, subject, domain: Buffer.alloc(32), version: 1, scopes: [] },
        ...{ hasRefreshToken: true, accessExpiresAt: null, refreshExpiresAt: null, freshRefreshToken: true },
        ...{ activeDueAt: null, dormantDueAt: null, sealed: Buffer.from('sealed') },
      };
      await sets.store(tenantId, set, clock.now(), deadline());
    }
    const fixture = {
      grants,
      tenantId,
      skillId,
      linkId: '',
      other: { tenantId, skillId },
      issue: () => Promise.resolve(),
    };
    const { pending } = pendingGrant(fixture, clock);
    const completion = { ...pending, connectorId, subject, tokenSetId, newLinkId: randomUUID() };
    const linkId = await links.complete(tenantId, completion, clock.now(), deadline());
    const redemption = redemptionOf(pending, clock);
    await grants.redeem(tenantId, redemption, deadline());
    return { linkId: linkId!, grantId: pending.grantId, secretHash: redemption.secretHash };
  };
  const revoke = async ({ grantId, secretHash }: LiveGrant): Promise<void> => {
    const { tenantId, skillId } = await ids();
    const revocation = { skillId, grantId, secretHash, reason: 'revoked by the alexa client', now: clock.now() };
    await grants.revoke(tenantId, revocation, deadline());
  };
  const refresh = async ({ grantId, secretHash }: LiveGrant, presented: number): Promise<void> => {
    const { tenantId, skillId } = await ids();
    const attempt = { skillId, grantId, secretHash, presented, keep: null, signingKeyId: 1, now: clock.now() };
    await grants.refresh(tenantId, attempt, deadline());
  };
  const close = async (): Promise<void> => {
    await egress.close();
    await database.close();
  };
  return {
    ...{ database, clock, needs, traces, masterKeys, apply, ids, link, revoke, refresh, close },
    log: new EventLogStore(admin.dataSource),
    deliver: () => deliverEvents(needs),
  };
}

const HOME = {
  ...{ slug: 'home', provider: 'oidc', issuer: 'https://id.example.com' },
  ...{ clientId: 'broker', clientSecret: 'upstream-secret' },
};
const LIGHTS = {
  ...{ slug: 'lights', name: 'Lights', clientId: 'alexa-lights', clientSecret: 'lights-secret' },
  ...{ vendorId: 'M3KVOEXUO4ALBL', connectors: ['home'] },
};
