import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
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
  expect((await readdir(directory)).length).toBe(2);
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
