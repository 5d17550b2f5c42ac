import { namedHosts, type SignedIn, type Target } from '@linkbroker/doctor';
import { CannotRun } from '../cannot-run.js';
import { loginByBrowser } from './browser-login.js';
import { loginByCommand } from './command-login.js';

/** A way to sign in that was started, and has to be ended. */
export interface Login {
  readonly signIn: (authorizeUrl: string) => Promise<SignedIn>;
  readonly close: () => Promise<void>;
}

const variables = (json: string | undefined): Record<string, string> =>
  json === undefined ? {} : (JSON.parse(json) as Record<string, string>);

/**
 * Starts what the target's login needs: nothing for a command, a Chromium for steps.
 * @throws CannotRun without a Chromium
 */
export async function startLogin(target: Target, env: NodeJS.ProcessEnv): Promise<Login> {
  const { login } = target;
  if ('command' in login) {
    return { signIn: (url) => loginByCommand(login.command, url), close: () => Promise.resolve() };
  }
  const { LINKBROKER_CHROMIUM: executablePath, LINKBROKER_CHROMIUM_ENV: more } = env;
  if (!executablePath) {
    throw new CannotRun('the login has steps and there is no Chromium: install one, or use {"command": [...]}');
  }
  const { chromium } = await import('playwright-core');
  const browser = await chromium
    .launch({
      executablePath,
      env: { ...env, ...variables(more) },
      args: chromiumFlags(target),
    })
    .catch(() => {
      throw new CannotRun(`Chromium could not be started (${executablePath})`);
    });
  return { signIn: (url) => loginByBrowser(browser, target, login.steps, url), close: () => browser.close() };
}

/** Redirects are not routed, so names that the target does not give are also made to lead nowhere. */
function chromiumFlags(target: Target): string[] {
  const exclude = [...namedHosts(target)].map((host) => `EXCLUDE ${host}`).join(', ');
  return [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    `--host-resolver-rules=MAP * ~NOTFOUND, ${exclude}`,
  ];
}
