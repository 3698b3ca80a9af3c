import { Stack } from '@mantine/core';
import { Channels } from './channels.tsx';
import { Deliveries } from './deliveries.tsx';
import { Routes } from './routes.tsx';

/** Who is told what, where, and whether it arrived. */
export function Notifications() {
  return (
    <Stack gap="lg">
      <Channels />
      <Routes />
      <Deliveries />
    </Stack>
  );
}
