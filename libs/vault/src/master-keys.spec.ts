import { randomBytes } from 'node:crypto';
import { parseMasterKeys } from './master-keys.js';

const K1 = Buffer.alloc(32, 1);
const K2 = Buffer.alloc(32, 0xfb);
const [B1, B2] = [K1.toString('base64'), K2.toString('base64')];

describe('parseMasterKeys', () => {
  it.each([
    ['one', `k1:${B1}`],
    ['one without padding', `k1:${B1.replace('=', '')}`],
    ['two', `k1:${B1},k2:${B2}`],
    ['two with blanks around', ` k1:${B1} , k2:${B2}\n`],
    ['base64url', `k1:${B1},k2:${K2.toString('base64url')}`],
  ])('reads %s; the first is active', (_, text) => {
    const keys = parseMasterKeys(text);
    expect(keys.active).toBe('k1');
    expect(keys.ids).toEqual(text.includes('k2') ? ['k1', 'k2'] : ['k1']);
    expect(keys.get('k1')).toEqual(K1);
    if (text.includes('k2')) expect(keys.get('k2')).toEqual(K2);
    expect(keys.get('k3')).toBeUndefined();
  });

  it.each(['2026-11', 'a', 'A_b.c-1', 'x'.repeat(64)])('takes the id %s', (id) => {
    expect(parseMasterKeys(`${id}:${B1}`).active).toBe(id);
  });

  it.each([
    ['nothing', ''],
    ['a comma', ','],
    ['a trailing comma', `k1:${B1},`],
    ['a key without an id', B1],
    ['an empty id', `:${B1}`],
    ['an id with a blank', `k 1:${B1}`],
    ['an id with a colon', `k:1:${B1}`],
    ['a long id', `${'x'.repeat(65)}:${B1}`],
    ['no key', 'k1:'],
    ['31 octets', `k1:${randomBytes(31).toString('base64')}`],
    ['33 octets', `k1:${randomBytes(33).toString('base64')}`],
    ['16 octets', `k1:${randomBytes(16).toString('base64')}`],
    ['hexadecimal', `k1:${K1.toString('hex')}`],
    ['other characters', `k1:${'!'.repeat(43)}=`],
    ['a second one that is wrong', `k1:${B1},k2`],
  ])('refuses %s without repeating the value', (_, text) => {
    const attempt = (): unknown => parseMasterKeys(text);
    expect(attempt).toThrow(/^MASTER_KEYS must be id:base64\(32 bytes\)/);
    expect(attempt).not.toThrow(B1.slice(0, 20));
  });

  it('refuses an id twice, by name, without the keys', () => {
    const attempt = (): unknown => parseMasterKeys(`k1:${B1},k1:${B2}`);
    expect(attempt).toThrow('MASTER_KEYS names the key "k1" twice');
    expect(attempt).not.toThrow(B2.slice(0, 20));
  });
});
