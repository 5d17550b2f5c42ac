import { parseArgs } from 'node:util';
import { timelineText, type SentTimeline } from './timeline/timeline-text.js';

export const TIMELINE_USAGE = `timeline REFERENCE|LINK [--json]
support  REFERENCE|LINK, or --tenant SLUG --at TIME

  timeline  what happened to a link or in an attempt to link, and what it shows; REFERENCE is what a page told the
            household, LINK the id of a link, as links list prints it
  support   the text for a contact case with Amazon, filled in as far as the timeline knows; with a time (ISO 8601) about
            the attempt nearest to it
`;

/** The command line cannot be understood. */
export class TimelineUsageError extends Error {
  constructor(message: string) {
    super(`${message}\n\n${TIMELINE_USAGE}`);
    this.name = 'TimelineUsageError';
  }
}

/** The API said no, in its words. */
export class TimelineRefused extends Error {
  override readonly name = 'TimelineRefused';
}

export interface TimelineCommandNeeds {
  /** ADMIN_URL, without a trailing slash. */
  readonly adminUrl: string;
  readonly operatorKey: () => Promise<string>;
  readonly fetch: typeof fetch;
  readonly print: (text: string) => void;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ANSWERS_WITHIN_MS = 15_000;

/** Runs `timeline` or `support`. @throws TimelineUsageError, TimelineRefused, and fetch's errors */
export async function runTimeline(needs: TimelineCommandNeeds, argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) {
    needs.print(TIMELINE_USAGE);
    return;
  }
  const { command, subject, json, when } = readArguments(argv);
  const byLink = UUID.test(subject);
  if (command === 'support') {
    const about = when ?? { ref: subject };
    const path = byLink ? `links/${subject}/support-case` : `support-case?${new URLSearchParams(about).toString()}`;
    needs.print(await (await ask(needs, path)).text());
    return;
  }
  const path = byLink ? `links/${subject}/timeline?limit=1000` : `traces?limit=1000&ref=${encodeURIComponent(subject)}`;
  const answer = (await (await ask(needs, path)).json()) as SentTimeline;
  needs.print(json ? `${JSON.stringify(answer, null, 2)}\n` : timelineText(answer));
}

async function ask(needs: TimelineCommandNeeds, path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${await needs.operatorKey()}` };
  const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
  const response = await needs.fetch(`${needs.adminUrl}/api/v1/${path}`, { headers, signal, redirect: 'error' });
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new TimelineRefused(problem.detail ?? `the admin app answered ${String(response.status)}`);
}

interface Arguments {
  readonly command: 'timeline' | 'support';
  /** A reference or a link; empty where a time is given. */
  readonly subject: string;
  readonly json: boolean;
  readonly when?: { readonly tenant: string; readonly at: string };
}

function readArguments(argv: readonly string[]): Arguments {
  const [command, ...rest] = argv;
  if (command !== 'timeline' && command !== 'support') throw new TimelineUsageError('timeline or support?');
  const { positionals, values } = parse(rest);
  const { json = false, ...time } = values;
  if (json && command === 'support') throw new TimelineUsageError('a support case is text');
  const when = readWhen(time);
  if (when && (command === 'timeline' || positionals.length > 0))
    throw new TimelineUsageError('a time is for support, and instead of a reference');
  if (when) return { command, subject: '', json, when };
  const [subject] = positionals;
  if (subject === undefined || positionals.length > 1)
    throw new TimelineUsageError('give one reference, or the id of one link');
  return { command, subject, json };
}

function readWhen({ tenant, at }: { tenant?: string | undefined; at?: string | undefined }): Arguments['when'] {
  if (tenant !== undefined && at !== undefined) return { tenant, at };
  if (tenant === undefined && at === undefined) return undefined;
  throw new TimelineUsageError('--tenant and --at belong together');
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean' }, tenant: { type: 'string' }, at: { type: 'string' } },
    });
  } catch (error) {
    throw new TimelineUsageError(error instanceof Error ? error.message : 'cannot be read');
  }
}
