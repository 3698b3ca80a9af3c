import type { Control } from './control.ts';

/** The controls that a name means: the one with this id, else all with this alias, for other tools divide differently. */
export function controlsNamed(name: string, controls: readonly Control[]): readonly Control[] {
  const named = controls.filter((control) => control.id === name);
  if (named.length > 0) return named;
  // `tool:*` is everything that another tool checks too.
  if (name.endsWith(':*')) {
    const prefix = name.slice(0, -1);
    return controls.filter(({ aliases }) => aliases.some((alias) => alias.startsWith(prefix)));
  }
  return controls.filter((control) => control.aliases.includes(name));
}
