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

/** How far somebody is with a new skill; secrets never stand here. */
export interface NewSkillSearch {
  readonly step?: 'connector' | 'skill' | 'alexa';
  /** Of the catalogue. */
  readonly provider?: string;
  /** Slugs of what has been made. */
  readonly connector?: string;
  readonly skill?: string;
  /** From when on an attempt counts. */
  readonly since?: string;
}

export interface NewConnectorSearch {
  readonly provider?: string;
}

export interface DoctorRunSearch {
  readonly status?: 'fail' | 'warn' | 'not-tested' | 'not-applicable' | 'pass';
}

/** Where the fields of a new run come from: a skill, or a run before it. */
export interface NewDoctorRunSearch {
  readonly skill?: string;
  readonly like?: string;
}

/** Which lines of an import are told. */
export interface ImportSearch {
  readonly lines?: 'pending';
}

export interface SignInSearch {
  readonly back?: string;
  /** A tenant's own sign-in provider, which is not offered to everybody. */
  readonly provider?: string;
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

export function readDoctorRunSearch(given: Given): DoctorRunSearch {
  const status = oneOf(given['status'], ['fail', 'warn', 'not-tested', 'not-applicable', 'pass']);
  return status ? { status } : {};
}

export const readNewDoctorRunSearch = (given: Given): NewDoctorRunSearch => ({
  ...text(given, 'skill'),
  ...text(given, 'like'),
});

export function readDeliveriesSearch(given: Given): DeliveriesSearch {
  const delivery = oneOf(given['delivery'], ['pending', 'delivered', 'dead']);
  return delivery ? { delivery } : {};
}

export function readNewSkillSearch(given: Given): NewSkillSearch {
  const step = oneOf(given['step'], ['connector', 'skill', 'alexa']);
  const { since, ...rest } = {
    ...text(given, 'provider'),
    ...text(given, 'connector'),
    ...text(given, 'skill'),
    ...text(given, 'since'),
  };
  const known = since !== undefined && !Number.isNaN(Date.parse(since));
  return { ...(step && { step }), ...rest, ...(known && { since: new Date(since).toISOString() }) };
}

export const readNewConnectorSearch = (given: Given): NewConnectorSearch => text(given, 'provider');

export const readImportSearch = (given: Given): ImportSearch =>
  given['lines'] === 'pending' ? { lines: 'pending' } : {};

export const readSignInSearch = (given: Given): SignInSearch => ({
  ...text(given, 'back'),
  ...text(given, 'provider'),
});
