import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useIsMutating, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useReducer, useRef, useState } from 'react';
import { keyOf, LONGEST_WAIT_MS } from './left.ts';
import { LeftLine, useLeft } from './left-acts.tsx';

interface Around {
  /** What was asked for in the dialog: nothing that is under way, something, or something for long already. */
  readonly standing: 'idle' | 'asked' | 'silent';
  /** Closes the dialog, unless something is under way in it. */
  readonly onClose: () => void;
}

const Around = createContext<Around>({ standing: 'idle', onClose: () => {} });

/**
 * A dialog over the page. Its heading is no banner, as that would be a second one of the page. It stays until what was asked for
 * in it is done or refused, or takes long, as what comes of that is said in it.
 */
export function Dialog({
  isOpen = true,
  onClose: close,
  title,
  about,
  from,
  size = 'md',
  children,
}: {
  readonly isOpen?: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What it is about, where the title does not say: the same is not asked for twice while it is under way. */
  readonly about?: unknown;
  /** From when on what is asked for is of it, where that is not its opening, ms. */
  readonly from?: number;
  readonly size?: string;
  readonly children: ReactNode;
}) {
  const before = useRef(document.activeElement);
  useEffect(
    () => () => {
      // What had the focus may be gone with what was decided; then it goes on from the row where one was.
      const { current } = before;
      const row = document.querySelector<HTMLElement>('tr[data-index][tabindex="0"], button.queue-row');
      if (current instanceof HTMLElement && current !== document.body && current.isConnected) current.focus();
      else row?.focus();
    },
    [],
  );
  const queries = useQueryClient();
  const key = keyOf(title, about);
  const { all: allLeft, leave, hold } = useLeft();
  // As it was when it was opened: who was told that it is under way is told here how it ends.
  const [already] = useState(() => allLeft.find((each) => each.key === key && each.end === undefined)?.id);
  const since = useRef(from ?? Date.now());
  useEffect(() => {
    if (!isOpen) return undefined;
    since.current = from ?? Date.now();
    return hold(since);
  }, [isOpen, from, hold]);
  // As it is now, and not as it was drawn: a key may come before what is under way is shown.
  const underWay = () =>
    queries
      .getMutationCache()
      .findAll({ status: 'pending', predicate: ({ state }) => state.submittedAt >= since.current });
  const standingNow = () => {
    const all = underWay();
    if (all.length === 0) return 'idle';
    const latest = Math.max(...all.map(({ state }) => state.submittedAt));
    return Date.now() - latest < LONGEST_WAIT_MS ? 'asked' : 'silent';
  };
  const leaving = useRef(() => {});
  leaving.current = () => {
    for (const { mutationId } of underWay()) leave({ id: mutationId, what: title, key });
  };
  useEffect(() => () => leaving.current(), []);
  const onClose = () => {
    if (standingNow() !== 'asked') close();
  };
  // It is asked again when something begins or ends, and every second meanwhile.
  const isMutating = useIsMutating() > 0;
  const [, ask] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    if (!isMutating) return;
    const timer = setInterval(ask, 1000);
    return () => clearInterval(timer);
  }, [isMutating]);
  const standing = standingNow();
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    if (!isOpen) return;
    // What had the focus may be gone from the dialog; Escape is then heard on the page.
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [isOpen]);
  return (
    // The page itself never scrolls, and to lock it a style without nonce would be made, which the policy forbids. It fades
    // in, as what moves holds everything in it, and cuts the lists that open there.
    <Modal.Root
      opened={isOpen}
      onClose={onClose}
      size={size}
      lockScroll={false}
      transitionProps={{ transition: 'fade' }}
      // One key closes one thing: what lies below, such as a panel, leaves an Escape alone that is taken here.
      closeOnEscape={false}
      onKeyDown={(event) => {
        const isForList =
          event.target instanceof Element && event.target.matches('[data-mantine-stop-propagation]');
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        if (!isForList) onClose();
      }}
    >
      <Modal.Overlay />
      <Modal.Content>
        <Group p="md" justify="space-between" wrap="nowrap">
          <Modal.Title fw={600}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={standing === 'silent' ? 'Leave' : 'Close'} />
        </Group>
        <Modal.Body
          onSubmitCapture={(event) => {
            // Of two presses the second may come before what the first one asked for is shown.
            if (underWay().length === 0) return;
            event.preventDefault();
            event.stopPropagation();
          }}
        >
          <Around value={{ standing, onClose }}>
            {already === undefined ? children : <AskedAlready id={already} />}
          </Around>
          {standing === 'silent' && (
            <Text size="sm" mt="md" role="status" style={{ color: 'var(--medium)' }}>
              The hub does not answer. Who leaves calls nothing back: how it ends is then said on the page.
            </Text>
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** In place of what would be asked for a second time: that it is under way, and then how it ended. */
function AskedAlready({ id }: { readonly id: number }) {
  const { all } = useLeft();
  const { onClose } = use(Around);
  const [first] = useState(() => all.find((each) => each.id === id));
  const left = all.find((each) => each.id === id) ?? first;
  return (
    <Stack gap="md">
      {left !== undefined && <LeftLine left={left} />}
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={onClose}>
          Close
        </Button>
      </Group>
    </Stack>
  );
}

/** Closes the dialog that it stands in, as Escape does. What was asked for is not called back by it, and it does not say so. */
export function Cancel() {
  const { standing, onClose } = use(Around);
  return (
    <Button variant="default" disabled={standing === 'asked'} onClick={onClose}>
      {standing === 'silent' ? 'Leave' : 'Cancel'}
    </Button>
  );
}
