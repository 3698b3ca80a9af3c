import { Button, Group, Text } from '@mantine/core';
import { type Mutation, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import { doneWith, type End, ended, type Left, sentenceOf } from './left.ts';
import { Written } from './written.tsx';

interface LeftOnes {
  readonly all: readonly Left[];
  /** Keeps in mind what is under way where its dialog is left. */
  readonly leave: (left: Left) => void;
  readonly forget: (id: number) => void;
}

const Ones = createContext<LeftOnes>({ all: [], leave: () => {}, forget: () => {} });

/** What was asked for in dialogs that were left before there was an answer. */
export function useLeft(): LeftOnes {
  return use(Ones);
}

/** Keeps what was left for all that is in it, until it has ended and somebody has seen how. */
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
  const leave = useCallback((left: Left) => setAll((before) => [...before, left]), []);
  const forget = useCallback((id: number) => setAll((before) => before.filter((each) => each.id !== id)), []);
  const ones = useMemo(() => ({ all, leave, forget }), [all, leave, forget]);
  return <Ones value={ones}>{children}</Ones>;
}

function endOf({ state: { status, data, error } }: Mutation<unknown, unknown, unknown>): End | undefined {
  if (status === 'success') return doneWith(data);
  return status === 'error' ? { is: 'failed', error } : undefined;
}

/** What was left, above the page, wherever one goes. */
export function LeftLines() {
  const { all, forget } = useLeft();
  // It is there before anything is said in it, so that what comes is read out.
  return (
    <div role="status" aria-label="Asked for and left">
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
