import { project } from '../../jest.preset.mjs';

export default { ...project('generators', { timeout: 60_000 }), testMatch: ['<rootDir>/**/*.spec.mjs'] };
