import { Group, Text } from '@mantine/core';
import { useView } from '../app/use-view.ts';
import { useClusters } from '../data/use-clusters.ts';
import { amount } from '../parts/amount.ts';
import { ListPage } from '../parts/list-page.tsx';
import { AsOf, Moment, minuteOf } from '../parts/moment.tsx';
import { TwoLines } from '../parts/two-lines.tsx';
import { WithPanel } from '../parts/with-panel.tsx';
import { type CoverageItem, coverageKey, GapPanel } from './gaps/gap-panel.tsx';
import { sightWords } from './gaps/sight-words.ts';
import { Weight } from './gaps/weight.tsx';

// What is not seen is told of whole clusters, whichever namespace is looked at elsewhere.
const OF_CLUSTERS = { namespace: undefined };

/** What was not seen or judged, and what would make it seen. */
export function Page() {
  const [{ cluster, open }, setView] = useView();
  const clusters = useClusters().filter(({ id }) => cluster === undefined || id === cluster);
  return (
    <WithPanel
      panel={
        <AsOf at={undefined}>
          <GapPanel />
        </AsOf>
      }
    >
      <ListPage
        title="Coverage"
        list="listCoverage"
        more={OF_CLUSTERS}
        isPresentOnly
        lines={2}
        above={
          <Group px="md" pb="sm" gap="xl">
            {clusters.map((each) => (
              <Text key={each.id} size="sm">
                <strong>{each.name}</strong> {sightWords(each, minuteOf)}
              </Text>
            ))}
          </Group>
        }
        columns={[
          { id: 'kind', title: 'Kind', width: 72, cell: ({ kind }) => <Weight kind={kind} /> },
          {
            id: 'what',
            title: 'What, and why',
            least: 320,
            cell: ({ subject, reason }) => (
              <TwoLines first={subject} second={reason} title={`${subject}: ${reason}`} />
            ),
          },
          { id: 'remedy', title: 'What helps', minor: 1, least: 280, cell: helps },
          { id: 'since', title: 'Since', width: 72, cell: ({ since }) => <Moment at={since} /> },
        ]}
        keyOf={coverageKey}
        open={open}
        onOpen={(item) => setView({ open: coverageKey(item) })}
        empty={{
          title: 'Everything was seen and judged.',
          text: 'Every kind is watched, every object could be read, every control ran.',
        }}
      />
    </WithPanel>
  );
}

/** What helps, where that is one line; more than that is read in the panel. */
function helps({ remedy }: CoverageItem) {
  if (remedy === null) return <span className="quiet">nothing that is known</span>;
  const [first, ...more] = remedy.split('\n');
  return (
    <TwoLines
      first={<span className="mono">{first}</span>}
      second={more.length === 0 ? '' : amount(more.length, 'more line')}
      title={remedy}
    />
  );
}
