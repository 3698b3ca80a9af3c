import type { HubError } from '@bulwark/api';

/** Why the hub refused, in its own words: what is wrong with the first field that it names, or all of it. */
export function wordsOf({ problem: { title, detail, errors } }: HubError): string {
  const [first] = errors ?? [];
  if (first !== undefined) return `${pathOf(first.path)}: ${first.message}`;
  return detail ?? title;
}

/** Where in what was sent a field is. */
export function pathOf(path: string): string {
  return path.replace(/^body\W/, '');
}
