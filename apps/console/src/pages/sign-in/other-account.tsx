import { SIGN_OUT } from '@linkbroker/contracts/api';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { SESSION_KEY } from '../../api/session-query.js';
import { useCall } from '../../parts/use-call.js';
import { useTexts } from '../../texts/use-texts.js';

/** Leads back to the first step. */
export function OtherAccount(): ReactNode {
  const { signIn } = useTexts();
  const { mutate, isPending } = useCall(SIGN_OUT, { stale: [SESSION_KEY] });
  return (
    <Button variant="subtle" color="gray" onClick={() => mutate({})} loading={isPending}>
      {signIn.otherAccount}
    </Button>
  );
}
