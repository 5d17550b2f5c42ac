import { appendFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Set for a project's tests by tools/jest/leak-watch.mjs; without it nothing is kept. */
const directory = (): string | undefined => process.env['LINKBROKER_LEAK_WATCH'];

/** Fields whose texts are secret in what tests send, receive and configure. */
const SECRET_FIELD =
  /^(?:(?:access|refresh|id|subject)_?token|token|code|code_?verifier|state|nonce|password|secrets?|client_?secrets?)$/i;

const noted = new Set<string>();

/**
 * Notes a secret that nothing leaving a process may show, and returns it. `what` is its kind, which may be shown. When the
 * tests of the project are over, everything that was kept by {@link watchOutput}, and its databases, are searched for it.
 */
export function noteSecret(what: string, secret: string): string {
  const to = directory();
  if (to === undefined || noted.has(secret)) return secret;
  noted.add(secret);
  // A key in PEM is wrapped, and may be wrapped otherwise elsewhere: its lines are secrets too.
  const parts = secret.includes('\n') ? secret.split('\n').filter((line) => !/^(?:-----|$)/.test(line)) : [];
  const lines = [secret, ...parts].map((one) => JSON.stringify({ secret: one, what }));
  appendFileSync(join(to, 'secrets'), `${lines.join('\n')}\n`, { mode: 0o600 });
  return secret;
}

/** Notes what stands in fields that are named like secrets, at any depth. */
export function noteSecretsIn(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const fields = value instanceof URLSearchParams ? [...value] : Object.entries(value);
  for (const [name, held] of fields) {
    if (!SECRET_FIELD.test(name)) noteSecretsIn(held);
    else for (const one of [held].flat()) noteHeld(name, one);
  }
}

function noteHeld(name: string, held: unknown): void {
  if (typeof held !== 'string') noteSecretsIn(held);
  // A config file names endpoints by what they give: `token` is an address there.
  else if (!/^https?:\/\//.test(held)) noteSecret(name, held);
}

/** Keeps what left a process, to be searched for secrets. `place` is what a finding says: not the text. */
export function watchOutput(place: string, text: string): void {
  const to = directory();
  if (to === undefined) return;
  const spec = basename(expect.getState().testPath ?? 'no spec');
  mkdirSync(join(to, 'output'), { recursive: true });
  appendFileSync(join(to, 'output', encodeURIComponent(`${spec}, ${place}`)), text, { mode: 0o600 });
}

/** Where a logger under test writes to: nothing is shown, and everything is searched. */
export const watchedLog = (app: string): { readonly write: (line: string) => void } => ({
  write: (line) => {
    watchOutput(`log of ${app}`, line);
  },
});
