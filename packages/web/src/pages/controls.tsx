import { queryForValues } from '@bulwark/core';
import { Box, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { placeOf, useView } from '../app/use-view.ts';
import { useHub } from '../data/use-hub.ts';
import { ListExport } from '../parts/export-menu.tsx';
import { Heading } from '../parts/heading.tsx';
import { FindingsLink } from '../parts/names.tsx';
import { useUnseen, whyNothing } from '../parts/nothing-seen.tsx';
import { Notice } from '../parts/notice.tsx';
import { SeverityMark } from '../parts/severity.tsx';
import { Message } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { LaterClusters } from '../parts/unknown-moment.tsx';

const RANKS: Readonly<Record<string, number>> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };

interface Standing {
  readonly severity: string;
  readonly isOn: boolean;
  readonly findings: number;
}

/** What finds something comes first, then what runs; the worst first in each. */
function openFirst<T extends Standing>(controls: readonly T[]): readonly T[] {
  const rank = ({ severity, isOn, findings }: T) =>
    (findings > 0 ? 0 : isOn ? 10 : 20) + (RANKS[severity] ?? 0);
  return controls.toSorted((a, b) => rank(a) - rank(b));
}

/** Every control there is, whether it is on, and what it finds. */
export function Page() {
  const [view] = useView();
  const query = { ...placeOf(view), ...(view.q !== undefined && { q: view.q }) };
  const found = useHub('listControls', { query });
  const { data, isPlaceholderData } = found;
  const unseen = useUnseen();
  const notice = <Notice of={found} what="controls" isPage />;
  if (data === undefined) return notice;
  const { items } = data;
  const why = unseen === undefined || unseen === 'asked' ? undefined : whyNothing(unseen);
  return (
    <>
      <Group px="md" pt="md" pb="xs">
        <Heading title="Controls" total={items.length} />
        <div style={{ flex: 1 }} />
        <ListExport list="listControls" query={query} />
      </Group>
      {why !== undefined && (
        <Text size="sm" px="md" pb="xs" style={{ color: 'var(--medium)' }}>
          {why} <Link to="/coverage">Coverage</Link> says why.
        </Text>
      )}
      <LaterClusters />
      <Box px="md">{notice}</Box>
      <div style={{ flex: 1, minHeight: 0, opacity: isPlaceholderData ? 0.6 : 1 }}>
        {items.length === 0 ? (
          <Message title="No control fits the query.">Take away a part of it to see more.</Message>
        ) : (
          <Table
            label="Controls"
            items={openFirst(items)}
            keyOf={({ id }) => id}
            columns={[
              {
                id: 'severity',
                title: 'Sev',
                width: 52,
                cell: ({ severity }) => <SeverityMark severity={severity} />,
              },
              {
                id: 'title',
                title: 'Control',
                least: 400,
                cell: ({ title, rationale }) => <span title={rationale}>{title}</span>,
              },
              {
                id: 'id',
                minor: 2,
                title: 'Id',
                width: 280,
                cell: ({ id }) => <span className="mono">{id}</span>,
              },
              {
                id: 'on',
                title: 'Runs',
                width: 72,
                cell: ({ isOn }) => (isOn ? 'yes' : <span className="quiet">no</span>),
              },
              { id: 'profile', minor: 4, title: 'Profile', width: 80, cell: ({ profile }) => profile },
              {
                id: 'frameworks',
                minor: 3,
                title: 'Frameworks',
                width: 260,
                cell: ({ frameworks }) => frameworks.join(', '),
              },
              {
                id: 'findings',
                title: 'Open',
                width: 80,
                isNumber: true,
                cell: ({ id, findings }) =>
                  findings === 0 ? (
                    <span className="quiet">0</span>
                  ) : (
                    <FindingsLink q={queryForValues({ control: id })}>{findings}</FindingsLink>
                  ),
              },
            ]}
          />
        )}
      </div>
    </>
  );
}
