import { EXPORT_CONFIG } from '@linkbroker/contracts/api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { TextActions } from '../../parts/text-actions.js';
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
      aside={data !== undefined && <TextActions text={data} file={`${tenant}.yaml`} download={configFile.download} />}
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
