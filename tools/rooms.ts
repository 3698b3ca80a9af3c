/** What a package holds and may import, as `docs/architecture.md` says. */
export interface Room {
  readonly packages: readonly string[];
  readonly npm: readonly string[];
}

function names(cell: string): string[] {
  return cell
    .replaceAll('`', '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'nothing');
}

/** Reads the table of rooms: `| package | holds | may import |`, npm packages in parentheses. */
export function readRooms(markdown: string): Map<string, Room> {
  const rooms = new Map<string, Room>();
  const rows = markdown.split('\n');
  const head = rows.findIndex((row) => /^\| package +\| holds +\| may import +\|$/.test(row));
  if (head < 0) throw new Error('there is no table with the columns package, holds, may import');
  for (const row of rows.slice(head + 2)) {
    const [, name, , imports] = row.split('|').map((cell) => cell.trim());
    if (!row.startsWith('|') || name === undefined || imports === undefined) break;
    const npm = /\(([^)]*)\)/.exec(imports)?.[1] ?? '';
    rooms.set(name.replaceAll('`', ''), {
      packages: names(imports.replace(/\([^)]*\)/, '')),
      npm: names(npm),
    });
  }
  return rooms;
}
