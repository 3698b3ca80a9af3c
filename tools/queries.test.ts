import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** A template that puts a value behind the colon of a field, such as `owner:${owner}`; patterns and digits are no such values. */
const BY_HAND = /[`\s](?:owner|assignee|namespace|kind|control|container|cluster|environment):\$\{/;

it.each(['web', 'hub'])(
  'no query of %s is put together by hand, in which a value could mean something else',
  (room) => {
    const folder = join('packages', room, 'src');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.test|\.testing)\.tsx?$/.test(file),
    );
    const found = files.flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (BY_HAND.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
    );

    expect(files.length).toBeGreaterThan(50);
    expect(found).toEqual([]);
  },
);
