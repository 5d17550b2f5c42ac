import { parseArgs } from 'node:util';
import { EnvironmentError, readLinkEnvironment } from '../environment.js';
import { skillsFromFiles, SkillsFileError } from '../skills.js';
import { linkOnce } from './link-once.js';

/** A mistake in the command line. */
class UsageError extends Error {}

export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly colour: boolean;
}

const options = {
  skill: { type: 'string', default: 'alexa-demo' },
  user: { type: 'string', default: 'alice' },
  password: { type: 'string' },
  connector: { type: 'string' },
  basic: { type: 'boolean', default: false },
  pkce: { type: 'boolean', default: false },
  'raw-state': { type: 'boolean', default: false },
} as const;

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ options, args: [...args] }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n', 1)[0]);
  }
}

async function perform(args: readonly string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<boolean> {
  const values = readArguments(args);
  const { brokerUrl, skillFiles } = readLinkEnvironment(env);
  const skills = skillsFromFiles(skillFiles)();
  const skill = skills.find(({ clientId }) => clientId === values.skill);
  if (!skill) {
    const known = skills.map(({ clientId }) => clientId).join(', ') || 'none';
    throw new UsageError(`no skill ${values.skill} in ${skillFiles.join(', ')} (there: ${known})`);
  }
  const { user, password, connector, pkce } = values;
  const scheme = values.basic ? ('HTTP_BASIC' as const) : undefined;
  const how = { scheme, pkce, rawState: values['raw-state'], write: terminal.out, colour: terminal.colour };
  return (await linkOnce({ brokerUrl, skill, user, password, connector, ...how })).ok;
}

/** `link [--skill CLIENT_ID] [--user NAME] …`. @returns the exit code: 0 when everything passed, else 1 */
export async function runLinkCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<number> {
  try {
    return (await perform(args, env, terminal)) ? 0 : 1;
  } catch (error) {
    if (![EnvironmentError, SkillsFileError, UsageError].some((kind) => error instanceof kind)) throw error;
    terminal.err(`link: ${(error as Error).message}`);
    return 1;
  }
}
