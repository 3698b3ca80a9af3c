import { useEffect } from 'react';

/** What one goes to with Tab, but for fields, where keys of the page would be written, and the head of a table: its rows go on. */
const NEXT = 'a[href], button:not(:disabled), [tabindex="0"]';
/** What holds the focus itself where nothing in it does. */
const HOLDER = '[tabindex], dialog, [role=dialog]';
/** Rows have ways of their own: a list goes on where one was, and those that scroll out of sight are not gone. */
const ROW = 'tr, .queue-row';

/**
 * Sees to it that the focus is not lost with what had it, such as a button that goes once it was used: it goes on to what comes next
 * there, else to what it was in. On another page it goes to that page.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let held: { readonly element: HTMLElement; readonly path: string } | undefined;
    const hold = ({ target }: FocusEvent) => {
      held = target instanceof HTMLElement ? { element: target, path: location.pathname } : undefined;
    };
    // Whoever clicks on nothing leaves what had the focus.
    const leave = () => {
      if (document.activeElement === document.body) held = undefined;
    };
    const watch = new MutationObserver((records) => {
      if (held === undefined || held.element.isConnected) return;
      const { element, path } = held;
      held = undefined;
      if (document.activeElement !== document.body || element.matches(ROW)) return;
      const gone = records.find(({ removedNodes }) =>
        [...removedNodes].some((node) => node.contains(element)),
      );
      const heir = gone === undefined || path !== location.pathname ? undefined : heirOf(gone);
      (heir ?? document.querySelector<HTMLElement>('#main'))?.focus({ preventScroll: true });
    });
    watch.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', hold);
    document.addEventListener('click', leave);
    return () => {
      watch.disconnect();
      document.removeEventListener('focusin', hold);
      document.removeEventListener('click', leave);
    };
  }, []);
}

/** Where one goes on from what was taken out of the page. */
function heirOf({ target, previousSibling, nextSibling }: MutationRecord): HTMLElement | undefined {
  const parent = target instanceof Element && target.isConnected ? target : undefined;
  const holder = parent?.closest<HTMLElement>(HOLDER);
  if (parent === undefined || holder == null) return undefined;
  const next = [...holder.querySelectorAll<HTMLElement>(NEXT)].find(
    (each) => isAfter(each, { parent, previousSibling, nextSibling }) && isReached(each),
  );
  return next ?? holder;
}

/** Whether something stands after what was between two nodes; they may be gone by then themselves. */
function isAfter(
  each: Element,
  {
    parent,
    previousSibling,
    nextSibling,
  }: { parent: Element } & Pick<MutationRecord, 'previousSibling' | 'nextSibling'>,
): boolean {
  const { DOCUMENT_POSITION_FOLLOWING: following } = Node;
  if (nextSibling?.isConnected === true)
    return nextSibling.contains(each) || (nextSibling.compareDocumentPosition(each) & following) !== 0;
  const before = previousSibling?.isConnected === true ? previousSibling : undefined;
  if (before === undefined) return (parent.compareDocumentPosition(each) & following) !== 0;
  return !before.contains(each) && (before.compareDocumentPosition(each) & following) !== 0;
}

function isReached(each: HTMLElement): boolean {
  return (
    each.tabIndex >= 0 &&
    each.closest('thead, [aria-hidden=true], [inert]') === null &&
    each.checkVisibility()
  );
}
