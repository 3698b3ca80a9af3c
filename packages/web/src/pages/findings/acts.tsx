import { Button } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import { Refusal } from '../settings/refusal.tsx';
import { Assign } from './assign.tsx';
import { type Chosen, countOf } from './chosen.ts';
import { Defer } from './defer.tsx';
import { LookAgain } from './look-again.tsx';
import { NewException } from './new-exception.tsx';
import { useTriage } from './use-triage.ts';

/** What is decided in a dialog of its own. */
export type Act = 'assign' | 'defer' | 'except';

export interface DecidingProps {
  readonly act: Act;
  readonly chosen: Chosen;
  readonly onClose: () => void;
  readonly onDone: () => void;
  /** Looks again at what the query finds. */
  readonly onAgain: () => void;
}

/** The dialog of what is decided. */
export function Deciding({ act, chosen, onClose, onDone, onAgain }: DecidingProps) {
  const about = { chosen, onClose, onDone, onAgain };
  switch (act) {
    case 'assign':
      return <Assign {...about} />;
    case 'defer':
      return <Defer {...about} />;
    case 'except':
      return <NewException {...about} />;
  }
}

const NOTHING = () => {};

/** What can be decided about what is chosen, from one finding to everything that a query finds. */
export function Acts({
  chosen,
  isLooking = false,
  lookFailed = null,
  onDone = NOTHING,
  onAgain = NOTHING,
}: {
  readonly chosen: Chosen;
  readonly isLooking?: boolean;
  readonly lookFailed?: unknown;
  readonly onDone?: () => void;
  readonly onAgain?: () => void;
}): ReactNode {
  const [act, setAct] = useState<Act>();
  const acknowledging = useRef<HTMLButtonElement>(null);
  const triage = useTriage(chosen);
  const [only] = 'findings' in chosen && countOf(chosen) === 1 ? chosen.findings : [];
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setAct('assign')}>
        Assign
      </Button>
      <Button
        ref={acknowledging}
        size="compact-sm"
        variant="default"
        loading={triage.isPending}
        onClick={() => triage.mutate({ acknowledged: only?.acknowledged !== true }, { onSuccess: onDone })}
      >
        {only?.acknowledged === true ? 'No longer acknowledge' : 'Acknowledge'}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => setAct('defer')}>
        Defer
      </Button>
      {(only === undefined || only.deferredUntil !== null) && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => triage.mutate({ deferredUntil: null }, { onSuccess: onDone })}
        >
          No longer defer
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => setAct('except')}>
        Accept with a reason
      </Button>
      <Refusal error={triage.error ?? lookFailed} />
      {'selection' in chosen && (
        <LookAgain
          act={triage}
          size="compact-sm"
          isLooking={isLooking}
          decided={acknowledging}
          onAgain={onAgain}
        />
      )}
      {act !== undefined && (
        <Deciding
          act={act}
          chosen={chosen}
          onClose={() => setAct(undefined)}
          onDone={onDone}
          onAgain={onAgain}
        />
      )}
    </>
  );
}
