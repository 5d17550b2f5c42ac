"""Accounts, and what was issued to them, in SQLite. Codes and tokens are kept as hashes: who reads the file can use none."""

import hashlib
import sqlite3
import time

from werkzeug.security import check_password_hash, generate_password_hash

TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY, password TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS codes (hash TEXT PRIMARY KEY, name TEXT NOT NULL, scope TEXT NOT NULL,
  redirect_uri TEXT NOT NULL, challenge TEXT, method TEXT, expires_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS access_tokens (hash TEXT PRIMARY KEY, name TEXT NOT NULL, scope TEXT NOT NULL,
  expires_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS refresh_tokens (hash TEXT PRIMARY KEY, name TEXT NOT NULL, scope TEXT NOT NULL);
"""

# A name that does not exist takes as long as a wrong password.
NOBODY = generate_password_hash("nobody has this password")


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


class Store:
    def __init__(self, file):
        self.file = file
        with self.connect() as database:
            database.executescript(TABLES)

    def connect(self):
        database = sqlite3.connect(self.file, timeout=3, isolation_level=None)
        database.row_factory = sqlite3.Row
        return database

    def one(self, sql, *values):
        """Carries out one statement, which is one transaction, and returns the first row it gives."""
        database = self.connect()
        try:
            return database.execute(sql, values).fetchone()
        finally:
            database.close()

    def add_user(self, name, password):
        self.one("INSERT INTO users VALUES (?, ?)", name, generate_password_hash(password))

    def sign_in(self, name, password):
        """The account's name, or None."""
        found = self.one("SELECT * FROM users WHERE name = ?", name)
        right = check_password_hash(found["password"] if found else NOBODY, password)
        return found["name"] if found and right else None

    def save_code(self, code, name, scope, redirect_uri, challenge, method, lifetime):
        now = int(time.time())
        self.one("DELETE FROM codes WHERE expires_at < ?", now)
        values = (digest(code), name, scope, redirect_uri, challenge, method, now + lifetime)
        self.one("INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?, ?)", *values)

    def take_code(self, code):
        """Of several at the same time one gets it."""
        found = self.one("DELETE FROM codes WHERE hash = ? RETURNING *", digest(code))
        return found if found and found["expires_at"] > time.time() else None

    def save_access_token(self, token, name, scope, expires_at):
        self.one("DELETE FROM access_tokens WHERE expires_at < ?", int(time.time()))
        self.one("INSERT INTO access_tokens VALUES (?, ?, ?, ?)", digest(token), name, scope, expires_at)

    def find_access_token(self, token):
        return self.one("SELECT * FROM access_tokens WHERE hash = ?", digest(token))

    def save_refresh_token(self, token, name, scope):
        self.one("INSERT OR IGNORE INTO refresh_tokens VALUES (?, ?, ?)", digest(token), name, scope)

    def find_refresh_token(self, token):
        return self.one("SELECT * FROM refresh_tokens WHERE hash = ?", digest(token))
