import type { JobItem } from '@bulwark/api';
import { useHub } from '../../data/use-hub.ts';
import { ListExport } from '../../parts/export-menu.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Notice } from '../../parts/notice.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { TwoLines } from '../../parts/two-lines.tsx';
import { Section } from './section.tsx';

const TITLES: Readonly<Record<JobItem['name'], string>> = {
  messages: 'Messages',
  retention: 'Retention',
  backup: 'Nightly backup',
  presence: 'Clusters that no hub watches',
  collection: 'Collection',
};

function titleOf({ name, cluster }: JobItem): string {
  return cluster === null ? TITLES[name] : `${TITLES[name]}, ${cluster.name}`;
}

const COLUMNS: readonly Column<JobItem>[] = [
  {
    id: 'job',
    title: 'Job',
    least: 240,
    cell: (job) => (
      <TwoLines first={titleOf(job)} second={job.about} title={`${titleOf(job)}: ${job.about}`} />
    ),
  },
  {
    id: 'result',
    title: 'Result, error',
    least: 200,
    cell: ({ lastResult, isRunning, error }) => (
      <TwoLines
        first={
          <span style={{ color: lastResult === 'failed' ? 'var(--high)' : undefined }}>
            {lastResult ?? (isRunning ? 'running' : 'not known')}
          </span>
        }
        second={error ?? ''}
        title={error ?? ''}
      />
    ),
  },
  {
    id: 'last',
    title: 'Last run',
    width: 90,
    cell: ({ lastRun }) => lastRun !== null && <Moment at={lastRun} />,
  },
  {
    id: 'done',
    title: 'Last done',
    minor: 2,
    width: 90,
    cell: ({ lastDone }) => lastDone !== null && <Moment at={lastDone} />,
  },
  {
    id: 'next',
    title: 'Next',
    minor: 1,
    width: 90,
    cell: ({ next }) => next !== null && <Moment at={next} isToCome />,
  },
  {
    id: 'by',
    title: 'Done by',
    minor: 3,
    width: 200,
    cell: ({ doneBy, holder }) => <TwoLines first={doneBy} second={holder ?? ''} title={holder ?? doneBy} />,
  },
];

/** What the hub does without being asked, who does it, and what became of it. */
export function Jobs() {
  const found = useHub('listJobs', {});
  const { data } = found;
  const notice = <Notice of={found} what="jobs" />;
  if (data === undefined) return notice;
  return (
    <Section
      notice={notice}
      title="Jobs"
      rows={2 * data.items.length}
      actions={<ListExport list="listJobs" query={{}} />}
    >
      <Table
        label="Jobs"
        lines={2}
        items={data.items}
        keyOf={({ name, cluster }) => `${name}/${cluster?.id ?? ''}`}
        columns={COLUMNS}
      />
    </Section>
  );
}
