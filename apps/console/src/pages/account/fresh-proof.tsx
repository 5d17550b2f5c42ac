import type { SentSession } from '@linkbroker/contracts/api';
import { Alert, Button, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Dialog } from '../../parts/dialog.js';
import { useTexts } from '../../texts/use-texts.js';
import { SecondStep } from '../sign-in/second-step.js';

/** Milliseconds for which a second factor counts; the API holds to a quarter of an hour. */
const FRESH_MS = 14 * 60_000;

interface Props {
  readonly session: SentSession;
  readonly children: ReactNode;
}

/** Before factors can be changed after a while, the second factor is presented once more. */
export function FreshProof({ session, children }: Props): ReactNode {
  const { account } = useTexts();
  const [opened, open] = useState(false);
  const { factors, secondFactorAt } = session;
  const enrolled = factors !== null && (factors.totp || factors.passkeys > 0);
  const fresh = !enrolled || (secondFactorAt !== null && Date.now() - Date.parse(secondFactorAt) < FRESH_MS);
  return (
    <>
      {!fresh && (
        <Alert variant="light" mb="md" title={account.proveAgain}>
          <Stack align="flex-start" gap="xs">
            <Text size="sm">{account.proveAgainText}</Text>
            <Button size="xs" onClick={() => open(true)}>
              {account.proveAgain}
            </Button>
          </Stack>
        </Alert>
      )}
      <Dialog opened={opened && !fresh} onClose={() => open(false)} title={account.proveAgain}>
        <SecondStep session={session} />
      </Dialog>
      {children}
    </>
  );
}
