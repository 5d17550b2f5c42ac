import type { ReactNode } from 'react';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { useAccess } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { Factors } from './factors.js';
import { PasswordForm } from './password-form.js';
import { Sessions } from './sessions.js';

/** What somebody signs in with, and where they are signed in. */
export function AccountPage(): ReactNode {
  const { account: words, shell } = useTexts();
  const { session, operator } = useAccess();
  const { account } = session;
  return (
    <>
      <PageHead title={words.title} text={operator ? shell.operator : undefined} />
      <Panel title={words.profile}>
        <dl className="lb-facts">
          <div>
            <dt>{words.name}</dt>
            <dd>{account?.displayName}</dd>
          </div>
          <div>
            <dt>{words.login}</dt>
            <dd>{account?.login}</dd>
          </div>
        </dl>
      </Panel>
      <Factors session={session} />
      {account?.login !== null && <PasswordForm />}
      <Sessions />
    </>
  );
}
