import { TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useView } from '../app/use-view.ts';
import { useHub } from '../data/use-hub.ts';
import { FindingsLink } from '../parts/names.tsx';
import { SeverityMark } from '../parts/severity.tsx';
import { Failure, Loading, Message } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';

/** Every control there is, whether it is on, and what it finds. */
export function Page() {
  const [{ cluster }] = useView();
  const query = cluster === undefined ? {} : { cluster };
  const { data, error, refetch } = useHub('listControls', { query });
  const [filter, setFilter] = useState('');
  if (data === undefined)
    return error === null ? (
      <Loading what="controls" isPage />
    ) : (
      <Failure error={error} retry={() => void refetch()} />
    );
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const items = data.items.filter(({ id, title, aliases }) => {
    const text = [id, title, ...aliases].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return (
    <>
      <div style={{ display: 'flex', gap: 12, padding: '12px 12px 8px', alignItems: 'center' }}>
        <Title order={1}>Controls</Title>
        <span className="quiet number">{items.length}</span>
        <TextInput
          data-query
          size="sm"
          style={{ flex: 1 }}
          aria-label="Filter controls"
          placeholder="Words of the title, ids, ids of other tools"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      </div>
      <div style={{ flex: 1, minHeight: 0 }}>
        {items.length === 0 ? (
          <Message title="No control has all these words." />
        ) : (
          <Table
            label="Controls"
            items={items}
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
                    <FindingsLink q={`control:${id}`}>{findings}</FindingsLink>
                  ),
              },
            ]}
          />
        )}
      </div>
    </>
  );
}
