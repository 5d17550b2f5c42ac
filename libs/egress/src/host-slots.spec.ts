import { eventually } from '@linkbroker/testing';
import { closeAll, get, serve, way } from '../test/world.js';
import { HostSlots } from './host-slots.js';

afterEach(closeAll);

const FAR = () => performance.now() + 10_000;

describe('slots', () => {
  it('are given in order within a turn, and turn by turn', async () => {
    const slots = new HostSlots(1);
    const given: string[] = [];
    const first = await slots.take('h', 'a', FAR());
    const waiting = ['a1', 'a2', 'a3', 'b1', 'c1', 'b2'].map(async (name) => {
      const release = await slots.take('h', name.charAt(0), FAR());
      given.push(name);
      release();
    });
    first();
    await Promise.all(waiting);
    expect(given).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('are of their host', async () => {
    const slots = new HostSlots(1);
    await slots.take('h', '', FAR());
    await expect(slots.take('other', '', FAR())).resolves.toBeInstanceOf(Function);
  });

  it('are waited for no longer than the deadline, and who has gone is passed over', async () => {
    const slots = new HostSlots(1);
    const release = await slots.take('h', '', FAR());
    const late = slots.take('h', '', performance.now() + 20);
    const patient = slots.take('h', '', FAR());
    await expect(late).rejects.toMatchObject({ name: 'EgressFailed', sent: false });
    await expect(late).rejects.toThrow('outbound request failed: h: no free slot in time');
    release();
    const next = await patient;
    // Handed on, not free.
    await expect(slots.take('h', '', performance.now() + 20)).rejects.toThrow('no free slot');
    next();
    await expect(slots.take('h', '', performance.now() + 20)).resolves.toBeInstanceOf(Function);
  });

  it('are not waited for by more than a thousand', async () => {
    const slots = new HostSlots(1);
    const release = await slots.take('h', '', FAR());
    const waiting = Array.from({ length: 1_000 }, (_, index) => slots.take('h', String(index % 7), FAR()));
    await expect(slots.take('h', '', FAR())).rejects.toMatchObject({ name: 'EgressFailed', sent: false });
    release();
    for (const slot of waiting) (await slot)();
  });
});

describe('requests', () => {
  it('beyond sixteen to one host wait, and all are answered', async () => {
    const held: (() => void)[] = [];
    let most = 0;
    const { url, seen } = await serve((_, response) => {
      held.push(() => response.end());
      most = Math.max(most, held.length);
    });
    const egress = way();
    const sends = Array.from({ length: 24 }, () => egress.send(get(url)));
    for (let count = 1; count <= 40; count += 1) {
      const full = Math.min(16, sends.length + 1 - count);
      await eventually(`${full} to be held`, (saw) => saw(held.length) === full);
      held.shift()?.();
      if (sends.length < 40) sends.push(egress.send(get(url)));
    }
    expect((await Promise.all(sends)).map(({ status }) => status)).toEqual(Array(40).fill(200));
    expect([most, seen.length]).toEqual([16, 40]);
  });

  it('to a host that hangs end by their deadlines and do not hold up another host', async () => {
    const silent = await serve(() => undefined);
    const quick = await serve((_, response) => response.end());
    const egress = way('127.0.0.0/8', { perHost: 2 });
    const hanging = Array.from({ length: 6 }, () =>
      egress.send(get(silent.url, { deadline: performance.now() + 300 })),
    );
    const ended = Promise.allSettled(hanging);
    await eventually('two requests', () => silent.seen.length === 2);
    expect((await egress.send(get(quick.url))).status).toBe(200);
    const sent = (await ended).map(
      (outcome) => outcome.status === 'rejected' && (outcome.reason as { sent: boolean }).sent,
    );
    expect(sent.filter((value) => !value).length).toBeGreaterThanOrEqual(2);
    expect((await egress.send(get(quick.url))).status).toBe(200);
  });

  it('get their slot back however they end', async () => {
    const { url } = await serve((request, response) =>
      request.url === '/cut' ? request.socket.destroy() : response.end(),
    );
    const egress = way('127.0.0.0/8', { perHost: 1 });
    await egress.send(get(`${url}/cut`)).catch(() => undefined);
    await egress.send(get(`${url}/`, { headers: { 'x-bad': '\n' } })).catch(() => undefined);
    expect((await egress.send(get(url))).status).toBe(200);
  });
});
