import { HubError } from '@bulwark/api';
import { Text } from '@mantine/core';
import { pathOf, wordsOf } from '../../parts/refusal-words.ts';
import { Written } from '../../parts/written.tsx';

/** Why the hub did not take what was entered; nothing where it did, or where a field says it already. */
export function Refusal({ error, at = [] }: { readonly error: unknown; readonly at?: readonly string[] }) {
  if (error === null || at.some((field) => refusalAt(error, field) !== undefined)) return null;
  return (
    <Text size="sm" role="alert" c="var(--high)">
      <Written>{error instanceof HubError ? wordsOf(error) : 'The hub does not answer.'}</Written>
    </Text>
  );
}

/** What the hub says against one field of what was entered. */
export function refusalAt(error: unknown, field: string): string | undefined {
  if (!(error instanceof HubError)) return undefined;
  const found = (error.problem.errors ?? []).find(({ path }) => {
    const own = pathOf(path);
    return own === field || own.startsWith(`${field}.`);
  });
  return found?.message;
}
