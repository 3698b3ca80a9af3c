import { HubError } from '@bulwark/api';
import { Text } from '@mantine/core';

/** Why the hub did not take what was entered; nothing where it did. */
export function Refusal({ error }: { readonly error: unknown }) {
  if (error === null) return null;
  return (
    <Text size="sm" role="alert" c="var(--high)">
      {error instanceof HubError ? wordsOf(error) : 'The hub does not answer.'}
    </Text>
  );
}

function wordsOf({ problem: { title, detail, errors } }: HubError): string {
  const [first] = errors ?? [];
  if (first !== undefined) return `${first.path.replace(/^body\W/, '')}: ${first.message}`;
  return detail ?? title;
}
