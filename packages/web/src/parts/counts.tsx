import { SEVERITIES, type Severity } from '@bulwark/core';
import { Group } from '@mantine/core';
import { SeverityMark } from './severity.tsx';

/** How many of each severity there are; those that are not there are left out. */
export function Counts({ counts }: { readonly counts: Readonly<Record<Severity, number>> }) {
  const shown = SEVERITIES.filter((severity) => counts[severity] > 0);
  if (shown.length === 0) return <span className="quiet">none</span>;
  return (
    <Group gap="sm" wrap="nowrap" className="number">
      {shown.map((severity) => (
        <span key={severity} style={{ display: 'inline-flex', gap: 2, alignItems: 'center' }}>
          <SeverityMark severity={severity} />
          {counts[severity]}
        </span>
      ))}
    </Group>
  );
}
