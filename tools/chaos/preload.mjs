import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join, resolve } from 'node:path';

/**
 * Loaded into the product's processes with `--import`, before their own code: lets the harness set their clock and fill
 * their disk. Timers and `performance.now()` stay true, as they do when a machine's clock is set.
 */
const told = { offsetMs: 0, diskFull: false };
process.on('message', (message) => Object.assign(told, message?.chaos));
// The harness's channel alone must not keep a process from ending.
process.channel?.unref();

const TrueDate = Date;
const now = () => TrueDate.now() + told.offsetMs;
globalThis.Date = new Proxy(TrueDate, {
  construct: (target, args) => (args.length === 0 ? new target(now()) : Reflect.construct(target, args)),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

const spool = join(resolve(process.env.DATA_DIR ?? '.data'), 'spool');
const { open } = fs.promises;

/** The file is made and its content does not fit, as on a disk without space. */
fs.promises.open = async (path, flags, ...rest) => {
  const file = await open(path, flags, ...rest);
  if (told.diskFull && flags === 'wx' && String(path).startsWith(spool)) {
    file.writeFile = () =>
      Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));
  }
  return file;
};
syncBuiltinESMExports();
