import { html, type Html, type Piece } from '../../html/html.js';
import { isImplicit, type Skill } from '../../skills.js';
import type { AlexaAccount } from '../accounts.js';
import { succeeded, type Run } from '../actions.js';
import type { LinkedSkill } from '../linked-skill.js';
import { meaningOf } from '../rules.js';
import { shown } from '../token-rules.js';
import { alexaPage, checkMark, crossMark } from './layout.js';
import { actionList } from './action-list.js';
import { eventsLink } from './events-page.js';
import { runsView } from './run-view.js';
import { skillHero } from './skill-hero.js';

export interface SkillPageView {
  readonly skill: Skill;
  readonly account: AlexaAccount;
  readonly redirectUri: string;
  readonly brokerUrl: string;
  /** Whether the server has heard of it. */
  readonly justDisabled: 'told' | 'silent' | undefined;
  readonly now: number;
}

export function skillPage(view: SkillPageView): Html {
  const link = view.account.links.get(view.skill.clientId);
  const runs = view.account.runs.get(view.skill.clientId) ?? [];
  return alexaPage({
    title: view.skill.name,
    back: '/alexa',
    main: link ? linkedView(view, link, runs[0]) : notLinkedView(view),
    behind: link ? runsView(runs) : setupView(view),
  });
}

function notLinkedView({ skill, redirectUri, justDisabled }: SkillPageView): Html {
  const path = `/alexa/skills/${encodeURIComponent(skill.clientId)}`;
  const known = skill.redirectUris.includes(redirectUri);
  return html`${skillHero(skill, html`<p class="muted" data-link-state="none">Account linking required</p>`)}
    ${
      justDisabled &&
      html`<p class="note">
        The skill is disabled. Alexa deleted its copy of the tokens and ${
          justDisabled === 'told'
            ? 'told the server in a signed event, which ends the link there (R198).'
            : 'told nobody: on the server they live on (R111).'
        }
      </p>`
    }
    ${
      !known &&
      html`<p class="note warn">
        This skill does not list the simulator's redirect URI, so the server should refuse it (R23). Add
        <code>${redirectUri}</code> to its <code>redirectUris</code>.
      </p>`
    }
    <form method="post" action="${path}/enable">
      <button type="submit" class="button primary">Enable to use</button>
      <p class="muted centred">You will sign in with your ${skill.name} account, not with your Amazon account.</p>
      ${linkOptions(skill)}
    </form>
    ${eventsLink(skill, path)}`;
}

function linkOptions(skill: Skill): Html {
  return html`<details class="card options">
    <summary>Developer options</summary>
    ${!isImplicit(skill) && codeOptions(skill)}
    <label
      ><input type="checkbox" name="rawState" /> Leave the state unencoded
      <small>Sends its + / = as they are, as one capture of Alexa shows</small></label
    >
  </details>`;
}

/** What the code grant can be asked with. */
function codeOptions(skill: Skill): Html {
  const required = skill.pkce === 'required';
  return html`<label
      ><input type="checkbox" name="pkce" ${required ? 'checked disabled' : ''} /> Use PKCE
      <small>${required ? 'This skill requires it.' : 'S256, as switched on in the developer console'}</small></label
    >
    <label
      ><input type="checkbox" name="scheme" value="HTTP_BASIC" /> Client credentials in a Basic header
      <small>HTTP_BASIC; otherwise in the body of the token request</small></label
    >`;
}

/** What the developer console would show: where Alexa will go and what it will ask for. */
function setupView({ skill, redirectUri, brokerUrl }: SkillPageView): Html {
  return html`<h2>Behind the screen</h2>
    <p class="muted">What Amazon's developer console holds about this skill.</p>
    <dl class="facts card">
      <dt>Authorization URI</dt>
      <dd><code>${brokerUrl}/oauth/authorize</code></dd>
      <dt>Grant type</dt>
      <dd>${isImplicit(skill) ? 'implicit' : 'authorization code'}</dd>
      ${
        !isImplicit(skill) &&
        html`<dt>Access token URI</dt>
          <dd><code>${brokerUrl}/oauth/token</code></dd>`
      }
      <dt>Client id</dt>
      <dd><code>${skill.clientId}</code></dd>
      <dt>Scopes</dt>
      <dd>
        ${skill.scopes.length > 0 ? skill.scopes.map((scope) => html`<code class="chip">${scope}</code> `) : 'none'}
      </dd>
      <dt>PKCE</dt>
      <dd>${skill.pkce}</dd>
      <dt>Redirect URI here</dt>
      <dd><code>${redirectUri}</code></dd>
      <dt>Skill backend</dt>
      <dd>${skill.backend ? html`<code>${skill.backend.clientId}</code>` : 'none'}</dd>
    </dl>`;
}

/** How the last action went, on the phone itself: what is behind the screen may be out of sight there. */
function latestNote(run: Run | undefined): Piece {
  if (!run) return '';
  const good = succeeded(run);
  return html`<a class="note latest ${good ? 'good' : 'bad'}" href="#latest">
    <span>${run.title}</span> <b class="tag ${good ? 'pass' : 'fail'}">${good ? 'PASS' : 'FAIL'}</b>
    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5v14M6 13l6 6 6-6" /></svg>
  </a>`;
}

function linkedView(view: SkillPageView, link: LinkedSkill, latest: Run | undefined): Html {
  const { skill } = view;
  const path = `/alexa/skills/${encodeURIComponent(skill.clientId)}`;
  if (link.lost !== undefined) {
    return html`${skillHero(skill, html`<p class="state bad" data-link-state="lost">${crossMark} Link lost</p>`)}
      <p class="note bad">The server answered ${link.lost}. ${meaningOf('R93')}</p>
      <form method="post" action="${path}/enable">
        <button type="submit" class="button primary">Link again</button>
      </form>
      <form method="post" action="${path}/disable"><button type="submit" class="button">Disable skill</button></form>`;
  }
  return html`${skillHero(skill, html`<p class="state good" data-link-state="linked">${checkMark} Enabled, account linked</p>`)}
  ${latestNote(latest)} ${tokenCard(link, view.now)} ${eventsLink(skill, path)} ${actionList(skill, link, path)}`;
}

function tokenCard(link: LinkedSkill, now: number): Html {
  const age = Math.max(0, Math.floor((now - link.obtainedAt) / 1000));
  const number = (value: number) => value.toLocaleString('en');
  return html`<section class="card token">
    <h3>Access token</h3>
    <progress max="${link.expiresIn}" value="${Math.min(age, link.expiresIn)}">${age} s</progress>
    <p class="age"><b>${number(age)} s old</b> <span>of ${number(link.expiresIn)} s</span></p>
    <dl class="facts">
      <dt>Access token</dt>
      <dd><code>${shown(link.accessToken)}</code></dd>
      <dt>Refresh token</dt>
      <dd>${link.refreshToken === '' ? 'none' : html`<code>${shown(link.refreshToken)}</code>`}</dd>
      <dt>Refreshes</dt>
      <dd data-refreshes="${link.refreshes}">${number(link.refreshes)}</dd>
      <dt>Older refresh tokens</dt>
      <dd>${number(link.older.length)}</dd>
    </dl>
  </section>`;
}
