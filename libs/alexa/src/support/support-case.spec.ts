import { findCausesOfSteps } from '../causes/find-causes.js';
import { appVersionOf, regionOf, supportCase, type SupportFacts } from './support-case.js';

const AT = new Date('2026-01-31T12:00:00.000Z');
const known: SupportFacts = {
  skillName: 'Acme Lights',
  skillId: 'amzn1.ask.skill.1',
  at: AT,
  region: 'EU',
  platform: 'Android',
  appVersion: '2.2.651540.0',
  authorizationUrl: 'https://link.example.com/oauth/authorize',
  accessTokenUrl: 'https://link.example.com/oauth/token',
  domains: ['link.example.com', 'accounts.google.com'],
  implicit: false,
  causes: [],
  reference: 'AAAA-0000',
};
const nothing: SupportFacts = {
  ...known,
  skillId: null,
  at: null,
  region: null,
  platform: 'unknown',
  appVersion: null,
  domains: [],
  reference: null,
};
const gapsIn = (text: string): number => text.split('[PLEASE FILL IN').length - 1;

test('has every point that Amazon asks for', () => {
  const text = supportCase(known);
  for (const point of [
    ...[
      'Skill ID: amzn1.ask.skill.1',
      'Test credentials',
      'Customer ID',
      '2026-01-31T12:00:00.000Z (UTC)',
      'Region: Europe',
    ],
    ...[
      'platform: Android',
      'Alexa app: 2.2.651540.0',
      'an empty page',
      'We were unable to link',
      'a button',
      'Screenshot',
    ],
    ...[
      'https://link.example.com/oauth/authorize',
      'link.example.com, accounts.google.com',
      'Authorization Code Grant',
    ],
    ...['https://alexa.amazon.co.uk', 'Never give the password of an Amazon account', 'AAAA-0000'],
  ]) {
    expect(text).toContain(point);
  }
});

test('marks what is not known, and nothing else', () => {
  // Credentials, customer id and the screenshot are the writer's always.
  expect(gapsIn(supportCase(known))).toBe(3);
  expect(gapsIn(supportCase(nothing))).toBe(9);
  expect(supportCase(nothing)).toMatch(/alexa\.amazon\.com.*alexa\.amazon\.co\.jp/);
  expect(supportCase({ ...known, implicit: true })).toContain('Implicit Grant');
});

test('tells what the server saw, but not what is as it should be', () => {
  const step = {
    ...{ at: AT, reference: null, grantId: null, connector: null, status: null, ms: null, figures: {}, data: {} },
  };
  const causes = findCausesOfSteps(
    [
      { ...step, name: 'client.refused', outcome: 'old_secret', detail: 'client alexa' },
      { ...step, name: 'grant.revoked', outcome: null, detail: 'asked for' },
    ],
    { now: AT, accessTokenTtl: 3_600, live: false, sendsEvents: false, redirectUris: [] },
  );
  const text = supportCase({ ...known, causes });
  expect(text).toContain('Alexa came with a client secret that was replaced: client alexa (R66, R67)');
  expect(text).not.toContain('revoked');
});

test.each([
  ['https://pitangui.amazon.com/api/skill/link/M1', 'NA'],
  ['https://layla.amazon.com/api/skill/link/M1', 'EU'],
  ['https://alexa.amazon.co.jp/api/skill/link/M1', 'FE'],
  ['https://layla.amazon.com.example.org/', null],
  ['not an address', null],
  ['', null],
])('%s belongs to %s', (uri, region) => {
  expect(regionOf(uri)).toBe(region);
});

test.each([
  ['AmazonWebView/Amazon Alexa/2.2.651540.0/iOS/18.3.1/iPhone', '2.2.651540.0'],
  ['Mozilla/5.0 (Linux; Android 15)', null],
])('%s names the app version %s', (agent, version) => {
  expect(appVersionOf(agent)).toBe(version);
});
