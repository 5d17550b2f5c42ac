import { LIST_AUDIT, LIST_TENANT_AUDIT, VERIFY_AUDIT } from '@linkbroker/contracts/api';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { Icon } from '../../looks/icon.js';
import { EmptyState } from '../../parts/empty-state.js';
import { PageHead } from '../../parts/page-head.js';
import { PagedList, usePages } from '../../parts/paged-list.js';
import { Panel } from '../../parts/panel.js';
import { StateMark } from '../../parts/state-mark.js';
import { useCall } from '../../parts/use-call.js';
import { useSayFailure } from '../../parts/use-say-failure.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { AuditTable, type AuditEntry } from './audit-table.js';

/** Who changed what in a tenant. */
export function TenantAuditPage(): ReactNode {
  const { audit } = useTexts();
  const tenant = useTenant();
  const { operator } = useAccess();
  const pages = usePages<AuditEntry>(['audit', tenant], (cursor, signal) =>
    callApi(LIST_TENANT_AUDIT, { params: { tenant }, query: { cursor } }, signal),
  );
  return (
    <>
      <PageHead title={audit.title} text={audit.text}>
        {operator && <Verify tenant={tenant} />}
      </PageHead>
      <Entries pages={pages} title={audit.title} />
    </>
  );
}

/** Who changed what in the installation itself. */
export function InstallationAuditPage(): ReactNode {
  const { audit } = useTexts();
  const pages = usePages<AuditEntry>(['audit'], (cursor, signal) => callApi(LIST_AUDIT, { query: { cursor } }, signal));
  return (
    <>
      <PageHead title={audit.installationTitle} text={audit.installationText}>
        <Verify />
      </PageHead>
      <Entries pages={pages} title={audit.installationTitle} />
    </>
  );
}

interface EntriesProps {
  readonly pages: ReturnType<typeof usePages<AuditEntry>>;
  readonly title: string;
}

function Entries({ pages, title }: EntriesProps): ReactNode {
  const { audit } = useTexts();
  return (
    <Panel title={title} quiet>
      <PagedList pages={pages} empty={<EmptyState icon="audit" title={audit.empty} text={audit.emptyText} />}>
        {(items) => <AuditTable items={items} />}
      </PagedList>
    </Panel>
  );
}

function Verify({ tenant }: { readonly tenant?: string }): ReactNode {
  const { audit } = useTexts();
  const sayFailure = useSayFailure();
  const { mutate, isPending, data } = useCall(VERIFY_AUDIT);
  return (
    <>
      <span role="status">
        {data && (
          <StateMark tone={data.brokenAt === null ? 'good' : 'bad'}>
            {data.brokenAt === null ? audit.verified(data.entries) : audit.broken(data.brokenAt)}
          </StateMark>
        )}
      </span>
      <Button
        variant="default"
        loading={isPending}
        leftSection={<Icon name="check" size={16} />}
        onClick={() => mutate({ body: tenant === undefined ? {} : { tenant } }, { onError: sayFailure })}
      >
        {audit.verify}
      </Button>
    </>
  );
}
