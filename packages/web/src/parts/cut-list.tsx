import { Button, Group, Text } from '@mantine/core';

/** Said above a list of which a later page did not come: its end is not the end of what there is. */
export function CutList({
  result: { isFetchNextPageError, isFetchingNextPage, fetchNextPage },
}: {
  readonly result: {
    readonly isFetchNextPageError: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
}) {
  if (!isFetchNextPageError) return null;
  return (
    <Group px="md" pb="xs" gap="sm" role="alert">
      <Text size="sm" style={{ color: 'var(--medium)' }}>
        The rest of the list did not come.
      </Text>
      <Button
        size="compact-sm"
        variant="default"
        loading={isFetchingNextPage}
        onClick={() => void fetchNextPage()}
      >
        Try again
      </Button>
    </Group>
  );
}
