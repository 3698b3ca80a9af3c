import { Button } from '@mantine/core';
import { useState } from 'react';
import { hub } from '../../data/client.ts';
import { useHub } from '../../data/use-hub.ts';
import { Moment } from '../../parts/moment.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { NewOne } from './new-one.tsx';
import { Removal } from './removal.tsx';

/** What programs may ask with. */
export function Tokens() {
  const { data, error, refetch } = useHub('listTokens', {});
  const [isNew, setNew] = useState(false);
  if (data === undefined)
    return error === null ? (
      <Loading what="tokens" />
    ) : (
      <Failure error={error} retry={() => void refetch()} />
    );
  return (
    <>
      <Button size="xs" mb="sm" onClick={() => setNew(true)}>
        New token
      </Button>
      <Table
        label="API tokens"
        items={data.items}
        keyOf={({ id }) => String(id)}
        columns={[
          { id: 'name', title: 'Name', cell: ({ name }) => name },
          { id: 'role', title: 'Role', width: 90, cell: ({ role }) => role },
          { id: 'owner', title: 'Made by', width: 120, cell: ({ owner }) => owner },
          {
            id: 'used',
            title: 'Last used',
            width: 100,
            cell: ({ lastUsed }) => (lastUsed === null ? 'never' : <Moment at={lastUsed} />),
          },
          { id: 'expires', title: 'Ends', width: 120, cell: ({ expires }) => expires.slice(0, 10) },
          {
            id: 'act',
            title: 'Act',
            width: 100,
            cell: ({ id, name }) => (
              <Removal what={`token ${name}`} act={() => hub.call('revokeToken', { params: { id } })} />
            ),
          },
        ]}
      />
      {isNew && (
        <NewOne
          title="New API token"
          withDays
          onClose={() => setNew(false)}
          create={async ({ name, role, days }) => {
            const { secret } = await hub.call('createToken', { body: { name, role, days } });
            return { secret, hint: 'Keep it now: it is shown only once.' };
          }}
        />
      )}
    </>
  );
}
