import { describe, expect, it } from 'vitest';
import {
  BUILD_FIELDS,
  CHANGE_FIELDS,
  FINDING_FIELDS,
  NAMESPACE_FIELDS,
  RESOURCE_FIELDS,
  WORKLOAD_FIELDS,
} from './fields.ts';

describe.each([
  ['findings', FINDING_FIELDS],
  ['workloads', WORKLOAD_FIELDS],
  ['resources', RESOURCE_FIELDS],
  ['namespaces', NAMESPACE_FIELDS],
  ['changes', CHANGE_FIELDS],
  ['build records', BUILD_FIELDS],
])('the fields of %s', (_name, fields) => {
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
