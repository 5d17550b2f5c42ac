import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { examine, type Examined, type TargetOfServer } from './support/doctor-run.js';
import { findGlewlwyd, startGlewlwyd } from './support/glewlwyd-server.js';
import { startToolkit } from './support/toolkit-server.js';
import { findChromium, findPython } from './support/tools.js';

/**
 * Authorization servers that nobody here wrote, and what the doctor has to find: for each deviation the reason stands
 * here, from the server's source or its answers. npm oidc-provider is in apps/doctor, our own broker in doctor.spec.ts.
 * Toolkit: Django OAuth Toolkit 1.7.0; Glewlwyd: 2.7.5; both as Debian 12 packages them.
 */
const chromium = await findChromium();
const python = await findPython();
const glewlwyd = await findGlewlwyd();

/** The toolkit's pages take the doctor half a minute each: `npm test` looks at its refreshes, `npm run servers` at all. */
const ALL = process.env['LINKBROKER_SERVERS'] === 'all';
const REFRESHING = ['R77', 'R78', 'R80', 'R83', 'R100', 'R101', 'R102', 'R103', 'R106', 'R140'];

interface Expected {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly warned: readonly string[];
  readonly notTested: readonly string[];
}

function expectFound(examined: Examined, expected: Expected): void {
  const { failed, warned, passed, notTested, seconds, code } = examined;
  expect([failed, warned]).toEqual([expected.failed, expected.warned]);
  expect(passed).toEqual(expect.arrayContaining([...expected.passed]));
  expect(notTested).toEqual(expect.arrayContaining([...expected.notTested]));
  expect(seconds).toBeLessThan(90);
  expect(code).toBe(failed.length > 0 ? 1 : 0);
  process.stdout.write(`the doctor took ${seconds.toFixed(1)} s\n`);
}

type Running = TargetOfServer & { readonly close: () => Promise<void> };

async function examined(name: string, starting: Promise<Running>, only: readonly string[] = []): Promise<Examined> {
  const server = await starting;
  try {
    return await examine(name, server, chromium.found ?? undefined, only);
  } finally {
    await server.close();
  }
}

/** What is expected here holds for one version of a program; another one may have been repaired, or broken. */
function otherVersion(
  wanted: string,
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): string | null {
  const version = execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env } }).trim();
  return version === wanted ? null : `version ${version} instead of ${wanted}`;
}

const toolkitVersion = ['-c', 'import oauth2_provider; print(oauth2_provider.__version__)'];
const noToolkit =
  python.reason ?? chromium.reason ?? otherVersion('1.7.0', python.found!.python, toolkitVersion, python.found!.env);
const toolkitTest = noToolkit === null ? test : test.skip;
const toolkit = (settings: Readonly<Record<string, unknown>>): Promise<Running> =>
  startToolkit(python.found!, settings);
/** Those that only a look at the whole shows. */
const whenAll = (...rules: readonly string[]): readonly string[] => (ALL ? rules : []);

describe(`Django OAuth Toolkit${noToolkit === null ? '' : ` (skipped: ${noToolkit})`}`, () => {
  // It asks who is there before it looks at the request, and shows its error after the sign-in (R58).
  const PAGES = whenAll('R58');
  // A query behind a registered redirect URI is let through: redirect_to_uri_allowed wants the registered one's as a subset.
  const LENIENT = whenAll('R23');
  const RIGHT = ['R77', 'R78', 'R80', 'R83', 'R102', 'R103', 'R140'];
  const RIGHT_BESIDES = whenAll('R22', 'R27', 'R28', 'R29', 'R36', 'R37', 'R52', 'R57', 'R59', 'R60', 'R63', 'R72');

  toolkitTest(
    'without a grace period a lost answer is the end of the link',
    async () => {
      const found = await examined('toolkit', toolkit({}), ALL ? [] : REFRESHING);
      expectFound(found, {
        passed: [...RIGHT, ...RIGHT_BESIDES],
        // REFRESH_TOKEN_GRACE_PERIOD_SECONDS is 0 unless set: validate_refresh_token wants one that is not revoked.
        failed: [...LENIENT, 'R100'],
        // So does a token that was replaced twice; the newest one goes on working, which is R102.
        warned: [...PAGES, 'R101'],
        // Nothing can be said of simultaneous refreshes where a second one with the same token is refused.
        notTested: ['R106', ...whenAll('R6', 'R59', 'R107')],
      });
    },
    150_000,
  );

  toolkitTest(
    'with a grace period of an hour it does not matter, but an older token makes it crash',
    async () => {
      const grace = { REFRESH_TOKEN_GRACE_PERIOD_SECONDS: 3_600 };
      const found = await examined('toolkit-with-grace', toolkit(grace), ALL ? [] : REFRESHING);
      expectFound(found, {
        passed: [...RIGHT, 'R100', 'R106', ...RIGHT_BESIDES],
        failed: LENIENT,
        // A token that was replaced twice is within the grace period, but get_original_scopes does not find the access
        // token that came of it, because the second refresh has deleted it: DoesNotExist, HTTP 500.
        warned: [...PAGES, 'R101'],
        notTested: whenAll('R6', 'R59', 'R107'),
      });
    },
    150_000,
  );
});

const noGlewlwyd =
  glewlwyd.reason ??
  otherVersion('2.7.5', join(glewlwyd.found.root, 'usr/bin/glewlwyd'), ['--version'], { ...glewlwyd.found.env });
const glewlwydTest = noGlewlwyd === null ? test : test.skip;
const runGlewlwyd = (parameters: Readonly<Record<string, unknown>>): Promise<Running> =>
  startGlewlwyd(glewlwyd.found!, parameters);

describe(`Glewlwyd${noGlewlwyd === null ? '' : ` (skipped: ${noGlewlwyd})`}`, () => {
  const RIGHT = ['R12', 'R22', 'R23', 'R27', 'R28', 'R29', 'R36', 'R46', 'R57', 'R59', 'R60', 'R63', 'R72', 'R74'];
  const RIGHT_ANSWERS = ['R4', 'R75', 'R76', 'R77', 'R78', 'R79', 'R80', 'R83', 'R84', 'R140', 'R69', 'R33', 'R65'];
  // An unknown response type is answered behind '#' (R58); an unknown refresh token, an unknown grant type and no
  // parameters with 400 and an empty body (R91).
  const WRONG = ['R91'];
  // Signed in by its API: no browser saw its pages (R52). Its metadata stand below its path, not at the root (R107).
  const NOT_TESTED = ['R6', 'R52', 'R59', 'R90', 'R107'];

  glewlwydTest(
    'as its admin page proposes: refresh tokens stay the same and work',
    async () => {
      expectFound(await examined('glewlwyd', runGlewlwyd({})), {
        passed: [...RIGHT, ...RIGHT_ANSWERS, 'R100', 'R101', 'R102', 'R106'],
        failed: WRONG,
        // The refresh token is not replaced, and the answer does not repeat it. Its error stands behind # (R58).
        warned: ['R58', 'R103'],
        notTested: NOT_TESTED,
      });
    },
    120_000,
  );

  glewlwydTest(
    'with refresh tokens of one use: a lost answer or an old token is the end of the link',
    async () => {
      const found = await examined('glewlwyd-one-use', runGlewlwyd({ 'refresh-token-one-use': 'always' }));
      expectFound(found, {
        passed: [...RIGHT, ...RIGHT_ANSWERS, 'R103'],
        // A used token is refused, and takes all tokens with it that came of the same code.
        failed: [...WRONG, 'R100', 'R102'],
        warned: ['R58', 'R101'],
        notTested: [...NOT_TESTED, 'R106'],
      });
    },
    120_000,
  );
});
