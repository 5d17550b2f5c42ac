// Wrong on purpose. A "pure" project that reaches for the database and prints a token: `nx run fence-fixture:prove`
// must fail on both, and apps/e2e/src/fence.spec.ts fails when it does not. Never fix this file.
import { GrantsStore } from '@linkbroker/persistence';

export function leak(token: string): typeof GrantsStore {
  console.log(token);
  return GrantsStore;
}
