import type { QueueItem } from '@bulwark/api';
import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { placeOf, useView } from '../../app/use-view.ts';
import { useHub } from '../../data/use-hub.ts';
import { amount } from '../../parts/amount.ts';
import { ObjectName, OwnerName, SubjectLink } from '../../parts/names.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Part } from '../../parts/part.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { Written } from '../../parts/written.tsx';
import { Refusal } from '../settings/refusal.tsx';
import { Sentence } from '../workload/linked.tsx';
import { Mending } from './mending.tsx';
import { QueryLink } from './query-link.tsx';
import { type Findable, isFindable, isTakeable } from './takeable.ts';
import { type Taking, whoIsOn } from './taking.ts';
import type { QueueActs } from './use-queue-keys.tsx';

/** One thing to do: where its rank comes from, and the first of its findings. */
export function QueuePanel({
  item,
  taking,
  acts,
  onClose,
}: {
  readonly item: QueueItem;
  readonly taking: Taking;
  readonly acts: QueueActs;
  readonly onClose: () => void;
}) {
  return (
    <SidePanel title={item.title} onClose={onClose}>
      <Stack gap="md">
        <Text>
          <Written>{item.reason}</Written> {item.reach}
        </Text>
        {isFindable(item) ? (
          <OnIt item={item} taking={taking} acts={acts} />
        ) : (
          <Text size="sm" role="status">
            No query finds these findings alone, as it would be too long: they can be neither listed nor
            decided about here. Ask for less, with a shorter query.
          </Text>
        )}
        {item.riskiest !== null && <Riskiest of={item.riskiest} />}
        <section aria-label="Reasons of the rank">
          <Table withRowBorders={false} verticalSpacing={2} fz="sm">
            <Table.Tbody>
              {item.lines.map(({ label, points }) => (
                <Table.Tr key={label}>
                  <Table.Td className="number" w={56} ta="right">
                    {points > 0 ? `+${points}` : points}
                  </Table.Td>
                  <Table.Td>{label}</Table.Td>
                </Table.Tr>
              ))}
              <Table.Tr style={{ borderTop: '1px solid var(--line)' }}>
                <Table.Td className="number" ta="right" fw={600}>
                  {item.points}
                </Table.Td>
                <Table.Td fw={600}>points</Table.Td>
              </Table.Tr>
            </Table.Tbody>
          </Table>
          {item.unknown.length > 0 && (
            <Text size="sm" c="dimmed" mt={4}>
              {item.unknown.join(' ')} That counts in neither direction.
            </Text>
          )}
        </section>
        <Part title="How to mend it" asked={acts.fix?.id === item.id ? acts.fix : undefined}>
          <Mending item={item} />
        </Part>
        {item.causes.length > 0 && <Causes of={item.causes} />}
        {item.told.length > 0 && <Told of={item.told} />}
        {isFindable(item) && <Found item={item} />}
      </Stack>
    </SidePanel>
  );
}

/** The first of its findings, and the way to all of them. */
function Found({ item }: { readonly item: Findable }) {
  const [view] = useView();
  const findings = useHub('listFindings', {
    query: { ...placeOf(view), q: item.query, limit: 20 },
  });
  return (
    <>
      <section aria-label="Findings">
        <Notice of={findings} what="findings" />
        {findings.data?.items.map((finding) => (
          <div
            key={`${finding.cluster.id}${finding.fingerprint}`}
            style={{ padding: '6px 0', borderBottom: '1px solid var(--line)', fontSize: 13 }}
          >
            <Link
              to="/findings"
              search={{ q: item.query, open: `${finding.cluster.id}.${finding.fingerprint}` } as never}
            >
              {finding.resource.namespace === '' ? '' : `${finding.resource.namespace} / `}
              <ObjectName resource={finding.resource} />
            </Link>
            <div>
              <Written>{finding.message}</Written>
            </div>
            <div className="quiet">
              owned by <OwnerName owner={finding.owner} />
            </div>
          </div>
        ))}
      </section>
      <Button component={Link} to="/findings" search={{ q: item.query } as never} variant="default">
        {item.findings === 1 ? 'Its one finding' : `All ${amount(item.findings, 'finding')}`}
        {item.elsewhere > 0 && `, and ${item.elsewhere.toLocaleString('en')} that other rows tell`}
      </Button>
    </>
  );
}

/** Who is on it, and how to take it or give it back. */
function OnIt({
  item,
  taking,
  acts,
}: {
  readonly item: Findable;
  readonly taking: Taking;
  readonly acts: QueueActs;
}) {
  const names = whoIsOn(item, taking.user);
  const isOwn = item.assignees.includes(taking.user);
  return (
    <Group gap="sm">
      <Text size="sm">{names.length === 0 ? 'Nobody is on it.' : `On it: ${names.join(', ')}.`}</Text>
      {taking.isAllowed && (
        <>
          {isTakeable(item, taking.user) ? (
            <Button
              size="compact-sm"
              variant="default"
              loading={taking.isPending}
              onClick={() => taking.toggle(item)}
            >
              {isOwn ? 'Give it back' : names.length === 0 ? 'Take it' : 'Take what nobody has'}
            </Button>
          ) : (
            <Text size="sm" role="status">
              The query is too long for a part of it to be taken: ask for less.
            </Text>
          )}
          <Button
            size="compact-sm"
            variant="default"
            loading={acts.isLooking}
            onClick={() => acts.accept(item)}
          >
            Accept with a reason
          </Button>
        </>
      )}
      <Refusal error={taking.error ?? acts.error} />
    </Group>
  );
}

/** What else is found in the objects that cause it, and has no row of its own. */
function Causes({ of }: { readonly of: QueueItem['causes'] }) {
  return (
    <section aria-label="Resolved with it">
      <Text size="sm" fw={600}>
        Resolved by the same change:
      </Text>
      <ul style={{ margin: '4px 0 0', paddingLeft: 18, fontSize: 13 }}>
        {of.map(({ control, title, findings, assignees, objects, query }) => (
          <li key={control}>
            <QueryLink q={query}>{title}</QueryLink>{' '}
            <span className="quiet">
              {amount(findings, 'finding')} in {objects.join(', ')}
              {assignees.length === 0 ? '' : `, with ${assignees.join(', ')} on it`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What findings of other controls say less about the same places, and so have no row of their own. */
function Told({ of }: { readonly of: QueueItem['told'] }) {
  return (
    <section aria-label="Told with it">
      <Text size="sm" fw={600}>
        Says more than these about the same places:
      </Text>
      <ul style={{ margin: '4px 0 0', paddingLeft: 18, fontSize: 13 }}>
        {of.map(({ control, title, findings, assignees, query }) => (
          <li key={control}>
            <QueryLink q={query}>{title}</QueryLink>{' '}
            <span className="quiet">
              {amount(findings, 'finding')}
              {assignees.length === 0 ? '' : `, with ${assignees.join(', ')} on it`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The worst place where it is, why it is that, and the objects that decide it. */
function Riskiest({ of }: { readonly of: NonNullable<QueueItem['riskiest']> }) {
  const { kind, group, namespace, name } = of.resource;
  const place = { cluster: { id: of.cluster }, namespace };
  const apiVersion = group === '' ? 'v1' : `${group}/v1`;
  return (
    <section aria-label="Where it matters most">
      <Text size="sm" fw={600}>
        Where it matters most:{' '}
        <SubjectLink
          cluster={place.cluster}
          resource={{ kind, namespace, name, apiVersion }}
          isWorkload
          className="in-text"
        >
          {of.name}
        </SubjectLink>
      </Text>
      <ul style={{ margin: '4px 0 0', paddingLeft: 18, fontSize: 13 }}>
        {of.reasons.map(({ text, objects }) => (
          <li key={text}>
            <Sentence text={text} place={place} />
            {objects.length > 0 && (
              <span className="quiet">
                {' ('}
                <Sentence text={objects.join(', ')} place={place} />)
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
