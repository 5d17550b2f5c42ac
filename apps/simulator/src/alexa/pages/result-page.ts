import { html, type Html } from '../../html/html.js';
import type { Skill } from '../../skills.js';
import type { LinkResult } from '../accounts.js';
import { isFailure, meaningOf } from '../rules.js';
import { alexaPage, checkMark, crossMark } from './layout.js';
import { runsView } from './run-view.js';

/** The last page of a link, with Alexa's own words (R50 when it failed). */
export function resultPage(skill: Skill, result: LinkResult): Html {
  const path = `/alexa/skills/${encodeURIComponent(skill.clientId)}`;
  return alexaPage({
    title: result.linked ? 'Account linked' : 'Linking unsuccessful',
    back: path,
    main: result.linked ? linked(skill, path) : unsuccessful(skill, result, path),
    behind: runsView([result.run]),
  });
}

function linked(skill: Skill, path: string): Html {
  return html`<section class="outcome good" data-link-state="linked">
      <span class="badge">${checkMark}</span>
      <h2>Your ${skill.name} account has been successfully linked.</h2>
      <p>You can close this page and go on in the Alexa app.</p>
    </section>
    <a class="button primary" href="${path}">Next</a>`;
}

function unsuccessful(skill: Skill, result: LinkResult, path: string): Html {
  const reason = result.run.findings.find(isFailure);
  return html`<section class="outcome bad" data-link-state="failed">
      <span class="badge">${crossMark}</span>
      <h2>Linking unsuccessful</h2>
      <p>We were unable to link ${skill.name} at this time.</p>
    </section>
    ${
      reason &&
      html`<section class="card finding-card">
        <h3>What Alexa does not tell you</h3>
        <p class="rule"><b class="tag fail">${reason.rule}</b> ${reason.says}</p>
        <p class="muted">${meaningOf(reason.rule)}</p>
      </section>`
    }
    <a class="button primary" href="${path}">Try again</a>`;
}
