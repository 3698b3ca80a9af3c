import type { ExceptionItem } from '@bulwark/api';
import { Button, Group, Tooltip } from '@mantine/core';
import { useSession } from '../../app/session.tsx';
import type { Act } from './cover.ts';

/** The ways to decide about an exception; each asks before anything is done. */
export function Acts({
  item,
  size = 'compact-xs',
  onAct,
}: {
  readonly item: ExceptionItem;
  readonly size?: 'compact-xs' | 'xs';
  readonly onAct: (item: ExceptionItem, act: Act) => void;
}) {
  const { permissions } = useSession();
  const { approval, state } = item;
  const refusal = approval?.refusal ?? null;
  const canEnd = permissions.includes('triage') && (state === 'active' || state === 'requested');
  const ending = state === 'requested' ? 'refuse' : 'end';
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
            // Disabled for the eye only: the reason has to be within reach of the keyboard.
            aria-disabled={refusal !== null}
            {...(refusal !== null && { 'data-disabled': true, 'aria-label': `Approve: ${refusal}` })}
            onClick={() => refusal === null && onAct(item, 'approve')}
          >
            Approve
          </Button>
        </Tooltip>
      )}
      {canEnd && (
        <Button size={size} variant="default" onClick={() => onAct(item, ending)}>
          {ending === 'refuse' ? 'Refuse' : 'End'}
        </Button>
      )}
    </Group>
  );
}
