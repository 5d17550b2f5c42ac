import { RENEW_RECOVERY_CODES } from '@linkbroker/contracts/api';
import { Button, SegmentedControl, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { SESSION_KEY } from '../../api/session-query.js';
import { FailureNote } from '../../parts/failure-note.js';
import { LoadingRows } from '../../parts/loading-rows.js';
import { useCall } from '../../parts/use-call.js';
import { canUsePasskeys } from '../../session/passkeys.js';
import { useTexts } from '../../texts/use-texts.js';
import { Entrance } from './entrance.js';
import { NewPasskey } from './new-passkey.js';
import { RecoveryCodes } from './recovery-codes.js';
import { OtherAccount } from './other-account.js';
import { TotpSetUp } from './totp-set-up.js';

/** The second factor that operators need, then the codes for the day when it is out of reach. */
export function Enrolment(): ReactNode {
  const { enrol } = useTexts();
  const [way, choose] = useState<'app' | 'passkey'>('app');
  return (
    <Entrance title={enrol.title} text={enrol.text}>
      <Stack>
        {canUsePasskeys() && (
          <SegmentedControl
            fullWidth
            aria-label={enrol.title}
            value={way}
            onChange={(value) => choose(value === 'passkey' ? 'passkey' : 'app')}
            data={[
              { value: 'app', label: enrol.app },
              { value: 'passkey', label: enrol.passkey },
            ]}
          />
        )}
        {way === 'app' ? <TotpSetUp /> : <NewPasskey />}
        <OtherAccount />
      </Stack>
    </Entrance>
  );
}

/** The codes, where there is a second factor and none of them. */
export function FirstCodes({ onLater }: { readonly onLater: () => void }): ReactNode {
  const { enrol } = useTexts();
  const client = useQueryClient();
  const { mutate, data, error, isPending, isIdle } = useCall(RENEW_RECOVERY_CODES);
  return (
    <Entrance title={enrol.codesTitle} text={enrol.codesText}>
      {isIdle && <Button onClick={() => mutate({})}>{enrol.codesMake}</Button>}
      {isPending && <LoadingRows rows={5} />}
      {error && <FailureNote error={error} again={() => mutate({})} />}
      {data && (
        <Stack>
          <RecoveryCodes codes={data.recoveryCodes} />
          <Button onClick={() => void client.invalidateQueries({ queryKey: SESSION_KEY })}>{enrol.codesKept}</Button>
        </Stack>
      )}
      {!data && !isPending && (
        <Button variant="subtle" color="gray" onClick={onLater}>
          {enrol.later}
        </Button>
      )}
    </Entrance>
  );
}
