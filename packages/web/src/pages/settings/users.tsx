import { ROLES_OF_PEOPLE } from '@bulwark/api';
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { hub } from '../../data/client.ts';
import { useHub } from '../../data/use-hub.ts';
import { Moment } from '../../parts/moment.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Table } from '../../parts/table.tsx';
import { LimitsCell } from './limits-cell.tsx';
import { NewOne } from './new-one.tsx';
import { Removal } from './removal.tsx';
import { WholeSection } from './section.tsx';
import { UserChange } from './user-change.tsx';

/** Who may sign in. */
export function Users() {
  const found = useHub('listUsers', {});
  const { data } = found;
  const [isNew, setNew] = useState(false);
  const [changing, setChanging] = useState<number>();
  const notice = <Notice of={found} what="users" />;
  if (data === undefined) return notice;
  const changed = data.items.find(({ id }) => id === changing);
  return (
    <WholeSection notice={notice} add={{ label: 'New user', act: () => setNew(true) }}>
      <Table
        label="Users"
        items={data.items}
        keyOf={({ id }) => String(id)}
        columns={[
          { id: 'name', title: 'Name', least: 120, cell: ({ name }) => <span title={name}>{name}</span> },
          { id: 'role', title: 'Role', width: 90, cell: ({ role }) => role },
          {
            id: 'limits',
            title: 'Where',
            least: 140,
            cell: ({ role, limits }) => <LimitsCell role={role} limits={limits} />,
          },
          {
            id: 'seen',
            title: 'Signed in',
            width: 100,
            cell: ({ lastSeen }) => (lastSeen === null ? 'never' : <Moment at={lastSeen} />),
          },
          { id: 'locked', title: 'State', width: 72, cell: ({ isLocked }) => (isLocked ? 'locked' : '') },
          {
            id: 'act',
            title: 'Act',
            width: 160,
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
          roles={ROLES_OF_PEOPLE}
          onClose={() => setNew(false)}
          create={async ({ name, role, limits }) => {
            const { link } = await hub.call('createUser', { body: { name, role, limits } });
            return {
              secret: link,
              hint: 'Give them this link. It works once, for a day.',
              unseen: `The link of ${name} was shown to nobody: Change, New link makes another one.`,
            };
          }}
        />
      )}
    </WholeSection>
  );
}
