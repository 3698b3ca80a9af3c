import type { ExceptionItem } from '@bulwark/api';
import { Button, Group, Tooltip } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useSession } from '../../app/session.tsx';
import { hub } from '../../data/client.ts';

/** Approves, refuses or ends an exception; what went wrong is told to whoever shows it. */
export function Acts({
  item,
  size = 'compact-xs',
  onError,
}: {
  readonly item: ExceptionItem;
  readonly size?: 'compact-xs' | 'xs';
  readonly onError: (error: Error | null) => void;
}) {
  const { permissions } = useSession();
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: async (what: 'approve' | 'end') => {
      onError(null);
      const params = { id: item.id ?? 0 };
      await (what === 'approve'
        ? hub.call('approveException', { params })
        : hub.call('revokeException', { params }));
    },
    onError,
    onSettled: () => queries.invalidateQueries(),
  });
  const { approval, state } = item;
  const refusal = approval?.refusal ?? null;
  const canEnd = permissions.includes('triage') && (state === 'active' || state === 'requested');
  return (
    <Group gap={4} wrap="nowrap" onClick={(event) => event.stopPropagation()}>
      {approval !== null && (
        <Tooltip
          label={refusal}
          disabled={refusal === null}
          multiline
          maw={320}
          events={{ hover: true, focus: true, touch: true }}
        >
          <Button
            size={size}
            // One of many in a list; in the panel it is what the panel is for.
            variant={size === 'xs' ? 'filled' : 'default'}
            loading={act.isPending && act.variables === 'approve'}
            // Disabled for the eye only: the reason has to be within reach of the keyboard.
            aria-disabled={refusal !== null}
            data-disabled={refusal !== null || undefined}
            aria-label={refusal === null ? undefined : `Approve: ${refusal}`}
            onClick={() => refusal === null && act.mutate('approve')}
          >
            Approve
          </Button>
        </Tooltip>
      )}
      {canEnd && (
        <Button
          size={size}
          variant="default"
          loading={act.isPending && act.variables === 'end'}
          onClick={() => act.mutate('end')}
        >
          {state === 'requested' ? 'Refuse' : 'End'}
        </Button>
      )}
    </Group>
  );
}
