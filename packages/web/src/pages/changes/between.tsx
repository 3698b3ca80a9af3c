import type { ComparedFindingItem, ComparedObjectItem } from '@bulwark/api';
import type { ReactNode } from 'react';
import { useView } from '../../app/use-view.ts';
import { userName } from '../../parts/actor.tsx';
import { Effect, Verb } from '../../parts/field-changes.tsx';
import { ListPage } from '../../parts/list-page.tsx';
import { AsOf, Moment } from '../../parts/moment.tsx';
import { ObjectName, OwnerName } from '../../parts/names.tsx';
import { SeverityMark } from '../../parts/severity.tsx';
import type { Column } from '../../parts/table.tsx';
import { TwoLines } from '../../parts/two-lines.tsx';
import { asWritten } from '../../parts/written.tsx';
import { objectKey } from './object-panel.tsx';
import { SpanBar } from './span-bar.tsx';

const OBJECTS: readonly Column<ComparedObjectItem>[] = [
  { id: 'verb', title: 'What', width: 96, cell: ({ verb }) => <Verb verb={verb} /> },
  {
    id: 'object',
    title: 'Object',
    width: 250,
    sort: 'name',
    cell: ({ resource }) => <ObjectName resource={resource} />,
  },
  {
    id: 'namespace',
    minor: 3,
    title: 'Namespace',
    width: 130,
    sort: 'namespace',
    cell: ({ resource }) => resource.namespace,
  },
  { id: 'fields', title: 'Fields', cell: (item) => <Fields item={item} /> },
  { id: 'by', minor: 1, title: 'Who', width: 190, cell: ({ actors }) => <Actors names={actors} /> },
  {
    id: 'effect',
    title: 'Findings',
    width: 84,
    cell: ({ opened, resolved }) => <Effect opened={opened} resolved={resolved} />,
  },
  { id: 'at', minor: 2, title: 'Last', width: 64, sort: 'at', cell: ({ at }) => <Moment at={at} /> },
];

function Actors({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return <span className="quiet">unknown</span>;
  return <span title={names.join(', ')}>{names.map(userName).join(', ')}</span>;
}

/** The first field with both values; how many more there are. */
function Fields({ item: { fields, fieldCount } }: { readonly item: ComparedObjectItem }) {
  const [first] = fields;
  if (first === undefined) return null;
  const { path, before, after } = first;
  return (
    <TwoLines
      first={
        <>
          {fieldCount > 1 && <span className="quiet">{fieldCount} fields: </span>}
          <span className="mono">
            {path.replace(/^(spec\.(jobTemplate\.spec\.)?template\.spec|metadata)\./, '')}
          </span>
        </>
      }
      second={`${before ?? 'none'} → ${after ?? 'none'}`}
      title={fields.map((field) => field.path).join('\n')}
    />
  );
}

const FINDINGS: readonly Column<ComparedFindingItem>[] = [
  {
    id: 'move',
    title: 'What',
    width: 150,
    cell: ({ move, why }) => (
      <span style={{ color: move === 'came' ? 'var(--high)' : 'var(--good)' }}>
        <span aria-hidden>{move === 'came' ? '+' : '−'}</span> {why}
      </span>
    ),
  },
  {
    id: 'severity',
    title: 'Sev',
    width: 60,
    sort: 'severity',
    cell: ({ severity }) => <SeverityMark severity={severity} />,
  },
  {
    id: 'message',
    title: 'Finding',
    cell: ({ title, message }) => <span title={title}>{asWritten(message)}</span>,
  },
  {
    id: 'object',
    minor: 2,
    title: 'Object',
    width: 220,
    sort: 'name',
    cell: ({ resource }) => <ObjectName resource={resource} />,
  },
  {
    id: 'namespace',
    title: 'Namespace',
    width: 130,
    minor: 3,
    sort: 'namespace',
    cell: ({ resource }) => resource.namespace,
  },
  {
    id: 'owner',
    title: 'Owner',
    width: 130,
    minor: 1,
    sort: 'owner',
    cell: ({ owner }) => <OwnerName owner={owner} />,
  },
];

const EMPTY = {
  both: 'No finding came or went.',
  came: 'No finding came.',
  went: 'No finding went.',
} as const;

/** What is not the same at two moments: objects with their fields, or findings that came and went. */
export function Between({ from, actions }: { readonly from: string; readonly actions: ReactNode }) {
  const [view, setView] = useView();
  const to = view.to ?? view.asOf;
  const common = {
    title: 'Changes',
    // The moments say as of when.
    more: { from, to, asOf: undefined },
    above: <SpanBar from={from} to={to} />,
    actions,
    open: view.open,
    note: ({ knownSince }: { readonly knownSince: string | null }) =>
      knownSince !== null && knownSince > from
        ? `Watched only since ${new Date(knownSince).toLocaleString()}: what changed before is not known.`
        : undefined,
  };
  if (view.by === 'findings')
    return (
      <ListPage
        {...common}
        more={{ ...common.more, move: view.move }}
        list="compareFindings"
        columns={FINDINGS}
        keyOf={({ cluster, fingerprint }) => `${cluster.id}.${fingerprint}`}
        onOpen={({ cluster, fingerprint }) => setView({ open: `${cluster.id}.${fingerprint}` })}
        empty={{ title: EMPTY[view.move ?? 'both'], text: 'Choose moments that are further apart.' }}
      />
    );
  return (
    <AsOf at={to}>
      <ListPage
        {...common}
        list="compareObjects"
        lines={2}
        columns={OBJECTS}
        keyOf={({ cluster, resource }) => objectKey(cluster.id, resource)}
        onOpen={({ cluster, resource }) => setView({ open: objectKey(cluster.id, resource) })}
        empty={{
          title: 'Every object is the same at both moments.',
          text: 'Pods that follow their workload are not shown.',
        }}
      />
    </AsOf>
  );
}
