import { parseQuery, QUERY_LISTS, type QueryList } from '@bulwark/core';
import { CloseButton, Combobox, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useView } from '../app/use-view.ts';
import { hub } from '../data/client.ts';
import { exampleWithin } from './query-example.ts';
import { stillOffered } from './query-offer.ts';
import { useWidth } from './use-width.ts';

export interface QueryBarProps {
  readonly list: QueryList;
  /** Which page it stands on: what was typed and not asked is of that one. */
  readonly place: string;
  /** The namespace that the list is narrowed to, so that no values of others are offered. */
  readonly namespace: string | undefined;
  /** What is asked. */
  readonly value: string;
  readonly onAsk: (q: string | undefined) => void;
}

/** Goes from the query to the list: to its row, or to where `j` and Tab lead into what comes. */
function toList(of: 'row' | 'page'): void {
  const row = document.querySelector<HTMLElement>('tr[data-index][tabindex="0"], button.queue-row');
  const to = of === 'row' && row !== null ? row : document.querySelector<HTMLElement>('#main');
  to?.focus();
}

/** Where one asks: completes fields and values, and asks on Enter. */
export function QueryBar({ list, place, namespace, value, onAsk }: QueryBarProps) {
  const of = `${place} ${value}`;
  const [draft, setDraft] = useState({ of, text: value, at: value.length });
  const typed = useMemo(
    () => (draft.of === of ? draft : { of, text: value, at: value.length }),
    [draft, of, value],
  );
  const [{ cluster }] = useView();
  const input = useRef<HTMLInputElement>(null);
  const width = useWidth(input);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [asked] = useDebouncedValue(typed, 80);
  const query = {
    list,
    q: asked.text,
    at: asked.at,
    ...(cluster !== undefined && { cluster }),
    ...(namespace !== undefined && { namespace }),
  };
  const { data } = useQuery({
    queryKey: ['complete', query, 'with its text'],
    // What is offered stays until the next answer, as far as it fits what is typed meanwhile.
    queryFn: async () => ({ ...(await hub.call('complete', { query })), text: query.q }),
    placeholderData: keepPreviousData,
  });
  const offered = stillOffered(data, typed);
  const { items } = offered;
  const { updateSelectedOptionIndex } = combobox;
  useEffect(() => {
    // What the arrows chose is at another place by now, or gone.
    if (data !== undefined) updateSelectedOptionIndex('selected');
  }, [data, updateSelectedOptionIndex]);
  const ask = (text: string) => {
    combobox.closeDropdown();
    onAsk(text.trim() === '' ? undefined : text.trim());
  };
  const askAndLeave = (text: string) => {
    ask(text);
    // What is wrong with it is put right here. The rows that are there now go with the next answer.
    if (parseQuery(text, QUERY_LISTS[list]).ok) toList('page');
  };
  // Whoever types goes on typing: what a key chooses completes the query, and Enter asks it. A click on a value is all there is to say.
  const choose = (text: string, isByKey: boolean) => {
    const isValue = !text.endsWith(':');
    const rest = offered.text.slice(offered.to);
    const chosen =
      offered.text.slice(0, offered.from) + text + (isByKey && isValue && rest === '' ? ' ' : '');
    combobox.resetSelectedOption();
    // At once, so that the next key comes behind it.
    flushSync(() => setDraft({ of, text: chosen + rest, at: chosen.length }));
    if (isValue && !isByKey) askAndLeave(chosen + rest);
    else input.current?.setSelectionRange(chosen.length, chosen.length);
  };
  const parsed = parseQuery(value, QUERY_LISTS[list]);
  return (
    <Combobox store={combobox} width="target" position="bottom-start">
      <Combobox.Target withExpandedAttribute>
        <TextInput
          ref={input}
          data-query
          size="xs"
          aria-label={`Query of ${list}`}
          placeholder={exampleWithin(list, width)}
          value={typed.text}
          // What is wrong with it, and where, is said in place of the list.
          error={!parsed.ok}
          spellCheck={false}
          autoComplete="off"
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
          rightSection={
            typed.text === '' ? (
              <span className="kbd" aria-hidden="true">
                /
              </span>
            ) : (
              <CloseButton
                size="sm"
                aria-label="Clear the query"
                onClick={() => {
                  setDraft({ of, text: '', at: 0 });
                  input.current?.focus();
                  ask('');
                }}
              />
            )
          }
          onChange={({ currentTarget: { value: text, selectionStart } }) => {
            setDraft({ of, text, at: selectionStart ?? text.length });
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            const isOffering = combobox.dropdownOpened && items.length > 0;
            const isChosen = isOffering && combobox.getSelectedOptionIndex() >= 0;
            if (event.key === 'Enter' && !isChosen) askAndLeave(typed.text);
            if (event.key === 'Tab' && !event.shiftKey && isChosen) {
              event.preventDefault();
              combobox.clickSelectedOption();
            }
            if (event.key === 'Escape' && !event.nativeEvent.isComposing) {
              // One key closes one thing: a panel stays.
              event.preventDefault();
              // What comes late is not offered any more, and nobody has left the query by it.
              const isAwaited = combobox.dropdownOpened && data?.text !== typed.text;
              if (!isOffering && !isAwaited) toList('row');
            }
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={items.length === 0} className="query-options">
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }}>
          {items.map(({ text, detail }) => (
            <Combobox.Option
              key={text}
              value={text}
              // What a key clicks is clicked no time by the mouse.
              onClick={({ detail: clicks }) => choose(text, clicks === 0)}
            >
              <span className="mono">{text}</span> <span className="quiet">{detail}</span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
