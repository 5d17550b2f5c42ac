import type { SentSession } from '@linkbroker/contracts/api';
import { Alert, Stack } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { Navigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { sessionQuery } from '../../api/session-query.js';
import { QueryView } from '../../parts/query-view.js';
import { wayBack } from '../../session/way-back.js';
import { useTexts } from '../../texts/use-texts.js';
import { Entrance } from './entrance.js';
import { OtherAccount } from './other-account.js';
import { PasswordStep } from './password-step.js';
import { SecondStep } from './second-step.js';

const Enrolment = lazy(async () => ({ default: (await import('./enrolment.js')).Enrolment }));
const FirstCodes = lazy(async () => ({ default: (await import('./enrolment.js')).FirstCodes }));

/** Signing in, as far as somebody has come; then back to where they were. */
export function SignInPage(): ReactNode {
  const { back } = useSearch({ strict: false });
  const session = useQuery(sessionQuery);
  const [later, putOff] = useState(false);
  const stage = session.data?.stage;
  if (stage === 'signed-in' && (later || !lacksCodes(session.data))) return <Navigate to={wayBack(back)} replace />;
  if (stage !== 'signed-in' && stage !== 'enrol')
    return <Steps session={session} {...(back !== undefined && { back })} />;
  return <Suspense>{stage === 'enrol' ? <Enrolment /> : <FirstCodes onLater={() => putOff(true)} />}</Suspense>;
}

function Steps({
  session,
  back,
}: {
  readonly session: UseQueryResult<SentSession>;
  readonly back?: string;
}): ReactNode {
  const { signIn } = useTexts();
  const second = session.data?.stage === 'second-factor';
  const login = session.data?.account?.login ?? '';
  return (
    <Entrance title={second ? signIn.second : signIn.title} {...(second && { text: signIn.secondText(login) })}>
      {!second && back !== undefined && <Alert variant="light">{signIn.ended}</Alert>}
      <QueryView query={session}>
        {(data) =>
          second ? (
            <Stack>
              <SecondStep session={data} />
              <OtherAccount />
            </Stack>
          ) : (
            <PasswordStep />
          )
        }
      </QueryView>
    </Entrance>
  );
}

/** Somebody with a second factor and no way in without it. */
const lacksCodes = (session: SentSession | undefined): boolean =>
  session?.factors !== undefined &&
  session.factors !== null &&
  session.factors.recoveryCodes === 0 &&
  (session.factors.totp || session.factors.passkeys > 0);
