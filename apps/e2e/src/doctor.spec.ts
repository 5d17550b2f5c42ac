import { runDoctor } from '@linkbroker/doctor-cli';
import { watchOutput } from '@linkbroker/testing';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scratchStores, startStage, type Stage } from './support/stage.js';
import { findChromium } from './support/tools.js';

const { found, reason } = await findChromium();
const inBrowser = found ? test : test.skip;

interface Report {
  readonly summary: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly rule: string; readonly status: string; readonly evidence: string }[];
}

/** What nobody can tell of a server on this machine, with one client, or without waiting ten minutes. */
const NOT_TESTED = ['R6', 'R7', 'R8', 'R9', 'R10', 'R11', 'R48', 'R48', 'R63', 'R59'];

describe(`the doctor at our own broker${found ? '' : ` (skipped: ${reason ?? 'no Chromium'})`}`, () => {
  let stage: Stage;
  const directory = mkdtempSync(join(tmpdir(), 'linkbroker-doctor-'));
  beforeAll(async () => {
    if (found) stage = await startStage(scratchStores());
  }, 90_000);
  afterAll(async () => {
    if (found) await stage.close();
    rmSync(directory, { recursive: true, force: true });
  });

  inBrowser(
    'nothing fails, nothing is to be looked at, and no secret is shown',
    async () => {
      const { skill, brokerUrl } = stage;
      const login = [
        { click: 'button[name=connector]' },
        { fill: 'input[name=username]', value: 'alice' },
        { fill: 'input[name=password]', value: 'alice' },
        { click: 'button[type=submit]' },
      ];
      const file = join(directory, 'target.json');
      const target = {
        authorizeUrl: `${brokerUrl}/oauth/authorize`,
        tokenUrl: `${brokerUrl}/oauth/token`,
        clientId: skill.clientId,
        clientSecret: skill.clientSecret,
        scheme: 'HTTP_BASIC',
        redirectUri: skill.redirectUris.find((uri) => uri.startsWith('https://pitangui.amazon.com/')),
        scope: skill.scopes.join(' '),
        skill: skill.skillId,
        login,
      };
      writeFileSync(file, JSON.stringify(target));
      const env = {
        ...process.env,
        LINKBROKER_CHROMIUM: found!.executablePath,
        LINKBROKER_CHROMIUM_ENV: JSON.stringify(found!.env),
      };
      const [out, err]: [string[], string[]] = [[], []];
      const terminal = { out: (text: string) => out.push(text), err: (line: string) => err.push(line), colour: false };
      const began = performance.now();
      const picture = join(directory, 'page.png');
      const code = await runDoctor(['--target', file, '--format', 'json', '--screenshot', picture], env, terminal);
      expect(performance.now() - began).toBeLessThan(90_000);
      watchOutput('what the doctor writes', [...out, ...err].join('\n'));
      const report = JSON.parse(out.join('')) as Report;
      const open = report.findings.filter(({ status }) => status === 'fail' || status === 'warn');
      expect(open).toEqual([]);
      expect(report.findings.filter(({ status }) => status === 'not-tested').map(({ rule }) => rule)).toEqual(
        NOT_TESTED,
      );
      expect(code).toBe(0);
      expect(readFileSync(picture).subarray(1, 4).toString()).toBe('PNG');
      expect(out.join('') + err.join('')).not.toContain(skill.clientSecret);
    },
    120_000,
  );
});
