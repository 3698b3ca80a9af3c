import type { BuildRecordItem, Passport, WorkloadBuild } from '@bulwark/api';
import { Anchor, List, Stack, Text } from '@mantine/core';
import { InPods } from './in-pods.tsx';
import { Moment } from './moment.tsx';

const STATES = {
  same: { text: 'What runs is what the build judged.', color: 'var(--good)' },
  changed: { text: 'It has changed since the build judged it.', color: 'var(--medium)' },
  never: { text: 'Never seen in a build.', color: 'var(--medium)' },
} as const;

const ONLY_TEMPLATE = {
  text: 'Its template is what the build judged. Its pods run something else as well.',
  color: 'var(--high)',
};

const SHORT_COMMIT = 12;
const SHORT_DIGEST = 'sha256:'.length + SHORT_COMMIT;

/** Who built a workload, whether the build was judged, and whether that is what runs. */
export function Build({ build }: Pick<Passport, 'build'>) {
  const { state, record, differences, others, images } = build;
  const { text, color } = others.length > 0 && state === 'same' ? ONLY_TEMPLATE : STATES[state];
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600} style={{ color }}>
        {text}
      </Text>
      {others.map(({ container, image, inPods }) => (
        <Text key={`${container} ${image}`} size="sm">
          <strong>{container}</strong> runs <span className="mono breaks">{image}</span>, which no build
          judged here: <InPods inPods={inPods} />
        </Text>
      ))}
      {record === null ? (
        <Text size="sm" className="quiet">
          bulwark scan --record tells of a build.
        </Text>
      ) : (
        <Record record={record} />
      )}
      {differences.length > 0 && <Differences differences={differences} />}
      {images.map(({ digest, record: maker }) => (
        <Text key={digest} size="sm">
          Image <span className="mono">{digest.slice(0, SHORT_DIGEST)}</span>{' '}
          {maker === null ? (
            <span className="quiet">was made by no build that is recorded</span>
          ) : (
            <>
              was made by <Source record={maker} />
              {maker.verdict === 'failed' && (
                <span style={{ color: 'var(--high)', fontWeight: 600 }}>, whose scan failed</span>
              )}
            </>
          )}
        </Text>
      ))}
    </Stack>
  );
}

/** The commit, as a link to the run where there is one. */
function Source({ record }: { readonly record: BuildRecordItem }) {
  const { repository, commit, run } = record;
  const name = `${repository}@${commit.slice(0, SHORT_COMMIT)}`;
  if (run === null) return <span style={{ overflowWrap: 'anywhere' }}>{name}</span>;
  return (
    <Anchor
      href={run}
      target="_blank"
      rel="noreferrer noopener"
      size="sm"
      style={{ overflowWrap: 'anywhere' }}
    >
      {name}
    </Anchor>
  );
}

function Record({ record }: { readonly record: BuildRecordItem }) {
  const { ref, author, at, system } = record;
  return (
    <>
      <Text size="sm">
        Built from <Source record={record} />
        {ref === null ? '' : ` (${ref})`}
        {author === null ? '' : ` by ${author}`}, <Moment at={at} /> ago
        {system === 'other' ? '' : `, ${system}`}
      </Text>
      <Verdict record={record} />
    </>
  );
}

function Verdict({ record: { verdict, findings, failOn, controls } }: { readonly record: BuildRecordItem }) {
  const found = Object.entries(findings)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`);
  return (
    <Text size="sm">
      <span style={{ color: verdict === 'passed' ? 'var(--good)' : 'var(--high)', fontWeight: 600 }}>
        The scan {verdict}
      </span>
      : {found.length === 0 ? 'nothing open' : found.join(', ')} against {controls} controls,{' '}
      {failOn === 'never' ? 'and would pass whatever it found' : `and fails from ${failOn} on`}.
    </Text>
  );
}

function Differences({ differences }: Pick<WorkloadBuild, 'differences'>) {
  return (
    <List size="sm" withPadding aria-label="Changed since the build">
      {differences.map(({ path, change }) => (
        <List.Item key={path}>
          <span className="mono" style={{ overflowWrap: 'anywhere' }}>
            {path}
          </span>{' '}
          <span className="quiet">{change}</span>
        </List.Item>
      ))}
    </List>
  );
}
