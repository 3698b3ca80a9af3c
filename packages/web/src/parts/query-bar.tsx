import { HubError } from '@bulwark/api';
import { Combobox, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useHub } from '../data/use-hub.ts';

export type QueryList = 'findings' | 'workloads' | 'resources' | 'namespaces' | 'changes' | 'exceptions';

const EXAMPLES: Readonly<Record<QueryList, string>> = {
  findings: 'severity:>=high namespace:pay* -control:image-*',
  workloads: 'namespace:pay* image:*nginx* owner:none',
  resources: 'namespace:pay* name:*token* age:>90d',
  namespaces: 'name:pay* owner:none',
  exceptions: 'waiting:yes severity:>=high namespace:pay* until:<now+30d',
  changes: 'kind:ClusterRoleBinding actor:*@example.com age:<1d',
};

/** The place where one asks: completes fields and values, says what is wrong and where, and asks on Enter. */
export function QueryBar({
  list,
  value,
  onAsk,
  error,
}: {
  readonly list: QueryList;
  readonly value: string;
  readonly onAsk: (q: string | undefined) => void;
  readonly error?: unknown;
}) {
  const [typed, setTyped] = useState(value);
  const [at, setAt] = useState(value.length);
  const input = useRef<HTMLInputElement>(null);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  useEffect(() => setTyped(value), [value]);
  const [asked] = useDebouncedValue({ q: typed, at }, 80);
  const { data } = useHub('complete', { query: { list, q: asked.q, at: asked.at } });
  const items = data?.items ?? [];
  const choose = (text: string) => {
    if (data === undefined) return;
    const next = asked.q.slice(0, data.from) + text + asked.q.slice(data.to);
    setTyped(next);
    setAt(data.from + text.length);
    requestAnimationFrame(() =>
      input.current?.setSelectionRange(data.from + text.length, data.from + text.length),
    );
    if (!text.endsWith(':')) {
      combobox.closeDropdown();
      onAsk(next);
    }
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose} width="target">
      <Combobox.Target withExpandedAttribute>
        <TextInput
          ref={input}
          data-query
          size="sm"
          aria-label={`Query of ${list}`}
          placeholder={EXAMPLES[list]}
          value={typed}
          error={problemIn(error)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(event.currentTarget.selectionStart ?? event.currentTarget.value.length);
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && combobox.getSelectedOptionIndex() < 0) {
              combobox.closeDropdown();
              onAsk(typed.trim() === '' ? undefined : typed.trim());
            }
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={items.length === 0}>
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }}>
          {items.map(({ text, detail }) => (
            <Combobox.Option key={text} value={text}>
              <span className="mono">{text}</span> <span className="quiet">{detail}</span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function problemIn(error: unknown): string | undefined {
  if (!(error instanceof HubError) || error.problem.code !== 'bad-query') return undefined;
  const [first] = error.problem.errors ?? [];
  if (first === undefined) return error.problem.title;
  const hint = first.nearest === undefined ? '' : ` Did you mean ${first.nearest}?`;
  const place = first.position === undefined ? '' : ` At character ${first.position + 1}.`;
  return `${first.message}${place}${hint}`;
}
