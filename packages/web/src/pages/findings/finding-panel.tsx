import type { FindingDetail } from '@bulwark/api';
import { seenText } from '@bulwark/core';
import { Anchor, Badge, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../../app/session.tsx';
import { hub } from '../../data/client.ts';
import { useHub } from '../../data/use-hub.ts';
import { Moment, minuteOf } from '../../parts/moment.tsx';
import { OwnerName, SubjectLink } from '../../parts/names.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Part } from '../../parts/part.tsx';
import { SeverityMark } from '../../parts/severity.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { Written } from '../../parts/written.tsx';
import { Yaml } from '../../parts/yaml.tsx';
import { Refusal } from '../settings/refusal.tsx';
import { Remedy } from './remedy.tsx';
import { Siblings } from './siblings.tsx';
import { Standing } from './standing.tsx';
import { Timeline } from './timeline.tsx';
import { findingKey } from './use-choice.ts';

/** One finding: what, where, why it matters, how to mend it, since when and by whom; now, or as of a moment. */
export function FindingPanel({
  cluster,
  fingerprint,
  asOf,
  fix,
  onClose,
}: {
  readonly cluster: number;
  readonly fingerprint: string;
  readonly asOf: string | undefined;
  /** The finding of which one has just asked how to mend it. */
  readonly fix?: { readonly key: string } | undefined;
  readonly onClose: () => void;
}) {
  const found = useHub('getFinding', {
    params: { cluster, fingerprint },
    query: asOf === undefined ? {} : { asOf },
  });
  const { data, isPlaceholderData } = found;
  return (
    <SidePanel title={data?.title ?? 'Finding'} isBefore={isPlaceholderData} onClose={onClose}>
      <Notice of={found} what="the finding" />
      {data !== undefined && <Detail key={findingKey(data)} finding={data} asOf={asOf} fix={fix} />}
    </SidePanel>
  );
}

function Detail({
  finding,
  asOf,
  fix,
}: {
  readonly finding: FindingDetail;
  readonly asOf: string | undefined;
  readonly fix: { readonly key: string } | undefined;
}) {
  const { resource, cluster, yaml } = finding;
  return (
    <Stack gap="md">
      {asOf !== undefined && (
        <Text size="sm" className="quiet">
          As of {minuteOf(asOf)}
        </Text>
      )}
      <Group gap="sm">
        <SeverityMark severity={finding.severity} withName />
        {finding.state !== 'open' && (
          <Badge variant="outline" color="gray" radius="sm">
            {finding.state}
          </Badge>
        )}
        <Text size="sm" className="quiet">
          first seen <Moment at={finding.firstSeen} /> ago, owned by <OwnerName owner={finding.owner} />,{' '}
          {finding.environment ?? 'environment unknown'}
        </Text>
      </Group>
      <Text>
        <Written>{finding.message}</Written>
      </Text>
      <Text size="sm">
        <SubjectLink
          cluster={cluster}
          resource={resource}
          isWorkload={finding.container !== null}
          search={{ asOf }}
        >
          {cluster.name} / {resource.namespace === '' ? '' : `${resource.namespace} / `}
          {resource.kind} {resource.name}
        </SubjectLink>
      </Text>
      <Standing finding={finding} isOfNow={asOf === undefined} />
      {finding.exception !== null && <Decision title="Accepted" exception={finding.exception} />}
      {finding.requested !== null && (
        <Decision
          title={
            finding.requested.refusedBy === null
              ? 'Somebody asks to accept it'
              : `${finding.requested.refusedBy} has refused to accept it`
          }
          exception={finding.requested}
        />
      )}
      {yaml !== null && (
        <Part title="Evidence">
          <Text size="sm" className="mono" mb={4}>
            {finding.path}
          </Text>
          <Yaml text={yaml.text} line={yaml.line} label={`${resource.kind} ${resource.name} as YAML`} />
        </Part>
      )}
      <Part title="Why it matters">
        <Text size="sm">{finding.rationale}</Text>
      </Part>
      <Part title="How to mend it" asked={fix?.key === findingKey(finding) ? fix : undefined}>
        <Remedy finding={finding} />
      </Part>
      <Part title={`Also affected${finding.siblings === 0 ? '' : ` (${finding.siblings})`}`}>
        {finding.siblings === 0 ? (
          <Text size="sm" className="quiet">
            Nothing else: this is the only open finding of {finding.control}.
          </Text>
        ) : (
          <Siblings finding={finding} asOf={asOf} />
        )}
      </Part>
      <Part title="Time line">
        <Timeline cluster={cluster.id} events={finding.timeline} />
      </Part>
      <Group gap="sm">
        {finding.references.map((reference) => (
          <Anchor key={reference} href={reference} rel="noreferrer noopener" target="_blank" size="sm">
            {referenceName(reference)}
          </Anchor>
        ))}
      </Group>
      {asOf === undefined && <Comments finding={finding} />}
    </Stack>
  );
}

/** Where a reference leads: the host and the end of the path. */
function referenceName(address: string): string {
  const { host, pathname } = new URL(address);
  const end = pathname.split('/').findLast((part) => part !== '');
  return end === undefined ? host : `${host}: ${end}`;
}

function Decision({
  title,
  exception,
}: {
  readonly title: string;
  readonly exception: NonNullable<FindingDetail['exception']>;
}) {
  return (
    <div className="card">
      <Text size="sm" fw={600}>
        {title}: <Written>{exception.reason}</Written>
      </Text>
      <Text size="sm" className="quiet">
        {exception.owner === null ? 'without an owner' : <Written>{exception.owner}</Written>},{' '}
        {exception.until === null ? 'without an end' : `until ${exception.until}`}, from{' '}
        {exception.annotation ?? exception.origin}
        {exception.approvedBy !== null && `, approved by ${exception.approvedBy}`}
      </Text>
      {exception.id !== null && (
        <Anchor
          component={Link}
          to="/exceptions"
          search={{ open: `hub:${exception.id}` } as never}
          size="sm"
          underline="always"
        >
          {exception.annotation === null ? 'Exception' : 'Request'} {exception.id}
        </Anchor>
      )}
    </div>
  );
}

function Comments({ finding }: { readonly finding: FindingDetail }) {
  const { permissions } = useSession();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const send = useMutation({
    meta: { called: `Comment on ${finding.resource.kind} ${finding.resource.name}` },
    mutationFn: () =>
      hub.call('commentFinding', {
        params: { cluster: finding.cluster.id, fingerprint: finding.fingerprint },
        body: { text },
      }),
    onSuccess: () => {
      setText('');
      return queries.invalidateQueries({ queryKey: ['getFinding'] });
    },
  });
  return (
    <Part title="Comments">
      <Stack gap="sm">
        {permissions.includes('triage') && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              send.mutate();
            }}
          >
            <Textarea
              aria-label="Comment"
              placeholder="What others should know"
              autosize
              minRows={2}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Refusal error={send.error} />
            <Button
              mt="xs"
              size="xs"
              type="submit"
              variant="default"
              disabled={seenText(text) === ''}
              loading={send.isPending}
            >
              Comment
            </Button>
          </form>
        )}
      </Stack>
    </Part>
  );
}
