import type { ExceptionItem } from '@bulwark/api';
import { Anchor, Group, SegmentedControl, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { placeOf, useView } from '../app/use-view.ts';
import { useHub } from '../data/use-hub.ts';
import { ListPage } from '../parts/list-page.tsx';
import { AsOf } from '../parts/moment.tsx';
import { WithPanel } from '../parts/with-panel.tsx';
import { columnsOf } from './exceptions/columns.tsx';
import type { Act } from './exceptions/cover.ts';
import { Decision } from './exceptions/decision.tsx';
import { ExceptionPanel } from './exceptions/exception-panel.tsx';

/** The query behind the second tab. */
const WAITING = 'waiting:yes';

/** Decisions to accept findings, and what annotations ask for, with what each covers and what an audit says of it. */
export function Page() {
  const [{ q, open, cluster, namespace }, setView] = useView();
  const [deciding, setDeciding] = useState<{ readonly item: ExceptionItem; readonly act: Act }>();
  const onAct = useCallback((item: ExceptionItem, act: Act) => setDeciding({ item, act }), []);
  const columns = useMemo(() => columnsOf(onAct), [onAct]);
  const waiting = useHub('listExceptions', {
    query: { limit: 1, ...placeOf({ ...(cluster && { cluster }), ...(namespace && { namespace }) }) },
  }).data?.waiting;
  const onClose = () => setView({ open: undefined });
  return (
    <WithPanel
      panel={
        open === undefined ? null : (
          <AsOf at={undefined}>
            <ExceptionPanel open={open} onClose={onClose} onAct={onAct} />
          </AsOf>
        )
      }
    >
      {deciding !== undefined && <Decision {...deciding} onClose={() => setDeciding(undefined)} />}
      <ListPage
        title="Exceptions"
        list="listExceptions"
        isPresentOnly
        lines={2}
        columns={columns}
        keyOf={({ source }) => source}
        open={open}
        onOpen={({ source }) => setView({ open: source })}
        above={
          <Group px="md" pb="xs" gap="md" wrap="nowrap">
            <SegmentedControl
              style={{ flex: 'none' }}
              size="xs"
              aria-label="Which exceptions"
              value={q === WAITING ? 'waiting' : 'all'}
              onChange={(value) => setView({ q: value === 'all' ? undefined : WAITING, open: undefined })}
              data={[
                { value: 'all', label: 'All' },
                {
                  value: 'waiting',
                  label: `Waiting for approval${waiting === undefined ? '' : ` (${waiting})`}`,
                },
              ]}
            />
            <Text size="sm" className="quiet">
              Made in the hub, or asked for by annotations. What needed no asking stands with the{' '}
              <Anchor
                component={Link}
                to="/findings"
                search={{ q: 'state:excepted', asOf: undefined } as never}
                size="sm"
                underline="always"
              >
                accepted findings
              </Anchor>
              .
            </Text>
          </Group>
        }
        emptyFor={{
          [WAITING]: {
            title: 'Nothing waits for approval.',
            text: 'What a second person has to approve comes here when somebody, or an annotation, asks to accept it.',
          },
        }}
        empty={{
          title: 'No exception was made here, and no annotation asks for one.',
          text: 'Choose findings with x and accept them with a reason, or annotate an object with bulwark.dev/except.CONTROL.',
        }}
      />
    </WithPanel>
  );
}
