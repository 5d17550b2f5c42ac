import type { Session } from './session.js';

/** An experiment that several checks judge: it is carried out once in a session. */
export function once<T>(experiment: (session: Session) => Promise<T>): (session: Session) => Promise<T> {
  const results = new WeakMap<Session, Promise<T>>();
  return (session) => {
    const known = results.get(session);
    if (known) return known;
    const begun = experiment(session);
    results.set(session, begun);
    return begun;
  };
}
