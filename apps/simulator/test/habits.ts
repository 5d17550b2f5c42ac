/** Mistakes that real authorization servers make; every one has to be found by name. */
export interface Habits {
  readonly pageStatus?: number;
  readonly noViewport?: boolean;
  readonly pageExtra?: string;
  readonly state?: 'drop' | 'spaces' | 'cut' | 'forge' | 'keep';
  readonly repeatState?: boolean;
  /** The answer stands in the wrong one of query and fragment. */
  readonly fragment?: boolean;
  /** Laid over the answer of the implicit grant; undefined leaves one out. */
  readonly implicitMembers?: Readonly<Record<string, string | undefined>>;
  readonly redirectStatus?: number;
  readonly redirectTo?: string;
  readonly longCode?: number;
  readonly hang?: boolean;
  /** At both steps of the token endpoint. */
  readonly tokenStatus?: number;
  readonly formEncoded?: boolean;
  readonly html?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Laid over the members of the token answer; undefined leaves one out. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** The same for refreshes only. */
  readonly refreshMembers?: Readonly<Record<string, unknown>>;
  /** Strict rotation: an older refresh token is refused. */
  readonly onlyLatest?: boolean;
  readonly refreshError?: readonly [status: number, error: string];
  /** A refresh kills the access token before it. */
  readonly oneAccessToken?: boolean;
  readonly inactive?: boolean;
  readonly exchangeStatus?: number;
  /** Laid over the members of a token exchange's answer; undefined leaves one out. */
  readonly exchangeMembers?: Readonly<Record<string, unknown>>;
}
