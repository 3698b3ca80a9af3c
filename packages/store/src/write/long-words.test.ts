import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { liveFindings } from '../read/live.ts';
import { RecordedCluster } from './recorded.testing.ts';

let cluster: RecordedCluster;
beforeAll(async () => {
  cluster = await RecordedCluster.start();
}, 120_000);
afterAll(() => cluster?.stop());

/** Letters of which nothing can be left out, as PostgreSQL makes an index row smaller where it can. */
function word(letters: number, first: number): string {
  let text = '';
  for (let round = 0; text.length < letters; round += 1)
    for (const byte of createHash('sha256').update(String(round)).digest())
      text += String.fromCodePoint(first + byte);
  return text;
}

it.each([
  ['of two bytes', 0x100],
  ['of three bytes', 0x4e00],
  ['of four bytes', 0x20000],
])(
  'one object with a very long word of letters %s keeps nothing beside it from being stored',
  async (name, first) => {
    const long = word(20_000, first);
    const beside = cluster.finding(`beside ${name}`);
    const odd = cluster.finding(`odd ${name}`, {
      message: `The path /${long}/${long} is of the node.`,
      path: `/spec/${long}`,
    });
    await cluster.apply({ findings: [odd, beside] });

    const stored = (await liveFindings(cluster.store, cluster.id)).map(({ name: each }) => each);
    expect(stored).toEqual(expect.arrayContaining([`odd ${name}`, `beside ${name}`]));
    const { rows } = await cluster.store.pool.query('select message, path from finding where name = $1', [
      `odd ${name}`,
    ]);
    expect(rows[0].message).toMatch(/^The path \/.{500,1000}…\/.{500,1000}… is of the node\.$/u);
    expect(rows[0].path).toMatch(/^\/spec\/.{500,1000}…$/u);
  },
);
