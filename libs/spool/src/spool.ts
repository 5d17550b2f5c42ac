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
    try {
      await writeWhole(beside, text);
      await rename(beside, this.pathOf(name));
    } catch (error) {
      // On a full disk what is left of it would take the room of the next one.
      await unlink(beside).catch(() => undefined);
      throw error;
    }
    await this.force();
  }

  /** At most `limit` entries, oldest names first; without those that somebody else removes meanwhile. */
  async list(limit: number): Promise<SpoolEntry[]> {
    await this.makeDirectory();
    const names = (await readdir(this.directory)).filter((file) => !file.startsWith('.') && file.endsWith(SUFFIX));
    const chosen = names.sort().slice(0, limit);
    const entries = await Promise.all(chosen.map((file) => this.read(file)));
    return entries.filter((entry) => entry !== undefined);
  }

  /** Forgets an entry; one that is not there is forgotten already. */
  async remove(name: string): Promise<void> {
    if (!NAME.test(name)) return;
    await unlink(this.pathOf(name)).catch((error: unknown) => {
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    });
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
    const directory = await open(this.directory, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
