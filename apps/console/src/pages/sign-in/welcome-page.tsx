import { WELCOME_OPERATOR } from '@linkbroker/contracts/api';
import { Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EmptyState } from '../../parts/empty-state.js';
import { oneTimeToken } from '../../session/one-time-token.js';
import { useTexts } from '../../texts/use-texts.js';
import { Entrance } from './entrance.js';
import { NewAccount } from './new-account.js';
import { useSessionCall } from './use-session-call.js';

/** Makes the first operator's account, from the one-time link that the admin app printed. */
export function WelcomePage(): ReactNode {
  const { welcome } = useTexts();
  const token = oneTimeToken();
  const { mutate, isPending, error, isSuccess } = useSessionCall(WELCOME_OPERATOR);
  if (isSuccess) return <Navigate to="/sign-in" replace />;
  if (token === undefined) {
    return (
      <Entrance title={welcome.title}>
        <EmptyState icon="alert" title={welcome.noToken} text={welcome.noTokenText} />
      </Entrance>
    );
  }
  return (
    <Entrance title={welcome.title} text={welcome.text}>
      <NewAccount
        action={welcome.submit}
        busy={isPending}
        error={error}
        onSubmit={(account) => mutate({ body: { token, ...account } })}
      />
    </Entrance>
  );
}
