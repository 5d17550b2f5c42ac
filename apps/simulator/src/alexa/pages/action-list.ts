import { html, type Html } from '../../html/html.js';
import type { Skill } from '../../skills.js';
import type { LinkedSkill } from '../linked-skill.js';

interface ListedAction {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly danger?: boolean;
  readonly offered?: (skill: Skill, link: LinkedSkill) => boolean;
}

const refreshes = (_skill: Skill, link: LinkedSkill): boolean => link.refreshToken !== '';

const listed: readonly ListedAction[] = [
  {
    name: 'refresh',
    title: 'Refresh now',
    about: 'What Alexa does shortly before the access token expires',
    offered: refreshes,
  },
  {
    name: 'lose-response',
    title: 'Lose a response',
    about: 'Drops the answer, then refreshes again with the old token',
    offered: refreshes,
  },
  {
    name: 'ten-at-once',
    title: 'Ten refreshes at once',
    about: 'Ten of Alexa’s servers with the same token',
    offered: refreshes,
  },
  {
    name: 'older-token',
    title: 'Refresh with an older token',
    about: 'The oldest refresh token of this link, as after an outage',
    offered: (_skill, link) => link.older.length > 0,
  },
  {
    name: 'ask-backend',
    title: 'Ask as skill backend',
    about: 'Is the access token good, and whose is it?',
    offered: (skill) => Boolean(skill.backend),
  },
  {
    name: 'upstream-token',
    title: 'Get the upstream’s token',
    about: 'The skill’s own server exchanges the access token for the upstream’s',
    offered: (skill) => Boolean(skill.backend),
  },
  { name: 'disable', title: 'Disable skill', about: 'Alexa forgets its tokens and tells nobody', danger: true },
];

/** Everything that can be done to a link; what makes no sense yet is shown but cannot be pressed. */
export function actionList(skill: Skill, link: LinkedSkill, path: string): Html {
  const rows = listed.map(({ name, title, about, danger, offered }) => {
    const enabled = offered?.(skill, link) ?? true;
    return html`<li>
      <form method="post" action="${path}/${name}">
        <button type="submit" class="row ${danger ? 'danger' : ''}" ${enabled ? '' : 'disabled'}>
          <span class="text"><b>${title}</b><small>${about}</small></span>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 5l7 7-7 7" /></svg>
        </button>
      </form>
    </li>`;
  });
  return html`<h3 class="heading">Play Alexa</h3>
    <ul class="list">
      ${rows}
    </ul>`;
}
