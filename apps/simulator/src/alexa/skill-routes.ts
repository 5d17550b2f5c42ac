import type { FastifyInstance, FastifyReply } from 'fastify';
import { sendPage } from '../html/send-page.js';
import { forgetOldStates, recordRun } from './accounts.js';
import {
  askBackend,
  askUpstreamToken,
  loseResponse,
  olderToken,
  refreshNow,
  tenAtOnce,
  type Action,
} from './actions.js';
import type { AlexaApp, SkillVisit } from './alexa-app.js';
import { eventsPage } from './pages/events-page.js';
import { skillPage } from './pages/skill-page.js';
import { skillsPage } from './pages/skills-page.js';
import { startLink, type LinkOptions } from './start-link.js';
import { tellDisabled } from './tell-skill.js';

const actions = new Map<string, Action>([
  ['refresh', refreshNow],
  ['lose-response', loseResponse],
  ['ten-at-once', tenAtOnce],
  ['older-token', olderToken],
  ['ask-backend', askBackend],
  ['upstream-token', askUpstreamToken],
]);

/** What needs no refresh token, which the implicit grant has none of. */
const asksOnly = new Set<Action | undefined>([askBackend, askUpstreamToken]);

function readOptions(body: unknown): LinkOptions {
  const form = body instanceof URLSearchParams ? body : new URLSearchParams();
  return {
    pkce: form.has('pkce'),
    rawState: form.has('rawState'),
    scheme: form.get('scheme') === 'HTTP_BASIC' ? 'HTTP_BASIC' : undefined,
  };
}

function show(app: AlexaApp, { account, skill, reply, request }: SkillVisit): FastifyReply {
  const redirectUri = app.redirectUri(skill);
  const brokerUrl = app.context.brokerUrl();
  const { disabled } = request.query as Record<string, unknown>;
  const justDisabled = disabled === undefined ? undefined : disabled === 'told' ? 'told' : 'silent';
  return sendPage(reply, 200, skillPage({ skill, account, redirectUri, brokerUrl, justDisabled, now: app.now() }));
}

/** What Amazon knows of a skill's events. */
function showEvents(app: AlexaApp, { skill, reply }: SkillVisit): FastifyReply {
  const path = app.skillPath(skill);
  const { clientId } = skill.events ?? {};
  if (clientId === undefined) return reply.redirect(path, 303);
  const [grants, events] = [app.amazon.grantsOf(clientId), app.amazon.eventsOf(clientId)];
  return sendPage(reply, 200, eventsPage({ skill, path, brokerUrl: app.context.brokerUrl(), grants, events }));
}

function enable(app: AlexaApp, { account, skill, request, reply }: SkillVisit): FastifyReply {
  forgetOldStates(account, app.now());
  const { pending, authorizeUrl } = startLink(
    app.context.brokerUrl(),
    skill,
    app.redirectUri(skill),
    readOptions(request.body),
    app.now(),
  );
  account.pending.set(pending.state, pending);
  return reply.redirect(authorizeUrl, 303);
}

/** Alexa forgets its copy of the tokens and asks for no revocation (R111); a skill that wants to know gets an event (R198). */
async function disable(app: AlexaApp, { account, skill, reply }: SkillVisit): Promise<FastifyReply> {
  account.links.delete(skill.clientId);
  account.runs.delete(skill.clientId);
  const told = await tellDisabled(app, account, skill);
  return reply.redirect(`${app.skillPath(skill)}?disabled${told ? '=told' : ''}`, 303);
}

async function act(app: AlexaApp, { account, skill, request, reply }: SkillVisit): Promise<FastifyReply> {
  const action = actions.get((request.params as { action: string }).action);
  const link = account.links.get(skill.clientId);
  const possible = link?.refreshToken !== '' || asksOnly.has(action);
  if (action && link && link.lost === undefined && possible) {
    recordRun(account, skill.clientId, await action({ broker: app.broker(), skill, link, now: app.now }));
  }
  return reply.redirect(app.skillPath(skill), 303);
}

/** The pages of the Alexa app. */
export function skillRoutes(server: FastifyInstance, app: AlexaApp): void {
  const skillPath = '/alexa/skills/:clientId';
  server.get('/alexa', (request, reply) =>
    sendPage(reply, 200, skillsPage(app.context.skills(), app.account(request, reply))),
  );
  server.get(
    skillPath,
    app.forSkill((visit) => show(app, visit)),
  );
  server.get(
    `${skillPath}/events`,
    app.forSkill((visit) => showEvents(app, visit)),
  );
  server.post(
    `${skillPath}/enable`,
    app.forSkill((visit) => enable(app, visit)),
  );
  server.post(
    `${skillPath}/disable`,
    app.forSkill((visit) => disable(app, visit)),
  );
  server.post(
    `${skillPath}/:action`,
    app.forSkill((visit) => act(app, visit)),
  );
}
