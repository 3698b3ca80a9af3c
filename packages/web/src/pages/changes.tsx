import type { ChangeItem } from '@bulwark/api';
import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import { useHistoryBegins } from '../app/use-history.ts';
import { useView } from '../app/use-view.ts';
import { ActorName } from '../parts/actor.tsx';
import { Effect, Verb } from '../parts/field-changes.tsx';
import { dayBefore } from '../parts/history.ts';
import { ListPage } from '../parts/list-page.tsx';
import { AsOf, Moment } from '../parts/moment.tsx';
import { ObjectName } from '../parts/names.tsx';
import type { Column } from '../parts/table.tsx';
import { WithPanel } from '../parts/with-panel.tsx';
import { Between } from './changes/between.tsx';
import { ChangePanel } from './changes/change-panel.tsx';
import { ObjectPanel } from './changes/object-panel.tsx';
import { FindingPanel } from './findings/finding-panel.tsx';

const COLUMNS: readonly Column<ChangeItem>[] = [
  { id: 'at', title: 'When', width: 72, cell: ({ at }) => <Moment at={at} /> },
  { id: 'verb', title: 'What', width: 96, cell: ({ verb }) => <Verb verb={verb} /> },
  { id: 'object', title: 'Object', cell: ({ resource }) => <ObjectName resource={resource} /> },
  { id: 'namespace', minor: 2, title: 'Namespace', width: 150, cell: ({ resource }) => resource.namespace },
  { id: 'actor', title: 'Who', width: 270, cell: ({ actor }) => <ActorName actor={actor} /> },
  {
    id: 'effect',
    title: 'Findings',
    width: 100,
    cell: ({ opened, resolved }) => <Effect opened={opened} resolved={resolved} />,
  },
];

/** Every change, newest first, with who made it and what it did to the findings; or what is not the same at two moments. */
export function Page() {
  const [view, setView] = useView();
  const begins = useHistoryBegins();
  const end = view.asOf === undefined ? Date.now() : Date.parse(view.asOf);
  const actions = (
    <SegmentedControl
      size="xs"
      aria-label="Which changes"
      value={view.from === undefined ? 'each' : 'between'}
      onChange={(value) =>
        setView({
          from: value === 'each' ? undefined : dayBefore(end, begins),
          to: undefined,
          by: undefined,
          move: undefined,
          open: undefined,
          sort: undefined,
          // Changes of objects know other fields than findings.
          ...(view.by === 'findings' && { q: undefined }),
        })
      }
      data={[
        { value: 'each', label: 'Each change' },
        { value: 'between', label: 'Between two moments' },
      ]}
    />
  );
  return (
    <WithPanel panel={<Panel />}>
      {view.from === undefined ? <Each actions={actions} /> : <Between from={view.from} actions={actions} />}
    </WithPanel>
  );
}

function Each({ actions }: { readonly actions: ReactNode }) {
  const [view, setView] = useView();
  return (
    <ListPage
      title="Changes"
      list="listChanges"
      columns={COLUMNS}
      keyOf={changeKey}
      open={view.open}
      onOpen={(item) => setView({ open: changeKey(item) })}
      actions={actions}
      empty={{
        title: 'Nothing has changed since the cluster was first seen.',
        text: 'Changes appear here as they happen.',
      }}
    />
  );
}

function changeKey({ cluster, id }: ChangeItem): string {
  return `${cluster.id}/${id}`;
}

/** What is open, by the form of its name: a change, an object at two moments, or a finding at the later one. */
function Panel() {
  const [{ open, from, to, asOf }, setView] = useView();
  const later = to ?? asOf;
  const onClose = () => setView({ open: undefined });
  const change = /^(\d+)\/(\d+)$/.exec(open ?? '');
  if (change !== null)
    return <ChangePanel cluster={Number(change[1])} id={Number(change[2])} onClose={onClose} />;
  const finding = /^(\d+)\.([0-9a-f]{32})$/.exec(open ?? '');
  if (finding !== null)
    return (
      <AsOf at={later}>
        <FindingPanel
          cluster={Number(finding[1])}
          fingerprint={finding[2] ?? ''}
          asOf={later}
          onClose={onClose}
        />
      </AsOf>
    );
  if (open === undefined || from === undefined) return null;
  return (
    <AsOf at={later}>
      <ObjectPanel object={open} from={from} to={later} onClose={onClose} />
    </AsOf>
  );
}
