import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { AlexaApp } from './alexa/alexa-app.js';
import { Amazon } from './amazon/amazon.js';
import { amazonRoutes } from './amazon/amazon-routes.js';
import { enablementRoutes } from './amazon/enablement-routes.js';
import { skillEventRoutes } from './amazon/skill-event-routes.js';
import { SkillEvents } from './amazon/skill-events.js';
import { troublePage } from './alexa/pages/message-pages.js';
import { alexaStyle } from './alexa/pages/style.js';
import { returnRoutes } from './alexa/return-routes.js';
import { skillRoutes } from './alexa/skill-routes.js';
import type { SimulatorContext } from './context.js';
import { Faults } from './faults/faults.js';
import { playFaults } from './faults/play.js';
import { faultRoutes } from './faults/routes.js';
import { sendPage } from './html/send-page.js';
import { createModels, modelRoutes, type FirstClients, type Models } from './models/models.js';
import { switchRoutes } from './models/switch-routes.js';
import type { Skill } from './skills.js';
import { triedSkillRoutes } from './tried-skills/routes.js';
import { TriedSkills } from './tried-skills/tried-skills.js';
import type { UpstreamClient } from './upstream/clients.js';
import { acmeStyle } from './upstream/pages.js';
import { upstreamRoutes } from './upstream/routes.js';
import { Upstream } from './upstream/upstream.js';

export interface SimulatorOptions {
  /** Only for the default of `url`; 0 or nothing means the port it will be listening on. */
  readonly port?: number | undefined;
  /** The public address; `http://localhost:<port>` by default. */
  readonly url?: string | undefined;
  readonly brokerUrl: string | (() => string);
  /** Asked at every request. */
  readonly skills: () => readonly Skill[];
  readonly upstream: { readonly clients: readonly UpstreamClient[] };
  /** Clients of the models that are there from the start; others may be registered at any time. */
  readonly models?: FirstClients | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
  /** How a simulated delay passes. */
  readonly wait?: ((ms: number) => Promise<void>) | undefined;
  /** How long Alexa waits for the token endpoint; 4,500 ms by default (R12). */
  readonly tokenDeadlineMs?: number | undefined;
  /** Whether the Alexa app tells skills in signed events what households do; not by default. */
  readonly skillEvents?: boolean | undefined;
  /** Who has it may let the simulator know another skill for an hour; nobody may without it. */
  readonly key?: string | undefined;
  /** Log level for JSON lines on stdout; no log without it. */
  readonly logLevel?: string | undefined;
}

/** The server, and the switches that tests in the same process may use directly. */
export interface Simulator extends FastifyInstance {
  readonly models: Models;
  readonly faults: Faults;
  readonly amazon: Amazon;
  readonly skillEvents: SkillEvents;
}

const trimmed = (url: string): string => url.replace(/\/+$/, '');

function createContext(options: SimulatorOptions, tried: TriedSkills, server: FastifyInstance): SimulatorContext {
  const { brokerUrl, url } = options;
  const listening = () => (server.server.address() as AddressInfo | null)?.port;
  return {
    url: () => (url === undefined ? `http://localhost:${options.port || listening()}` : trimmed(url)),
    brokerUrl: () => trimmed(typeof brokerUrl === 'string' ? brokerUrl : brokerUrl()),
    skills: () => tried.beside(options.skills()),
    clients: options.upstream.clients,
    now: options.now ?? Date.now,
    wait: options.wait ?? ((ms) => sleep(ms)),
    tokenDeadlineMs: options.tokenDeadlineMs ?? 4500,
  };
}

/** Queries hold states, codes and handles: a log line has the path alone. */
function loggerFor(level: string | undefined) {
  if (level === undefined) return false;
  const req = ({ method, url }: { method: string; url: string }) => ({ method, path: url.split('?', 1)[0] });
  return { level, base: { app: 'simulator' }, serializers: { req } };
}

function answerTrouble(request: FastifyRequest, reply: FastifyReply, status: number, says: string): FastifyReply {
  if ((request.headers.accept ?? '').includes('text/html')) return sendPage(reply, status, troublePage(status, says));
  return reply.code(status).send({ error: says });
}

function commonRoutes(server: FastifyInstance): void {
  const ready = () => ({ status: 'ready' });
  server.get('/health/ready', ready);
  server.get('/health/live', () => ({ status: 'live' }));
  server.get('/', (_request, reply) => reply.redirect('/alexa', 303));
  const style = (text: string) => (_request: FastifyRequest, reply: FastifyReply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'no-cache').send(text);
  server.get('/style/alexa.css', style(alexaStyle));
  server.get('/style/acme.css', style(acmeStyle));
}

function handleTrouble(server: FastifyInstance): void {
  server.setNotFoundHandler((request, reply) => answerTrouble(request, reply, 404, 'There is nothing here.'));
  server.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: error }, 'request failed');
    return answerTrouble(request, reply, status, error.message);
  });
}

/**
 * The whole simulator as a Fastify server that is not listening yet: Alexa at `/alexa`, an OpenID provider at `/oidc`,
 * models of providers below their names, Login with Amazon and the event gateways at `/lwa` and `/gateway`, Alexa's certificates at `/echo.api`, fault switches at `/faults`, the models' at `/_models`.
 * @throws UnfitClient, ZodError for a client that its model cannot take
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  const server = fastify({
    logger: loggerFor(options.logLevel),
    bodyLimit: 64 * 1024,
    // A hung request (one of the faults) would otherwise hold up closing for ever.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
  });
  const tried = new TriedSkills(options.now ?? Date.now);
  const context = createContext(options, tried, server);
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, new URLSearchParams(body.toString()));
  });
  handleTrouble(server);
  const faults = new Faults();
  playFaults(server, faults, context.wait);
  commonRoutes(server);
  faultRoutes(server, faults);
  const amazon = new Amazon(context.skills, context.now);
  amazonRoutes(server, amazon, context.skills);
  enablementRoutes(server, amazon, context);
  const skillEvents = new SkillEvents(context, options.skillEvents ?? false);
  skillEventRoutes(server, skillEvents, context.skills);
  const alexa = new AlexaApp(context, amazon, skillEvents);
  skillRoutes(server, alexa);
  if (options.key) triedSkillRoutes(server, tried, options.key);
  returnRoutes(server, alexa);
  server.register(upstreamRoutes, { prefix: '/oidc', upstream: new Upstream(context) });
  const models = createModels(context, options.models);
  switchRoutes(server, models);
  modelRoutes(server, models);
  return Object.assign(server, { models, faults, amazon, skillEvents });
}
