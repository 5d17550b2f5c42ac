import { ConfigError } from '@linkbroker/contracts';
import { parseMasterKeys, type MasterKeys } from '@linkbroker/vault';

/** `MASTER_KEYS` of the environment. @throws ConfigError */
export function readMasterKeys(text: string): MasterKeys {
  try {
    return parseMasterKeys(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'cannot be read';
    throw new ConfigError([{ line: null, path: '', message }]);
  }
}
