import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { hub } from '../../data/client.ts';
import { useHub } from '../../data/use-hub.ts';
import { Moment } from '../../parts/moment.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { NewOne } from './new-one.tsx';
import { Removal } from './removal.tsx';
import { UserChange } from './user-change.tsx';

/** Who may sign in. */
export function Users() {
  const { data, error, refetch } = useHub('listUsers', {});
  const [isNew, setNew] = useState(false);
  const [changing, setChanging] = useState<number>();
  if (data === undefined)
    return error === null ? <Loading what="users" /> : <Failure error={error} retry={() => void refetch()} />;
  const changed = data.items.find(({ id }) => id === changing);
  return (
    <>
      <Button size="xs" mb="sm" onClick={() => setNew(true)}>
        New user
      </Button>
      <Table
        label="Users"
        items={data.items}
        keyOf={({ id }) => String(id)}
        columns={[
          { id: 'name', title: 'Name', cell: ({ name }) => name },
          { id: 'role', title: 'Role', width: 90, cell: ({ role }) => role },
          {
            id: 'seen',
            title: 'Last seen',
            width: 100,
            cell: ({ lastSeen }) => (lastSeen === null ? 'never' : <Moment at={lastSeen} />),
          },
          { id: 'locked', title: 'State', width: 90, cell: ({ isLocked }) => (isLocked ? 'locked' : '') },
          {
            id: 'act',
            title: 'Act',
            width: 180,
            cell: ({ id, name }) => (
              <Group gap="xs" wrap="nowrap">
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => setChanging(id)}
                  aria-label={`Change user ${name}`}
                >
                  Change
                </Button>
                <Removal what={`user ${name}`} act={() => hub.call('deleteUser', { params: { id } })} />
              </Group>
            ),
          },
        ]}
      />
      {changed !== undefined && <UserChange user={changed} onClose={() => setChanging(undefined)} />}
      {isNew && (
        <NewOne
          title="New user"
          onClose={() => setNew(false)}
          create={async ({ name, role }) => {
            const { link } = await hub.call('createUser', { body: { name, role } });
            return { secret: link, hint: 'Give them this link. It works once, for a day.' };
          }}
        />
      )}
    </>
  );
}
