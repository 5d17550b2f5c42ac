import { runTimeline, TimelineRefused, TimelineUsageError } from './timeline-command.js';
import type { SentTimeline } from './timeline/timeline-text.js';

const LINK = '01890a5d-ac96-774b-bcce-b302099a8057';
const TIMELINE: SentTimeline = {
  link: { id: LINK, skill: 'lights', connector: 'home', state: 'at_risk' },
  reference: null,
  entries: [
    {
      at: '2026-01-31T12:00:00.000Z',
      name: 'token.answered',
      reference: null,
      connector: null,
      outcome: 'rotated',
      status: 200,
      ms: 12.5,
      detail: null,
      figures: { behind: 2 },
      data: { received: { expires_in: 3600 } },
    },
  ],
  causes: [
    {
      severity: 'failure',
      title: 'The sign-in at the provider is about to be lost',
      evidence: 'invalid_grant',
      symptom: 'Linking succeeded, and after some time the household has to link again',
      rules: ['R93'],
      remedy: 'Send the household its repair link.',
      reference: 'AAAA-0000',
    },
  ],
};

/** The command against an API that answers with one thing, and what it asked and printed. */
async function run(argv: readonly string[], answer: Response = Response.json(TIMELINE)) {
  const asked: { url: string; authorization: string | null }[] = [];
  const printed: string[] = [];
  const needs = {
    adminUrl: 'http://admin.example',
    operatorKey: () => Promise.resolve('the-key'),
    fetch: (url: string | URL | Request, init?: RequestInit) => {
      asked.push({
        url: url instanceof Request ? url.url : url.toString(),
        authorization: new Headers(init?.headers).get('authorization'),
      });
      return Promise.resolve(answer);
    },
    print: (text: string) => printed.push(text),
  };
  await runTimeline(needs, argv);
  return { asked, text: printed.join('') };
}

test('asks for a link by its id, with the operator key, and prints what is wrong before what happened', async () => {
  const { asked, text } = await run(['timeline', LINK]);
  expect(asked).toEqual([
    { url: `http://admin.example/api/v1/links/${LINK}/timeline?limit=1000`, authorization: 'Bearer the-key' },
  ]);
  expect(text).toMatch(/^Link .* lights through home, sign-in at_risk\n/);
  expect(text.indexOf('FAILURE')).toBeLessThan(text.indexOf('token.answered'));
  expect(text).toContain('Do: Send the household its repair link. (R93)');
  expect(text).toMatch(/token\.answered +200 {2}rotated {2}12\.5 ms {2}behind 2/);
});

test('asks for an attempt by its reference, and says when nothing is wrong with it', async () => {
  const answer = Response.json({ ...TIMELINE, link: null, reference: 'AAAA-0000', causes: [] });
  const { asked, text } = await run(['timeline', 'AAAA-0000'], answer);
  expect(asked[0]?.url).toBe('http://admin.example/api/v1/traces?limit=1000&ref=AAAA-0000');
  expect(text).toMatch(/^Attempt AAAA-0000: no link came of it\n\nNothing on it explains a failure\./);
});

test('gives the API’s answer as JSON', async () => {
  expect(JSON.parse((await run(['timeline', LINK, '--json'])).text)).toEqual(TIMELINE);
});

test.each([
  [LINK, `links/${LINK}/support-case`],
  ['AAAA-0000', 'support-case?ref=AAAA-0000'],
])('prints the support case of %s as it comes', async (subject, path) => {
  const { asked, text } = await run(['support', subject], new Response('the case\n'));
  expect([asked[0]?.url, text]).toEqual([`http://admin.example/api/v1/${path}`, 'the case\n']);
});

test('asks for the case of a time', async () => {
  const { asked } = await run(
    ['support', '--tenant', 'acme', '--at', '2026-01-31T12:00:00Z'],
    new Response('the case'),
  );
  expect(asked[0]?.url).toBe('http://admin.example/api/v1/support-case?tenant=acme&at=2026-01-31T12%3A00%3A00Z');
});

test('asks for what is known of one of Alexa’s users, by tenant and id', async () => {
  const argv = ['timeline', '--tenant', 'acme', '--alexa-user', 'amzn1.ask.account.A+B'];
  const { entries, causes } = TIMELINE;
  const known = { tenantId: 't', links: [LINK], entries, causes, before: null };
  const { asked, text } = await run(argv, Response.json(known));
  expect(asked[0]?.url).toBe(
    'http://admin.example/api/v1/traces?limit=1000&tenant=acme&alexaUser=amzn1.ask.account.A%2BB',
  );
  expect(text).toMatch(new RegExp(`^Alexa user of link ${LINK}\n`));
  expect(text).toContain('token.answered');
  const nobody = await run(argv, Response.json({ ...known, links: [], entries: [], causes: [] }));
  expect(nobody.text).toMatch(/^Alexa user of no link that is known\n/);
  expect(JSON.parse((await run([...argv, '--json'], Response.json(known))).text)).toEqual(known);
});

test.each([
  [Response.json({ detail: 'There is no such link.' }, { status: 404 }), 'There is no such link.'],
  [new Response('<html>', { status: 502 }), 'the admin app answered 502'],
])('is refused in the words of the API', async (answer, message) => {
  await expect(run(['timeline', LINK], answer)).rejects.toThrow(new TimelineRefused(message));
});

test.each([
  [[]],
  [['timeline']],
  [['timeline', 'a', 'b']],
  [['support', 'a', '--json']],
  [['support', '--tenant', 'acme']],
  [['timeline', '--tenant', 'acme', '--at', '2026-01-31']],
  [['x', 'a']],
  [['timeline', '--x', 'a']],
  [['timeline', '--alexa-user', 'a']],
  [['timeline', 'r', '--tenant', 'acme', '--alexa-user', 'a']],
  [['timeline', '--tenant', 'acme', '--at', '2026-01-31', '--alexa-user', 'a']],
  [['support', '--tenant', 'acme', '--alexa-user', 'a']],
])('does not understand %j', async (argv) => {
  await expect(run(argv)).rejects.toThrow(TimelineUsageError);
});
