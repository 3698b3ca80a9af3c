import type { NodeItem } from '@bulwark/api';
import { queryForValues, supportSourcesOf } from '@bulwark/core';
import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSession } from '../../app/session.tsx';
import { useView } from '../../app/use-view.ts';
import { useHub } from '../../data/use-hub.ts';
import { amount } from '../../parts/amount.ts';
import { Counts } from '../../parts/counts.tsx';
import { FindingsLink, workloadAddress } from '../../parts/names.tsx';
import { Notice } from '../../parts/notice.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { Message } from '../../parts/states.tsx';
import { End, Skew } from './standing.tsx';

/** Most workloads that are listed here; the others are behind a link. */
const MOST_SHOWN = 50;

/** Said to who may see some namespaces only. */
export const NOT_SHOWN = {
  title: 'Nodes are not shown to you.',
  text: 'They belong to the whole cluster, and you are limited to some namespaces. An administrator can change that.',
};

/** Names a node in an address. */
export function nodeKey({ cluster, name }: NodeItem): string {
  return `${cluster.id}/${name}`;
}

/** The node that the address says is open: its versions and their ends, and what runs on it. */
export function NodePanel() {
  const [{ open, asOf }, setView] = useView();
  const [, cluster, name] = /^(\d+)\/([^/]+)$/.exec(open ?? '') ?? [];
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
  const found = useHub('listNodes', {
    query: { cluster, q: queryForValues({ name }), ...(asOf !== undefined && { asOf }) },
  });
  const node = found.data?.items.find((each) => each.name === name && each.cluster.id === cluster);
  // What was asked before says nothing of this one.
  const data = node === undefined && found.isPlaceholderData ? undefined : found.data;
  return (
    <SidePanel title={name} onClose={onClose}>
      <Notice of={{ ...found, data }} what="the node" />
      {node !== undefined && (
        <Stack gap="md" fz="sm">
          <What node={node} />
          <Versions node={node} />
          <Workloads node={node} asOf={asOf} />
        </Stack>
      )}
      {node === undefined && data !== undefined && <NoNode />}
    </SidePanel>
  );
}

function NoNode() {
  const { limits } = useSession();
  if (limits.namespaces !== 'all') return <Message title={NOT_SHOWN.title}>{NOT_SHOWN.text}</Message>;
  return <Message title="There is no such node." />;
}

function What({ node }: { readonly node: NodeItem }) {
  const { cluster, name, kindInQueries: kind, roles, architecture, addresses, taints, problems } = node;
  return (
    <>
      <Text size="sm">
        A node of {cluster.name}, {roles.join(', ') || 'worker'}, {architecture}, at {addresses.join(', ')}.{' '}
        {taints.length === 0 ? 'It has no taints.' : `Taints: ${taints.join(', ')}.`}
      </Text>
      <Group gap="md">
        <FindingsLink cluster={cluster} q={queryForValues({ kind, name, namespace: '' })}>
          findings about it
        </FindingsLink>
        <Anchor
          component={Link}
          to="/changes"
          search={{ cluster: cluster.id, namespace: undefined, q: queryForValues({ kind, name }) } as never}
          size="sm"
        >
          changes of it
        </Anchor>
      </Group>
      {problems.map((problem) => (
        <Text key={problem} size="sm" style={{ color: 'var(--high)' }}>
          {problem}
        </Text>
      ))}
    </>
  );
}

/** Each version with its last day of support, and who says so. */
function Versions({ node }: { readonly node: NodeItem }) {
  const { kubelet, runtime, os, kernel, endOfLife, runtimeEndOfLife, osEndOfLife, problems, skew } = node;
  const sources = supportSourcesOf(node);
  const rows = [
    { what: 'Kubelet', version: kubelet, end: endOfLife, source: sources.kubernetes },
    { what: 'Runtime', version: runtime, end: runtimeEndOfLife, source: sources.runtime },
    { what: 'System', version: os, end: osEndOfLife, source: sources.os },
  ];
  return (
    <section>
      <Title order={3} mb={4}>
        Versions
      </Title>
      <ul className="sentences">
        {rows.map(({ what, version, end, source }) => (
          <li key={what}>
            {what} <strong>{version}</strong>, supported until <End on={end} problems={problems} />
            {source !== undefined && (
              <>
                {', says '}
                <Anchor
                  href={source.url}
                  rel="noreferrer noopener"
                  target="_blank"
                  size="sm"
                  underline="always"
                >
                  {new URL(source.url).host}
                </Anchor>{' '}
                <span className="quiet">(read {source.seen})</span>
              </>
            )}
          </li>
        ))}
        <li>
          Kernel <strong>{kernel}</strong>
        </li>
        <li>
          Versions that the kubelet is behind the API server: <Skew by={skew} />
        </li>
      </ul>
    </section>
  );
}

/** What has pods on it, the worst first, with what is open about each. */
function Workloads({ node, asOf }: { readonly node: NodeItem; readonly asOf: string | undefined }) {
  const q = queryForValues({ node: node.name });
  const found = useHub('listWorkloads', {
    query: {
      cluster: node.cluster.id,
      q,
      sort: '-severity',
      limit: MOST_SHOWN,
      ...(asOf !== undefined && { asOf }),
    },
  });
  const { data } = found;
  return (
    <section>
      <Title order={3} mb={4}>
        {node.pods === null ? 'How many pods are on it is not known' : `${amount(node.pods, 'pod')} on it`}
      </Title>
      <Notice of={found} what="what runs on it" />
      <ul className="sentences">
        {data?.items.map(({ cluster, resource, findings }) => (
          <li key={`${resource.kind}/${resource.namespace}/${resource.name}`}>
            <Link to="/workloads/$cluster/$kind/$namespace/$name" params={workloadAddress(cluster, resource)}>
              {resource.namespace} / {resource.name}
            </Link>{' '}
            <span className="quiet">{resource.kind}</span> <Counts counts={findings} />
          </li>
        ))}
      </ul>
      {data !== undefined && (
        <Anchor
          component={Link}
          to="/workloads"
          search={{ cluster: node.cluster.id, namespace: undefined, q } as never}
          size="sm"
        >
          {data.next === null ? 'As a list' : 'All of them'}
        </Anchor>
      )}
    </section>
  );
}
