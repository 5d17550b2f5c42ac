import type { SkillDocument } from '@linkbroker/contracts';
import type { Complaint } from './check-upstreams.js';

/** What no single webhook can break: a webhook is recognised by its address, once per skill. */
export function webhookComplaints(skill: SkillDocument, at: readonly PropertyKey[]): Complaint[] {
  const urls = skill.webhooks.map(({ url }) => url);
  return urls.flatMap((url, index) =>
    urls.indexOf(url) < index
      ? [{ path: [...at, 'webhooks', index, 'url'], message: 'another webhook of this skill has the same address' }]
      : [],
  );
}
