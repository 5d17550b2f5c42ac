import { ConfigError } from '@linkbroker/contracts';
import type { Complaint } from './check-upstreams.js';

/** @throws ConfigError with what there is to complain about, where there is anything */
export function refuse(complaints: readonly Complaint[]): void {
  if (complaints.length === 0) return;
  throw new ConfigError(
    complaints.map(({ path, message }) => ({ line: null, path: path.map(String).join('.'), message })),
  );
}
