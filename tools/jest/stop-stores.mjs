/** Jest globalTeardown: stops what start-stores.mjs started. */
export default async function stopStores() {
  const started = globalThis[Symbol.for('linkbroker.test-stores')];
  if (!started) return;
  await Promise.all(started.stores.map((store) => store.stop()));
  await started.guard.release();
}
