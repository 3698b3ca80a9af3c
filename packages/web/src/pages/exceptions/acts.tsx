import type { ExceptionItem } from '@bulwark/api';
import { Button, Group, Tooltip } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useSession } from '../../app/session.tsx';
import { type Act, VERBS } from './cover.ts';

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
  const { approval, ending, state } = item;
  useAgainAt(approval?.from ?? null);
  const isDecider = permissions.includes('triage');
  // One of many in a list; in the panel it is what the panel is for.
  const approving = size === 'xs' ? 'filled' : 'default';
  const end = state === 'requested' ? 'refuse' : 'end';
  return (
    <Group gap={4} wrap="nowrap" onClick={(event) => event.stopPropagation()}>
      {approval !== null && (
        <Decide
          act="approve"
          size={size}
          variant={approving}
          refusal={approval.refusal}
          onAct={() => onAct(item, 'approve')}
        />
      )}
      {ending !== null && isDecider && (
        <Decide act={end} size={size} variant="default" {...ending} onAct={() => onAct(item, end)} />
      )}
    </Group>
  );
}

/** Asks anew when something can be decided that could not before: nothing else tells that only time has passed. */
function useAgainAt(from: string | null): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (from === null) return;
    const timer = setTimeout(
      () => void queries.invalidateQueries(),
      Math.max(0, Date.parse(from) - Date.now()) + 1000,
    );
    return () => clearTimeout(timer);
  }, [from, queries]);
}

/** A decision, or why somebody may not make it. */
function Decide({
  act,
  size,
  variant,
  refusal,
  onAct,
}: {
  readonly act: Act;
  readonly size: 'compact-xs' | 'xs';
  readonly variant: 'filled' | 'default';
  /** Null where they may. */
  readonly refusal: string | null;
  readonly onAct: () => void;
}) {
  return (
    <Tooltip
      label={refusal}
      disabled={refusal === null}
      multiline
      maw={320}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Button
        size={size}
        variant={variant}
        // Disabled for the eye only: the reason has to be within reach of the keyboard.
        aria-disabled={refusal !== null}
        {...(refusal !== null && { 'data-disabled': true, 'aria-label': `${VERBS[act]}: ${refusal}` })}
        onClick={() => refusal === null && onAct()}
      >
        {VERBS[act]}
      </Button>
    </Tooltip>
  );
}
