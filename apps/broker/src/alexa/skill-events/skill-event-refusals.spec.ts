import { postSkillEvent, skillEvent } from '../../../test/alexa-signer.js';
import { issue } from '../../../test/certificates.js';
import { startSkillEventWorld, type SkillEventWorld } from '../../../test/skill-event-world.js';
import { ALEXA } from '../../../test/test-broker.js';

let world: SkillEventWorld;
let { signer, broker, post, tell, household, lives, later, entries, entryOf, told } = {} as SkillEventWorld;

beforeAll(async () => {
  world = await startSkillEventWorld();
  ({ signer, broker, post, tell, household, lives, later, entries, entryOf, told } = world);
}, 60_000);
afterAll(() => world.close());
beforeEach(() => broker.clock.set(new Date()));

const now = () => broker.clock.now();

describe('a request that is not Alexa’s, of now and for this skill is refused, told and changes nothing', () => {
  test.each<[string, Record<string, string | undefined>, string, RegExp]>([
    ['no signature', { 'signature-256': undefined }, 'no_signature', /Signature alone, with SHA-1/],
    ['no signature at all', { 'signature-256': undefined, signature: undefined }, 'no_signature', /Signature-256/],
    ['no certificate', { signaturecertchainurl: undefined }, 'no_signature', /SignatureCertChainUrl/],
    ['a forged signature', { 'signature-256': Buffer.alloc(256).toString('base64') }, 'signature', /does not belong/],
    ['another host', { signaturecertchainurl: 'http://evil.example/echo.api/cert.pem' }, 'certificate_url', /host/],
  ])('%s', async (_, headers, outcome, message) => {
    const { access, refresh: token, userId } = await household();
    const answer = await post(skillEvent('SkillDisabled', later(60_000), { userId }), headers);
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
    expect(answer.body['error_description']).toMatch(message);
    expect(await told(outcome)).toMatchObject({ tenant: 'acme', link_id: null });
    expect(await lives({ refresh: token })).toBe(true);
    expect(JSON.stringify(answer.body)).not.toContain(access);
  });

  test('a path that leaves the folder by ..', async () => {
    const { url } = signer.current;
    const out = url.replace('/echo.api/', '/echo.api/../evil.api/');
    signer.files.set(new URL(out).pathname, signer.files.get(new URL(url).pathname)!);
    const before = signer.fetched.length;
    const answer = await post(skillEvent('SkillEnabled', now()), { signaturecertchainurl: out });
    expect([answer.status, answer.body['error_description']]).toEqual([400, expect.stringMatching(/path/)]);
    expect(signer.fetched).toHaveLength(before);
    const back = url.replace('/echo.api/', '/x/../echo.api/');
    expect((await post(skillEvent('SkillEnabled', now()), { signaturecertchainurl: back })).status).toBe(200);
  });

  test.each([
    ['an expired certificate', { from: new Date(Date.now() - 5e8), until: new Date(Date.now() - 1e8) }, /expired/],
    ['a certificate of somebody else', { names: ['api.amazon.com'] }, /does not bear the name/],
  ])('%s', async (_, wanted, message) => {
    const { current } = signer;
    signer.current = await signer.certificate(wanted);
    const answer = await tell('SkillEnabled');
    signer.current = current;
    expect([answer.status, answer.body['error_description']]).toEqual([400, expect.stringMatching(message)]);
    await told('certificate');
  });

  test('a certificate of an authority that is not trusted', async () => {
    const { current } = signer;
    signer.current = await signer.certificate({}, await issue({ subject: 'Stranger', authority: 1 }));
    const answer = await tell('SkillEnabled');
    signer.current = current;
    expect([answer.status, answer.body['error_description']]).toEqual([
      400,
      expect.stringMatching(/trusted authority/),
    ]);
  });

  test.each([
    ['an old event', 'SkillEnabled', -3_601_000],
    ['an event of the future', 'SkillEnabled', 151_000],
    ['an old request', 'LaunchRequest', -151_000],
  ])('%s', async (_, name, ms) => {
    const answer = await tell(name, { timestamp: later(ms) });
    expect([answer.status, answer.body['error_description']]).toEqual([400, expect.stringMatching(/timestamp/)]);
    await told('too_old');
  });

  test('another skill’s id', async () => {
    const { userId, ...pair } = await household();
    const change = { userId, applicationId: 'amzn1.ask.skill.another', timestamp: later(60_000) };
    const answer = await tell('SkillDisabled', change);
    expect([answer.status, answer.body['error_description']]).toEqual([400, expect.stringMatching(/applicationId/)]);
    expect((await told('other_skill')).detail).toContain('amzn1.ask.skill.another');
    expect(await lives(pair)).toBe(true);
  });

  test('a skill whose id is not configured, a request that is no event, a body that is none of Alexa’s', async () => {
    const unknown = await tell('SkillEnabled', {}, 'alexa-bounded');
    expect([unknown.status, unknown.body['error_description']]).toEqual([400, expect.stringMatching(/`skillId`/)]);
    const launch = await tell('LaunchRequest');
    expect([launch.status, launch.body['error_description']]).toEqual([400, expect.stringMatching(/AlexaSkillEvent/)]);
    const broken = await post('{"version":"1.0"}');
    expect([broken.status, broken.body['error_description']]).toEqual([400, expect.stringMatching(/look at context/)]);
    await told('no_skill_id');
    expect((await told('no_event')).detail).toBe('LaunchRequest');
    await told('malformed');
  });

  test('other methods, addresses and bodies', async () => {
    expect((await fetch(`${broker.url}/alexa/${ALEXA.clientId}/skill-events`)).status).toBe(405);
    for (const skill of ['nothing', 'lights-backend', '\u0000']) {
      expect((await tell('SkillEnabled', {}, skill)).status).toBe(404);
    }
    const large = JSON.stringify({ x: 'x'.repeat(65_536) });
    expect((await post(large)).status).toBe(413);
    const form = await post('x=1', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([form.status, form.body['error']]).toEqual([400, 'invalid_request']);
  });

  test('and a flood of them leaves sixty entries a minute', async () => {
    const { userId } = await household();
    await told('linked', 'skill_event.received');
    broker.clock.advance({ minutes: 2 });
    const before = (await entries()).filter(({ name }) => name === 'skill_event.refused').length;
    const body = skillEvent('SkillDisabled', now(), { userId });
    const headers = await signer.headers(body, { 'signature-256': 'AAAA' });
    for (let turn = 0; turn < 8; turn += 1) {
      const sent = Array.from({ length: 10 }, () => postSkillEvent(broker.url, ALEXA.clientId, body, headers));
      for (const { status } of await Promise.all(sent)) expect(status).toBe(400);
    }
    await tell('TheEndOfIt', { userId });
    await entryOf('TheEndOfIt', ({ detail }) => detail === 'TheEndOfIt');
    expect((await entries()).filter(({ name }) => name === 'skill_event.refused').length - before).toBe(60);
  });
});
