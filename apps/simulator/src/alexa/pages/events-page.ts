import type { EventGrant, TakenEvent } from '../../amazon/amazon.js';
import { html, type Html, type Piece } from '../../html/html.js';
import type { Skill } from '../../skills.js';
import { alexaPage } from './layout.js';
import { skillHero } from './skill-hero.js';

export interface EventsPageView {
  readonly skill: Skill;
  readonly path: string;
  readonly brokerUrl: string;
  /** Newest first, as the events. */
  readonly grants: readonly EventGrant[];
  readonly events: readonly TakenEvent[];
}

const rowsShown = 25;

const stages: Readonly<Record<EventGrant['stage'], { readonly words: string; readonly tag: string }>> = {
  issued: { words: 'Code given, not used yet', tag: '' },
  exchanged: { words: 'Tokens given', tag: 'pass' },
  accepted: { words: 'AcceptGrant accepted', tag: 'pass' },
  refused: { words: 'AcceptGrant refused', tag: 'fail' },
  disabled: { words: 'Skill disabled', tag: 'fail' },
};

const time = (at: number): string => new Date(at).toISOString().slice(11, 19);

function grantRow({ region, at, stage }: EventGrant): Html {
  const { words, tag } = stages[stage];
  return html`<li data-event-grant="${stage}">
    <div class="row">
      <span class="text"><b>${words}</b><small>${time(at)}</small></span>
      <span class="tag ${tag}">${region}</span>
    </div>
  </li>`;
}

function eventRow({ region, at, namespace, name, messageId }: TakenEvent): Html {
  return html`<li data-event="${messageId}">
    <div class="row">
      <span class="text"><b>${name}</b><small>${time(at)} · ${namespace}</small></span>
      <span class="tag pass">${region}</span>
    </div>
  </li>`;
}

function listOf(title: string, rows: readonly Html[], none: Piece): Html {
  const more = rows.length - rowsShown;
  return html`<h3 class="heading">${title}</h3>
    ${
      rows.length === 0
        ? html`<section class="card"><p class="muted">${none}</p></section>`
        : html`<ul class="list">
            ${rows.slice(0, rowsShown)}
          </ul>`
    }
    ${more > 0 && html`<p class="muted footnote">and ${more} more</p>`}`;
}

function wireOf({ name, messageId, at, event }: TakenEvent): Html {
  return html`<details class="exchange">
    <summary>
      <span class="what">${name} <code>${messageId}</code></span>
      <span class="end"><b class="status good">202</b> <span class="ms">${time(at)}</span></span>
    </summary>
    <div class="wire"><code class="json">${JSON.stringify(event, null, 2)}</code></div>
  </details>`;
}

/** What a skill with *Send Alexa Events* was granted, and what Alexa has taken from it. @see R148 R166 */
export function eventsPage({ skill, path, brokerUrl, grants, events }: EventsPageView): Html {
  const none = html`None yet. The skill's server sends them to
    <code>${brokerUrl}/alexa/${encodeURIComponent(skill.clientId)}/events</code>.`;
  return alexaPage({
    title: 'Events to Alexa',
    back: path,
    main: html`${skillHero(skill, html`<p class="muted">Sends Alexa events</p>`)}
    ${listOf('Grants', grants.map(grantRow), 'None yet. Alexa hands one over while an account is linked.')}
    ${listOf('Events that Alexa has taken', events.map(eventRow), none)}
      <p class="muted footnote">Of all households of this skill, newest first; times are UTC.</p>`,
    behind:
      events.length > 0 &&
      html`<h2>Behind the screen</h2>
        <p class="muted">The events as the gateways took them. Tokens are cut.</p>
        <section class="run">${events.slice(0, rowsShown).map(wireOf)}</section>`,
  });
}

/** The way there, on the page of a skill that may send events. */
export function eventsLink({ events }: Skill, path: string): Piece {
  return (
    events &&
    html`<ul class="list">
      <li>
        <a class="row" href="${path}/events">
          <span class="text"><b>Events to Alexa</b><small>What was granted, and what Alexa has taken</small></span>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 5l7 7-7 7" /></svg>
        </a>
      </li>
    </ul>`
  );
}
