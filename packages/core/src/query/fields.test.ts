import { describe, expect, it } from 'vitest';
import type { QueryField } from './field.ts';
import { QUERY_LISTS } from './lists.ts';

const LISTS: readonly (readonly [string, readonly QueryField[]])[] = Object.entries(QUERY_LISTS);

describe.each(LISTS)('the fields of %s', (_name, fields) => {
  it('have names and synonyms that are used once, in lower case', () => {
    const names = fields.flatMap(({ name, synonyms = [] }) => [name, ...synonyms]);

    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
  });

  it('are described in a sentence, enums with their values', () => {
    for (const { description, type, values = [] } of fields) {
      expect(description).toMatch(/\.$/);
      expect(values.length > 0).toBe(type === 'enum');
    }
  });
});
