import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useKeys } from '../app/use-keys.ts';
import { focusPanel } from './side-panel.tsx';
import { useWidth } from './use-width.ts';
import { asWritten } from './written.tsx';

export interface Column<T> {
  readonly id: string;
  readonly title: string;
  readonly cell: (item: T) => ReactNode;
  /** CSS width; what has none shares what is left. */
  readonly width?: number;
  /** What a column without a width needs to be read, px; others go before it has less. */
  readonly least?: number;
  readonly isNumber?: boolean;
  /** Name of the field to sort by, where the hub can. */
  readonly sort?: string;
  /** Left out where there is not room for all; the highest goes first. What has none stays. */
  readonly minor?: number;
}

export interface TableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly onOpen?: (item: T) => void;
  readonly chosen?: ReadonlySet<string>;
  readonly onChoose?: (item: T) => void;
  /** Chooses everything, or nothing where everything is chosen. */
  readonly onChooseAll?: () => void;
  readonly isAllChosen?: boolean;
  readonly open?: string | undefined;
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string) => void;
  readonly onEnd?: (() => void) | undefined;
  /** Lines of each row; 1 where it is not said. */
  readonly lines?: 1 | 2 | 5;
}

/** Heights of rows by their lines, px; the style sheet has the same. */
const HEIGHTS = { 1: 32, 2: 48, 5: 112 } as const;
/** What a column without a width of its own needs to be read, px. */
const READABLE = 200;
const CHOICE = 32;

/** The columns that there is room for, and how wide the table has to be at least. */
export function fitting<T>(
  columns: readonly Column<T>[],
  room: number,
): { readonly shown: readonly Column<T>[]; readonly least: number } {
  const least = columns.reduce((sum, { width, least: own }) => sum + (width ?? own ?? READABLE), 0);
  const minor = columns.reduce((most, each) => Math.max(most, each.minor ?? 0), 0);
  if (least <= room || room === 0 || minor === 0) return { shown: columns, least };
  const next = columns.findLastIndex((each) => each.minor === minor);
  return fitting(columns.toSpliced(next, 1), room);
}

/** Most that a column without a width of its own takes before the others grow too, px. */
const ROOMY = 1000;

/** The widths that columns have: their own, or more where those without one would else be far wider than what they say. */
function grown<T>(columns: readonly Column<T>[], room: number): readonly (number | undefined)[] {
  const fixed = columns.reduce((sum, { width = 0 }) => sum + width, 0);
  const free = columns.filter(({ width }) => width === undefined).length;
  const spare = room - fixed - free * ROOMY;
  const texts = columns.reduce((sum, column) => sum + (isText(column) ? (column.width ?? 0) : 0), 0);
  if (free === 0 || spare <= 0 || texts === 0) return columns.map(({ width }) => width);
  // What is left once they are three times as wide is again of those without a width.
  const factor = 1 + Math.min(2, spare / texts);
  return columns.map((column) =>
    isText(column) && column.width !== undefined ? Math.round(column.width * factor) : column.width,
  );
}

/** Whether more width shows more of it: marks and numbers have what they need. */
function isText<T>({ width, isNumber }: Column<T>): boolean {
  return isNumber !== true && width !== undefined && width >= 120;
}

/**
 * A long table: only the rows in view exist. j and k move, and what is open goes along; Enter opens, and once more goes
 * into what is open; x chooses one and X all.
 */
export function Table<T>(props: TableProps<T>) {
  const { label, items, keyOf, onEnd, lines = 1 } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const room = useWidth(scroll);
  const choice = props.onChoose === undefined ? 0 : CHOICE;
  const { shown: columns, least } = fitting(props.columns, room - choice);
  const [focus, setFocus] = useState(0);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => HEIGHTS[lines],
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (items.length > 0 && last >= items.length - 20) onEnd?.();
  }, [last, items.length, onEnd]);

  // Where one is going, until that row exists and has the focus; keys pressed meanwhile go on from there.
  const going = useRef<number>(undefined);
  const arrive = () => {
    if (going.current === undefined) return;
    const row = scroll.current?.querySelector<HTMLElement>(`[data-index="${going.current}"]`);
    row?.focus();
    // Where it had the focus already, nothing else says so.
    if (row) going.current = undefined;
  };
  useLayoutEffect(arrive);
  const move = (to: number) => {
    if (items.length === 0) return;
    const index = Math.max(0, Math.min(items.length - 1, to));
    going.current = index;
    setFocus(index);
    rows.scrollToIndex(index);
    const item = items[index];
    if (props.open !== undefined && item !== undefined && keyOf(item) !== props.open) props.onOpen?.(item);
    arrive();
  };
  const opened = props.open === undefined ? -1 : items.findIndex((item) => keyOf(item) === props.open);
  // From anywhere on the page into the table, to where one was.
  const enter = () => move(opened >= 0 ? opened : focus);
  useKeys({
    j: enter,
    k: enter,
    ...(props.onChooseAll && { X: props.onChooseAll }),
  });
  const width = columns.length + (props.onChoose === undefined ? 0 : 1);
  const onKey = (event: KeyboardEvent, item: T, index: number) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = KEYS[event.key];
    if (action === undefined) return;
    event.preventDefault();
    if (action === 'open') open(item);
    else if (action === 'choose') props.onChoose?.(item);
    else move((going.current ?? index) + action);
  };
  const open = (item: T) => {
    if (props.open !== keyOf(item) || !focusPanel()) props.onOpen?.(item);
  };
  const before = shown[0]?.start ?? 0;
  const after = rows.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    <div ref={scroll} className="scroll" style={{ height: '100%' }}>
      <table
        className="table"
        aria-label={label}
        aria-rowcount={items.length}
        data-lines={lines}
        style={{ minWidth: least + choice }}
      >
        <Head {...props} columns={columns} widths={grown(columns, room - choice)} />
        <tbody>
          {before > 0 && <Space height={before} columns={width} />}
          {shown.map(({ index }) => {
            const item = items[index];
            if (item === undefined) return null;
            const key = keyOf(item);
            return (
              <tr
                key={key}
                data-index={index}
                data-chosen={props.isAllChosen === true || props.chosen?.has(key) === true}
                aria-selected={props.open === key}
                tabIndex={index === focus ? 0 : -1}
                style={{ cursor: props.onOpen ? 'pointer' : undefined }}
                onFocus={() => {
                  going.current = undefined;
                  setFocus(index);
                }}
                onClick={() => props.onOpen?.(item)}
                onKeyDown={(event) => onKey(event, item, index)}
              >
                {props.onChoose !== undefined && (
                  <Choice
                    isChosen={props.isAllChosen === true || props.chosen?.has(key) === true}
                    onChoose={() => props.onChoose?.(item)}
                  />
                )}
                {columns.map((column) => (
                  <td
                    key={column.id}
                    className={column.isNumber === true ? 'number clip' : 'clip'}
                    style={{ textAlign: column.isNumber === true ? 'right' : undefined }}
                  >
                    {asWritten(column.cell(item))}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && <Space height={after} columns={width} />}
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

/** For the mouse; the keyboard chooses with x on the row. */
function Choice({ isChosen, onChoose }: { readonly isChosen: boolean; readonly onChoose: () => void }) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click is kept from the row, and does nothing of its own
    <td className="choice" onClick={(event) => event.stopPropagation()}>
      <input type="checkbox" aria-label="Choose" tabIndex={-1} checked={isChosen} onChange={onChoose} />
    </td>
  );
}

function Space({ height, columns }: { readonly height: number; readonly columns: number }) {
  return (
    <tr>
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

function Head<T>({
  columns,
  widths,
  sort,
  onSort,
  onChoose,
  onChooseAll,
  isAllChosen = false,
}: TableProps<T> & { readonly widths: readonly (number | undefined)[] }) {
  return (
    <thead>
      <tr>
        {onChoose !== undefined && (
          <th scope="col" className="choice">
            {onChooseAll !== undefined && (
              <input
                type="checkbox"
                aria-label="Choose all that the query finds"
                checked={isAllChosen}
                onChange={onChooseAll}
              />
            )}
          </th>
        )}
        {columns.map(({ id, title, isNumber, sort: field }, index) => {
          const direction =
            sort === field ? 'ascending' : sort === `-${field ?? ''}` ? 'descending' : undefined;
          return (
            <th
              key={id}
              scope="col"
              style={{ width: widths[index], textAlign: isNumber === true ? 'right' : undefined }}
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
