import { SIGN_OUT } from '@linkbroker/contracts/api';
import { Avatar, Button, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { SESSION_KEY } from '../api/session-query.js';
import { Icon } from '../looks/icon.js';
import { ButtonLink } from '../parts/links.js';
import { useCall } from '../parts/use-call.js';
import { useAccess } from '../session/use-access.js';
import { useTexts } from '../texts/use-texts.js';

/** Who is signed in; the way to the account and out. */
export function AccountMenu(): ReactNode {
  const { shell } = useTexts();
  const { session, operator } = useAccess();
  const [opened, open] = useState(false);
  const name = session.account?.displayName ?? '';
  return (
    <Popover
      position="bottom-end"
      withinPortal={false}
      trapFocus
      returnFocus
      shadow="md"
      opened={opened}
      onChange={open}
    >
      <Popover.Target>
        <UnstyledButton aria-label={shell.signedInAs(name)} className="lb-avatar" onClick={() => open(!opened)}>
          <Avatar name={name} color="accent" size={34} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <div>
            <Text fw={600}>{name}</Text>
            <Text size="xs" c="dimmed">
              {operator ? shell.operator : session.account?.login}
            </Text>
          </div>
          <ButtonLink
            to="/account"
            variant="default"
            justify="flex-start"
            leftSection={<Icon name="account" size={16} />}
            onClick={() => open(false)}
          >
            {shell.nav.account}
          </ButtonLink>
          <SignOut />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function SignOut(): ReactNode {
  const { shell } = useTexts();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { mutate, isPending } = useCall(SIGN_OUT, {
    done: () => {
      // Nothing that was read stays behind for whoever sits here next.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
      void navigate({ to: '/sign-in' }).then(() => client.invalidateQueries({ queryKey: SESSION_KEY }));
    },
  });
  return (
    <Button
      variant="default"
      justify="flex-start"
      loading={isPending}
      onClick={() => mutate({})}
      leftSection={<Icon name="signOut" size={16} />}
    >
      {shell.signOut}
    </Button>
  );
}
