import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSkills, skillsFromFiles } from './skills.js';

const skill = {
  name: 'Acme Lights',
  clientId: 'alexa-demo',
  clientSecret: 'secret',
  vendorId: 'M3KVOEXUO4ALBL',
  skillId: 'amzn1.ask.skill.1',
  scopes: ['lights'],
  redirectUris: [],
  pkce: 'optional',
  backend: null,
};

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'skills-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('reads several files and each again when it changes', () => {
  const [one, two] = [join(folder, 'one.json'), join(folder, 'two.json')];
  const ids = skillsFromFiles([one, two]);
  const read = () => ids().map(({ clientId }) => clientId);
  expect(read()).toEqual([]);
  writeFileSync(one, JSON.stringify([skill]));
  expect(read()).toEqual(['alexa-demo']);
  writeFileSync(two, JSON.stringify([{ ...skill, clientId: 'second' }]));
  expect(read()).toEqual(['alexa-demo', 'second']);
  writeFileSync(one, JSON.stringify([{ ...skill, clientId: 'a longer name' }]));
  expect(read()).toEqual(['a longer name', 'second']);
  rmSync(two);
  expect(read()).toEqual(['a longer name']);
});

it('keeps what it knows while a file is being written, and says what is wrong with one it never could read', () => {
  const file = join(folder, 'skills.json');
  const skills = skillsFromFiles([file]);
  writeFileSync(file, JSON.stringify([skill]));
  skills();
  writeFileSync(file, '[{"name":');
  expect(skills()).toHaveLength(1);
  expect(() => skillsFromFiles([file])()).toThrow(`${file} is not JSON`);
});

it.each([
  ['{}', 'top level'],
  [JSON.stringify([{ ...skill, pkce: 'maybe' }]), '0.pkce'],
  [JSON.stringify([skill, { ...skill, clientSecret: '' }]), '1.clientSecret'],
])('names the place of a mistake in %s', (text, place) => {
  expect(() => parseSkills(text, 'skills.json')).toThrow(`skills.json: ${place}: `);
});

it('finds the vendor id in the redirect URIs when the file does not name it', () => {
  const redirectUris = ['https://example.com/', 'https://layla.amazon.com/api/skill/link/MVENDOR'];
  const vendorOf = (change: object) =>
    parseSkills(JSON.stringify([{ ...skill, ...change }]), 'skills.json')[0]?.vendorId;
  expect(vendorOf({ vendorId: null, redirectUris })).toBe('MVENDOR');
  expect(vendorOf({ vendorId: undefined })).toBe('MSIMULATOR');
  expect(vendorOf({ redirectUris })).toBe('M3KVOEXUO4ALBL');
});
