import { Group, Stack, Text } from '@mantine/core';
import { useHub } from '../../data/use-hub.ts';
import { Notice } from '../../parts/notice.tsx';

/** How every part of the hub is. */
export function Health() {
  const found = useHub('health', {});
  const { data } = found;
  const notice = <Notice of={found} what="health" />;
  if (data === undefined) return notice;
  return (
    <Stack gap="xs">
      {notice}
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
