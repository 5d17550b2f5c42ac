import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';

const derive = promisify(scrypt);
const hash = (secret) => createHash('sha256').update(secret).digest('base64url');

const TABLES = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY, salt BLOB NOT NULL, password BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS codes (hash TEXT PRIMARY KEY, name TEXT NOT NULL, scope TEXT NOT NULL,
    redirect_uri TEXT NOT NULL, challenge TEXT, method TEXT, expires_at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS access_tokens (hash TEXT PRIMARY KEY, name TEXT NOT NULL, scope TEXT NOT NULL,
    expires_at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS refresh_tokens (hash TEXT PRIMARY KEY, name TEXT NOT NULL, scope TEXT NOT NULL) STRICT;
`;

/** Accounts, and what was issued to them. Codes and tokens are kept as hashes: who reads the file can use none. */
export class Store {
  constructor(file) {
    this.database = new DatabaseSync(file);
    this.database.exec(TABLES);
  }

  get(sql, ...values) {
    return this.database.prepare(sql).get(...values);
  }

  run(sql, ...values) {
    return this.database.prepare(sql).run(...values);
  }

  async addUser(name, password) {
    const salt = randomBytes(16);
    this.run('INSERT INTO users VALUES (?, ?, ?)', name, salt, await derive(password, salt, 64));
  }

  /** The account's name, or undefined. A name that does not exist takes as long as a wrong password. */
  async signIn(name, password) {
    const found = this.get('SELECT * FROM users WHERE name = ?', name);
    const given = await derive(password, found?.salt ?? Buffer.alloc(16), 64);
    return found && timingSafeEqual(given, found.password) ? found.name : undefined;
  }

  saveCode({ code, name, scope, redirectUri, challenge, method, expiresAt }) {
    this.run('DELETE FROM codes WHERE expires_at < ?', Date.now());
    const values = [hash(code), name, scope, redirectUri, challenge ?? null, method ?? null, expiresAt];
    this.run('INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?, ?)', ...values);
  }

  findCode(code) {
    return this.get('SELECT * FROM codes WHERE hash = ?', hash(code));
  }

  /** Of several at the same time one is told true. */
  takeCode(code) {
    return this.run('DELETE FROM codes WHERE hash = ?', hash(code)).changes === 1;
  }

  saveAccessToken({ token, name, scope, expiresAt }) {
    this.run('DELETE FROM access_tokens WHERE expires_at < ?', Date.now());
    this.run('INSERT INTO access_tokens VALUES (?, ?, ?, ?)', hash(token), name, scope, expiresAt);
  }

  findAccessToken(token) {
    return this.get('SELECT * FROM access_tokens WHERE hash = ? AND expires_at > ?', hash(token), Date.now());
  }

  saveRefreshToken({ token, name, scope }) {
    this.run('INSERT INTO refresh_tokens VALUES (?, ?, ?)', hash(token), name, scope);
  }

  findRefreshToken(token) {
    return this.get('SELECT * FROM refresh_tokens WHERE hash = ?', hash(token));
  }
}
