/** One thing that was changed, as the audit log kept it. */
export interface Change {
  readonly name: string;
  /** Undefined where only the new value is known. */
  readonly from: string | undefined;
  readonly to: string;
}

/** A diff of the audit log as changes: before and after where it has them, else what was set. */
export function readDiff(diff: Readonly<Record<string, unknown>>): Change[] {
  return Object.entries(diff).map(([name, value]) => {
    const { from, to } = (typeof value === 'object' && value !== null ? value : {}) as { from?: unknown; to?: unknown };
    if (to !== undefined || from !== undefined) return { name, from: plain(from), to: plain(to) };
    return { name, from: undefined, to: plain(value) };
  });
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return value.map(plain).join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
