import { asTenantId } from '@linkbroker/contracts';
import { TenantTurns } from './tenant-turns.js';

const ACME = asTenantId('0197a0c0-6f2c-7d55-b3a4-0c6b3f6b9a10');
const RIVAL = asTenantId('0197a0c0-6f2c-7d55-b3a4-0c6b3f6b9a11');

it('lets as many in as one tenant may have under way, and others whatever that one does', () => {
  const turns = new TenantTurns(2);
  const [first, second] = [turns.enter(ACME), turns.enter(ACME)];
  expect([first, second]).toEqual([expect.any(Function), expect.any(Function)]);
  expect(turns.enter(ACME)).toBeUndefined();
  expect(turns.enter(RIVAL)).toBeDefined();
  first?.();
  expect(turns.enter(ACME)).toBeDefined();
  expect(turns.enter(ACME)).toBeUndefined();
});

it('forgets a tenant that has nothing under way', () => {
  const turns = new TenantTurns(1);
  for (let turn = 0; turn < 3; turn += 1) {
    const leave = turns.enter(ACME);
    expect(turns.enter(ACME)).toBeUndefined();
    leave?.();
  }
  expect(turns.enter(ACME)).toBeDefined();
});
