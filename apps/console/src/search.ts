/** What a page's address says behind its `?`; whatever fits no page is left out. */
export interface LinksSearch {
  readonly skill?: string;
  readonly state?: 'failing' | 'at_risk' | 'dead';
}

export interface TracesSearch {
  readonly ref?: string;
  readonly at?: string;
  readonly name?: string;
  readonly outcome?: string;
  readonly skill?: string;
  /** Where a page of entries goes on. */
  readonly before?: string;
}

export interface DeliveriesSearch {
  readonly delivery?: 'pending' | 'delivered' | 'dead';
}

export interface SignInSearch {
  readonly back?: string;
}

type Given = Readonly<Record<string, unknown>>;

const MOST = 500;

function text<Name extends string>(given: Given, name: Name): { readonly [One in Name]?: string } {
  const value = given[name];
  // The router reads `?ref=1234` as a number.
  const plain = typeof value === 'number' ? String(value) : value;
  return typeof plain === 'string' && plain !== '' && plain.length <= MOST
    ? ({ [name]: plain } as { [One in Name]: string })
    : {};
}

const oneOf = <Value extends string>(value: unknown, values: readonly Value[]): Value | undefined =>
  values.find((one) => one === value);

export function readLinksSearch(given: Given): LinksSearch {
  const state = oneOf(given['state'], ['failing', 'at_risk', 'dead']);
  return { ...text(given, 'skill'), ...(state && { state }) };
}

export function readTracesSearch(given: Given): TracesSearch {
  const { ref, at, name, outcome, skill, before } = {
    ...text(given, 'ref'),
    ...text(given, 'at'),
    ...text(given, 'name'),
    ...text(given, 'outcome'),
    ...text(given, 'skill'),
    ...text(given, 'before'),
  };
  return {
    ...(ref !== undefined && { ref }),
    ...(at !== undefined && !Number.isNaN(Date.parse(at)) && { at }),
    ...(name !== undefined && { name }),
    ...(outcome !== undefined && { outcome }),
    ...(skill !== undefined && { skill }),
    ...(before !== undefined && { before }),
  };
}

export function readDeliveriesSearch(given: Given): DeliveriesSearch {
  const delivery = oneOf(given['delivery'], ['pending', 'delivered', 'dead']);
  return delivery ? { delivery } : {};
}

export const readSignInSearch = (given: Given): SignInSearch => text(given, 'back');
