import { LIST_LINKS } from '@linkbroker/contracts/api';
import { Button, Select } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { EmptyState } from '../../parts/empty-state.js';
import { PageHead } from '../../parts/page-head.js';
import { PagedList, usePages } from '../../parts/paged-list.js';
import { Panel } from '../../parts/panel.js';
import type { LinksSearch } from '../../search.js';
import { useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { LinkTable } from './link-table.js';
import { LookUp } from './look-up.js';
import { useSkillSlugs } from './use-skill-slugs.js';

const STATES = ['failing', 'at_risk', 'dead'] as const;

/** The links of a tenant. What is filtered stands in the address, to be kept and sent. */
export function LinksPage(): ReactNode {
  const { links } = useTexts();
  const tenant = useTenant();
  const search = useSearch({ from: '/shell/t/$tenant/links' });
  const navigate = useNavigate();
  const pages = usePages(['links', tenant, search], (cursor, signal) =>
    callApi(LIST_LINKS, { params: { tenant }, query: { ...search, cursor } }, signal),
  );
  const filter = (next: LinksSearch): void =>
    void navigate({ to: '/t/$tenant/links', params: { tenant }, search: next });
  const filtered = search.skill !== undefined || search.state !== undefined;
  return (
    <>
      <PageHead title={links.title} text={links.text}>
        <LookUp />
      </PageHead>
      <Panel title={links.title} quiet>
        <Filters search={search} onFilter={filter} />
        <PagedList
          pages={pages}
          empty={
            <EmptyState
              icon="links"
              title={filtered ? links.emptyFilter : links.empty}
              text={filtered ? links.emptyFilterText : links.emptyText}
            >
              {filtered && (
                <Button variant="default" mt="sm" onClick={() => filter({})}>
                  {links.clear}
                </Button>
              )}
            </EmptyState>
          }
        >
          {(items) => <LinkTable items={items} />}
        </PagedList>
      </Panel>
    </>
  );
}

interface FilterProps {
  readonly search: LinksSearch;
  readonly onFilter: (next: LinksSearch) => void;
}

function Filters({ search, onFilter }: FilterProps): ReactNode {
  const { links } = useTexts();
  const { skill, state } = search;
  const skills = useSkillSlugs();
  const known = skill === undefined || skills.includes(skill) ? skills : [skill, ...skills];
  return (
    <div className="lb-filters">
      <Select
        label={links.skill}
        placeholder={links.allSkills}
        data={known}
        value={skill ?? null}
        clearable
        searchable
        onChange={(next) => onFilter({ ...(state && { state }), ...(next !== null && { skill: next }) })}
      />
      <Select
        label={links.state}
        placeholder={links.anyState}
        data={STATES.map((one) => ({ value: one, label: links.filters[one] }))}
        value={state ?? null}
        clearable
        onChange={(next) => {
          const chosen = STATES.find((one) => one === next);
          onFilter({ ...(skill !== undefined && { skill }), ...(chosen && { state: chosen }) });
        }}
      />
    </div>
  );
}
