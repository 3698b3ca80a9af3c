import { matchesPattern } from '@bulwark/core';
import { MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useHub } from '../../data/use-hub.ts';
import { amount } from '../../parts/amount.ts';

const MOST_ASKED = 500;
const MOST_OFFERED = 50;

/** Chooses namespaces by name, with completion; a pattern chooses all that fit it now. */
export function NamespaceChoice({
  value,
  onChange,
  onUnclear,
  error,
  clusters,
}: {
  readonly value: readonly string[];
  readonly onChange: (names: string[]) => void;
  /** Told when what was typed is no choice: to go on without it would give more than was meant. */
  readonly onUnclear: (isUnclear: boolean) => void;
  /** What the hub says against what is chosen. */
  readonly error: string | undefined;
  /** Those whose namespaces are offered. */
  readonly clusters: 'all' | readonly number[];
}) {
  const [typed, setTyped] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const refuse = (why: string | undefined) => {
    setWrong(why);
    onUnclear(why !== undefined);
  };
  const text = typed.trim();
  const known = useNamespaces(text, clusters);
  const isPattern = text.includes('*');
  const fitting = known.names.filter((name) => matchesPattern(isPattern ? text : `*${text}*`, name));
  const add = (names: readonly string[]) => {
    onChange([...new Set([...value, ...names])].toSorted());
    setTyped('');
    // Open it would lie on what the choice comes to, and on the button.
    setOpen(false);
  };
  const take = (name: string) => {
    if (!name.includes('*')) add([name]);
    else if (!known.isKnown) refuse(`What fits ${name} is not known yet. Choose it from the list.`);
    else if (!known.isComplete) refuse(`Too many namespaces fit ${name}.`);
    else if (fitting.length === 0) refuse(`No namespace fits ${name}.`);
    else add(fitting);
  };
  const open = fitting.filter((name) => !value.includes(name));
  const isNew = text !== '' && !isPattern && !known.names.includes(text) && !value.includes(text);
  const offered = [
    ...(isPattern && known.isComplete && open.length > 0
      ? [{ value: text, label: `${amount(open.length, 'namespace')} that fit ${text} now` }]
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
      description="None for all. A pattern such as pay* takes those that fit it now; later ones are not among them."
      placeholder={value.length === 0 ? 'all' : ''}
      searchable
      hidePickedOptions
      nothingFoundMessage={known.isKnown ? 'There is no such namespace.' : 'Looking for it.'}
      data={offered}
      // What fits was chosen already, by pattern too.
      filter={({ options }) => options}
      dropdownOpened={isOpen}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      value={[...value]}
      onChange={(names) => {
        const added = names.find((name) => !value.includes(name));
        refuse(undefined);
        if (added === undefined) onChange(names);
        else take(added);
      }}
      searchValue={typed}
      onSearchChange={(next) => {
        setTyped(next);
        if (next !== '') refuse(undefined);
      }}
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
      error={wrong ?? error}
    />
  );
}

/** The names of namespaces that fit what was typed, whether they are known yet, and whether they are all. */
function useNamespaces(text: string, clusters: 'all' | readonly number[]) {
  const [asked] = useDebouncedValue(text, 80);
  const pattern = /^[-a-z0-9*]+$/i.test(asked) ? (asked.includes('*') ? asked : `*${asked}*`) : undefined;
  const { data, isPlaceholderData } = useHub('listNamespaces', {
    query: { limit: MOST_ASKED, ...(pattern !== undefined && { q: `name:${pattern}` }) },
  });
  const items = data?.items ?? [];
  const own = items.filter(({ cluster }) => clusters === 'all' || clusters.includes(cluster.id));
  const isKnown = data !== undefined && !isPlaceholderData && asked === text;
  return {
    isKnown,
    isComplete: isKnown && data.next === null,
    names: [...new Set(own.map(({ name }) => name))].toSorted(),
  };
}
