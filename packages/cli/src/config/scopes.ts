import type { ResourceScope } from '@bulwark/core';

/** A scope as a configuration writes it: singular keys with a text or several. */
export interface WrittenScope {
  readonly namespace?: string | readonly string[] | undefined;
  readonly kind?: string | readonly string[] | undefined;
  readonly name?: string | readonly string[] | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly path?: string | readonly string[] | undefined;
}

/** A text, or several, as a list; undefined stays undefined. */
export function listed(texts: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof texts === 'string' ? [texts] : texts;
}

/** A scope as the engine takes it. */
export function resolveScope({ namespace, kind, name, labels, path }: WrittenScope): ResourceScope {
  const parts = {
    namespaces: listed(namespace),
    kinds: listed(kind),
    names: listed(name),
    labels,
    paths: listed(path),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}
