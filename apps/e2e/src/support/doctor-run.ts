import { runDoctor } from '@linkbroker/doctor-cli';
import { noteSecretsIn, watchOutput } from '@linkbroker/testing';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../launcher/launch.js';
import { ALEXA_CLIENT, ALEXA_REDIRECT_URIS } from './alexa-client.js';
import type { Found } from './tools.js';

/** What of a target differs from server to server. */
export interface TargetOfServer {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly login: readonly Readonly<Record<string, string>>[] | { readonly command: readonly string[] };
}

export interface Examined {
  readonly code: 0 | 1 | 2;
  readonly seconds: number;
  /** Everything that was written, on standard output and standard error. */
  readonly written: string;
  /** Rules by what came of them. One with several checks can stand in two lists; where something failed it has not passed. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly warned: readonly string[];
  readonly notTested: readonly string[];
  /** Where the report was put, for CI to keep. */
  readonly reportFile: string;
}

interface Finding {
  readonly rule: string;
  readonly status: string;
}

const REPORTS = join(root, 'tmp/doctor');

/** Examines a server as `npm run doctor -- --target … --format json` does, with these rules only where some are named. */
export async function examine(
  name: string,
  server: TargetOfServer,
  chromium: Found | undefined,
  only: readonly string[] = [],
): Promise<Examined> {
  const directory = mkdtempSync(join(tmpdir(), 'linkbroker-doctor-'));
  const target = join(directory, 'target.json');
  const { authorizeUrl, tokenUrl, login } = server;
  const { clientId, clientSecret, scope } = ALEXA_CLIENT;
  const client = { clientId, clientSecret, scope, scheme: 'HTTP_BASIC', redirectUri: ALEXA_REDIRECT_URIS[0] };
  noteSecretsIn({ client, login });
  writeFileSync(target, JSON.stringify({ authorizeUrl, tokenUrl, login, ...client, skill: name }));
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = { out: (text: string) => out.push(text), err: (line: string) => err.push(line), colour: false };
  const env = {
    ...process.env,
    LINKBROKER_CHROMIUM: chromium?.executablePath ?? '',
    LINKBROKER_CHROMIUM_ENV: JSON.stringify(chromium?.env ?? {}),
  };
  const began = performance.now();
  const selection = only.length === 0 ? [] : ['--only', only.join(',')];
  const code = await runDoctor(['--target', target, '--format', 'json', ...selection], env, terminal);
  const seconds = (performance.now() - began) / 1_000;
  watchOutput('what the doctor writes', [...out, ...err].join('\n'));
  rmSync(directory, { recursive: true });
  if (code === 2) throw new Error(`the doctor could not run: ${err.at(-1) ?? ''}`);
  return { code, seconds, written: [...out, ...err].join('\n'), ...sort(out.join('')), reportFile: keep(name, out) };
}

function keep(name: string, report: readonly string[]): string {
  mkdirSync(REPORTS, { recursive: true });
  const file = join(REPORTS, `${name}.json`);
  writeFileSync(file, report.join(''));
  return file;
}

function sort(json: string): Pick<Examined, 'passed' | 'failed' | 'warned' | 'notTested'> {
  const { findings } = JSON.parse(json) as { readonly findings: readonly Finding[] };
  const having = (status: string): readonly string[] => [
    ...new Set(findings.filter((finding) => finding.status === status).map(({ rule }) => rule)),
  ];
  const [failed, warned, notTested] = [having('fail'), having('warn'), having('not-tested')];
  const open = new Set([...failed, ...warned]);
  return { passed: having('pass').filter((rule) => !open.has(rule)), failed, warned, notTested };
}
