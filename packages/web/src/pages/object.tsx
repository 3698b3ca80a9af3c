import { namespaceOf, queryForValues } from '@bulwark/core';
import { Group, Stack, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useView } from '../app/use-view.ts';
import { useHub } from '../data/use-hub.ts';
import { ChangesOf, FindingsLink, OwnerLink, SubjectLink } from '../parts/names.tsx';
import { Notice } from '../parts/notice.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { SeenInPods } from '../parts/seen-in-pods.tsx';
import { Yaml } from '../parts/yaml.tsx';
import { TimeLine } from './workload/time-line.tsx';

/** Any object that runs no pods: what it says, what is found in it, and what changed of it and by whom. */
export function Page() {
  const params = useParams({ strict: false }) as {
    cluster: string;
    kind: string;
    namespace: string;
    name: string;
  };
  const [{ asOf }] = useView();
  const found = useHub('getResource', {
    params: { ...params, cluster: Number(params.cluster) },
    query: asOf === undefined ? {} : { asOf },
  });
  const { data, isPlaceholderData } = found;
  const notice = <Notice of={found} what="the object" isPage instead={<ChangesOf {...params} />} />;
  if (data === undefined) return notice;
  const { resource, kindInQueries, cluster, owner, seenInPods, yaml, history, decisions } = data;
  const { kind, namespace, name } = resource;
  return (
    <Scroll label="Object" style={{ padding: 16, opacity: isPlaceholderData ? 0.6 : 1 }}>
      {notice}
      <Group mb="md" gap="xl" align="baseline" style={{ rowGap: 4 }}>
        <Title order={1}>
          {namespace === '' ? '' : `${namespace} / `}
          {name}
        </Title>
        <Text className="quiet">
          {kind} in {cluster.name}
        </Text>
        <Text>
          owner <OwnerLink owner={owner} />
        </Text>
        <FindingsLink
          cluster={cluster}
          q={queryForValues({ kind: kindInQueries, name, namespace: namespaceOf(resource) })}
        >
          findings about it
        </FindingsLink>
      </Group>
      <SeenInPods resource={resource} seenInPods={seenInPods}>
        {' '}
        <SubjectLink cluster={cluster} resource={resource} isWorkload className="in-text">
          Its passport
        </SubjectLink>
      </SeenInPods>
      <Stack gap="md" maw={960}>
        <section aria-label="What it says">
          <Title order={2} mb="sm">
            What it says
          </Title>
          <Yaml text={yaml} label={`${kind} ${name} as YAML`} />
        </section>
        <section aria-label="Time line">
          <Title order={2} mb="sm">
            Time line
          </Title>
          <TimeLine passport={{ cluster, resource, kindInQueries, timeline: history, decisions }} />
        </section>
      </Stack>
    </Scroll>
  );
}
