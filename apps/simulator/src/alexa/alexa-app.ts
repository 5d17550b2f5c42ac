import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Amazon } from '../amazon/amazon.js';
import type { SkillEvents } from '../amazon/skill-events.js';
import type { SimulatorContext } from '../context.js';
import { cookieName, readCookie, setCookie } from '../html/cookies.js';
import { sendPage } from '../html/send-page.js';
import { isImplicit, type Skill } from '../skills.js';
import { AlexaAccounts, type AlexaAccount } from './accounts.js';
import { unknownSkillPage } from './pages/message-pages.js';
import type { Broker } from './token-endpoint.js';

/** Of Amazon's redirect URIs for the implicit grant. @see R25 */
export const implicitPath = '/spa/skill/account-linking-status.html';

const monthSeconds = 30 * 24 * 3600;

export interface SkillVisit {
  readonly account: AlexaAccount;
  readonly skill: Skill;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What the routes of the Alexa app share: the accounts behind the cookies, and the skills. */
export class AlexaApp {
  private readonly accounts = new AlexaAccounts();

  constructor(
    readonly context: SimulatorContext,
    readonly amazon: Amazon,
    readonly skillEvents: SkillEvents,
  ) {}

  now = (): number => this.context.now();

  broker(): Broker {
    return { url: this.context.brokerUrl(), deadlineMs: this.context.tokenDeadlineMs };
  }

  findSkill(clientId: string): Skill | undefined {
    return this.context.skills().find((skill) => skill.clientId === clientId);
  }

  /** Where Amazon's hosts would be (`https://pitangui.amazon.com/api/skill/link/…`) stands the simulator. @see R21 R25 */
  redirectUri(skill: Skill): string {
    const { vendorId } = skill;
    const path = isImplicit(skill) ? `${implicitPath}?vendorId=${vendorId}` : `/api/skill/link/${vendorId}`;
    return `${this.context.url()}/alexa${path}`;
  }

  skillPath(skill: Skill): string {
    return `/alexa/skills/${encodeURIComponent(skill.clientId)}`;
  }

  /** The Amazon account of this browser; every browser has its own. */
  account(request: FastifyRequest, reply: FastifyReply): AlexaAccount {
    const url = this.context.url();
    const name = cookieName('alexa', url);
    const known = readCookie(request, name);
    if (known && /^[\w-]{22}$/.test(known)) return this.accounts.of(known);
    const id = AlexaAccounts.createId();
    setCookie(reply, name, id, { path: '/alexa', maxAgeSeconds: monthSeconds, secure: url.startsWith('https:') });
    return this.accounts.of(id);
  }

  /** A route below `/alexa/skills/:clientId`. */
  forSkill(handler: (visit: SkillVisit) => FastifyReply | Promise<FastifyReply>) {
    return (request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply> => {
      const account = this.account(request, reply);
      const skill = this.findSkill((request.params as { clientId: string }).clientId);
      return skill ? handler({ account, skill, request, reply }) : sendPage(reply, 404, unknownSkillPage());
    };
  }
}
