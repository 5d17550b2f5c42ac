export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Each Set-Cookie header as it came. */
  readonly setCookies: readonly string[];
  readonly body: string;
  /** Milliseconds from the first octet sent to the last one read. */
  readonly ms: number;
}

/** Nothing usable came back. The message says why and holds nothing that was sent. */
export class NoAnswer extends Error {
  constructor(
    /** `forbidden`: this run may not go there, which says nothing about who would have answered. */
    readonly reason: 'deadline' | 'refused' | 'broken' | 'forbidden',
    readonly ms: number,
    says: string,
  ) {
    super(says);
  }
}

/** What became of one sign-in. */
export type SignedIn = (
  | {
      /** The browser was sent to this address, which was not opened. */
      readonly kind: 'returned';
      readonly url: string;
      /** Of the redirect, where it was seen. */
      readonly status?: number;
    }
  | {
      /** Everything was done and the server sent nobody back. */
      readonly kind: 'astray';
      readonly says: string;
    }
  | {
      /** The recipe could not be followed: that says nothing about the server. */
      readonly kind: 'recipe';
      readonly says: string;
    }
) & {
  /** Undefined where no browser was used. */
  readonly seen?: Seen;
};

/** What a browser noticed while somebody signed in. */
export interface Seen {
  /** Hosts that pages wanted and that the target does not name. */
  readonly otherHosts: readonly string[];
  /** Windows and dialogs that pages opened, in words. */
  readonly windows: readonly string[];
  /** Hosts to which forms were sent that a content security policy then held up, there or at a redirect. */
  readonly blocked: readonly string[];
  /** Hosts from which https pages wanted something over plain http. */
  readonly insecure: readonly string[];
  /** Names of errors that scripts of the pages did not catch, e.g. TypeError. */
  readonly errors: readonly string[];
  /** Octets of the longest Cookie header that the target's hosts got. */
  readonly cookieOctets: number;
  /** CSS pixels of the widest page; the screen has 390. */
  readonly width: number;
  /** PNG of the first page before anything was filled in, where it was asked for. */
  readonly screenshot?: Uint8Array;
}

/** What a certificate and its connection show. */
export interface TlsView {
  /** Null when the chain leads to an authority that is trusted, else why it does not. */
  readonly distrust: string | null;
  readonly issuer: string;
  /** Whether a connection with TLS 1.2 and nothing newer came about. */
  readonly tls12: boolean;
  /** The newest version that came about, e.g. TLSv1.3. */
  readonly newest: string;
}

/** What a skill's handler said to a directive. */
export interface HandlerAnswer {
  readonly text: string;
  /** Of HTTP; undefined for a program. */
  readonly status: number | undefined;
  readonly ms: number;
}

/** Everything the checks do to the world. */
export interface Probes {
  /** One exchange that follows no redirect. @throws NoAnswer */
  readonly send: (request: HttpRequest, deadlineMs: number) => Promise<HttpAnswer>;
  /** Opens the authorization page afresh, as a browser that nobody has used, and signs in. */
  readonly signIn: (authorizeUrl: string) => Promise<SignedIn>;
  /** @throws NoAnswer when there is no TLS to look at */
  readonly inspectTls: (address: string) => Promise<TlsView>;
  /** Gives the skill's handler a directive and waits for what the call returns. @throws NoAnswer */
  readonly handle: (directive: string, deadlineMs: number) => Promise<HandlerAnswer>;
  readonly now: () => Date;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** One line for whoever waits. */
  readonly progress: (line: string) => void;
}
