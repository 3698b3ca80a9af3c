import { matchesPattern } from '@bulwark/core';
import { MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useHub } from '../../data/use-hub.ts';
import { amount } from '../../parts/amount.ts';

const MOST_ASKED = 500;
const MOST_OFFERED = 50;

/** Chooses namespaces by name, with completion, and patterns, which also take those that come later. */
export function NamespaceChoice({
  value,
  onChange,
  error,
  clusters,
}: {
  readonly value: readonly string[];
  readonly onChange: (names: string[]) => void;
  /** What the hub says against what is chosen. */
  readonly error: string | undefined;
  /** Those whose namespaces are offered. */
  readonly clusters: 'all' | readonly number[];
}) {
  const [typed, setTyped] = useState('');
  const [isOpen, setOpen] = useState(false);
  const text = typed.trim();
  const known = useNamespaces(text, clusters);
  const isPattern = text.includes('*');
  const fitting = known.names.filter((name) => matchesPattern(isPattern ? text : `*${text}*`, name));
  const take = (name: string) => {
    onChange([...new Set([...value, name])].toSorted());
    setTyped('');
    // Open it would lie on what the choice comes to, and on the button.
    setOpen(false);
  };
  const open = fitting.filter((name) => !value.includes(name));
  const isNew = text !== '' && !isPattern && !known.names.includes(text) && !value.includes(text);
  const offered = [
    ...(isPattern && !value.includes(text)
      ? [{ value: text, label: patternText(text, fitting.length, known) }]
      : []),
    ...open.toSorted((a, b) => Number(b === text) - Number(a === text)).slice(0, MOST_OFFERED),
    ...(isNew
      ? [{ value: text, label: known.isComplete ? `${text} (no namespace has that name now)` : text }]
      : []),
    ...value.map((name) => ({ value: name, label: name })),
  ];
  return (
    <MultiSelect
      label="Namespaces"
      description="None for all, also what lies in no namespace. A pattern such as pay* takes all that fit it, those that come later too; * is any namespace."
      placeholder={value.length === 0 ? 'all' : ''}
      searchable
      hidePickedOptions
      nothingFoundMessage={
        known.isUnanswered
          ? 'The hub does not answer.'
          : known.isKnown
            ? 'There is no such namespace.'
            : 'Looking for it.'
      }
      data={offered}
      // What fits was chosen already, by pattern too.
      filter={({ options }) => options}
      dropdownOpened={isOpen}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      value={[...value]}
      onChange={(names) => {
        const added = names.find((name) => !value.includes(name));
        if (added === undefined) onChange(names);
        else take(added);
      }}
      searchValue={typed}
      onSearchChange={setTyped}
      // What was typed and not chosen would be lost, and with it the limit.
      onBlur={() => {
        if (text !== '') take(text);
      }}
      // Enter takes what is offered first; the form is sent only when nothing is typed.
      selectFirstOptionOnChange={known.isKnown}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || text === '') return;
        event.preventDefault();
        if (known.names.includes(text)) take(text);
      }}
      error={error}
    />
  );
}

/** A pattern as it is offered, with what it comes to now. */
function patternText(
  pattern: string,
  fitting: number,
  { isKnown, isComplete }: ReturnType<typeof useNamespaces>,
): string {
  if (!isKnown) return pattern;
  return `${pattern} (${fitting === 0 ? 'no namespace fits' : `${isComplete ? '' : 'more than '}${amount(fitting, 'namespace')}`} now)`;
}

/** The names of namespaces that fit what was typed, whether they are known yet, and whether they are all. */
function useNamespaces(text: string, clusters: 'all' | readonly number[]) {
  const [asked] = useDebouncedValue(text, 80);
  const pattern = /^[-a-z0-9*]+$/i.test(asked) ? (asked.includes('*') ? asked : `*${asked}*`) : undefined;
  const { data, error, isPlaceholderData } = useHub('listNamespaces', {
    query: { limit: MOST_ASKED, ...(pattern !== undefined && { q: `name:${pattern}` }) },
  });
  const items = data?.items ?? [];
  const own = items.filter(({ cluster }) => clusters === 'all' || clusters.includes(cluster.id));
  const isKnown = data !== undefined && !isPlaceholderData && asked === text;
  return {
    isKnown,
    isUnanswered: error !== null,
    isComplete: isKnown && data.next === null,
    names: [...new Set(own.map(({ name }) => name))].toSorted(),
  };
}
