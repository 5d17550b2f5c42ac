import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { pasteLines, SECRET_PLACEHOLDER } from './smapi-paste-lines.js';

/** Stands for Amazon's command: reads its argument as that does, and keeps what it was given. */
const ASK = `#!/usr/bin/env node
const { readFileSync, writeFileSync } = require('node:fs');
const body = JSON.parse(readFileSync(process.argv.at(-1).split('file:').pop()));
writeFileSync('asked.json', JSON.stringify({ argv: process.argv.slice(2), body }));
`;
const BODY = { accountLinkingRequest: { clientId: 'a', clientSecret: SECRET_PLACEHOLDER } };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linkbroker-smapi-'));
  writeFileSync(join(folder, 'ask'), ASK);
  chmodSync(join(folder, 'ask'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What `ask` was given when the lines were pasted into a shell. */
async function paste(lines: readonly string[], secret?: string): Promise<{ argv: string[]; body: unknown }> {
  const path = [folder, dirname(process.execPath), process.env['PATH']].join(':');
  const variable = secret === undefined ? {} : { ALEXA_CLIENT_SECRET: secret };
  await promisify(execFile)('sh', ['-c', lines.join('\n')], { cwd: folder, env: { PATH: path, ...variable } });
  return JSON.parse(readFileSync(join(folder, 'asked.json'), 'utf8')) as { argv: string[]; body: unknown };
}

test.each(['lights.json', "it's my; file $(x).json", '-n.json'])(
  '%s: the secret is filled in on its way',
  async (file) => {
    writeFileSync(join(folder, file), JSON.stringify(BODY));
    const secret = `q"uo\\te'$HOME ü`;
    const lines = pasteLines({ skillId: 'amzn1.ask.skill.1', file: file.replace(/^-/, './-'), fills: true });
    const { argv, body } = await paste(lines, secret);
    expect(body).toEqual({ accountLinkingRequest: { clientId: 'a', clientSecret: secret } });
    expect(argv.slice(0, 6)).toEqual([
      'smapi',
      'update-account-linking-info',
      '-s',
      'amzn1.ask.skill.1',
      '-g',
      'development',
    ]);
    expect(argv.join(' ')).not.toContain('uo');
  },
);

test('without the variable there is no secret at all, rather than a wrong one', async () => {
  writeFileSync(join(folder, 'a.json'), JSON.stringify(BODY));
  const { body } = await paste(pasteLines({ skillId: 'amzn1.ask.skill.1', file: 'a.json', fills: true }));
  expect(body).toEqual({ accountLinkingRequest: { clientId: 'a' } });
});

test('a file that is complete goes as it is', async () => {
  writeFileSync(join(folder, 'my file.json'), JSON.stringify(BODY));
  const { argv, body } = await paste(pasteLines({ skillId: 'amzn1.ask.skill.1', file: 'my file.json', fills: false }));
  expect([argv.at(-1), body]).toEqual(['file:my file.json', BODY]);
});

test.each([null, '', 'a b', 'x; rm -rf ~', '\u001b[2J'])('the skill id %j is not put into a command', (skillId) => {
  const lines = pasteLines({ skillId, file: 'a.json', fills: false });
  expect(lines.at(-1)).toContain(' -s SKILL_ID ');
  expect(lines[0]).toContain('in the place of SKILL_ID');
});
