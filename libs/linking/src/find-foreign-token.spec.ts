import { asTenantId, type TraceEvent } from '@linkbroker/contracts';
import { adoptedSecretOf, sha256 } from '@linkbroker/protocol';
import { claimForeignGrant, findForeignToken, type ForeignTokensNeeds } from './find-foreign-token.js';

const NOW = new Date('2026-11-23T00:00:00Z');
const GRANT = '0190a1b2-0000-7000-8000-000000000001';
const SKILL = {
  id: '0190a1b2-0000-7000-8000-000000000002',
  tenantId: asTenantId('0190a1b2-0000-7000-8000-000000000003'),
};
const FOUND = {
  kind: 'refresh',
  state: 'adopted',
  grantId: GRANT,
  linkId: 'a link',
  used: false,
  expiresAt: new Date(NOW.getTime() + 1),
} as const;
type Found = Awaited<ReturnType<ForeignTokensNeeds['foreignTokens']['find']>>;

function world(found: Found, first = true) {
  const [asked, claimed, traced]: [unknown[], unknown[], TraceEvent[]] = [[], [], []];
  const needs: ForeignTokensNeeds = {
    now: () => NOW,
    trace: (event) => traced.push(event),
    foreignTokens: {
      find: (...call) => {
        asked.push(call);
        return Promise.resolve(found);
      },
      claimGrant: (...call) => {
        claimed.push(call);
        return Promise.resolve(first);
      },
    },
  };
  const find = (foreignTokens?: true) =>
    findForeignToken(needs, { ...SKILL, ...(foreignTokens && { foreignTokens }) }, 'token', ['refresh'], 0);
  return { needs, asked, claimed, traced, find };
}

test('a skill that has imported nothing is not looked up', async () => {
  const { asked, find } = world(FOUND);
  expect(await find()).toBeUndefined();
  expect(asked).toEqual([]);
});

test('a token is looked up by its SHA-256, and stands for its grant', async () => {
  const { asked, find } = world(FOUND);
  expect(await find(true)).toMatchObject({ grantId: GRANT, used: false });
  expect(asked).toEqual([[SKILL.tenantId, SKILL.id, { kinds: ['refresh'], sha256: sha256('token') }, 0]]);
});

test.each<[string, Found]>([
  ['is not known', undefined],
  ['is of a line that was refused', { ...FOUND, state: 'refused', grantId: null }],
  ['is past its end', { ...FOUND, expiresAt: NOW }],
])('a token that %s is nothing', async (_, found) => {
  expect(await world(found).find(true)).toBeUndefined();
});

test('a token whose line is not proved may come again', async () => {
  await expect(world({ ...FOUND, state: 'pending', grantId: null }).find(true)).rejects.toMatchObject({
    code: 'temporarily_unavailable',
  });
});

test('the first to present it gives the grant its secret, and whoever comes after derives the same', async () => {
  const expected = adoptedSecretOf('token', GRANT);
  for (const [first, used, claims, traces] of [
    [true, false, 1, 1],
    [false, false, 1, 0],
    [false, true, 0, 0],
  ] as const) {
    const { needs, claimed, traced } = world(FOUND, first);
    expect(await claimForeignGrant(needs, SKILL, 'token', { ...FOUND, used }, 0)).toEqual(expected);
    expect([claimed.length, traced.length]).toEqual([claims, traces]);
    expect(JSON.stringify([claimed, traced])).not.toContain(expected.toString('hex'));
  }
});
