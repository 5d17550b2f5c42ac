import { isUuid } from '@linkbroker/protocol';
import { parseArgs } from 'node:util';

export const EVENTS_USAGE = `events list   --tenant SLUG [--state pending|delivered|dead] [--limit NUMBER]
events replay --tenant SLUG --event ID | --dead

  list    what became of each event and webhook, newest first; 50 lines unless told otherwise
  replay  sends an event once more to every webhook that is still there, or all that was given up
`;

const STATES = ['pending', 'delivered', 'dead'] as const;
const DEFAULT_LIMIT = 50;

export type EventsArguments = { readonly tenant: string } & (
  | { readonly command: 'list'; readonly state: (typeof STATES)[number] | null; readonly limit: number }
  /** Without an event: all that was given up. */
  | { readonly command: 'replay'; readonly event: string | null }
);

/** The command line cannot be understood. */
export class EventsUsageError extends Error {
  constructor(message: string) {
    super(`${message}\n\n${EVENTS_USAGE}`);
    this.name = 'EventsUsageError';
  }
}

/** @throws EventsUsageError */
export function readEventsArguments(argv: readonly string[]): EventsArguments {
  const { values, positionals } = parse(argv);
  const [command, ...rest] = positionals;
  const { tenant, ...options } = values;
  if (rest.length > 0) throw new EventsUsageError('one command is needed');
  if (tenant === undefined) throw new EventsUsageError('--tenant SLUG is needed');
  if (command === 'list') return { command, tenant, ...readList(options) };
  if (command === 'replay') return { command, tenant, event: readReplay(options) };
  throw new EventsUsageError('the command is list or replay');
}

type Options = Omit<ReturnType<typeof parse>['values'], 'tenant'>;

function readList({ state, limit, event, dead }: Options) {
  if (event !== undefined || dead !== undefined) throw new EventsUsageError('--event and --dead are for replay');
  const known = STATES.find((one) => one === state);
  if (state !== undefined && !known) throw new EventsUsageError(`--state is one of ${STATES.join(', ')}`);
  if (limit !== undefined && !/^[1-9]\d{0,4}$/.test(limit)) throw new EventsUsageError('--limit is 1 to 99999');
  return { state: known ?? null, limit: limit === undefined ? DEFAULT_LIMIT : Number(limit) };
}

function readReplay({ state, limit, event, dead }: Options): string | null {
  if (state !== undefined || limit !== undefined) throw new EventsUsageError('--state and --limit are for list');
  if ((event === undefined) === (dead === undefined))
    throw new EventsUsageError('either --event ID or --dead is needed');
  if (event !== undefined && !isUuid(event)) throw new EventsUsageError('--event is the id of an event');
  return event ?? null;
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { tenant: text, state: text, limit: text, event: text, dead: { type: 'boolean' } },
    });
  } catch (error) {
    throw new EventsUsageError(error instanceof Error ? error.message : 'cannot be read');
  }
}
