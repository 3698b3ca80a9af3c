import { useEffect, useRef } from 'react';

const TAKES_TEXT = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"]';

/**
 * Listens to single keys, by the character that they write: where on the keyboard / and ? are, and whether they need
 * Shift, is different from layout to layout. Fields that take text keep their keys, and an open dialog keeps them all.
 */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const now = useRef(actions);
  now.current = actions;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = now.current[event.key];
      if (action === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
      if (event.target instanceof Element && event.target.closest(TAKES_TEXT) !== null) return;
      if (document.querySelector('[role=dialog]') !== null) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
