type Refusal = abstract new (...args: never[]) => Error;

/**
 * Runs a program that ends: its exit code, or one clear message on stderr. Exit 1 for what was refused or not understood,
 * 2 for everything else, which is that something could not be reached.
 */
export function runCommand(name: string, main: () => Promise<number>, refusals: readonly Refusal[]): void {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      const { message, code, errors } = error as Error & { code?: string; errors?: Error[] };
      const text = message || errors?.[0]?.message || code || 'failed';
      process.stderr.write(`${text.replace(/^/gm, `${name}: `)}\n`);
      process.exitCode = refusals.some((kind) => error instanceof kind) ? 1 : 2;
    },
  );
}
