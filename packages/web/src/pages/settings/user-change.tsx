import type { UserItem } from '@bulwark/api';
import { Button, Group, Select, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSession } from '../../app/session.tsx';
import { hub } from '../../data/client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ROLES } from './new-one.tsx';
import { Refusal } from './refusal.tsx';
import { ShownOnce } from './shown-once.tsx';

/** Changes the role of a user, ends a lock-out, or makes a new link, which takes the password away. */
export function UserChange({ user, onClose }: { readonly user: UserItem; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const { user: own } = useSession();
  const [role, setRole] = useState(user.role);
  const params = { id: user.id };
  const refresh = () => queries.invalidateQueries();
  const change = useMutation({
    mutationFn: (body: { readonly role?: UserItem['role']; readonly isLocked?: false }) =>
      hub.call('updateUser', { params, body }),
    onSuccess: refresh,
  });
  const link = useMutation({ mutationFn: () => hub.call('linkUser', { params }), onSuccess: refresh });
  const save = async () => {
    await change.mutateAsync({ role });
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={`User ${user.name}`}>
      <Stack>
        <Select
          label="Role"
          data={[...ROLES]}
          value={role}
          allowDeselect={false}
          onChange={(value) => setRole((value ?? user.role) as UserItem['role'])}
        />
        {link.data !== undefined && (
          <ShownOnce
            hint="Give them this link. It works once, for a day; their password and sessions have ended."
            secret={link.data.link}
          />
        )}
        <Refusal error={change.error ?? link.error} />
        <Group>
          <Button onClick={() => void save().catch(() => undefined)} loading={change.isPending}>
            Save
          </Button>
          {user.isLocked && (
            <Button variant="default" onClick={() => change.mutate({ isLocked: false })}>
              Unlock
            </Button>
          )}
          {/* One's own would end the session in which it is shown. */}
          {user.name !== own && (
            <Button variant="default" onClick={() => link.mutate()} loading={link.isPending}>
              New link
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}
