import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** One file of the built console. */
export interface ConsoleFile {
  readonly type: string;
  readonly body: Buffer;
  /** The same compressed; undefined where that brings nothing. */
  readonly gzipped: Buffer | undefined;
  /** Its name changes with its content, so whoever has it need not ask again. */
  readonly immutable: boolean;
}

/** The built console: its page and what belongs to it, by their paths below `/`. */
export interface BuiltConsole {
  readonly page: string;
  readonly files: ReadonlyMap<string, ConsoleFile>;
}

/** Beside this app, in a working copy as in an image. */
export const CONSOLE_DIRECTORY = fileURLToPath(new URL('../../../console/dist/', import.meta.url));

const PAGE = 'index.html';
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Reads the console as it was built, whole: it is small, and nothing that a request names is ever looked for on a disk.
 * Undefined where it was not built.
 */
export async function readConsole(directory: string): Promise<BuiltConsole | undefined> {
  const page = await readFile(join(directory, PAGE), 'utf8').catch(() => undefined);
  if (page === undefined) return undefined;
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(paths.filter((path) => extname(path) in TYPES).map((path) => read(directory, path)));
  return { page, files: new Map(files) };
}

async function read(directory: string, path: string): Promise<[string, ConsoleFile]> {
  const body = await readFile(path);
  const gzipped = await promisify(gzip)(body, { level: 9 });
  const name = `/${relative(directory, path)}`;
  const file = {
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    body,
    gzipped: gzipped.length < body.length ? gzipped : undefined,
    immutable: name.startsWith('/assets/'),
  };
  return [name, file];
}
