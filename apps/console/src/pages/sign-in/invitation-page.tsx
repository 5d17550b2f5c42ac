import { ACCEPT_INVITATION } from '@linkbroker/contracts/api';
import { Alert, Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { SESSION_KEY, sessionQuery } from '../../api/session-query.js';
import { EmptyState } from '../../parts/empty-state.js';
import { FailureNote } from '../../parts/failure-note.js';
import { AnchorLink, ButtonLink } from '../../parts/links.js';
import { QueryView } from '../../parts/query-view.js';
import { useCall } from '../../parts/use-call.js';
import { oneTimeToken } from '../../session/one-time-token.js';
import { useTexts } from '../../texts/use-texts.js';
import { Entrance } from './entrance.js';
import { NewAccount } from './new-account.js';
import { ProviderSignIn } from './provider-sign-in.js';

/** Accepts an invitation: with a new account, or as whoever is signed in. */
export function InvitationPage(): ReactNode {
  const { invitation } = useTexts();
  const token = oneTimeToken();
  const session = useQuery(sessionQuery);
  const name = session.data?.stage === 'signed-in' ? session.data.account?.displayName : undefined;
  if (token === undefined) {
    return (
      <Entrance title={invitation.title}>
        <EmptyState icon="alert" title={invitation.noToken} text={invitation.noTokenText} />
      </Entrance>
    );
  }
  return (
    <Entrance title={invitation.title} text={name === undefined ? invitation.text : invitation.textSignedIn(name)}>
      <QueryView query={session}>{() => <Acceptance token={token} known={name !== undefined} />}</QueryView>
    </Entrance>
  );
}

function Acceptance({ token, known }: { readonly token: string; readonly known: boolean }): ReactNode {
  const { invitation, signIn } = useTexts();
  const { mutate, isPending, error, data } = useCall(ACCEPT_INVITATION, { stale: [SESSION_KEY] });
  if (data && known) return <Navigate to="/t/$tenant" params={{ tenant: data.tenant }} replace />;
  if (data) {
    return (
      <Stack>
        <Alert variant="light" color="green">
          {invitation.acceptedSignIn}
        </Alert>
        <ButtonLink to="/sign-in">{signIn.title}</ButtonLink>
      </Stack>
    );
  }
  if (known) {
    return (
      <Stack>
        {error && <FailureNote error={error} />}
        <Button loading={isPending} onClick={() => mutate({ body: { token } })}>
          {invitation.submit}
        </Button>
      </Stack>
    );
  }
  return (
    <Stack>
      <NewAccount
        action={invitation.submit}
        busy={isPending}
        error={error}
        onSubmit={(account) => mutate({ body: { token, account } })}
      />
      <ProviderSignIn invitation={token} />
      <Alert variant="light">{invitation.openAgain}</Alert>
      <AnchorLink to="/sign-in" size="sm">
        {invitation.haveAccount}
      </AnchorLink>
    </Stack>
  );
}
