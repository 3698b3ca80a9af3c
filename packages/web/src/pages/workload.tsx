import type { Passport } from '@bulwark/api';
import { queryForValues } from '@bulwark/core';
import { Group, Stack, Table, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useView } from '../app/use-view.ts';
import { useHub } from '../data/use-hub.ts';
import { Build } from '../parts/build.tsx';
import { Counts } from '../parts/counts.tsx';
import { InPods } from '../parts/in-pods.tsx';
import { ChangesOf, FindingsLink, OwnerLink } from '../parts/names.tsx';
import { Notice } from '../parts/notice.tsx';
import { Path } from '../parts/path.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { SeenInPods } from '../parts/seen-in-pods.tsx';
import { Access } from './workload/access.tsx';
import { TimeLine } from './workload/time-line.tsx';
import { Where } from './workload/where.tsx';

/** The passport of a workload: what it is, where, how, what it can access, whether it complies, whose it is. */
export function Page() {
  const params = useParams({ strict: false }) as {
    cluster: string;
    kind: string;
    namespace: string;
    name: string;
  };
  const [view] = useView();
  const found = useHub('getWorkload', {
    params: { ...params, cluster: Number(params.cluster) },
    query: view.asOf === undefined ? {} : { asOf: view.asOf },
  });
  const { data, isPlaceholderData } = found;
  const notice = <Notice of={found} what="the workload" isPage instead={<ChangesOf {...params} />} />;
  if (data === undefined) return notice;
  return (
    <Scroll label="Passport" style={{ padding: 16, opacity: isPlaceholderData ? 0.6 : 1 }}>
      {notice}
      <Head passport={data} />
      <SeenInPods {...data} />
      <div className="cards">
        <What passport={data} />
        <Card title="Where">
          <Where passport={data} />
        </Card>
        <How passport={data} />
        <Card title="What it can access">
          <Access passport={data} />
        </Card>
        <Comply passport={data} />
        <Card title="Who built it">
          <Build build={data.build} />
        </Card>
        <Card title="Time line">
          <TimeLine passport={data} />
        </Card>
      </div>
    </Scroll>
  );
}

function Head({ passport }: { readonly passport: Passport }) {
  const { resource, owner, environment, criticality, cluster, worst } = passport;
  return (
    <Group mb="md" gap="xl" align="baseline" style={{ rowGap: 4 }}>
      <Title order={1}>
        {resource.namespace === '' ? '' : `${resource.namespace} / `}
        {resource.name}
      </Title>
      <Text className="quiet">
        {resource.kind} in {cluster.name}
      </Text>
      <Text>
        owner <OwnerLink owner={owner} />
      </Text>
      <Text className="quiet">
        environment {environment ?? 'unknown'}, criticality {criticality ?? 'unknown'}
      </Text>
      <Text className="quiet">{worst === null ? 'nothing open' : `worst open: ${worst}`}</Text>
    </Group>
  );
}

function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="card" aria-label={title}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      <Stack gap="xs" fz="sm">
        {children}
      </Stack>
    </section>
  );
}

function Lines({ lines, none }: { readonly lines: readonly string[]; readonly none: string }) {
  if (lines.length === 0)
    return (
      <Text size="sm" className="quiet">
        {none}
      </Text>
    );
  return lines.map((line) => (
    <Text key={line} size="sm">
      {line}
    </Text>
  ));
}

function What({ passport }: { readonly passport: Passport }) {
  const { containers } = passport;
  return (
    <Card title="What">
      {containers.map(({ name, kind, image, digest, inPods, settings }) => (
        <div key={JSON.stringify([kind, name, image, digest, settings])}>
          <Text size="sm">
            <strong>{name}</strong> <span className="quiet">{kind}</span> <InPods inPods={inPods} />
          </Text>
          <Text className="mono" style={{ overflowWrap: 'anywhere' }}>
            {image}
            {digest === null || image.endsWith(digest) || image.includes('@') ? '' : ` ${digest}`}
          </Text>
          {digest !== null && image.includes('@') && !image.endsWith(digest) && (
            <Text size="sm">
              <InPods inPods="its pods report another digest" /> <span className="mono breaks">{digest}</span>
            </Text>
          )}
          <Table withRowBorders={false} verticalSpacing={2} fz="xs">
            <Table.Tbody style={{ verticalAlign: 'top' }}>
              {settings.map((setting) => (
                <Table.Tr key={`${setting.name} ${setting.value}`}>
                  <Table.Td>{setting.name}</Table.Td>
                  <Table.Td>
                    {setting.value} <InPods inPods={setting.inPods} />
                  </Table.Td>
                  <Table.Td className="quiet" style={{ overflowWrap: 'anywhere' }}>
                    <Path path={setting.from} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      ))}
    </Card>
  );
}

function How({ passport }: { readonly passport: Passport }) {
  const { hostAccess, volumes } = passport;
  return (
    <Card title="How">
      <Lines lines={hostAccess} none="It asks for nothing of its node." />
      {volumes.map(({ name, type, detail, inPods }) => (
        <Text key={`${name} ${type} ${detail}`} size="sm">
          Volume {name}: {type} <span className="mono">{detail}</span> <InPods inPods={inPods} />
        </Text>
      ))}
    </Card>
  );
}

function Comply({ passport }: { readonly passport: Passport }) {
  const { findings, pss, cluster, resource, kindInQueries } = passport;
  return (
    <Card title="Compliant or not">
      <Group gap="md">
        <Counts counts={findings} />
        <FindingsLink
          cluster={cluster}
          q={queryForValues({ namespace: resource.namespace, kind: kindInQueries, name: resource.name })}
        >
          show them
        </FindingsLink>
      </Group>
      <Text size="sm">
        Pod Security: would pass {pss.level}
        {pss.blockedBy.length === 0 ? '.' : `; in the way of more: ${pss.blockedBy.join(', ')}.`}
      </Text>
    </Card>
  );
}
