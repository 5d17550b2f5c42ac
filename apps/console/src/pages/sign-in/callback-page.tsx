import { FINISH_PROVIDER_SIGN_IN } from '@linkbroker/contracts/api';
import { Stack } from '@mantine/core';
import { Navigate } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { EmptyState } from '../../parts/empty-state.js';
import { FailureNote } from '../../parts/failure-note.js';
import { ButtonLink } from '../../parts/links.js';
import { LoadingRows } from '../../parts/loading-rows.js';
import { providerReturn } from '../../session/provider-return.js';
import { takeWayBack } from '../../session/way-back.js';
import { useTexts } from '../../texts/use-texts.js';
import { Entrance } from './entrance.js';
import { useSessionCall } from './use-session-call.js';

/** Where a provider sends people back to: hands on what it said, and goes where they may. */
export function CallbackPage(): ReactNode {
  const { signIn } = useTexts();
  const [query] = useState(providerReturn);
  const [back] = useState(() => takeWayBack(sessionStorage));
  const { mutate, error, isSuccess } = useSessionCall(FINISH_PROVIDER_SIGN_IN);
  useEffect(() => {
    if (query !== undefined) mutate({ body: { query } });
  }, [query, mutate]);
  if (isSuccess) return <Navigate to="/sign-in" search={back === undefined ? {} : { back }} replace />;
  return (
    <Entrance title={signIn.title}>
      <Stack>
        {query === undefined && <EmptyState icon="alert" title={signIn.noReturn} text={signIn.noReturnText} />}
        {query !== undefined && !error && <LoadingRows rows={3} />}
        {error && <FailureNote error={error} />}
        {(query === undefined || error) && <ButtonLink to="/sign-in">{signIn.again}</ButtonLink>}
      </Stack>
    </Entrance>
  );
}
