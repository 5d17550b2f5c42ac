import { LINK_SUPPORT_CASE, MAKE_REPAIR_LINK, REFRESH_LINK, REVOKE_LINK } from '@linkbroker/contracts/api';
import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { Icon } from '../../looks/icon.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { sayDone } from '../../parts/say.js';
import { saveText } from '../../parts/save-text.js';
import { useCall } from '../../parts/use-call.js';
import { useSayFailure } from '../../parts/use-say-failure.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import type { LinkDetails } from './link-page.js';
import { RepairDialog } from './repair-dialog.js';

/** What somebody may do for a link. What their role does not allow is not shown. */
export function LinkActions({ link }: { readonly link: LinkDetails }): ReactNode {
  const { link: words } = useTexts();
  const { may } = useAccess();
  const [revoking, ask] = useState(false);
  const ended = link.state === 'revoked';
  return (
    <>
      {may('timelines.read') && <SupportCase link={link.id} />}
      {may('links.repair') && !ended && <Refresh link={link.id} />}
      {may('links.repair') && !ended && <Repair link={link.id} />}
      {may('links.revoke') && !ended && (
        <Button color="red" variant="light" leftSection={<Icon name="revoke" size={16} />} onClick={() => ask(true)}>
          {words.revoke}
        </Button>
      )}
      {revoking && <RevokeDialog link={link.id} onClose={() => ask(false)} />}
    </>
  );
}

function SupportCase({ link }: { readonly link: string }): ReactNode {
  const { link: words } = useTexts();
  const sayFailure = useSayFailure();
  const { mutate, isPending } = useMutation({
    mutationFn: () => callApi(LINK_SUPPORT_CASE, { params: { link } }),
    onSuccess: (text) => saveText(`support-case-${link.slice(0, 8)}.txt`, text),
    onError: sayFailure,
  });
  return (
    <Button
      variant="default"
      title={words.supportCaseText}
      loading={isPending}
      onClick={() => mutate()}
      leftSection={<Icon name="download" size={16} />}
    >
      {words.supportCase}
    </Button>
  );
}

function Refresh({ link }: { readonly link: string }): ReactNode {
  const { link: words } = useTexts();
  const tenant = useTenant();
  const sayFailure = useSayFailure();
  const { mutate, isPending } = useCall(REFRESH_LINK, {
    stale: [['link', tenant, link]],
    done: () => sayDone(words.refreshDone),
  });
  return (
    <Button
      variant="default"
      loading={isPending}
      onClick={() => mutate({ params: { tenant, link } }, { onError: sayFailure })}
      leftSection={<Icon name="refresh" size={16} />}
    >
      {words.refresh}
    </Button>
  );
}

function Repair({ link }: { readonly link: string }): ReactNode {
  const { link: words } = useTexts();
  const tenant = useTenant();
  const sayFailure = useSayFailure();
  const { mutate, isPending, data, reset } = useCall(MAKE_REPAIR_LINK);
  return (
    <>
      <Button
        variant="default"
        loading={isPending}
        onClick={() => mutate({ params: { tenant, link } }, { onError: sayFailure })}
        leftSection={<Icon name="repair" size={16} />}
      >
        {words.repair}
      </Button>
      {data && <RepairDialog url={data.url} expiresAt={data.expiresAt} onClose={reset} />}
    </>
  );
}

function RevokeDialog({ link, onClose }: { readonly link: string; readonly onClose: () => void }): ReactNode {
  const { link: words } = useTexts();
  const tenant = useTenant();
  const [reason, setReason] = useState('');
  const { mutate, isPending, error } = useCall(REVOKE_LINK, {
    stale: [
      ['link', tenant, link],
      ['timeline', link],
      ['links', tenant],
    ],
    done: ({ revokedGrants }) => {
      sayDone(words.revokeDone(revokedGrants));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={words.revokeTitle}
      text={words.revokeText}
      action={words.revoke}
      word={words.revokeWord}
      busy={isPending}
      error={error}
      onConfirm={() => mutate({ params: { tenant, link }, body: { reason: reason.trim() } })}
      onClose={onClose}
    >
      <Stack>
        <TextInput
          label={words.revokeReason}
          description={words.revokeReasonHint}
          required
          withAsterisk={false}
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
      </Stack>
    </ConfirmDialog>
  );
}
