import type { NamespaceItem } from '@bulwark/api';
import { queryForValues } from '@bulwark/core';
import { useView } from '../app/use-view.ts';
import { useHub } from '../data/use-hub.ts';
import { amount } from '../parts/amount.ts';
import { Counts } from '../parts/counts.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { OwnerName } from '../parts/names.tsx';
import { Notice } from '../parts/notice.tsx';
import { SidePanel } from '../parts/side-panel.tsx';
import { Message } from '../parts/states.tsx';
import type { Column } from '../parts/table.tsx';
import { TwoLines } from '../parts/two-lines.tsx';
import { WithPanel } from '../parts/with-panel.tsx';
import { enforcementOf } from './namespaces/enforcement.ts';
import { NamespaceDetail } from './namespaces/namespace-detail.tsx';

const NOT_KNOWN = <span className="quiet">not known</span>;

const COLUMNS: readonly Column<NamespaceItem>[] = [
  {
    id: 'name',
    title: 'Namespace',
    sort: 'name',
    width: 180,
    cell: ({ name }) => <span title={name}>{name}</span>,
  },
  {
    id: 'findings',
    minor: 1.5,
    title: 'Open findings',
    width: 220,
    sort: 'severity',
    cell: ({ findings }) => <Counts counts={findings} />,
  },
  {
    id: 'enforced',
    minor: 1,
    title: 'Enforces',
    width: 90,
    cell: (item) => <Enforced item={item} />,
  },
  { id: 'pod-security', title: 'Pod Security', least: 260, cell: (item) => <PodSecurity item={item} /> },
  {
    id: 'policies',
    minor: 3,
    title: 'Policies',
    width: 80,
    cell: ({ hasPolicies }) => <Policies has={hasPolicies} />,
  },
  {
    id: 'workloads',
    minor: 4,
    title: 'Workloads',
    width: 90,
    isNumber: true,
    cell: ({ workloads }) => workloads ?? NOT_KNOWN,
  },
  { id: 'pods', minor: 5, title: 'Pods', width: 70, isNumber: true, cell: ({ pods }) => pods ?? NOT_KNOWN },
  {
    id: 'environment',
    minor: 3.5,
    title: 'Environment',
    width: 110,
    cell: ({ environment }) => environment ?? <span className="quiet">unknown</span>,
  },
  {
    id: 'owner',
    minor: 2,
    title: 'Owner',
    width: 120,
    sort: 'owner',
    cell: ({ owner }) => <OwnerName owner={owner} />,
  },
];

function Enforced({ item: { enforced, enforcedVersion } }: { readonly item: NamespaceItem }) {
  if (enforced === null) return <span className="quiet">nothing</span>;
  if (enforcedVersion === null) return enforced;
  const version = `of v${enforcedVersion}`;
  return <TwoLines first={enforced} second={version} title={`${enforced} ${version}`} />;
}

function Policies({ has }: { readonly has: NamespaceItem['hasPolicies'] }) {
  if (has === null) return <span className="quiet">not seen</span>;
  return has ? 'yes' : <span style={{ color: 'var(--medium)' }}>none</span>;
}

/** Namespaces, with what the Pod Security level of each does, and what it could enforce today. */
export function Page() {
  const [view, setView] = useView();
  return (
    <WithPanel panel={<Panel />}>
      <ListPage
        title="Namespaces"
        list="listNamespaces"
        lines={2}
        columns={COLUMNS}
        keyOf={keyOf}
        open={view.open}
        onOpen={(item) => setView({ open: keyOf(item) })}
        empty={{ title: 'No namespace was seen.', text: 'Coverage says why.' }}
      />
    </WithPanel>
  );
}

function keyOf({ cluster, name }: NamespaceItem): string {
  return `${cluster.id}/${name}`;
}

/** The namespace that the address says is open. */
function Panel() {
  const [{ open, asOf }, setView] = useView();
  const [, cluster, name] = /^(\d+)\/([-a-z0-9]+)$/.exec(open ?? '') ?? [];
  if (cluster === undefined || name === undefined) return null;
  return (
    <Asked cluster={Number(cluster)} name={name} asOf={asOf} onClose={() => setView({ open: undefined })} />
  );
}

function Asked({
  cluster,
  name,
  asOf,
  onClose,
}: {
  readonly cluster: number;
  readonly name: string;
  readonly asOf: string | undefined;
  readonly onClose: () => void;
}) {
  const found = useHub('listNamespaces', {
    query: { cluster, q: queryForValues({ name }), ...(asOf !== undefined && { asOf }) },
  });
  const item = found.data?.items.find((each) => each.name === name && each.cluster.id === cluster);
  // What was asked before says nothing of this one.
  const data = item === undefined && found.isPlaceholderData ? undefined : found.data;
  return (
    <SidePanel title={name} onClose={onClose}>
      <Notice of={{ ...found, data }} what="the namespace" />
      {item !== undefined && <NamespaceDetail item={item} />}
      {item === undefined && data !== undefined && (
        <Message title="There is no such namespace.">
          {asOf === undefined ? 'It is deleted, or you may not see it.' : 'At that moment it was not there.'}
        </Message>
      )}
    </SidePanel>
  );
}

/** Whether the level refuses what runs, could be stricter, or is as strict as it can be; and because of what. */
function PodSecurity({ item }: { readonly item: NamespaceItem }) {
  const { refused, refusedCount, possible, notKnown, blockedBy, workloads, pods } = item;
  const names = refused.map(({ kind, name }) => `${kind} ${name}`);
  const inTheWay =
    blockedBy.length === 0
      ? ''
      : `in the way of ${possible === 'privileged' ? 'baseline' : 'restricted'}: ${blockedBy.join(', ')}`;
  switch (enforcementOf(item)) {
    case 'refuses':
      return (
        <TwoLines
          first={
            <strong style={{ color: 'var(--high)' }}>would refuse {amount(refusedCount, 'workload')}</strong>
          }
          second={`at the next rollout: ${names.join(', ')}`}
          title={`at the next rollout:\n${names.join('\n')}`}
        />
      );
    case 'chance':
      return (
        <TwoLines
          first={<span style={{ color: 'var(--good)' }}>could enforce {possible} today</span>}
          second={
            inTheWay || (workloads === 0 && pods === 0 ? 'nothing runs in it' : 'everything in it passes')
          }
          title={inTheWay}
        />
      );
    case 'unknown':
      return (
        <TwoLines
          first={<span className="quiet">not known: {notKnown}</span>}
          second={inTheWay}
          title={[`not known: ${notKnown}`, inTheWay].join('\n')}
        />
      );
    case 'fits':
      return <TwoLines first={fitsText(item)} second={inTheWay} title={inTheWay} />;
  }
}

function fitsText({ enforced, enforcedVersion, possible }: NamespaceItem): string {
  if (enforcedVersion !== null && possible === enforced)
    return `${possible} of its cluster's version would pass too`;
  return possible === 'restricted' ? 'as strict as can be' : 'nothing stricter would pass';
}
