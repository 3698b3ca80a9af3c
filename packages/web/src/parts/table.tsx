import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useKeys } from '../app/use-keys.ts';

export interface Column<T> {
  readonly id: string;
  readonly title: string;
  readonly cell: (item: T) => ReactNode;
  /** CSS width; what has none shares what is left. */
  readonly width?: number;
  readonly isNumber?: boolean;
  /** Name of the field to sort by, where the hub can. */
  readonly sort?: string;
}

export interface TableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly onOpen?: (item: T) => void;
  readonly chosen?: ReadonlySet<string>;
  readonly onChoose?: (item: T) => void;
  readonly open?: string | undefined;
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string) => void;
  readonly onEnd?: (() => void) | undefined;
}

const ROW = 32;

/** A long table: only the rows in view exist. j and k move, Enter opens, x chooses. */
export function Table<T>(props: TableProps<T>) {
  const { label, columns, items, keyOf, onEnd } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const [focus, setFocus] = useState(0);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (items.length > 0 && last >= items.length - 20) onEnd?.();
  }, [last, items.length, onEnd]);

  const move = (to: number) => {
    const index = Math.max(0, Math.min(items.length - 1, to));
    setFocus(index);
    rows.scrollToIndex(index);
    requestAnimationFrame(() =>
      scroll.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus(),
    );
  };
  // From anywhere on the page into the table, to where one was.
  useKeys({ j: () => move(focus), k: () => move(focus) });
  const onKey = (event: KeyboardEvent, item: T, index: number) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = KEYS[event.key];
    if (action === undefined) return;
    event.preventDefault();
    if (action === 'open') props.onOpen?.(item);
    else if (action === 'choose') props.onChoose?.(item);
    else move(index + action);
  };
  const before = shown[0]?.start ?? 0;
  const after = rows.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    <div ref={scroll} className="scroll" style={{ height: '100%' }}>
      <table className="table" aria-label={label} aria-rowcount={items.length}>
        <Head {...props} />
        <tbody>
          {before > 0 && <Space height={before} columns={columns.length} />}
          {shown.map(({ index }) => {
            const item = items[index];
            if (item === undefined) return null;
            const key = keyOf(item);
            return (
              <tr
                key={key}
                data-index={index}
                data-chosen={props.chosen?.has(key) ?? false}
                aria-selected={props.open === key}
                tabIndex={index === focus ? 0 : -1}
                style={{ cursor: props.onOpen ? 'pointer' : undefined }}
                onFocus={() => setFocus(index)}
                onClick={() => props.onOpen?.(item)}
                onKeyDown={(event) => onKey(event, item, index)}
              >
                {columns.map((column) => (
                  <td
                    key={column.id}
                    className={column.isNumber === true ? 'number clip' : 'clip'}
                    style={{ textAlign: column.isNumber === true ? 'right' : undefined }}
                  >
                    {column.cell(item)}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && <Space height={after} columns={columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

const KEYS: Readonly<Record<string, number | 'open' | 'choose'>> = {
  j: 1,
  k: -1,
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 20,
  PageUp: -20,
  Enter: 'open',
  x: 'choose',
};

function Space({ height, columns }: { readonly height: number; readonly columns: number }) {
  return (
    <tr>
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

function Head<T>({ columns, sort, onSort }: TableProps<T>) {
  return (
    <thead>
      <tr>
        {columns.map(({ id, title, width, isNumber, sort: field }) => {
          const direction =
            sort === field ? 'ascending' : sort === `-${field ?? ''}` ? 'descending' : undefined;
          return (
            <th
              key={id}
              scope="col"
              style={{ width, textAlign: isNumber === true ? 'right' : undefined }}
              {...(field !== undefined && direction !== undefined && { 'aria-sort': direction })}
            >
              {field === undefined || onSort === undefined ? (
                title
              ) : (
                <button
                  type="button"
                  className="sort"
                  onClick={() => onSort(direction === 'descending' ? field : `-${field}`)}
                >
                  {title} {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : ''}
                </button>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
