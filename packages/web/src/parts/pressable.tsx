import type { ComponentProps, MouseEvent } from 'react';

type PressableProps = ComponentProps<'button'> & { readonly 'data-loading'?: unknown };

/**
 * The element of every button. While what it does goes on it takes no other click, but keeps the focus: the browser takes it
 * away from what is disabled, and whoever has no mouse would start anew at the top of the page.
 */
export function Pressable({ disabled = false, type = 'button', onClick, ...others }: PressableProps) {
  const isBusy = others['data-loading'] !== undefined;
  // Enter in a field of a form is a click on its button, too.
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (isBusy) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      {...others}
      type={type}
      disabled={disabled && !isBusy}
      aria-disabled={isBusy || others['aria-disabled']}
      onClick={click}
    />
  );
}
