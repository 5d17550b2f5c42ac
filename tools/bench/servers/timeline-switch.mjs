import { Session } from 'node:inspector/promises';
import { Timeline } from '../../../libs/telemetry/dist/index.js';

/**
 * Loaded before a broker that is compared with itself: on the parent's word its timeline records or does not, as with
 * `TIMELINE=off`, while everything else in the process stays as it is. The broker has no such switch; the one timeline of
 * the process is found on the heap, when first asked for.
 */
const name = Symbol.for('linkbroker.bench.timelines');
let timelines;

process.on('message', ({ recording }) => {
  void (async () => {
    timelines ??= await findTimelines();
    for (const one of timelines) one.on = recording;
    process.send({ recording, timelines: timelines.length });
  })();
});
// Listening alone would keep the process running when the broker has ended.
process.channel.unref();

async function findTimelines() {
  const session = new Session();
  session.connect();
  globalThis[name] = Timeline.prototype;
  const { result } = await session.post('Runtime.evaluate', {
    expression: `globalThis[Symbol.for('${name.description}')]`,
  });
  const { objects } = await session.post('Runtime.queryObjects', { prototypeObjectId: result.objectId });
  await session.post('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    functionDeclaration: `function () { globalThis[Symbol.for('${name.description}')] = [...this]; }`,
  });
  session.disconnect();
  const found = globalThis[name];
  delete globalThis[name];
  return found;
}
