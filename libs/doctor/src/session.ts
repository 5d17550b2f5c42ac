import { ALEXA_LIMITS, type AcceptGrantDirective } from '@linkbroker/alexa';
import { NotTested } from './check.js';
import { NoAnswer, type HandlerAnswer, type HttpAnswer, type HttpRequest, type Probes } from './probes.js';
import type { Seen, SignedIn } from './probes.js';
import { readReturn, type Returned } from './return-address.js';
import { Secrets, secretsOf } from './secrets.js';
import { buildRequest, type Request, type SignInName } from './sign-ins.js';
import type { Target } from './target.js';
import { describeAnswer, gaveToken, isSuccess, memberText, readTokenAnswer, silentAnswer } from './token-answer.js';
import type { TokenAnswer } from './token-answer.js';
import { buildTokenRequest, type Change } from './token-request.js';

/** Milliseconds that an answer may take before it counts as none; longer than Alexa waits, to see how late it is. */
export const ANSWER_DEADLINE = 2 * ALEXA_LIMITS.answerWithin;

/** The same for the skill's handler. */
const HANDLER_DEADLINE = ALEXA_LIMITS.skillAnswersWithin + 1_000;

/** What one run may cost the server. */
export const BUDGET = { requests: 120, signIns: 16 } as const;

/** Directives that a run gives the skill's handler at most. */
export const HANDLER_DIRECTIVES = 2;

/** A sign-in that ended at the redirect URI or somewhere else. */
export interface SignIn {
  readonly request: Request;
  readonly returned: Returned;
  readonly seen: Seen | undefined;
  /** Of the redirect, where a probe saw it. */
  readonly status: number | undefined;
}

/** A sign-in that brought a code. */
export interface Coded {
  readonly request: Request;
  readonly code: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** What the checks of one run share: sign-ins, their tokens, a chain of refreshes that is alive, and the budget. */
export class Session {
  readonly secrets = new Secrets();
  private readonly signIns = new Map<SignInName, Promise<SignIn>>();
  private readonly redemptions = new Map<SignInName, Promise<TokenAnswer>>();
  private chain: Promise<Tokens> | undefined;
  private chainSpoilt = false;
  private readonly spent = { requests: 0, signIns: 0 };
  /** Everything that the token endpoint was asked, with how long it took. */
  readonly asked: TokenAnswer[] = [];
  /** Why the recipe could not be followed, once that has happened: it is not tried again. */
  brokenRecipe: string | undefined;

  constructor(
    readonly target: Target,
    readonly probes: Probes,
    readonly signal: AbortSignal,
  ) {
    this.secrets.learn(...secretsOf(target));
  }

  /** One exchange. @throws NoAnswer, NotTested when the budget is spent */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    this.spendRequest();
    return this.probes.send(request, ANSWER_DEADLINE);
  }

  /** Gives the skill's handler a directive. @throws NoAnswer, NotTested when the budget is spent */
  async handle(directive: AcceptGrantDirective): Promise<HandlerAnswer> {
    this.spendRequest();
    this.secrets.learn(directive.directive.payload.grant.code, directive.directive.header.correlationToken);
    return this.probes.handle(JSON.stringify(directive), HANDLER_DEADLINE);
  }

  private spendRequest(): void {
    if (this.spent.requests >= BUDGET.requests) throw new NotTested(`more than ${BUDGET.requests} requests`);
    this.spent.requests += 1;
  }

  /** Asks the token endpoint; that no answer came is an answer too. @throws NotTested when the budget is spent */
  async ask(what: string, form: Readonly<Record<string, string>>, change: Change = {}): Promise<TokenAnswer> {
    const answer = await this.answerTo(what, buildTokenRequest(this.target, form, change));
    this.asked.push(answer);
    this.secrets.learn(memberText(answer, 'access_token'), memberText(answer, 'refresh_token'));
    this.secrets.learn(memberText(answer, 'id_token'));
    return answer;
  }

  private async answerTo(what: string, request: HttpRequest): Promise<TokenAnswer> {
    try {
      return readTokenAnswer(what, await this.send(request));
    } catch (error) {
      if (error instanceof NoAnswer) return silentAnswer(what, error);
      throw error;
    }
  }

  /** The sign-in of this name; it is carried out once. @throws NotTested */
  signIn(name: SignInName): Promise<SignIn> {
    const known = this.signIns.get(name);
    if (known) return known;
    const begun = this.performSignIn(name);
    this.signIns.set(name, begun);
    return begun;
  }

  /** The same when it brought a code. @throws NotTested */
  async coded(name: SignInName): Promise<Coded> {
    return takeCode(await this.signIn(name));
  }

  /** What redeeming that sign-in's code gave; it is carried out once. @throws NotTested */
  redeemed(name: SignInName): Promise<TokenAnswer> {
    const known = this.redemptions.get(name);
    if (known) return known;
    const begun = this.coded(name).then((coded) => this.redeem(coded));
    this.redemptions.set(name, begun);
    return begun;
  }

  /** Redeems a code. */
  redeem({ code, request }: Coded, form: Readonly<Record<string, string>> = {}, as?: Change): Promise<TokenAnswer> {
    const verifier: Record<string, string> = request.verifier ? { code_verifier: request.verifier } : {};
    const grant = { grant_type: 'authorization_code', code, redirect_uri: this.target.redirectUri };
    return this.ask('redeeming the code', { ...grant, ...verifier, ...form }, as);
  }

  refresh(refreshToken: string, what = 'refreshing', change: Change = {}): Promise<TokenAnswer> {
    return this.ask(what, { grant_type: 'refresh_token', refresh_token: refreshToken }, change);
  }

  /** The newest tokens of a link that nothing bad has been done to; after `spoil`, of a new one. @throws NotTested */
  living(): Promise<Tokens> {
    if (this.chain) return this.chain;
    const first = this.chainSpoilt
      ? this.performSignIn('plain').then((done) => this.redeem(takeCode(done)))
      : undefined;
    this.chain = (first ?? this.redeemed('plain')).then(takeTokens);
    return this.chain;
  }

  /** Says which tokens of the living link are the newest. */
  advance(tokens: Tokens): void {
    this.chain = Promise.resolve(tokens);
  }

  /** The living link may be dead by what was done to it. */
  spoil(): void {
    this.chain = undefined;
    this.chainSpoilt = true;
  }

  /** Signs in at an address of a check's own. @throws NotTested */
  async signInAt(url: string): Promise<SignedIn> {
    if (this.brokenRecipe !== undefined) throw new NotTested(`nobody could be signed in: ${this.brokenRecipe}`);
    if (this.spent.signIns >= BUDGET.signIns) throw new NotTested(`more than ${BUDGET.signIns} sign-ins`);
    this.spent.signIns += 1;
    this.probes.progress(`signing in (${this.spent.signIns})`);
    return this.probes.signIn(url);
  }

  private async performSignIn(name: SignInName): Promise<SignIn> {
    const request = buildRequest(this.target, name);
    this.secrets.learn(request.state, request.verifier);
    const done = await this.signInAt(request.url);
    if (done.kind === 'recipe') {
      this.brokenRecipe = this.secrets.scrub(done.says);
      throw new NotTested(`nobody could be signed in: ${this.brokenRecipe}`);
    }
    const returned: Returned =
      done.kind === 'astray' ? { kind: 'wrong', says: done.says } : readReturn(done.url, this.target.redirectUri);
    if (returned.kind === 'code') this.secrets.learn(returned.code);
    return { request, returned, seen: done.seen, status: done.kind === 'returned' ? done.status : undefined };
  }
}

function takeCode({ request, returned }: SignIn): Coded {
  if (returned.kind !== 'code') throw new NotTested('the sign-in brought no code (R57)');
  return { request, code: returned.code };
}

/** The tokens of an answer. @throws NotTested when it has none that a link could live on */
export function takeTokens(answer: TokenAnswer): Tokens {
  const [accessToken, refreshToken] = [memberText(answer, 'access_token'), memberText(answer, 'refresh_token')];
  if (!gaveToken(answer) || !isSuccess(answer)) throw new NotTested(`no tokens (${describeAnswer(answer)})`);
  if (accessToken === undefined || refreshToken === undefined) throw new NotTested('no refresh token (R78)');
  return { accessToken, refreshToken };
}
