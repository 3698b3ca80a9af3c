import { Button, Group, Text } from '@mantine/core';
import { type Mutation, useIsMutating, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { doneWith, type End, ended, keyOf, type Left, LONGEST_WAIT_MS, sentenceOf } from './left.ts';
import { Written } from './written.tsx';

/** How what is asked for is called on the page; by what is asked, where that says more. */
type Called = string | ((asked: never) => string);

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: {
      readonly called?: Called;
      /** Whether nothing is changed by it, so that nobody has to know how it ends. */
      readonly isQuestion?: boolean;
    };
  }
}

/** When a dialog was opened: what is asked for from then on is of it. */
interface Since {
  readonly current: number;
}

interface LeftOnes {
  readonly all: readonly Left[];
  /** Keeps in mind what is under way where its dialog is left. */
  readonly leave: (left: Left) => void;
  readonly forget: (id: number) => void;
  /** Says nothing on the page of what a dialog says itself, until the function that is returned is called. */
  readonly hold: (since: Since) => () => void;
}

const Ones = createContext<LeftOnes>({ all: [], leave: () => {}, forget: () => {}, hold: () => () => {} });

/** What has no answer for long, or was asked for in dialogs that were left before there was one. */
export function useLeft(): LeftOnes {
  return use(Ones);
}

/**
 * Keeps what was left for all that is in it, and what has no answer for long wherever it was asked for, until it has ended and
 * somebody has seen how.
 */
export function LeftActs({ children }: { readonly children: ReactNode }) {
  const mutations = useQueryClient().getMutationCache();
  const [all, setAll] = useState<readonly Left[]>([]);
  useEffect(
    () =>
      mutations.subscribe((event) => {
        if (event.type !== 'updated') return;
        const { mutation } = event;
        const end = endOf(mutation);
        if (end !== undefined) setAll((before) => ended(before, mutation.mutationId, end));
      }),
    [mutations],
  );
  const leave = useCallback(
    (left: Left) =>
      setAll((before) => (before.some(({ id }) => id === left.id) ? before : [...before, left])),
    [],
  );
  const forget = useCallback((id: number) => setAll((before) => before.filter((each) => each.id !== id)), []);
  const dialogs = useRef(new Set<Since>());
  const hold = useCallback((since: Since) => {
    dialogs.current.add(since);
    return () => void dialogs.current.delete(since);
  }, []);
  const isMutating = useIsMutating() > 0;
  useEffect(() => {
    if (!isMutating) return;
    const look = () => {
      for (const mutation of mutations.findAll({ status: 'pending' })) {
        const { mutationId: id, meta, state } = mutation;
        const isOfDialog = [...dialogs.current].some(({ current }) => state.submittedAt >= current);
        const isLong = Date.now() - state.submittedAt >= LONGEST_WAIT_MS;
        if (isOfDialog || !isLong || meta?.isQuestion === true) continue;
        const what = nameOf(mutation);
        leave({ id, what, key: keyOf(what, id) });
      }
    };
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [isMutating, mutations, leave]);
  const ones = useMemo(() => ({ all, leave, forget, hold }), [all, leave, forget, hold]);
  return <Ones value={ones}>{children}</Ones>;
}

function nameOf({ meta, state }: Pick<Mutation, 'meta' | 'state'>): string {
  const { called = 'A change' } = meta ?? {};
  return typeof called === 'string' ? called : called(state.variables as never);
}

function endOf({ state: { status, data, error } }: Mutation<unknown, unknown, unknown>): End | undefined {
  if (status === 'success') return doneWith(data);
  return status === 'error' ? { is: 'failed', error } : undefined;
}

/** What was left or has no answer for long, above the page, wherever one goes. */
export function LeftLines() {
  const { all, forget } = useLeft();
  // It is there before anything is said in it, so that what comes is read out.
  return (
    <div role="status" aria-label="Asked for">
      {all.map((left) => (
        <Group key={left.id} gap="sm" px="md" py="xs" wrap="nowrap">
          <LeftLine left={left} />
          {left.end !== undefined && (
            <Button
              size="compact-sm"
              variant="default"
              style={{ flex: 'none' }}
              onClick={() => forget(left.id)}
            >
              Close
            </Button>
          )}
        </Group>
      ))}
    </div>
  );
}

export function LeftLine({ left }: { readonly left: Left }) {
  return (
    <Text size="sm" style={left.end?.is === 'done' ? undefined : { color: 'var(--medium)' }}>
      <Written>{sentenceOf(left)}</Written>
    </Text>
  );
}
