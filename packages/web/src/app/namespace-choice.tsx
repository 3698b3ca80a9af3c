import { queryForValues } from '@bulwark/core';
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useHub } from '../data/use-hub.ts';
import { usePage } from './use-page.ts';
import { useView } from './use-view.ts';

/** What stands for all of them: the name of no namespace, as it is no DNS label. */
const ALL = '*';
const ALL_OF_THEM = 'All namespaces';

/** Which namespace is looked at; all of them where none is chosen. */
export function NamespaceChoice() {
  const [{ cluster, namespace }, setView] = useView();
  const isOfClusters = usePage()?.isOfClusters ?? false;
  const isOfObject = useParams({ strict: false, select: (params) => 'cluster' in params });
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const { names, isKnown, isUnanswered } = useNamespaces(
    typed === (namespace ?? ALL_OF_THEM) ? '' : typed,
    cluster,
  );
  const choose = (name: string | undefined) =>
    // The page of one object is of one namespace: with another it makes no sense.
    isOfObject
      ? void navigate({ to: '/workloads', search: { namespace: name } as never })
      : setView({ namespace: name, open: undefined });
  return (
    <Select
      size="xs"
      w={150}
      aria-label="Namespace"
      searchable
      allowDeselect={false}
      // Enter takes the first of those that fit, as soon as these are known.
      selectFirstOptionOnChange={isKnown}
      disabled={isOfClusters}
      title={isOfClusters ? 'What is shown here belongs to no namespace.' : undefined}
      nothingFoundMessage={
        isUnanswered
          ? 'The hub does not answer.'
          : isKnown
            ? 'There is no such namespace.'
            : 'Looking for it.'
      }
      data={[
        { value: ALL, label: ALL_OF_THEM },
        ...new Set([...(namespace === undefined ? [] : [namespace]), ...names]),
      ]}
      filter={({ options, search }) =>
        options.filter((each) => 'value' in each && each.label.toLowerCase().startsWith(search.toLowerCase()))
      }
      value={namespace ?? ALL}
      searchValue={typed}
      onSearchChange={setTyped}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(name) => choose(name === ALL || name === null ? undefined : name)}
    />
  );
}

interface Namespaces {
  readonly names: readonly string[];
  /** Whether they are of what is typed now. */
  readonly isKnown: boolean;
  /** Whether they were asked for in vain. */
  readonly isUnanswered: boolean;
}

/** The names of namespaces that begin with what was typed: the first of them. */
function useNamespaces(typed: string, cluster: number | undefined): Namespaces {
  const wanted = typed.trim().toLowerCase();
  const [asked] = useDebouncedValue(wanted, 80);
  const prefix = /^[-a-z0-9.]*$/.test(asked) ? asked : '';
  const q = prefix === '' ? 'namespace:' : queryForValues({ namespace: prefix });
  const { data, error, isPlaceholderData } = useHub('complete', {
    query: { list: 'findings', q, ...(cluster !== undefined && { cluster }) },
  });
  return {
    // One that is called none is written in quotes.
    names: (data?.items ?? []).flatMap(({ text, label }) => (text === 'none' ? [] : [label])),
    isUnanswered: error !== null,
    isKnown: data !== undefined && !isPlaceholderData && asked === wanted,
  };
}
