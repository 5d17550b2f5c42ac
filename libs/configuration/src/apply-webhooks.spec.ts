import { fileOf, MemoryStore, needsOf, skillOf, tenantOf } from '../test/memory-store.js';
import { applyConfig, type ApplyOptions } from './apply-config.js';
import { webhookSecretsPlace } from './configuration.js';

const OPTIONS: ApplyOptions = { dryRun: false, prune: false, liveGrants: null, retireSecrets: false };
const secretOf = (octet: number): string => `whsec_${Buffer.alloc(32, octet).toString('base64')}`;
const [OLD, NEW] = [secretOf(1), secretOf(2)];

type Fields = Record<string, unknown>;
const webhookOf = (name: string, changes: Fields = {}): Fields => ({
  url: `https://hooks.example/${name}?token=t`,
  events: ['link.dead', 'link.created'],
  secret: OLD,
  ...changes,
});

function broker() {
  const store = new MemoryStore();
  const needs = needsOf(store);
  const apply = async (webhooks: Fields[], options: Partial<ApplyOptions> = {}): Promise<string[]> => {
    const file = fileOf(tenantOf([skillOf('lights', { webhooks })]));
    const applied = await applyConfig(needs, file, { ...OPTIONS, ...options });
    return applied.flatMap(({ lines }) => lines).filter((line) => line.includes('webhook'));
  };
  const stored = async () => {
    const [tenantId] = [...store.tenants.keys()];
    const webhooks = [...store.tenants.values()].flatMap((tenant) => [...tenant.webhooks.values()]);
    return Promise.all(
      webhooks.map(async ({ id, url, events, secrets }) => {
        const opened = await needs.open(webhookSecretsPlace(tenantId!, id), secrets, 0);
        return { url, events, secrets: JSON.parse(opened.toString()) as unknown };
      }),
    );
  };
  return { store, apply, stored };
}

describe('webhooks of a skill', () => {
  it('are made, sealed for their place, and found as they are the next time', async () => {
    const { apply, store, stored } = broker();
    expect(await apply([webhookOf('a'), webhookOf('b', { secret: undefined, secrets: [NEW, OLD] })])).toEqual([
      '+ skill lights: webhook https://hooks.example/a',
      '+ skill lights: webhook https://hooks.example/b',
    ]);
    const events = ['link.created', 'link.dead'];
    expect(await stored()).toEqual([
      { url: 'https://hooks.example/a?token=t', events, secrets: [OLD] },
      { url: 'https://hooks.example/b?token=t', events, secrets: [NEW, OLD] },
    ]);
    const before = store.transactions;
    const again = { events: ['link.created', 'link.dead', 'link.dead'] };
    expect(await apply([webhookOf('b', { secret: undefined, secrets: [NEW, OLD] }), webhookOf('a', again)])).toEqual(
      [],
    );
    expect(store.transactions).toBe(before);
  });

  it.each([
    [{ events: ['link.dead'] }, 'events'],
    [{ secret: NEW }, 'secrets'],
    [{ secret: undefined, secrets: [NEW, OLD] }, 'secrets'],
    [{ secret: NEW, events: ['link.dead'] }, 'events, secrets'],
  ])('change in place: %j', async (changes, what) => {
    const { apply } = broker();
    await apply([webhookOf('a')]);
    const line = `~ skill lights: webhook https://hooks.example/a: ${what}`;
    expect(await apply([webhookOf('a', changes)], { dryRun: true })).toEqual([line]);
    expect(await apply([webhookOf('a', changes)])).toEqual([line]);
    expect(await apply([webhookOf('a', changes)])).toEqual([]);
  });

  it('get a secret where the file names none, told once and kept', async () => {
    const { store, stored } = broker();
    const needs = needsOf(store);
    const bare = webhookOf('a', { secret: undefined });
    const run = async (webhook: Fields, options: Partial<ApplyOptions> = {}) => {
      const file = fileOf(tenantOf([skillOf('lights', { webhooks: [webhook] })]));
      const [applied] = await applyConfig(needs, file, { ...OPTIONS, ...options });
      return applied!;
    };
    expect((await run(bare, { dryRun: true })).once).toEqual([]);
    const { once } = await run(bare);
    expect(once).toEqual([
      {
        what: expect.stringMatching(/^signing secret of skill lights: webhook \S+$/) as string,
        secret: expect.stringMatching(/^whsec_\S{44}$/) as string,
      },
    ]);
    const secrets = (await stored())[0]?.secrets as string[];
    expect(once[0]?.secret).toBe(secrets[0]);
    expect(await run(bare)).toMatchObject({ lines: [], once: [] });
    expect((await stored())[0]).toMatchObject({ secrets });
    await run(webhookOf('a', { secret: NEW }));
    expect((await stored())[0]).toMatchObject({ secrets: [NEW] });
    expect((await run(bare)).once).toEqual([]);
    expect((await stored())[0]).toMatchObject({ secrets: [NEW] });
  });

  it('that the file does not name are removed, without pruning anything else', async () => {
    const { apply, stored } = broker();
    await apply([webhookOf('a'), webhookOf('b')]);
    expect(await apply([webhookOf('b')])).toEqual(['- skill lights: webhook https://hooks.example/a']);
    expect(await stored()).toHaveLength(1);
    expect(await apply([webhookOf('b')])).toEqual([]);
  });

  it('whose receiver was gone are used again', async () => {
    const { apply, store } = broker();
    await apply([webhookOf('a')]);
    for (const tenant of store.tenants.values())
      for (const [id, webhook] of tenant.webhooks) tenant.webhooks.set(id, { ...webhook, disabled: true });
    expect(await apply([webhookOf('a')])).toEqual(['~ skill lights: webhook https://hooks.example/a: is used again']);
    expect(await apply([webhookOf('a')])).toEqual([]);
  });
});
