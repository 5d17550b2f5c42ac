import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { sessionQuery } from '../api/session-query.js';
import { EmptyState } from '../parts/empty-state.js';
import { ButtonLink } from '../parts/links.js';
import { QueryView } from '../parts/query-view.js';
import { useTexts } from '../texts/use-texts.js';
import { lastTenant } from './last-tenant.js';

/** The start: the tenant that was looked at last, else the only sensible one. */
export function HomePage(): ReactNode {
  const { shell } = useTexts();
  const session = useQuery(sessionQuery);
  return (
    <main id="content" className="lb-alone">
      <QueryView query={session}>
        {({ stage, account, tenants }) => {
          if (stage !== 'signed-in') return <Navigate to="/sign-in" replace />;
          const known = tenants.find(({ slug }) => slug === lastTenant()) ?? tenants[0];
          if (known) return <Navigate to="/t/$tenant" params={{ tenant: known.slug }} replace />;
          if (account?.operator) return <Navigate to="/tenants" replace />;
          return (
            <EmptyState alone icon="tenants" title={shell.noTenants} text={shell.noTenantsText}>
              <ButtonLink to="/account" variant="default">
                {shell.nav.account}
              </ButtonLink>
            </EmptyState>
          );
        }}
      </QueryView>
    </main>
  );
}
