const ENTRY = /^([A-Za-z0-9_.-]{1,64}):([A-Za-z0-9+/_-]{43}=?)$/;

/** Master keys by id; they wrap everything else and never leave the process. */
export interface MasterKeys {
  /** The id new wrappings use. */
  readonly active: string;
  /** All of them, the active one first. */
  readonly ids: readonly string[];
  /** 32 octets, or undefined when this process was not given the key. */
  get(id: string): Buffer | undefined;
}

/**
 * Reads `id:base64(32 bytes)[,id:…]`; the first is active.
 * @throws Error that never repeats the value
 */
export function parseMasterKeys(text: string): MasterKeys {
  const keys = new Map<string, Buffer>();
  for (const entry of text.split(',')) {
    const match = ENTRY.exec(entry.trim());
    const [, id, encoded] = match ?? [];
    const key = Buffer.from(encoded ?? '', 'base64');
    if (id === undefined || key.length !== 32) {
      throw new Error('MASTER_KEYS must be id:base64(32 bytes)[,id:base64(32 bytes)…]');
    }
    if (keys.has(id)) throw new Error(`MASTER_KEYS names the key "${id}" twice`);
    keys.set(id, key);
  }
  const [active] = keys.keys();
  if (active === undefined) throw new Error('MASTER_KEYS is empty');
  return { active, ids: [...keys.keys()], get: (id) => keys.get(id) };
}
