/** What a household can run into, each with words it can act on. */
export type MessageKey =
  | 'bad-client'
  | 'bad-request'
  | 'expired'
  | 'finished'
  | 'other-browser'
  | 'no-cookie'
  | 'upstream-unavailable'
  | 'upstream-misconfigured'
  | 'upstream-rejected'
  | 'unavailable'
  | 'repaired'
  | 'repair-cancelled'
  | 'repair-other-account'
  | 'repair-ended'
  | 'repair-expired'
  | 'not-found';

/** All words of the pages in one language. */
export interface Texts {
  readonly linkTitle: (skill: string) => string;
  /** Around the tenant's name, which stands out. */
  readonly linkIntro: (tenant: string) => readonly [before: string, tenant: string, after: string];
  readonly linkNote: string;
  /** Instead of the three, where a sign-in is renewed. */
  readonly repairTitle: (skill: string) => string;
  readonly repairIntro: (connector: string) => string;
  readonly repairNote: string;
  readonly continueWith: (connector: string) => string;
  readonly cancel: string;
  readonly tryAgain: string;
  readonly startHere: string;
  readonly reference: string;
  readonly detour: DetourTexts;
  /** What happened, and who has to do what. */
  readonly messages: Readonly<Record<MessageKey, readonly [title: string, body: string]>>;
}

/** The way out where a provider lets nobody sign in inside an app. @see R39 */
export interface DetourTexts {
  /** `connectors` is a list in words: "A", "A or B". */
  readonly title: (connectors: string) => string;
  readonly why: string;
  /** Above the address. */
  readonly copy: string;
  readonly paste: string;
  /** The words of a link to the same address. */
  readonly hold: string;
  readonly website: (skill: string) => string;
  /** Above the buttons that will probably fail. */
  readonly anyway: string;
}
