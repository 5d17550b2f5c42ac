/**
 * The simulator: Amazon Alexa on one side of a broker, an OpenID provider and models of well-known providers on the other,
 * for demonstrations and tests.
 *
 * Owns: Alexa's request shapes and its judgement of answers, the simulated accounts and users, what is peculiar to each
 * modelled provider, fault switches, and the link driver that walks through a link without a browser. Does not own: anything of the broker. It shares no code with it on
 * purpose, so that a mistake in one is not repeated in the other.
 */
export { createSimulator, type Simulator, type SimulatorOptions } from './create-simulator.js';
export { PhoneBrowser, type Page } from './link/phone-browser.js';
export { linkOnce, type LinkReport } from './link/link-once.js';
export type { LinkOnceOptions } from './link/options.js';
export type { Failure } from './link/transcript.js';
export { parseSkills, skillsFromFiles, SkillsFileError, type Skill } from './skills.js';
export type { UpstreamClient } from './upstream/clients.js';
export type { Fault, Faults } from './faults/faults.js';
export { faultTargets, type FaultProvider, type FaultTarget } from './faults/targets.js';
export { UnfitClient, type ModelClient } from './models/clients.js';
export type { Model, ModelCounters, ModelName } from './models/model.js';
export type { FirstClients, Models } from './models/models.js';
export type { LinkedSkill } from './alexa/linked-skill.js';
export type { AccessTokenScheme } from './alexa/return.js';
export { acceptGrant, handlerOf, type AcceptedGrant, type Grant, type Handler } from './amazon/accept-grant.js';
export type { Amazon, Region, TakenEvent } from './amazon/amazon.js';
export { SigningAuthority, type Signer } from './amazon/signing-authority.js';
export {
  skillEventFaults,
  type SentEvent,
  type SkillEventFault,
  type SkillEvents,
  type ToldEvent,
} from './amazon/skill-events.js';
export { buildAuthorizeUrl, codeChallenge, createCodeVerifier, type AuthorizeRequest } from './alexa/authorize-url.js';
export { createState } from './alexa/state.js';
export { introspect, type Introspection } from './alexa/introspect.js';
export { redeemCode, refresh, type Broker, type TokenOutcome } from './alexa/token-endpoint.js';
export { judgeTokenAnswer, type TokenVerdict } from './alexa/token-rules.js';
export type { Finding } from './alexa/rules.js';
