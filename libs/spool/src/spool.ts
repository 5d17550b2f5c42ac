import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface SpoolEntry {
  readonly name: string;
  readonly text: string;
}

const NAME = /^[A-Za-z0-9-]{1,80}$/;
const SUFFIX = '.json';

/**
 * A directory of small files, each whole or not there: written beside, forced to the disk, renamed, and the directory
 * forced too. Readable by this user alone.
 */
export class Spool {
  private made: Promise<unknown> | undefined;

  constructor(private readonly directory: string) {}

  /** Returns once the entry is on the disk. @throws Error when it cannot be kept, e.g. on a full disk */
  async keep(name: string, text: string): Promise<void> {
    if (!NAME.test(name)) throw new Error('a spool entry needs a plain name');
    await this.makeDirectory();
    const beside = join(this.directory, `.${name}.${randomBytes(4).toString('hex')}`);
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, this.pathOf(name));
    await this.force();
  }

  /** At most `limit` entries, oldest names first. */
  async list(limit: number): Promise<SpoolEntry[]> {
    await this.makeDirectory();
    const names = (await readdir(this.directory)).filter((file) => !file.startsWith('.') && file.endsWith(SUFFIX));
    const chosen = names.sort().slice(0, limit);
    const entries = chosen.map(async (file) => ({
      name: file.slice(0, -SUFFIX.length),
      text: await readFile(join(this.directory, file), 'utf8'),
    }));
    return Promise.all(entries);
  }

  /** Forgets an entry; one that is not there is forgotten already. */
  async remove(name: string): Promise<void> {
    if (!NAME.test(name)) return;
    await unlink(this.pathOf(name)).catch((error: unknown) => {
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    });
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
    const directory = await open(this.directory, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}
