import { Button, Group, Modal } from '@mantine/core';
import { useIsMutating, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useReducer, useRef } from 'react';

interface Around {
  /** Whether something that was asked for in the dialog is under way, and not for long already. */
  readonly isUnderWay: () => boolean;
  /** Closes the dialog, unless something is under way in it. */
  readonly onClose: () => void;
}

const Around = createContext<Around>({ isUnderWay: () => false, onClose: () => {} });

/** A hub that says nothing for so long keeps nobody in a dialog. */
const LONGEST_STAY_MS = 10_000;

/**
 * A dialog over the page. Its heading is no banner, as that would be a second one of the page. It stays until what was asked for
 * in it is done or refused, or takes long, as what comes of that is said in it.
 */
export function Dialog({
  isOpen = true,
  onClose: close,
  title,
  size = 'md',
  children,
}: {
  readonly isOpen?: boolean;
  readonly onClose: () => void;
  readonly title: string;
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
  const since = useRef(Date.now());
  useEffect(() => {
    if (isOpen) since.current = Date.now();
  }, [isOpen]);
  // As it is now, and not as it was drawn: a key may come before what is under way is shown.
  const isUnderWay = () => {
    const first = Math.max(since.current, Date.now() - LONGEST_STAY_MS);
    return queries.isMutating({ predicate: ({ state }) => state.submittedAt >= first }) > 0;
  };
  const onClose = () => {
    if (!isUnderWay()) close();
  };
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
          <Modal.CloseButton aria-label="Close" />
        </Group>
        <Modal.Body>
          <Around value={{ isUnderWay, onClose }}>{children}</Around>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Closes the dialog that it stands in, as Escape does. */
export function Cancel() {
  const { isUnderWay, onClose } = use(Around);
  // It is asked again when something begins or ends, and every second meanwhile.
  useIsMutating();
  const [, ask] = useReducer((times: number) => times + 1, 0);
  const isBusy = isUnderWay();
  useEffect(() => {
    if (!isBusy) return;
    const timer = setInterval(ask, 1000);
    return () => clearInterval(timer);
  }, [isBusy]);
  return (
    <Button variant="default" disabled={isBusy} onClick={onClose}>
      Cancel
    </Button>
  );
}
