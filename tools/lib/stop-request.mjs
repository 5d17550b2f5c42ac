/**
 * Resolves when this launcher should end: a signal, or the death of its parent (npm, killed in a way it could not
 * pass on). @returns {Promise<{ why: string, code: number }>}
 */
export function stopRequest() {
  return new Promise((resolve) => {
    const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
    for (const [name, code] of Object.entries(codes)) process.on(name, () => resolve({ why: name, code }));
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      resolve({ why: 'the parent process is gone', code: 1 });
    }, 250);
    watch.unref();
    // A reader that went away (`npm run up | head`) must not end us in the middle of stopping.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  });
}
