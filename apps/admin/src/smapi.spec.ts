import { AccountLinkingRefused, AccountLinkingUnreadable, accountLinkingBody } from '@linkbroker/alexa';
import { applyConfig, readConfigFile, type ConfigurationNeeds } from '@linkbroker/configuration';
import { ConfigurationStore, KeysStore, TenantsStore } from '@linkbroker/persistence';
import { createScratchDatabase, type ScratchDatabase } from '@linkbroker/persistence/testing';
import { hashSecret, parseMasterKeys, Vault, verifySecret } from '@linkbroker/vault';
import { randomBytes, randomUUID } from 'node:crypto';
import { SmapiUsageError } from './smapi-arguments.js';
import { runSmapi } from './smapi-command.js';
import { SmapiRefused } from './smapi-refused.js';
import { listTenantSlugs } from './tenants/list-tenant-slugs.js';

const CONFIG = `
tenants:
  - slug: acme
    name: Acme
    connectors:
      - { slug: home, provider: oidc, issuer: 'https://id.example.com', clientId: c, clientSecret: s, scopes: [openid] }
      - { slug: chat, provider: slack, clientId: c, clientSecret: s }
    skills:
      - slug: lights
        name: Lights
        skillId: amzn1.ask.skill.1
        clientId: alexa-lights
        clientSecrets: [new-secret, old-secret]
        vendorId: M3KVOEXUO4ALBL
        scopes: [lights]
        connectors: [chat, home]
        accessTokenTtl: 1800
        backend: { clientId: lights-backend, clientSecret: b }
  - { slug: empty, name: Empty }
  - slug: relayed
    name: Relayed
    skills:
      - { slug: lamps, name: Lamps, clientId: 'https://lamps.example/', clientSecret: r, pkce: required,
          vendorId: M3KVOEXUO4ALBL, relay: { authorizationUrl: 'https://id.lamps.example/authorize', tokenUrl: 'https://api.lamps.example/token' } }
`;

interface Run {
  readonly same: boolean;
  readonly printed: string;
  readonly told: string;
  readonly written: Readonly<Record<string, string>>;
}
interface World {
  readonly publicUrl?: string;
  /** Files, and standard input as `-`. */
  readonly files?: Readonly<Record<string, string>>;
}

let database: ScratchDatabase;
let run: (argv: readonly string[], world?: World) => Promise<Run>;
let apply: (yaml: string) => Promise<unknown>;
beforeAll(async () => {
  database = await createScratchDatabase();
  const { dataSource, database: pool } = await database.open('admin');
  const configuration = new ConfigurationStore(dataSource);
  const vault = new Vault(parseMasterKeys(`k1:${randomBytes(32).toString('base64')}`), new KeysStore(pool));
  const needs: ConfigurationNeeds = {
    now: () => new Date(),
    newId: randomUUID,
    newClientSecret: () => 'made',
    newSigningSecret: () => 'whsec_AAAA',
    hashSecret,
    verifySecret,
    seal: (place, plain, deadline) => vault.seal(place, plain, deadline),
    open: (place, sealed, deadline) => vault.open(place, sealed, deadline),
    store: configuration,
  };
  const options = { dryRun: false, prune: false, liveGrants: null, retireSecrets: false };
  apply = (yaml) => applyConfig(needs, readConfigFile(yaml, {}), options);
  await apply(CONFIG);
  run = async (argv, { publicUrl = 'https://link.example.com', files = {} } = {}) => {
    const lines = { printed: [] as string[], told: [] as string[] };
    const written: Record<string, string> = {};
    const same = await runSmapi(
      {
        configuration,
        tenants: () => listTenantSlugs(new TenantsStore(dataSource), 2),
        publicUrl,
        readText: (file) => Promise.resolve(files[file]!),
        fetchActual: ({ id, stage }) => Promise.resolve(files[`${id} ${stage}`]!),
        writePrivate: (file, text) => void (written[file] = text),
        verifySecret,
        print: (line) => void lines.printed.push(line),
        tell: (line) => void lines.told.push(line),
      },
      argv,
    );
    return { same, printed: lines.printed.join('\n'), told: lines.told.join('\n'), written };
  };
});
afterAll(() => database.close());

const LIGHTS = {
  type: 'AUTH_CODE',
  accessTokenUrl: 'https://link.example.com/oauth/token',
  clientSecret: '${ALEXA_CLIENT_SECRET}',
  accessTokenScheme: 'HTTP_BASIC',
  authorizationUrl: 'https://link.example.com/oauth/authorize',
  clientId: 'alexa-lights',
  scopes: ['lights'],
  domains: ['link.example.com', 'slack.com', 'id.example.com'],
  defaultTokenExpirationInSeconds: 1800,
  skipOnEnablement: false,
};

describe('export', () => {
  test('prints the body, and tells what has to be looked after and how it is sent', async () => {
    const { same, printed, told } = await run(['export', '--skill', 'alexa-lights']);
    expect(same).toBe(true);
    expect(JSON.parse(printed)).toEqual({ accountLinkingRequest: LIGHTS });
    expect(told).toMatch(/^not on the Domain List: \*\.slack\.com: not one exact host \(R53\)/);
    expect(told).toContain(
      'connector home: taken to sign in on id.example.com; where https://id.example.com/.well-known/',
    );
    expect(told).toContain('ask smapi update-account-linking-info -s amzn1.ask.skill.1 -g development');
    expect(told).toContain('lights.json |');
    expect(told).not.toMatch(/connector chat|PKCE|scopes/);
  });

  test('takes further hosts, and enabling without linking', async () => {
    const options = ['--domain', 'acme.slack.com', '--domain', 'cdn.example.com', '--skip-on-enablement'];
    const { printed } = await run(['export', '--skill', 'alexa-lights', '--tenant', 'acme', ...options]);
    const { accountLinkingRequest } = accountLinkingBody.parse(JSON.parse(printed));
    expect(accountLinkingRequest.domains).toEqual([...LIGHTS.domains, 'acme.slack.com', 'cdn.example.com']);
    expect(accountLinkingRequest.skipOnEnablement).toBe(true);
  });

  test('a relay is found without naming its tenant, has the host of the existing server, and PKCE that is required is told', async () => {
    const { printed, told } = await run(['export', '--skill', 'https://lamps.example/']);
    expect(accountLinkingBody.parse(JSON.parse(printed)).accountLinkingRequest).toMatchObject({
      authorizationUrl: 'https://link.example.com/oauth/authorize',
      domains: ['link.example.com', 'id.lamps.example'],
      accessTokenScheme: 'REQUEST_BODY_CREDENTIALS',
      scopes: [],
    });
    expect(told).toContain('turn it on in the console');
    expect(told).toContain('a smart home skill needs one (R130)');
    expect(told).toContain('-s SKILL_ID ');
  });

  test.each([
    ['new-secret\n', false],
    ['new-secret', false],
    ['old-secret\r\n', true],
  ])('the secret %j goes into the file and nowhere else', async (secret, superseded) => {
    if (superseded) await apply(CONFIG.replace('[new-secret, old-secret]', '[new-secret]'));
    const argv = ['export', '--skill', 'alexa-lights', '--out', 'my file.json', '--with-secret'];
    const { printed, told, written } = await run(argv, { files: { '-': secret } });
    const body = accountLinkingBody.parse(JSON.parse(written['my file.json']!));
    expect(body.accountLinkingRequest.clientSecret).toBe(secret.trim());
    expect(printed).toBe('');
    expect(told).not.toContain('-secret\n');
    expect(told).not.toContain(secret.trim());
    expect(told).toContain("--account-linking-request 'file:my file.json'");
    expect(told.includes('superseded')).toBe(superseded);
  });

  test('a secret that the skill has not got is refused, and not repeated', async () => {
    const argv = ['export', '--skill', 'alexa-lights', '--out', 'x.json', '--with-secret'];
    const wrong = run(argv, { files: { '-': 'wrong-one' } });
    await expect(wrong).rejects.toThrow(SmapiRefused);
    await expect(wrong).rejects.not.toThrow(/wrong-one/);
  });

  test('an address that Alexa cannot open is refused, or on this machine told', async () => {
    const argv = ['export', '--skill', 'alexa-lights'];
    await expect(run(argv, { publicUrl: 'http://link.example.com' })).rejects.toThrow(AccountLinkingRefused);
    await expect(run(argv, { publicUrl: 'https://link.example.com:8443' })).rejects.toThrow('R6');
    const { printed, told } = await run(argv, { publicUrl: 'http://localhost:4000' });
    expect(printed).toContain('"http://localhost:4000/oauth/authorize"');
    expect(told).toContain('http://localhost:4000 is on this machine');
  });
});

describe('drift', () => {
  test('is told of what Amazon itself gives, at the stage that is asked for', async () => {
    const files = {
      'amzn1.ask.skill.1 development': JSON.stringify({ accountLinkingResponse: { clientId: 'another' } }),
      'amzn1.ask.skill.1 live': JSON.stringify({ accountLinkingResponse: { clientId: 'alexa-lights' } }),
    };
    const fetched = (...more: string[]) => run(['drift', '--skill', 'alexa-lights', '--fetch', ...more], { files });
    expect((await fetched()).printed).toMatch(/differs {2}\s*clientId/);
    expect((await fetched('--stage', 'live')).printed).not.toMatch(/differs {2}\s*clientId/);
    const unknown = run(['drift', '--skill', 'https://lamps.example/', '--tenant', 'relayed', '--fetch'], { files });
    await expect(unknown).rejects.toThrow(/has no skillId/);
  });

  const { clientSecret: _, skipOnEnablement: __, ...given } = LIGHTS;
  const drift = (accountLinkingResponse: object, ...more: string[]) =>
    run(['drift', '--skill', 'alexa-lights', '--actual', 'a.json', ...more], {
      files: { 'a.json': JSON.stringify({ accountLinkingResponse }) },
    });

  test('none, and what cannot be read back', async () => {
    const { same, printed } = await drift(given);
    expect(same).toBe(true);
    expect(printed.split('\n').map((line) => line.slice(0, 24).trim())).toEqual([
      'not read  clientSecret:',
      'not read  skipOnEnableme',
      'not read  reciprocalAcce',
      'not read  PKCE: the API',
      'not read  Alexa Redirect',
      'differences that matter:',
    ]);
  });

  test('what matters fails', async () => {
    const { same, printed } = await drift({
      ...given,
      authorizationUrl: 'https://old.example/a',
      domains: ['slack.com'],
    });
    expect(same).toBe(false);
    expect(printed).toMatch(/^differs {3}authorizationUrl: "https:\/\/old\.example\/a" instead of "https:\/\/link/);
    expect(printed).toContain('differs   domains: "id.example.com" is missing');
    expect(printed).toMatch(/\ndifferences that matter: 2, harmless: 1$/);
  });

  test('what does no harm is named and passes, and a host that was asked for belongs there', async () => {
    const more = { ...given, accessTokenScheme: 'REQUEST_BODY_CREDENTIALS', domains: [...given.domains, 'a.example'] };
    const { same, printed } = await drift(more);
    expect(same).toBe(true);
    expect(printed).toMatch(/^harmless {2}accessTokenScheme: .*\nharmless {2}domains: "a\.example" is there too/);
    expect((await drift(more, '--domain', 'a.example')).printed).toMatch(/differences that matter: 0, harmless: 1$/);
    expect((await drift(given, '--domain', 'a.example')).same).toBe(false);
  });

  test('a skill without account linking differs in everything, and something else cannot be read', async () => {
    const { same, printed } = await drift({});
    expect(same).toBe(false);
    expect(printed).toMatch(/\ndifferences that matter: 8, harmless: 2$/);
    const argv = ['drift', '--skill', 'alexa-lights', '--actual', '-'];
    await expect(run(argv, { files: { '-': 'Error: 404' } })).rejects.toThrow(AccountLinkingUnreadable);
  });
});

test.each([
  [['--skill', 'nobody'], 'client id nobody was found'],
  [['--skill', 'nobody', '--tenant', 'acme'], 'was found of acme'],
  [['--skill', 'alexa-lights', '--tenant', 'relayed'], 'was found of relayed'],
  [['--skill', 'alexa-lights', '--tenant', 'nobody'], 'there is no tenant nobody'],
  [['--skill', 'lights-backend'], 'is the backend client; Alexa’s is alexa-lights'.replace('’', "'")],
])('export %j is refused', async (argv, why) => {
  const refused = run(['export', ...argv]);
  await expect(refused).rejects.toThrow(SmapiRefused);
  await expect(refused).rejects.toThrow(why);
});

test.each([
  [[]],
  [['import']],
  [['export']],
  [['export', '--skill', 'a', 'extra']],
  [['export', '--skill', 'a', '--actual', 'f']],
  [['export', '--skill', 'a', '--with-secret']],
  [['export', '--skill', 'a', '--domain', 'https://a.example']],
  [['drift', '--skill', 'a']],
  [['drift', '--skill', 'a', '--actual', '-', '--fetch']],
  [['drift', '--skill', 'a', '--fetch', '--stage', 'beta']],
  [['drift', '--skill', 'a', '--actual', '-', '--stage', 'live']],
  [['drift', '--skill', 'a', '--actual', '-', '--out', 'f']],
  [['drift', '--skill', 'a', '--actual', '-', '--verbose']],
])('%j cannot be understood', async (argv) => {
  await expect(run(argv)).rejects.toThrow(SmapiUsageError);
});
