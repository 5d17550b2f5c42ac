import { project } from '../../jest.preset.mjs';

export default project('ephemeral', { stores: true });
