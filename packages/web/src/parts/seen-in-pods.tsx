import type { Passport } from '@bulwark/api';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Says of what is known from its pods alone that it is put together from them; of anything else nothing. */
export function SeenInPods({
  resource: { kind },
  seenInPods,
  children,
}: Pick<Passport, 'seenInPods'> & {
  readonly resource: { readonly kind: string };
  /** What follows. */
  readonly children?: ReactNode;
}) {
  if (seenInPods === null) return null;
  return (
    <Text className="quiet" mb="md" role="note">
      {seenInPods === 'object' ? `No ${kind} of this name is read` : 'It has no pod template that is known'}:
      this is put together from the pods that name it as what controls them.
      {children}
    </Text>
  );
}
