import { project } from '../../jest.preset.mjs';

export default project('skill-client', { timeout: 60_000 });
