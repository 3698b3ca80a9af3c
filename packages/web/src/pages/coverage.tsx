import { Group, Text } from '@mantine/core';
import { useView } from '../app/use-view.ts';
import { useClusters } from '../data/use-clusters.ts';
import { amount } from '../parts/amount.ts';
import { ListPage } from '../parts/list-page.tsx';
import { Moment } from '../parts/moment.tsx';

/** What was not seen or judged, and what would make it seen. */
export function Page() {
  const [{ cluster }] = useView();
  const clusters = useClusters().filter(({ id }) => cluster === undefined || id === cluster);
  return (
    <ListPage
      title="Coverage"
      list="listCoverage"
      isPresentOnly
      above={
        <Group px="md" pb="sm" gap="xl">
          {clusters.map(({ id, name, seen, state, reason, objects }) => (
            <Text key={id} size="sm">
              <strong>{name}</strong> {state}
              {reason === null ? '' : `: ${reason}`}.{' '}
              {seen === null
                ? 'Nothing was seen.'
                : `${seen.percent.toFixed(1)} % seen: ${seen.kindsSeen} of ${seen.kinds} kinds, ${amount(objects, 'object')}, ${amount(seen.lost, 'gap')}.`}
            </Text>
          ))}
        </Group>
      }
      columns={[
        {
          id: 'kind',
          title: 'Kind',
          width: 72,
          cell: ({ kind }) =>
            kind === 'lost' ? (
              <span style={{ color: 'var(--high)', fontWeight: 600 }}>lost</span>
            ) : (
              <span className="quiet">note</span>
            ),
        },
        { id: 'subject', title: 'What', width: 280, cell: ({ subject }) => subject },
        { id: 'reason', title: 'Why', cell: ({ reason }) => <span title={reason}>{reason}</span> },
        {
          id: 'remedy',
          title: 'What helps',
          width: 320,
          cell: ({ remedy }) => (
            <span className="mono" title={remedy ?? ''}>
              {remedy}
            </span>
          ),
        },
        { id: 'since', title: 'Since', width: 72, cell: ({ since }) => <Moment at={since} /> },
      ]}
      keyOf={({ cluster, code, subject }) => `${cluster.id}/${code}/${subject}`}
      empty={{
        title: 'Everything was seen and judged.',
        text: 'Every kind is watched, every object could be read, every control ran.',
      }}
    />
  );
}
