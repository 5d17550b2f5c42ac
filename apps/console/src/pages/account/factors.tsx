import { REMOVE_TOTP, RENEW_RECOVERY_CODES, type SentSession } from '@linkbroker/contracts/api';
import { Button, Group, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Dialog } from '../../parts/dialog.js';
import { SESSION_KEY } from '../../api/session-query.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { Panel } from '../../parts/panel.js';
import { ShownOnce } from '../../parts/shown-once.js';
import { StateMark } from '../../parts/state-mark.js';
import { useCall } from '../../parts/use-call.js';
import { useTexts } from '../../texts/use-texts.js';
import { RecoveryCodes } from '../sign-in/recovery-codes.js';
import { TotpSetUp } from '../sign-in/totp-set-up.js';
import { FreshProof } from './fresh-proof.js';
import { Passkeys } from './passkeys.js';

/** The second factors of an account and its recovery codes. */
export function Factors({ session }: { readonly session: SentSession }): ReactNode {
  const { factors } = session;
  if (!factors) return null;
  return (
    <FreshProof session={session}>
      <Totp enrolled={factors.totp} />
      <Passkeys />
      {(factors.totp || factors.passkeys > 0) && <Codes left={factors.recoveryCodes} />}
    </FreshProof>
  );
}

function Totp({ enrolled }: { readonly enrolled: boolean }): ReactNode {
  const { account, common } = useTexts();
  const [asked, ask] = useState<'set-up' | 'remove'>();
  const close = (): void => ask(undefined);
  const { mutate, isPending, error } = useCall(REMOVE_TOTP, { stale: [SESSION_KEY], done: close });
  return (
    <Panel
      title={account.totp}
      aside={
        <Group gap="xs">
          <StateMark tone={enrolled ? 'good' : 'plain'}>{enrolled ? account.totpOn : account.totpOff}</StateMark>
          <Button
            size="xs"
            variant="default"
            onClick={() => ask(enrolled ? 'remove' : 'set-up')}
            aria-label={`${enrolled ? common.remove : account.setUp}: ${account.totp}`}
          >
            {enrolled ? common.remove : account.setUp}
          </Button>
        </Group>
      }
    >
      <Dialog opened={asked === 'set-up'} onClose={close} title={account.totp}>
        <TotpSetUp onDone={close} />
      </Dialog>
      {asked === 'remove' && (
        <ConfirmDialog
          title={account.removeTotp}
          text={account.removeTotpText}
          action={common.remove}
          busy={isPending}
          error={error}
          onConfirm={() => mutate({})}
          onClose={close}
        />
      )}
    </Panel>
  );
}

function Codes({ left }: { readonly left: number }): ReactNode {
  const { account, enrol } = useTexts();
  const [asked, ask] = useState(false);
  const { mutate, isPending, error, data, reset } = useCall(RENEW_RECOVERY_CODES, {
    stale: [SESSION_KEY],
    done: () => ask(false),
  });
  return (
    <Panel
      title={account.codes}
      aside={
        <Button size="xs" variant="default" onClick={() => ask(true)}>
          {account.renewCodes}
        </Button>
      }
    >
      <Text size="sm">{account.codesLeft(left)}</Text>
      {asked && (
        <ConfirmDialog
          title={account.renewCodes}
          text={account.renewCodesText}
          action={account.renewCodes}
          busy={isPending}
          error={error}
          onConfirm={() => mutate({})}
          onClose={() => ask(false)}
        />
      )}
      <ShownOnce title={enrol.codesTitle} text={enrol.codesText} opened={data !== undefined} onClose={reset}>
        {data && <RecoveryCodes codes={data.recoveryCodes} />}
      </ShownOnce>
    </Panel>
  );
}
