import { project } from '../../jest.preset.mjs';

export default { ...project('tools-lib'), testMatch: ['<rootDir>/**/*.spec.mjs'] };
