import { eventually } from '@linkbroker/testing';
import fc from 'fast-check';
import { closeAll, get, serve, way } from '../test/world.js';
import { Circuits, type Verdict } from './circuits.js';

afterEach(closeAll);

const OPTIONS = { failures: 3, pauseMs: 1_000, maxPauseMs: 4_000 };

/** Circuits by a clock that stands still until told. */
function circuits(more: { remembered?: number } = {}) {
  const clock = { now: 0 };
  const rule = new Circuits({ ...OPTIONS, ...more, now: () => clock.now });
  const tell = (key: string, ...verdicts: Verdict[]): void =>
    verdicts.forEach((verdict) => rule.enter(key, 'id.example.com')(verdict));
  const isOpen = (key: string): boolean => {
    try {
      rule.check(key, 'id.example.com');
      return false;
    } catch (error) {
      expect(error).toMatchObject({ name: 'EgressFailed', sent: false });
      return true;
    }
  };
  return { clock, rule, tell, isOpen };
}

describe('a circuit', () => {
  it('opens after so many failures in a row', () => {
    const { tell, isOpen } = circuits();
    tell('a', 'sick', 'sick');
    expect(isOpen('a')).toBe(false);
    tell('a', 'sick');
    expect(isOpen('a')).toBe(true);
  });

  it('does not open when one in between is well, and does when it says nothing', () => {
    const { tell, isOpen } = circuits();
    tell('a', 'sick', 'sick', 'well', 'sick', 'sick');
    expect(isOpen('a')).toBe(false);
    tell('a', 'nothing', 'sick');
    expect(isOpen('a')).toBe(true);
  });

  it('lets one through after the pause, and closes when that is well', () => {
    const { clock, rule, tell, isOpen } = circuits();
    tell('a', 'sick', 'sick', 'sick');
    clock.now = 999;
    expect(isOpen('a')).toBe(true);
    clock.now = 1_000;
    const report = rule.enter('a', 'id.example.com');
    expect(isOpen('a')).toBe(true);
    report('well');
    expect(isOpen('a')).toBe(false);
    tell('a', 'sick', 'sick');
    expect(isOpen('a')).toBe(false);
  });

  it('pauses longer each time, up to a bound, and starts small again', () => {
    const { clock, tell, isOpen } = circuits();
    tell('a', 'sick', 'sick', 'sick');
    for (const pause of [1_000, 2_000, 4_000, 4_000]) {
      clock.now += pause - 1;
      expect(isOpen('a')).toBe(true);
      clock.now += 1;
      expect(isOpen('a')).toBe(false);
      tell('a', 'sick');
    }
    clock.now += 4_000;
    tell('a', 'well', 'sick', 'sick', 'sick');
    clock.now += 1_000;
    expect(isOpen('a')).toBe(false);
  });

  it('lets the next one try when the first one came to nothing', () => {
    const { clock, tell, isOpen } = circuits();
    tell('a', 'sick', 'sick', 'sick');
    clock.now = 1_000;
    tell('a', 'nothing');
    expect(isOpen('a')).toBe(false);
  });

  it('is not held open longer by those who were under way when it opened, and closes when one of them is well', () => {
    const { clock, rule, isOpen } = circuits();
    const [one, two, three, four, five] = Array.from({ length: 5 }, () => rule.enter('a', 'id.example.com'));
    for (const report of [one, two, three]) report?.('sick');
    clock.now = 500;
    four?.('sick');
    clock.now = 1_000;
    expect(isOpen('a')).toBe(false);
    clock.now = 0;
    expect(isOpen('a')).toBe(true);
    five?.('well');
    expect(isOpen('a')).toBe(false);
  });

  it('never has anything to do with another one', () => {
    const verdict = fc.constantFrom<Verdict>('well', 'sick', 'nothing');
    fc.assert(
      fc.property(fc.array(verdict), fc.array(fc.tuple(fc.constantFrom('b', 'c'), verdict)), (own, others) => {
        const [alone, among] = [circuits(), circuits()];
        for (const [key, said] of others) if (!among.isOpen(key)) among.tell(key, said);
        for (const said of own) {
          expect(among.isOpen('a')).toBe(alone.isOpen('a'));
          if (!alone.isOpen('a')) [alone, among].forEach(({ tell }) => tell('a', said));
        }
      }),
    );
  });

  it('is forgotten, and so closed, when too many others failed since', () => {
    const { tell, isOpen } = circuits({ remembered: 2 });
    for (const key of ['a', 'b', 'c']) tell(key, 'sick', 'sick', 'sick');
    expect(['a', 'b', 'c'].map(isOpen)).toEqual([false, true, true]);
  });
});

describe('requests', () => {
  const clock = { now: 0 };
  beforeEach(() => (clock.now = 0));
  const guarded = () => way('127.0.0.0/8', { circuits: { ...OPTIONS, now: () => clock.now } });

  it.each([500, 502, 503])('to a server that answers %d open its circuit, and one opens it again', async (status) => {
    const state = { status };
    const { url, seen } = await serve((_, response) => response.writeHead(state.status).end());
    const egress = guarded();
    const send = () => egress.send(get(url, { circuit: 'a' }));
    for (let count = 1; count <= 3; count += 1) expect((await send()).status).toBe(status);
    await expect(send()).rejects.toMatchObject({ name: 'EgressFailed', sent: false });
    await expect(send()).rejects.toThrow(/^outbound request failed: 127\.0\.0\.1:\d+: the circuit is open$/);
    expect(seen).toHaveLength(3);
    expect((await egress.send(get(url, { circuit: 'b' }))).status).toBe(status);
    expect((await egress.send(get(url))).status).toBe(status);
    state.status = 200;
    clock.now += 1_000;
    const outcomes = await Promise.allSettled([send(), send(), send()]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect((await send()).status).toBe(200);
  });

  it.each([400, 401, 403, 404, 429])('that are answered %d do not', async (status) => {
    const { url } = await serve((_, response) => response.writeHead(status).end());
    const egress = guarded();
    for (let count = 1; count <= 5; count += 1) {
      expect((await egress.send(get(url, { circuit: 'a' }))).status).toBe(status);
    }
  });

  it('that are answered uselessly do not, but for 5xx', async () => {
    const state = { status: 200 };
    const { url } = await serve((_, response) =>
      response.writeHead(state.status, { 'content-encoding': 'gzip' }).end('x'),
    );
    const egress = guarded();
    const send = () => egress.send(get(url, { circuit: 'a' }));
    for (let count = 1; count <= 4; count += 1) await expect(send()).rejects.toThrow('encoded');
    state.status = 500;
    for (let count = 1; count <= 3; count += 1) await expect(send()).rejects.toThrow('encoded');
    await expect(send()).rejects.toThrow('circuit is open');
  });

  it('that reach nobody, or hang, do', async () => {
    const { url, server } = await serve((_, response) => response.end());
    await new Promise((resolve) => server.close(resolve));
    const silent = await serve(() => undefined);
    const egress = guarded();
    const hang = () => egress.send(get(silent.url, { circuit: 'a', deadline: performance.now() + 30 }));
    await expect(egress.send(get(url, { circuit: 'a' }))).rejects.toThrow('ECONNREFUSED');
    await expect(hang()).rejects.toThrow('no answer in time');
    await expect(hang()).rejects.toThrow('no answer in time');
    await expect(hang()).rejects.toThrow('circuit is open');
    expect(silent.seen).toHaveLength(2);
  });

  it('that policy refuses do not', async () => {
    const egress = way('', { circuits: { ...OPTIONS, now: () => clock.now } });
    for (let count = 1; count <= 5; count += 1) {
      await expect(egress.send(get('http://127.0.0.1/', { circuit: 'a' }))).rejects.toThrow('refused');
    }
  });

  it('that wait for a slot when the circuit opens are not sent', async () => {
    const held: (() => unknown)[] = [];
    const { url, seen } = await serve((_, response) => {
      const answer = (): unknown => response.writeHead(500).end();
      // Who is sent while the first three are being told apart gets its answer at once.
      if (held.length < 3) held.push(answer);
      else answer();
    });
    const egress = way('127.0.0.0/8', { perHost: 3, circuits: { ...OPTIONS, now: () => clock.now } });
    const sends = Array.from({ length: 9 }, () => egress.send(get(url, { circuit: 'a' })));
    await eventually('three to be held', () => held.length === 3);
    held.forEach((answer) => answer());
    const outcomes = await Promise.allSettled(sends);
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(4);
    expect(seen.length).toBeLessThanOrEqual(5);
  });
});
