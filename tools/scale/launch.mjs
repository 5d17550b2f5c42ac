import { fileURLToPath } from 'node:url';
import { launchMeasurement } from '../bench/launch.mjs';
import { readScaleOptions } from './options.mjs';

/**
 * `npm run scale`: installs and builds as `npm run up` does, then measures at each size on the pinned Node.
 * @param {string[]} args @returns {Promise<number>} 0 measured and, in a full run, every target met; 1 otherwise
 */
export function launchScale(args) {
  const script = fileURLToPath(new URL('./main.mjs', import.meta.url));
  const apps = ['worker', 'admin'];
  return launchMeasurement({ what: 'the scale measurement', script, apps, check: readScaleOptions }, args);
}
