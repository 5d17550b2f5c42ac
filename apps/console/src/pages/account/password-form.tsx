import { CHANGE_PASSWORD, PASSWORD_LENGTH } from '@linkbroker/contracts/api';
import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { FailureNote } from '../../parts/failure-note.js';
import { Panel } from '../../parts/panel.js';
import { sayDone } from '../../parts/say.js';
import { useCall } from '../../parts/use-call.js';
import { useTexts } from '../../texts/use-texts.js';

const EMPTY = { current: '', password: '', tried: false };

/** Changes the password, which ends the account's other sessions. */
export function PasswordForm(): ReactNode {
  const { account, tenants, welcome } = useTexts();
  const [{ current, password, tried }, change] = useState(EMPTY);
  const { mutate, isPending, error } = useCall(CHANGE_PASSWORD, {
    stale: [['sessions']],
    done: () => {
      change(EMPTY);
      sayDone(account.passwordChanged);
    },
  });
  const tooShort = password.length < PASSWORD_LENGTH.least;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    change({ current, password, tried: true });
    if (current !== '' && !tooShort) mutate({ body: { current, password } });
  };
  return (
    <Panel title={account.password} text={account.passwordText}>
      <form onSubmit={submit} noValidate>
        <Stack maw={420}>
          <PasswordInput
            label={account.current}
            autoComplete="current-password"
            value={current}
            error={tried && current === '' ? tenants.required : null}
            onChange={(event) => change({ current: event.currentTarget.value, password, tried })}
          />
          <PasswordInput
            label={account.next}
            description={welcome.passwordHint(PASSWORD_LENGTH.least)}
            autoComplete="new-password"
            maxLength={PASSWORD_LENGTH.most}
            value={password}
            error={tried && tooShort ? tenants.tooShort(PASSWORD_LENGTH.least) : null}
            onChange={(event) => change({ current, password: event.currentTarget.value, tried })}
          />
          {error && <FailureNote error={error} />}
          <Group>
            <Button type="submit" loading={isPending}>
              {account.changePassword}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
