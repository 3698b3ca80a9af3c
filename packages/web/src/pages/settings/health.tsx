import { Group, Stack, Text } from '@mantine/core';
import { useHub } from '../../data/use-hub.ts';
import { Failure, Loading } from '../../parts/states.tsx';

/** How every part of the hub is. */
export function Health() {
  const { data, error, refetch } = useHub('health', {});
  if (data === undefined)
    return error === null ? (
      <Loading what="health" />
    ) : (
      <Failure error={error} retry={() => void refetch()} />
    );
  return (
    <Stack gap="xs">
      {data.checks.map(({ name, status, detail }) => (
        <Group key={name} gap="md">
          <Text w={220} fw={600}>
            {name}
          </Text>
          <Text w={90} style={{ color: status === 'ok' ? 'var(--good)' : 'var(--high)' }}>
            {status}
          </Text>
          <Text className="quiet">{detail}</Text>
        </Group>
      ))}
    </Stack>
  );
}
