import { readEnvironment, readLinkEnvironment } from './environment.js';

const good = { SIMULATOR_SKILLS: 'a.json, b.json', DEMO_UPSTREAM_SECRET: 'secret' };

it('has defaults for everything but the skills and the secret', () => {
  expect(readEnvironment({ ...good, BROKER_URL: '' })).toEqual({
    HOST: '127.0.0.1',
    SIMULATOR_PORT: 4200,
    SIMULATOR_SKILLS: ['a.json', 'b.json'],
    BROKER_PORT: 4000,
    DEMO_UPSTREAM_SECRET: 'secret',
    LOG_LEVEL: 'info',
    brokerUrl: 'http://localhost:4000',
  });
});

it.each([
  [{ SIMULATOR_SKILLS: undefined }, 'SIMULATOR_SKILLS is not set'],
  [{ DEMO_UPSTREAM_SECRET: '' }, 'DEMO_UPSTREAM_SECRET is not set'],
  [{ SIMULATOR_SKILLS: ' , ' }, 'SIMULATOR_SKILLS is wrong: name at least one file'],
  [{ SIMULATOR_PORT: 'many' }, 'SIMULATOR_PORT is wrong: '],
  [{ SIMULATOR_PORT: '65536' }, 'SIMULATOR_PORT is wrong: '],
  [{ SIMULATOR_URL: 'ftp://localhost' }, 'SIMULATOR_URL is wrong: '],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is wrong: '],
])('names the variable in %j', (change, says) => {
  expect(() => readEnvironment({ ...good, ...change })).toThrow(says);
});

it('asks less of the link driver', () => {
  expect(readLinkEnvironment({ SIMULATOR_SKILLS: 'a.json', BROKER_PORT: '4711' })).toEqual({
    brokerUrl: 'http://localhost:4711',
    skillFiles: ['a.json'],
  });
});
