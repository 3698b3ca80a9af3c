import type { FindingDetail } from '@bulwark/api';
import { Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import { Diff } from '../../parts/diff.tsx';

/** How to mend a finding: in words, and as a patch where one proves itself. */
export function Remedy({ finding }: { readonly finding: FindingDetail }) {
  const { remediation, fix, fixable, state } = finding;
  return (
    <Stack gap="xs">
      <Text size="sm">{remediation}</Text>
      {fix !== null && <Patch fix={fix} />}
      {fix === null && fixable && state !== 'resolved' && (
        <Text size="sm" className="quiet">
          No patch is offered: with the edit made, the object still has this finding, or gets another one.
        </Text>
      )}
    </Stack>
  );
}

/** A patch that is proven, and how sure one can be of it. */
export function Patch({ fix }: { readonly fix: NonNullable<FindingDetail['fix']> }) {
  return (
    <>
      <Diff patch={fix.patch} label="Patch" />
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <CopyButton value={fix.patch}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy} style={{ flex: 'none' }}>
              {copied ? 'Copied' : 'Copy patch'}
            </Button>
          )}
        </CopyButton>
        <Text size="sm">
          <span className={fix.grade === 'safe' ? 'grade safe' : 'grade'}>
            {fix.grade === 'safe' ? 'Safe' : 'May break'}
          </span>{' '}
          {fix.why}
          <span className="quiet">
            {' '}
            Judged again with the patch: this finding is gone, and no other comes. {fix.judgedWith}
          </span>
        </Text>
      </Group>
    </>
  );
}
