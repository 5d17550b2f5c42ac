import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';

interface Disk {
  readonly open: typeof open;
  readonly statfs: typeof statfs;
  readonly unlink: typeof unlink;
}

export interface SpoolEntry {
  readonly name: string;
  readonly text: string;
}

const NAME = /^[A-Za-z0-9-]{1,80}$/;
const SUFFIX = '.json';
const RESERVE = '.reserve';
/** Octets set aside on the disk: as many entries as can be under way when a database goes. */
const RESERVE_BYTES = 1_048_576;
/** Room is set aside only where so many times as much is free: it must not be what fills the disk. */
const PLENTY = 64;
const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);

/**
 * A directory of small files, each whole or not there: written beside, forced to the disk, renamed, and the directory
 * forced too. Readable by this user alone. A file that means nothing is kept among them and given up when the disk is
 * full, so that there is room for what must not be lost.
 */
export class Spool {
  private made: Promise<unknown> | undefined;
  private givingUp: Promise<void> | undefined;

  /** @param disk how files are made and given up */
  constructor(
    private readonly directory: string,
    private readonly disk: Disk = { open, statfs, unlink },
  ) {}

  /** Returns once the entry is on the disk. @throws Error when it cannot be kept, e.g. on a full disk */
  async keep(name: string, text: string): Promise<void> {
    if (!NAME.test(name)) throw new Error('a spool entry needs a plain name');
    await this.makeDirectory();
    try {
      await this.write(name, text);
    } catch (error) {
      if (!FULL.has((error as { code?: unknown }).code)) throw error;
      await this.giveUpReserve();
      await this.write(name, text);
    }
    await this.force();
  }

  private async write(name: string, text: string): Promise<void> {
    const beside = join(this.directory, `.${name}.${randomBytes(4).toString('hex')}`);
    try {
      await writeWhole(this.disk, beside, text);
      await rename(beside, this.pathOf(name));
    } catch (error) {
      // On a full disk what is left of it would take the room of the next one.
      await this.disk.unlink(beside).catch(() => undefined);
      throw error;
    }
  }

  /**
   * At most `limit` entries, oldest names first; without those that somebody else removes meanwhile. Sets room aside again
   * where there is plenty.
   */
  async list(limit: number): Promise<SpoolEntry[]> {
    await this.makeDirectory();
    await this.setAside().catch(() => undefined);
    const names = (await readdir(this.directory)).filter((file) => !file.startsWith('.') && file.endsWith(SUFFIX));
    const chosen = names.sort().slice(0, limit);
    const entries = await Promise.all(chosen.map((file) => this.read(file)));
    return entries.filter((entry) => entry !== undefined);
  }

  /** Forgets an entry; one that is not there is forgotten already. */
  async remove(name: string): Promise<void> {
    if (!NAME.test(name)) return;
    await this.disk.unlink(this.pathOf(name)).catch((error: unknown) => {
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    });
  }

  /** Gone already where somebody else needed it before: there may be room left of it. */
  private giveUpReserve(): Promise<void> {
    this.givingUp ??= this.disk
      .unlink(join(this.directory, RESERVE))
      .catch(() => undefined)
      .finally(() => (this.givingUp = undefined));
    return this.givingUp;
  }

  private async setAside(): Promise<void> {
    const reserve = join(this.directory, RESERVE);
    if (await isThere(reserve)) return;
    const { bavail, bsize } = await this.disk.statfs(this.directory);
    if (bavail * bsize < PLENTY * RESERVE_BYTES) return;
    const part = `${reserve}.part`;
    try {
      // What cannot be compressed takes the room that it says.
      await writeWhole(this.disk, part, randomBytes(RESERVE_BYTES), 'w');
      await rename(part, reserve);
    } catch (error) {
      await this.disk.unlink(part).catch(() => undefined);
      throw error;
    }
  }

  private async read(file: string): Promise<SpoolEntry | undefined> {
    try {
      return { name: file.slice(0, -SUFFIX.length), text: await readFile(join(this.directory, file), 'utf8') };
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  private pathOf(name: string): string {
    return join(this.directory, `${name}${SUFFIX}`);
  }

  private makeDirectory(): Promise<unknown> {
    this.made ??= mkdir(this.directory, { recursive: true, mode: 0o700 });
    this.made.catch(() => (this.made = undefined));
    return this.made;
  }

  /** Without it the rename may be lost with the power. */
  private async force(): Promise<void> {
    const directory = await this.disk.open(this.directory, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** @param flags `w` where what another one has begun may be overwritten */
async function writeWhole(disk: Disk, path: string, content: string | Buffer, flags: 'w' | 'wx' = 'wx'): Promise<void> {
  const file = await disk.open(path, flags, 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
