import { z } from 'zod';

/** A variable that is missing or wrong; the message names it. */
export class EnvironmentError extends Error {}

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const address = z.url({ protocol: /^https?$/ });
const files = z.string().transform((text) =>
  text
    .split(',')
    .map((file) => file.trim())
    .filter(Boolean),
);

const shape = z.object({
  HOST: z.string().default('127.0.0.1'),
  SIMULATOR_PORT: port(4200),
  SIMULATOR_URL: address.optional(),
  BROKER_PORT: port(4000),
  BROKER_URL: address.optional(),
  SIMULATOR_SKILLS: files.refine((list) => list.length > 0, 'name at least one file'),
  DEMO_UPSTREAM_SECRET: z.string().min(1),
  SIMULATOR_CA_FILE: z.string().optional(),
  SIMULATOR_KEY: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export type Environment = z.infer<typeof shape>;

function parse<T>(schema: z.ZodType<T>, env: NodeJS.ProcessEnv): T {
  // An empty variable is what shells leave of an unset one.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = issue?.path.join('.') ?? '';
  throw new EnvironmentError(`${name} ${given[name] === undefined ? 'is not set' : `is wrong: ${issue?.message}`}`);
}

/** @throws EnvironmentError */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment & { brokerUrl: string } {
  const read = parse(shape, env);
  return { ...read, brokerUrl: read.BROKER_URL ?? `http://localhost:${read.BROKER_PORT}` };
}

/**
 * What the link driver needs, which is less.
 * @throws EnvironmentError
 */
export function readLinkEnvironment(env: NodeJS.ProcessEnv): { brokerUrl: string; skillFiles: readonly string[] } {
  const read = parse(shape.pick({ BROKER_PORT: true, BROKER_URL: true, SIMULATOR_SKILLS: true }), env);
  return { brokerUrl: read.BROKER_URL ?? `http://localhost:${read.BROKER_PORT}`, skillFiles: read.SIMULATOR_SKILLS };
}
