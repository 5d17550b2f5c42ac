import { checkedRules, parseTarget, UnusableTarget, type Report, type Target } from '@linkbroker/doctor';
import { CannotRun } from './cannot-run.js';
import { examine } from './examine.js';

/** What whoever starts a confined run hands over, as one line of JSON on standard input. */
export interface ConfinedOrder {
  readonly target: unknown;
  readonly only?: readonly string[] | undefined;
  readonly proxy: { readonly port: number; readonly credential: string };
  readonly sandbox: boolean;
}

/** What a confined run says: any number of lines, then how it ended. */
export type ConfinedMessage =
  | { readonly progress: string }
  | { readonly failed: string }
  | {
      readonly report: Report;
      /** Base64 of a PNG. */
      readonly screenshot?: string;
      /** Why nobody could be signed in. */
      readonly brokenRecipe?: string;
    };

/** Octets of a picture worth keeping. */
const LARGEST_PICTURE = 700_000;

/**
 * A run for somebody who is not at this machine: no program is started, no file read, and everything goes through the
 * proxy that it is given.
 */
export async function runConfined(
  order: ConfinedOrder,
  env: NodeJS.ProcessEnv,
  say: (message: ConfinedMessage) => void,
): Promise<void> {
  try {
    const target = readConfinedTarget(order.target);
    const only = order.only?.filter((rule) => checkedRules.includes(rule));
    const { report, brokenRecipe, screenshot } = await examine(target, {
      ...{ only, slow: false, env, confinement: { proxy: order.proxy, sandbox: order.sandbox } },
      progress: (line) => say({ progress: line }),
    });
    const picture = screenshot && screenshot.length <= LARGEST_PICTURE ? Buffer.from(screenshot) : undefined;
    say({
      report,
      ...(picture && { screenshot: picture.toString('base64') }),
      ...(brokenRecipe !== undefined && { brokenRecipe }),
    });
  } catch (error) {
    if (error instanceof CannotRun || error instanceof UnusableTarget) say({ failed: error.message });
    // The message of anything else could quote what was sent or received.
    else say({ failed: `the doctor met something unexpected (${(error as Error).name})` });
  }
}

/** @throws UnusableTarget */
function readConfinedTarget(given: unknown): Target {
  const target = parseTarget(JSON.stringify(given ?? null));
  if (target.ca !== undefined) throw new UnusableTarget('ca: is for runs on the command line');
  if (!('steps' in target.login)) throw new UnusableTarget('login: steps alone are carried out here');
  if (target.acceptGrant && !('url' in target.acceptGrant))
    throw new UnusableTarget('acceptGrant: programs are for runs on the command line');
  return target;
}
