/** One thing wrong with a config file, and where. `line` is 1-based; `path` is like `tenants[0].skills[1].pkce`. */
export interface ConfigProblem {
  readonly line: number | null;
  readonly path: string;
  readonly message: string;
}

/** A config file or environment that cannot be used; lists everything wrong with it at once. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

function formatProblem({ line, path, message }: ConfigProblem): string {
  return `${line === null ? '' : `line ${String(line)}: `}${path === '' ? '' : `${path}: `}${message}`;
}
