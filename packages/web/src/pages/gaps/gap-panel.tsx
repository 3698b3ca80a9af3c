import type { ROUTES, RouteResult } from '@bulwark/api';
import { Button, CopyButton, Stack, Text, Title } from '@mantine/core';
import { useView } from '../../app/use-view.ts';
import { useHubList } from '../../data/use-hub.ts';
import { Moment } from '../../parts/moment.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { Failure, Loading, Message } from '../../parts/states.tsx';
import { Weight } from './weight.tsx';

export type CoverageItem = RouteResult<(typeof ROUTES)['listCoverage']>['items'][number];

export function coverageKey({ cluster, code, subject }: CoverageItem): string {
  return `${cluster.id}/${code}/${subject}`;
}

/** The gap that the address says is open: the reason and what helps, in full and to be copied. */
export function GapPanel() {
  const [{ open, cluster }, setView] = useView();
  const { items, result } = useHubList('listCoverage', { ...(cluster !== undefined && { cluster }) });
  if (open === undefined) return null;
  const item = items.find((each) => coverageKey(each) === open);
  const onClose = () => setView({ open: undefined });
  if (item !== undefined) return <Gap item={item} onClose={onClose} />;
  return (
    <SidePanel title="Gap" onClose={onClose}>
      {result.error !== null ? (
        <Failure error={result.error} retry={() => void result.refetch()} />
      ) : result.isPending ? (
        <Loading what="the gap" />
      ) : (
        <Message title="It is not there any more.">What was not seen then is seen now.</Message>
      )}
    </SidePanel>
  );
}

function Gap({ item, onClose }: { readonly item: CoverageItem; readonly onClose: () => void }) {
  const { subject, cluster, kind, reason, remedy, since } = item;
  return (
    <SidePanel title={subject} onClose={onClose}>
      <Stack gap="md" fz="sm">
        <Text size="sm">
          <Weight kind={kind} /> in {cluster.name}, for <Moment at={since} />
        </Text>
        <section>
          <Title order={3} mb={4}>
            Why
          </Title>
          <Text size="sm">{reason}</Text>
        </section>
        <section>
          <Title order={3} mb={4}>
            What helps
          </Title>
          {remedy === null ? (
            <Text size="sm" className="quiet">
              Nothing that is known.
            </Text>
          ) : (
            <Stack gap="xs" align="flex-start">
              <pre className="remedy">{remedy}</pre>
              <CopyButton value={remedy}>
                {({ copied, copy }) => (
                  <Button size="compact-sm" variant="default" onClick={copy}>
                    {copied ? 'Copied' : 'Copy what helps'}
                  </Button>
                )}
              </CopyButton>
            </Stack>
          )}
        </section>
      </Stack>
    </SidePanel>
  );
}
