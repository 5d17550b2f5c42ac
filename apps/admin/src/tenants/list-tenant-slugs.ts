import type { TenantsStore } from '@linkbroker/persistence';

/** The slugs of all tenants in their order but those that were closed, read in bounded pieces as they are asked for. */
export async function* listTenantSlugs(
  store: Pick<TenantsStore, 'list'>,
  pieceSize = 100,
): AsyncGenerator<string, void, undefined> {
  for (let after: string | undefined; ;) {
    const piece = await store.list(after, pieceSize);
    for (const { slug, closedAt } of piece) if (closedAt === null) yield slug;
    after = piece.at(-1)?.slug;
    if (after === undefined || piece.length < pieceSize) return;
  }
}
