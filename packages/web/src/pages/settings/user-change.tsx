import { ROLES_OF_PEOPLE, type ROUTES, type RouteRequest, type UserItem } from '@bulwark/api';
import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSession } from '../../app/session.tsx';
import { hub } from '../../data/client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { LIMIT_FIELDS, LimitFields, useLimits } from './limit-fields.tsx';
import type { Role } from './limits.ts';
import { Refusal, refusalAt } from './refusal.tsx';
import { ShownOnce } from './shown-once.tsx';

type Change = RouteRequest<typeof ROUTES.updateUser>['body'];

/** Changes the role and the limits of a user, ends a lock-out, or makes a new link, which takes the password away. */
export function UserChange({ user, onClose }: { readonly user: UserItem; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const { user: own } = useSession();
  const [role, setRole] = useState(user.role);
  const { limits, isReady, given, isChanged } = useLimits(user.limits);
  const isOwn = user.name === own;
  const params = { id: user.id };
  const refresh = () => queries.invalidateQueries();
  const change = useMutation({
    mutationFn: (body: Change) => hub.call('updateUser', { params, body }),
    onSuccess: refresh,
  });
  const link = useMutation({
    mutationFn: async () => ({
      ...(await hub.call('linkUser', { params })),
      unseen: `The new link of ${user.name} was shown to nobody, and their password has ended: make another link.`,
    }),
    onSuccess: refresh,
  });
  const ofPeople = ROLES_OF_PEOPLE.find((each) => each === role);
  // One that is for tokens, from before, can stay, and cannot be given.
  const offered = new Set<Role>([...ROLES_OF_PEOPLE, user.role]);
  const save = () =>
    change.mutate(
      { ...(ofPeople !== undefined && { role: ofPeople }), ...(isChanged && { limits: given }) },
      { onSuccess: onClose },
    );
  return (
    <Dialog onClose={onClose} title={`User ${user.name}`}>
      <Stack>
        {isOwn ? (
          <Text size="sm">Your own role and limits are for another administrator to change.</Text>
        ) : (
          <>
            <Select
              label="Role"
              data={[...offered]}
              value={role}
              allowDeselect={false}
              error={refusalAt(change.error, 'role')}
              onChange={(value) => setRole((value ?? user.role) as Role)}
            />
            <LimitFields role={role} limits={limits} error={change.error} />
            <Text size="sm" className="quiet">
              Tokens of theirs that may do more end.
            </Text>
          </>
        )}
        {link.data !== undefined && (
          <ShownOnce
            hint="Give them this link. It works once, for a day; their password and sessions have ended."
            secret={link.data.link}
          />
        )}
        <Refusal error={change.error ?? link.error} at={['role', ...LIMIT_FIELDS]} />
        <Group>
          {!isOwn && (
            <Button onClick={save} loading={change.isPending} disabled={!isReady}>
              Save
            </Button>
          )}
          {user.isLocked && (
            <Button variant="default" onClick={() => change.mutate({ isLocked: false })}>
              Unlock
            </Button>
          )}
          {/* One's own would end the session in which it is shown. */}
          {!isOwn && (
            <Button variant="default" onClick={() => link.mutate()} loading={link.isPending}>
              New link
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}
