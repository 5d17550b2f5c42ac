import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join, resolve } from 'node:path';

/**
 * Loaded into the product's processes with `--import`, before their own code: lets the harness set their clock and fill
 * their disk. Timers and `performance.now()` stay true, as they do when a machine's clock is set.
 */
const told = { offsetMs: 0, diskFull: false };
/** Octets that were given back on the full disk. */
let room = 0;

process.on('message', (message) => {
  Object.assign(told, message?.chaos);
  if (!told.diskFull) room = 0;
});
// The harness's channel alone must not keep a process from ending.
process.channel?.unref();

const TrueDate = Date;
const now = () => TrueDate.now() + told.offsetMs;
globalThis.Date = new Proxy(TrueDate, {
  construct: (target, args) => (args.length === 0 ? new target(now()) : Reflect.construct(target, args)),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

const spool = join(resolve(process.env.DATA_DIR ?? '.data'), 'spool');
const { open, stat, unlink } = fs.promises;
const block = 4_096;

/** The file is made and its content does not fit, as on a disk without space; what was given back is room again. */
fs.promises.open = async (path, flags, ...rest) => {
  const file = await open(path, flags, ...rest);
  const { writeFile } = file;
  if (['w', 'wx'].includes(flags) && String(path).startsWith(spool)) {
    file.writeFile = (content) => {
      const needed = Math.ceil(Buffer.byteLength(content) / block) * block;
      if (!told.diskFull) return writeFile.call(file, content);
      if (needed > room)
        return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));
      room -= needed;
      return writeFile.call(file, content);
    };
  }
  return file;
};

fs.promises.unlink = async (path) => {
  const given = String(path).startsWith(spool) && told.diskFull ? await stat(path) : undefined;
  await unlink(path);
  room += given === undefined ? 0 : given.blocks * 512;
};
syncBuiltinESMExports();
