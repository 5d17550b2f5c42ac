import { isUuid } from '@linkbroker/protocol';
import { parseArgs } from 'node:util';
import { timelineText, userTimelineText, type SentTimeline, type SentUserTimeline } from './timeline/timeline-text.js';

export const TIMELINE_USAGE = `timeline REFERENCE|LINK, or --tenant SLUG --alexa-user ID [--json]
support  REFERENCE|LINK, or --tenant SLUG --at TIME

  timeline  what happened to a link or in an attempt to link, and what it shows; REFERENCE is what a page told the
            household, LINK the id of a link, as links list prints it, ID what Alexa calls a user (amzn1.ask.account.…)
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

const ANSWERS_WITHIN_MS = 15_000;

/** Runs `timeline` or `support`. @throws TimelineUsageError, TimelineRefused, and fetch's errors */
export async function runTimeline(needs: TimelineCommandNeeds, argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) {
    needs.print(TIMELINE_USAGE);
    return;
  }
  const { command, subject, json, when, user } = readArguments(argv);
  if (user) {
    const answer = await ask(needs, `traces?limit=1000&${new URLSearchParams({ ...user }).toString()}`);
    const known = (await answer.json()) as SentUserTimeline;
    needs.print(json ? `${JSON.stringify(known, null, 2)}\n` : userTimelineText(known));
    return;
  }
  const byLink = isUuid(subject);
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
  /** A reference or a link; empty where a time or a user is given. */
  readonly subject: string;
  readonly json: boolean;
  readonly when?: { readonly tenant: string; readonly at: string };
  readonly user?: { readonly tenant: string; readonly alexaUser: string };
}

function readArguments(argv: readonly string[]): Arguments {
  const [command, ...rest] = argv;
  if (command !== 'timeline' && command !== 'support') throw new TimelineUsageError('timeline or support?');
  const { positionals, values } = parse(rest);
  const { json = false, 'alexa-user': alexaUser, ...time } = values;
  if (json && command === 'support') throw new TimelineUsageError('a support case is text');
  if (alexaUser !== undefined) {
    return { command, subject: '', json, user: readUser(alexaUser, { command, positionals, ...time }) };
  }
  const when = readWhen(time);
  if (when && (command === 'timeline' || positionals.length > 0))
    throw new TimelineUsageError('a time is for support, and instead of a reference');
  return when ? { command, subject: '', json, when } : { command, subject: readSubject(positionals), json };
}

function readSubject([subject, ...more]: readonly string[]): string {
  if (subject !== undefined && more.length === 0) return subject;
  throw new TimelineUsageError('give one reference, or the id of one link');
}

interface BesideUser {
  readonly command: string;
  readonly positionals: readonly string[];
  readonly tenant?: string | undefined;
  readonly at?: string | undefined;
}

function readUser(alexaUser: string, { command, positionals, tenant, at }: BesideUser): NonNullable<Arguments['user']> {
  if (command === 'timeline' && positionals.length === 0 && tenant !== undefined && at === undefined) {
    return { tenant, alexaUser };
  }
  throw new TimelineUsageError('--alexa-user belongs to timeline, with --tenant, and instead of a reference');
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
      options: {
        json: { type: 'boolean' },
        tenant: { type: 'string' },
        at: { type: 'string' },
        'alexa-user': { type: 'string' },
      },
    });
  } catch (error) {
    throw new TimelineUsageError(error instanceof Error ? error.message : 'cannot be read');
  }
}
