import type { FindingDetail } from '@bulwark/api';
import { Group, Text } from '@mantine/core';
import { useSession } from '../../app/session.tsx';
import { Written } from '../../parts/written.tsx';
import { Acts } from './acts.tsx';

/** Who works on a finding, what was decided about it, and what can be; nobody decides about the past. */
export function Standing({
  finding,
  isOfNow,
}: {
  readonly finding: FindingDetail;
  readonly isOfNow: boolean;
}) {
  const { permissions } = useSession();
  const standing = standingOf(finding);
  return (
    <>
      {permissions.includes('triage') && isOfNow && finding.state === 'open' && (
        <Group gap="xs" role="toolbar" aria-label="What to do with it">
          <Acts chosen={{ findings: [finding] }} />
        </Group>
      )}
      {standing.length > 0 && (
        <Text size="sm">
          <Written>{standing.join(' ')}</Written>
        </Text>
      )}
    </>
  );
}

function standingOf({ assignee, acknowledged, deferredUntil }: FindingDetail): readonly string[] {
  return [
    ...(assignee === null ? [] : [`${assignee} is on it.`]),
    ...(acknowledged ? ['Acknowledged.'] : []),
    ...(deferredUntil === null ? [] : [`Deferred until ${new Date(deferredUntil).toLocaleDateString()}.`]),
  ];
}
