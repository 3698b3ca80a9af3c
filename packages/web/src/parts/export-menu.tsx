import { addressOf, EXPORTED, type ExportId, ROUTES, type RouteId } from '@bulwark/api';
import { Button, Menu } from '@mantine/core';

const FORMATS = [
  ['csv', 'CSV, for a spreadsheet'],
  ['jsonl', 'JSON lines, for a program'],
] as const;
type Format = (typeof FORMATS)[number][0];

/** Takes away everything that a list has, not only what is shown of it. */
export function ExportMenu({ address }: { readonly address: (format: Format) => string }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="xs" variant="default" style={{ flex: 'none' }}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(([format, label]) => (
          <Menu.Item key={format} component="a" href={address(format)} download>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface ExportedProps {
  readonly list: RouteId;
  readonly params?: Readonly<Record<string, unknown>>;
  /** What the list is asked with. */
  readonly query: Readonly<Record<string, unknown>>;
}

/** The menu of a list that the hub exports; nothing for another one. */
export function ListExport({ list, params = {}, query }: ExportedProps) {
  const id = (Object.keys(EXPORTED) as ExportId[]).find((each) => EXPORTED[each].id === list);
  if (id === undefined) return null;
  return <ExportMenu address={(format) => addressOf(ROUTES[id], params, { ...query, format })} />;
}
