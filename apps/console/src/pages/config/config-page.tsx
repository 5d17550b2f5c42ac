import { EXPORT_CONFIG } from '@linkbroker/contracts/api';
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { Icon } from '../../looks/icon.js';
import { CopyAction } from '../../parts/copy-field.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { saveText } from '../../parts/save-text.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { ApplyFile } from './apply-file.js';

/** A tenant's configuration as one file: as it is, and another one to be applied. */
export function ConfigPage(): ReactNode {
  const { configFile } = useTexts();
  const tenant = useTenant();
  const { may } = useAccess();
  return (
    <>
      <PageHead title={configFile.title} text={configFile.text} />
      {may('tenant.write') && <ApplyFile key={tenant} />}
      <Exported />
    </>
  );
}

function Exported(): ReactNode {
  const { configFile } = useTexts();
  const tenant = useTenant();
  const query = useQuery({
    queryKey: ['config-file', tenant],
    queryFn: ({ signal }) => callApi(EXPORT_CONFIG, { params: { tenant } }, signal),
  });
  const { data } = query;
  return (
    <Panel
      title={configFile.export}
      text={configFile.exportText}
      aside={
        data !== undefined && (
          <Group gap="xs">
            <CopyAction value={data} />
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<Icon name="download" size={14} />}
              onClick={() => saveText(`${tenant}.yaml`, data)}
            >
              {configFile.download}
            </Button>
          </Group>
        )
      }
    >
      <QueryView query={query} rows={8}>
        {(yaml) => (
          <pre className="lb-json" tabIndex={0}>
            {yaml}
          </pre>
        )}
      </QueryView>
    </Panel>
  );
}
