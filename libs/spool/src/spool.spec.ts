import { chmod, mkdir, mkdtemp, open, readdir, rm, stat, statfs, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Spool } from './index.js';

let directory: string;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'linkbroker-spool-')), 'deep', 'spool');
});
afterEach(() => rm(join(directory, '..', '..'), { recursive: true, force: true }));

test('keeps entries until they are removed, for whoever comes next', async () => {
  const spool = new Spool(directory);
  await spool.keep('b', 'two');
  await spool.keep('a', 'one');
  await spool.keep('a', 'one again');
  expect(await new Spool(directory).list(10)).toEqual([
    { name: 'a', text: 'one again' },
    { name: 'b', text: 'two' },
  ]);
  expect(await spool.list(1)).toHaveLength(1);
  await spool.remove('a');
  await spool.remove('a');
  expect((await spool.list(10)).map(({ name }) => name)).toEqual(['b']);
});

test('is empty before anything was kept', async () => {
  expect(await new Spool(directory).list(10)).toEqual([]);
});

test('shows nobody else what it holds, and nothing that was not finished', async () => {
  const spool = new Spool(directory);
  await spool.keep('a', 'secret');
  expect((await stat(directory)).mode & 0o077).toBe(0);
  expect((await stat(join(directory, 'a.json'))).mode & 0o077).toBe(0);
  await writeFile(join(directory, '.b.0000'), 'half');
  expect(await spool.list(10)).toHaveLength(1);
  expect((await readdir(directory)).sort()).toEqual(['.b.0000', '.reserve', 'a.json']);
});

test.each([
  ['none', ''],
  ['a way up', '../a'],
  ['a directory', 'a/b'],
  ['a hidden one', '.a'],
  ['one that is too long', 'n'.repeat(81)],
])('takes no name that leads elsewhere: %s', async (_, name) => {
  await expect(new Spool(directory).keep(name, 'x')).rejects.toThrow('plain name');
});

test('says so when it cannot keep', async () => {
  await writeFile(join(directory, '..', '..', 'file'), 'x').catch(() => undefined);
  const parent = join(directory, '..', '..');
  await writeFile(join(parent, 'taken'), 'x');
  await expect(new Spool(join(parent, 'taken')).keep('a', 'x')).rejects.toThrow();
  await chmod(parent, 0o700);
});

test('an entry that somebody removes while they are listed is not there', async () => {
  const spool = new Spool(directory);
  await spool.keep('a', 'one');
  await symlink(join(directory, 'nowhere'), join(directory, 'gone.json'));
  expect(await spool.list(10)).toEqual([{ name: 'a', text: 'one' }]);
});

test('leaves nothing behind of what it could not keep', async () => {
  const spool = new Spool(directory);
  await mkdir(join(directory, 'a.json'), { recursive: true });
  await expect(spool.keep('a', 'one')).rejects.toThrow();
  expect(await readdir(directory)).toEqual(['a.json']);
});

/** A disk on which so many octets are free; what is given up is free again. */
class SmallDisk {
  constructor(public free: number) {}

  readonly open: typeof open = async (path, flags, mode) => {
    const file = await open(path, flags, mode);
    const { writeFile: write } = file;
    file.writeFile = async (content) => {
      const needed = Buffer.byteLength(content as string | Buffer);
      if (needed > this.free) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      this.free -= needed;
      await write.call(file, content);
    };
    return file;
  };

  readonly unlink: typeof unlink = async (path) => {
    const { size } = await stat(path);
    await unlink(path);
    this.free += size;
  };

  readonly statfs = (async (path: string) =>
    Object.assign(await statfs(path), { bavail: this.free, bsize: 1 })) as typeof statfs;
}

const MEGABYTE = 1_048_576;

describe('on a disk that fills', () => {
  test('what was set aside makes room, also for many at once', async () => {
    const disk = new SmallDisk(100 * MEGABYTE);
    const spool = new Spool(directory, disk);
    expect(await spool.list(10)).toEqual([]);
    expect(disk.free).toBe(99 * MEGABYTE);
    disk.free = 0;
    const names = Array.from({ length: 64 }, (_, at) => `entry-${String(at)}`);
    await Promise.all(names.map((name) => spool.keep(name, 'x'.repeat(1_000))));
    expect((await new Spool(directory, disk).list(100)).map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(disk.free).toBe(MEGABYTE - 64_000);
    await expect(spool.keep('large', 'x'.repeat(MEGABYTE))).rejects.toThrow('no space');
    expect((await readdir(directory)).filter((file) => file.includes('large'))).toEqual([]);
  });

  test('room is set aside again when there is plenty, and only then', async () => {
    const disk = new SmallDisk(10 * MEGABYTE);
    const spool = new Spool(directory, disk);
    await spool.list(10);
    expect(await readdir(directory)).toEqual([]);
    disk.free = 0;
    await expect(spool.keep('a', 'one')).rejects.toThrow('no space');
    disk.free = 100 * MEGABYTE;
    await spool.list(10);
    await spool.list(10);
    expect(await readdir(directory)).toEqual(['.reserve']);
    expect(disk.free).toBe(99 * MEGABYTE);
  });

  test('what cannot be set aside leaves nothing behind, and is no error', async () => {
    const disk = new SmallDisk(100 * MEGABYTE);
    const lying = { open: disk.open, unlink: disk.unlink, statfs: disk.statfs };
    const spool = new Spool(directory, { ...lying, open: (...how) => ((disk.free = 0), disk.open(...how)) });
    expect(await spool.list(10)).toEqual([]);
    expect(await readdir(directory)).toEqual([]);
  });
});
