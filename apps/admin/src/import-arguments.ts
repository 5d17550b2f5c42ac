import { parseArgs } from 'node:util';

export const IMPORT_USAGE = `import --tenant SLUG --skill SLUG --connector SLUG -f FILE --keep-until DATE [--dry-run] [--no-wait]

  -f, --file      links of the server before: one JSON object a line, or CSV with a header (name ends in .csv)
      --keep-until  until when its refresh tokens are taken, such as 2027-06-01
      --dry-run   check everything, tell what would become of it, write nothing
      --no-wait   do not wait until the worker has proved the lines

The same file can be brought again: it goes on where it was, and what was refused is tried anew.
`;

export interface ImportArguments {
  readonly tenant: string;
  readonly skill: string;
  readonly connector: string;
  readonly file: string;
  readonly keepUntil: Date;
  readonly dryRun: boolean;
  readonly wait: boolean;
}

/** The command line cannot be understood. */
export class ImportUsageError extends Error {
  constructor(message: string) {
    super(`${message}\n\n${IMPORT_USAGE}`);
    this.name = 'ImportUsageError';
  }
}

/** @throws ImportUsageError */
export function readImportArguments(argv: readonly string[]): ImportArguments {
  const values = parse(argv);
  const required = (name: 'tenant' | 'skill' | 'connector' | 'file' | 'keep-until'): string => {
    const value = values[name];
    if (value === undefined || value === '') throw new ImportUsageError(`--${name} is needed`);
    return value;
  };
  const date = required('keep-until');
  const keepUntil = new Date(date);
  if (!/^\d{4}-\d{2}-\d{2}/.test(date) || Number.isNaN(keepUntil.getTime()))
    throw new ImportUsageError('--keep-until is a date such as 2027-06-01');
  return {
    ...{ tenant: required('tenant'), skill: required('skill'), connector: required('connector') },
    ...{ file: required('file'), keepUntil, dryRun: values['dry-run'] ?? false, wait: !(values['no-wait'] ?? false) },
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        tenant: { type: 'string' },
        skill: { type: 'string' },
        connector: { type: 'string' },
        file: { type: 'string', short: 'f' },
        'keep-until': { type: 'string' },
        'dry-run': { type: 'boolean' },
        'no-wait': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new ImportUsageError(error instanceof Error ? error.message : 'not understood');
  }
}
