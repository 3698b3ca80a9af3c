import type { ROUTES, RouteResult } from '@bulwark/api';
import { queryForValues } from '@bulwark/core';
import { Button, CopyButton, Stack, Text, Title } from '@mantine/core';
import { useView } from '../../app/use-view.ts';
import { useHub } from '../../data/use-hub.ts';
import { Moment } from '../../parts/moment.tsx';
import { Notice } from '../../parts/notice.tsx';
import { SidePanel } from '../../parts/side-panel.tsx';
import { Message } from '../../parts/states.tsx';
import { Written } from '../../parts/written.tsx';
import { Weight } from './weight.tsx';

export type CoverageItem = RouteResult<(typeof ROUTES)['listCoverage']>['items'][number];

export function coverageKey({ cluster, code, subject }: CoverageItem): string {
  return `${cluster.id}/${code}/${subject}`;
}

/** The gap that the address says is open: the reason and what helps, in full and to be copied. */
export function GapPanel() {
  const [{ open }, setView] = useView();
  const [, cluster, code, subject] = /^(\d+)\/([^/]+)\/(.+)$/.exec(open ?? '') ?? [];
  if (cluster === undefined || code === undefined || subject === undefined) return null;
  return (
    <Asked gap={{ cluster: Number(cluster), code, subject }} onClose={() => setView({ open: undefined })} />
  );
}

/** Asked for by itself: of many gaps the list has but the first. */
function Asked({
  gap: { cluster, code, subject },
  onClose,
}: {
  readonly gap: { readonly cluster: number; readonly code: string; readonly subject: string };
  readonly onClose: () => void;
}) {
  const found = useHub('listCoverage', {
    query: { cluster, q: queryForValues({ code, subject }) },
  });
  const item = found.data?.items.find((each) => each.code === code && each.subject === subject);
  // What was asked before says nothing of this one.
  const data = item === undefined && found.isPlaceholderData ? undefined : found.data;
  return (
    <SidePanel title={item?.subject ?? 'Gap'} onClose={onClose}>
      <Notice of={{ ...found, data }} what="the gap" />
      {item !== undefined && <Gap item={item} />}
      {item === undefined && data !== undefined && (
        <Message title="It is not there any more.">What was not seen then is seen now.</Message>
      )}
    </SidePanel>
  );
}

function Gap({ item }: { readonly item: CoverageItem }) {
  const { cluster, kind, reason, remedy, since } = item;
  return (
    <Stack gap="md" fz="sm">
      <Text size="sm">
        <Weight kind={kind} /> in {cluster.name}, for <Moment at={since} />
      </Text>
      <section>
        <Title order={3} mb={4}>
          Why
        </Title>
        <Text size="sm">
          <Written>{reason}</Written>
        </Text>
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
  );
}
