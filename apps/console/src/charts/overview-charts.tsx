import { BarChart, LineChart } from '@mantine/charts';
import '@mantine/charts/styles.layer.css';
import type { GET_OVERVIEW } from '@linkbroker/contracts/api';
import { Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { Panel } from '../parts/panel.js';
import { formatDuration, formatHour } from '../story/format.js';
import type { Language } from '../texts/languages.js';
import { useLanguage, useTexts } from '../texts/use-texts.js';

type Overview = z.output<(typeof GET_OVERVIEW)['answer']>;

/** Milliseconds that Alexa waits (R12). */
const ALEXA_WAITS = 4_500;
const HEIGHT = 190;
/** Of both brightnesses: against either ground more than three to one. */
const GOOD = 'var(--lb-good)';
const BAD = 'var(--lb-bad)';
const ODD = 'var(--lb-odd)';
const PLAIN = 'var(--mantine-color-anchor)';
const COMMON = {
  h: HEIGHT,
  dataKey: 'hour',
  withLegend: false,
  gridAxis: 'x',
  tickLine: 'none',
  xAxisProps: { minTickGap: 28 },
  yAxisProps: { width: 52, allowDecimals: false },
} as const;

/** The table beside a chart is what is read and reached by keyboard. */
const QUIET = { accessibilityLayer: false } as const;

/** How linking, answers and refreshes went, hour by hour. Each has its figures in a table as well, for who listens. */
export function OverviewCharts({ overview: found }: { readonly overview: Overview }): ReactNode {
  const { overview } = useTexts();
  const { language } = useLanguage();
  const at = <Row extends { readonly hour: string }>(row: Row) => ({ ...row, hour: formatHour(row.hour, language) });
  const refreshed = found.refreshesByHour.reduce((sum, { good, retried, lost }) => sum + good + retried + lost, 0);
  return (
    <div className="lb-charts">
      <Chart
        title={overview.linksByHour}
        names={[overview.linked]}
        rows={found.linksByHour}
        pick={({ links }) => [links]}
      >
        <BarChart
          {...COMMON}
          barChartProps={QUIET}
          data={found.linksByHour.map(at)}
          series={[{ name: 'links', label: overview.linked, color: PLAIN }]}
        />
      </Chart>
      <Latency overview={found} language={language} />
      <Chart
        title={overview.refreshes}
        text={refreshed === 0 ? overview.noRefreshes : shareOf(found, language, overview.refreshShare)}
        names={[overview.good, overview.retried, overview.lost]}
        rows={found.refreshesByHour}
        pick={({ good, retried, lost }) => [good, retried, lost]}
      >
        <BarChart
          {...COMMON}
          barChartProps={QUIET}
          type="stacked"
          data={found.refreshesByHour.map(at)}
          series={[
            { name: 'good', label: overview.good, color: GOOD },
            { name: 'retried', label: overview.retried, color: ODD },
            { name: 'lost', label: overview.lost, color: BAD },
          ]}
        />
      </Chart>
    </div>
  );
}

function Latency({
  overview: found,
  language,
}: {
  readonly overview: Overview;
  readonly language: Language;
}): ReactNode {
  const { overview } = useTexts();
  const figure = (ms: number): string => formatDuration(ms, language);
  const rows = found.answersByHour.map(({ hour, p95, slowest }) => ({
    hour: formatHour(hour, language),
    p95,
    slowest,
  }));
  return (
    <Chart
      title={overview.latency}
      text={overview.latencyText}
      names={[overview.p95, overview.slowest]}
      rows={found.answersByHour}
      pick={({ p95, slowest }) => [p95, slowest].map((ms) => (ms === null ? '' : figure(ms)))}
    >
      <LineChart
        {...COMMON}
        lineChartProps={QUIET}
        data={rows}
        series={[
          { name: 'p95', label: overview.p95, color: PLAIN },
          { name: 'slowest', label: overview.slowest, color: ODD },
        ]}
        referenceLines={[{ y: ALEXA_WAITS, color: BAD, label: overview.alexaWaits }]}
        connectNulls={false}
        curveType="linear"
        valueFormatter={figure}
        yAxisProps={{ ...COMMON.yAxisProps, domain: [0, (most: number) => Math.max(most, ALEXA_WAITS * 1.1)] }}
      />
    </Chart>
  );
}

interface ChartProps<Row extends { readonly hour: string }> {
  readonly title: string;
  readonly text?: string;
  readonly names: readonly string[];
  readonly rows: readonly Row[];
  readonly pick: (row: Row) => readonly (string | number)[];
  readonly children: ReactNode;
}

function Chart<Row extends { readonly hour: string }>({
  title,
  text,
  names,
  rows,
  pick,
  children,
}: ChartProps<Row>): ReactNode {
  const { overview } = useTexts();
  const { language } = useLanguage();
  return (
    <Panel title={title}>
      {text && (
        <Text size="sm" c="dimmed" mb="xs">
          {text}
        </Text>
      )}
      <div aria-hidden="true">{children}</div>
      <VisuallyHidden>
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              {[overview.hour, ...names].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.hour}>
                <th scope="row">{formatHour(row.hour, language)}</th>
                {pick(row).map((value, index) => (
                  <td key={names[index]}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </Panel>
  );
}

/** The share of refreshes that were good, of those whose end says something. */
function shareOf({ refreshes }: Overview, language: Language, say: (percent: string, lost: number) => string): string {
  const good = refreshes.reduce((sum, one) => sum + one.good, 0);
  const lost = refreshes.reduce((sum, one) => sum + one.lost, 0);
  const percent = good + lost === 0 ? 100 : (100 * good) / (good + lost);
  // One in ten thousand is not none: it is not rounded to all.
  const digits = percent > 99 ? 2 : 1;
  const floored = Math.floor(percent * 10 ** digits) / 10 ** digits;
  return say(new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(floored), lost);
}
