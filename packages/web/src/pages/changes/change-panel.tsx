import { queryForValues } from '@bulwark/core';
import { Anchor, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useHub } from '../../data/use-hub.ts';
import { ActorFacts, PlainName } from '../../parts/actor.tsx';
import { FieldChanges, Verb } from '../../parts/field-changes.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Notice } from '../../parts/notice.tsx';
import { SeverityMark } from '../../parts/severity.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { Written } from '../../parts/written.tsx';
import { Yaml } from '../../parts/yaml.tsx';

/** One change: who, when, which fields, and which findings came and went with it. */
export function ChangePanel({
  cluster,
  id,
  onClose,
}: {
  readonly cluster: number;
  readonly id: number;
  readonly onClose: () => void;
}) {
  const found = useHub('getChange', { params: { cluster, id } });
  const { data, isPlaceholderData } = found;
  const notice = <Notice of={found} what="the change" />;
  if (data === undefined)
    return (
      <SidePanel title="Change" onClose={onClose}>
        {notice}
      </SidePanel>
    );
  const { resource, actor, at, verb, fields, findings } = data;
  const whole = verb === 'created' ? data.after : verb === 'deleted' ? data.before : null;
  return (
    <SidePanel title={`${resource.kind} ${resource.name}`} isBefore={isPlaceholderData} onClose={onClose}>
      {notice}
      <Stack gap="md">
        <Text size="sm">
          <Verb verb={verb} /> <Moment at={at} /> ago in {data.cluster.name}
          {resource.namespace === '' ? '' : ` / ${resource.namespace}`} by <PlainName actor={actor} />
        </Text>
        <ActorFacts actor={actor} />
        {fields.length > 0 && (
          <section>
            <Title order={3} mb={4}>
              Fields
            </Title>
            <FieldChanges fields={fields} />
          </section>
        )}
        {whole !== null && <Yaml text={whole} label={`${resource.kind} ${resource.name} as YAML`} />}
        <section>
          <Title order={3} mb={4}>
            Findings
          </Title>
          {findings.length === 0 && (
            <Text size="sm" className="quiet">
              It opened and resolved none.
            </Text>
          )}
          <ul className="plain">
            {findings.map((found) => (
              <li key={`${found.verb}${found.fingerprint}`}>
                <SeverityMark severity={found.severity} /> {found.verb}{' '}
                <Anchor
                  component={Link}
                  to="/findings"
                  search={
                    {
                      cluster,
                      open: `${cluster}.${found.fingerprint}`,
                      q: queryForValues({ control: found.control }),
                    } as never
                  }
                  size="sm"
                >
                  <Written>{found.message}</Written>
                </Anchor>
              </li>
            ))}
          </ul>
        </section>
      </Stack>
    </SidePanel>
  );
}
