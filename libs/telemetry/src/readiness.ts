/** One thing an app needs. `check` answers what is missing, or undefined when nothing is. */
export interface ReadinessCheck {
  readonly name: string;
  readonly check: () => Promise<string | undefined>;
}

export interface Readiness {
  readonly ready: boolean;
  /** Every check by name: `ok`, or what is missing. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Asks every check at once; one that throws is missing too. */
export async function readReadiness(checks: readonly ReadinessCheck[]): Promise<Readiness> {
  const answers = await Promise.all(
    checks.map(async ({ name, check }) => {
      const missing = await check().catch((error: unknown) => (error instanceof Error ? error.message : 'failed'));
      return [name, missing ?? 'ok'] as const;
    }),
  );
  return { ready: answers.every(([, answer]) => answer === 'ok'), checks: Object.fromEntries(answers) };
}

/** The two stores every app needs, asked through functions, because adapters do not know each other. */
export function storeChecks(
  readSchema: () => Promise<{ readonly upToDate: boolean }>,
  pingRedis: () => Promise<boolean>,
): ReadinessCheck[] {
  return [
    { name: 'postgres', check: async () => ((await readSchema()).upToDate ? undefined : 'migrations are missing') },
    { name: 'redis', check: async () => ((await pingRedis()) ? undefined : 'Redis does not answer') },
  ];
}
