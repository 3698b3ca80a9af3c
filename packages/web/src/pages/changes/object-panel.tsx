import { Anchor, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useHub } from '../../data/use-hub.ts';
import { By } from '../../parts/actor.tsx';
import { Effect, FieldChanges, Verb } from '../../parts/field-changes.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Notice } from '../../parts/notice.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { Yaml } from '../../parts/yaml.tsx';

/** Names an object in an address: cluster, kind with its group, namespace and name. */
export function objectKey(
  cluster: number,
  {
    apiVersion,
    kind,
    namespace,
    name,
  }: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  },
): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.slice(0, apiVersion.indexOf('/'))}` : '';
  return `${cluster}/${kind}${group}/${namespace === '' ? '-' : namespace}/${name}`;
}

/** An object at two moments: its fields, and the changes that lie between. */
export function ObjectPanel({
  object,
  from,
  to,
  onClose,
}: {
  /** As `objectKey` makes it. */
  readonly object: string;
  readonly from: string;
  readonly to: string | undefined;
  readonly onClose: () => void;
}) {
  const [cluster = '', kind = '', namespace = '', ...name] = object.split('/');
  const found = useHub('compareObject', {
    params: { cluster: Number(cluster), kind, namespace, name: name.join('/') },
    query: { from, ...(to !== undefined && { to }) },
  });
  const { data, isPlaceholderData } = found;
  const notice = <Notice of={found} what="the object" />;
  if (data === undefined)
    return (
      <SidePanel title={name.join('/')} onClose={onClose}>
        {notice}
      </SidePanel>
    );
  const { resource, fields, before, after, changes } = data;
  const whole = before === null ? after : after === null ? before : null;
  return (
    <SidePanel title={`${resource.kind} ${resource.name}`} isBefore={isPlaceholderData} onClose={onClose}>
      {notice}
      <Stack gap="md">
        <Text size="sm">
          {whole === null && fields.length === 0 ? (
            'The same at both moments'
          ) : (
            <Verb verb={before === null ? 'created' : after === null ? 'deleted' : 'changed'} />
          )}{' '}
          in {data.cluster.name}
          {resource.namespace === '' ? '' : ` / ${resource.namespace}`}
        </Text>
        {fields.length > 0 && <FieldChanges fields={fields} />}
        {whole !== null && <Yaml text={whole} label={`${resource.kind} ${resource.name} as YAML`} />}
        <section>
          <Title order={3} mb={4}>
            Changes between
          </Title>
          <ul className="plain">
            {changes.map(({ id, at, verb, actor, opened, resolved }) => (
              <li key={id}>
                <Moment at={at} /> ago <Verb verb={verb} />
                <By actor={actor} /> <Effect opened={opened} resolved={resolved} />{' '}
                <Anchor
                  component={Link}
                  to="/changes"
                  search={{ cluster: Number(cluster), open: `${cluster}/${id}` } as never}
                  size="sm"
                  underline="always"
                >
                  show
                </Anchor>
              </li>
            ))}
          </ul>
        </section>
      </Stack>
    </SidePanel>
  );
}
