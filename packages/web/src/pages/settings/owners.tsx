import { Code, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useHub } from '../../data/use-hub.ts';
import { Notice } from '../../parts/notice.tsx';
import { Table } from '../../parts/table.tsx';

const KEYS = [
  ['ownerKeys', 'Owner'],
  ['contactKeys', 'Contact'],
  ['environmentKeys', 'Environment'],
  ['criticalityKeys', 'Criticality'],
] as const;

/** How the hub knows whose an object is. */
export function Owners() {
  const found = useHub('getOwnership', {});
  const { data } = found;
  const notice = <Notice of={found} what="owners" />;
  if (data === undefined) return notice;
  return (
    <Stack style={{ height: '100%' }} gap="md">
      {notice}
      <Text size="sm">
        Labels and annotations of the object, of its pods and of its namespace say whose it is, the first that
        is there. Lines of the owners file, which the settings of the hub name, win over them.{' '}
        <Link to="/teams" className="in-text">
          Teams
        </Link>{' '}
        has what is whose, and what is nobody's.
      </Text>
      <Stack gap={4}>
        {KEYS.map(([key, title]) => (
          <Group key={key} gap="xs">
            <Text size="sm" fw={600} w={90}>
              {title}
            </Text>
            {data[key].map((each) => (
              <Code key={each}>{each}</Code>
            ))}
          </Group>
        ))}
      </Stack>
      <div style={{ flex: 1, minHeight: 0 }}>
        {data.rules.length === 0 ? (
          <Text size="sm">No owners file is named, or it has no lines.</Text>
        ) : (
          <Table
            label="Lines of the owners file"
            items={data.rules}
            keyOf={({ source }) => source}
            columns={[
              {
                id: 'source',
                title: 'Line',
                least: 140,
                cell: ({ source }) => <span title={source}>{source}</span>,
              },
              {
                id: 'scope',
                title: 'What',
                least: 140,
                cell: ({ scope }) => <span className="mono">{scope}</span>,
              },
              { id: 'owner', title: 'Owner', least: 120, cell: ({ owner }) => owner },
              { id: 'contacts', title: 'Contact', least: 160, cell: ({ contacts }) => contacts.join(', ') },
            ]}
          />
        )}
      </div>
    </Stack>
  );
}
