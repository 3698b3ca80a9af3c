import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsAt, parseFieldPath } from './field-path.ts';
import type { Json } from './json.ts';
import { formatPath } from './path.ts';

const OBJECT: Json = {
  metadata: { labels: { 'example.com/team': 'shop', tier: null } },
  spec: {
    replicas: 2,
    containers: [{ name: 'app', image: 'a:1' }, { name: 'proxy' }, 'odd', null],
    empty: [],
  },
};

function fields(text: string, root: Json = OBJECT): [string, Json | undefined][] {
  const parsed = parseFieldPath(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return [...fieldsAt(root, parsed.value)].map(({ path, value }) => [formatPath(root, path), value]);
}

describe('a field path', () => {
  it.each<{ text: string; found: [string, Json | undefined][] }>([
    { text: 'spec.replicas', found: [['spec.replicas', 2]] },
    { text: 'spec.none.deep', found: [['spec.none.deep', undefined]] },
    { text: 'spec.replicas.deep', found: [['spec.replicas.deep', undefined]] },
    { text: 'metadata.labels.tier', found: [['metadata.labels.tier', undefined]] },
    {
      text: 'metadata.labels["example.com/team"]',
      found: [['metadata.labels["example.com/team"]', 'shop']],
    },
    {
      text: "metadata.labels['example.com/team']",
      found: [['metadata.labels["example.com/team"]', 'shop']],
    },
    { text: '["spec"]["replicas"]', found: [['spec.replicas', 2]] },
    {
      text: 'spec.containers[*].image',
      found: [
        ['spec.containers[app].image', 'a:1'],
        ['spec.containers[proxy].image', undefined],
        ['spec.containers[2].image', undefined],
        ['spec.containers[3].image', undefined],
      ],
    },
    { text: 'spec.containers[0].image', found: [['spec.containers[app].image', 'a:1']] },
    { text: 'spec.containers[9].image', found: [] },
    { text: 'spec.containers[proxy].image', found: [['spec.containers[proxy].image', undefined]] },
    { text: 'spec.containers[gone].image', found: [] },
    { text: 'spec.empty[*].a', found: [] },
    { text: 'spec.none[*].a', found: [] },
    { text: 'spec.none[app]', found: [] },
    {
      text: 'metadata.labels[*]',
      found: [
        ['metadata.labels["example.com/team"]', 'shop'],
        ['metadata.labels.tier', undefined],
      ],
    },
  ])('finds $text', ({ text, found }) => {
    expect(fields(text)).toEqual(found);
  });

  it.each([
    ['', 'the path is empty (character 1)'],
    ['.spec', 'a path starts with a key, without a dot before it (character 1)'],
    ['spec.', 'a key is missing here (character 6)'],
    ['spec..a', 'a key is missing here (character 6)'],
    ['spec.[*]', 'a key is missing here (character 6)'],
    ['spec.*.a', 'every item is written [*], right after the key (character 6)'],
    ['spec.ports*', 'every item is written [*], right after the key (character 11)'],
    ['/spec/replicas', 'a key with a slash is written in brackets: ["example.com/key"] (character 1)'],
    [
      'metadata.labels.example.com/team',
      'a key with a slash is written in brackets: ["example.com/key"] (character 28)',
    ],
    ['spec.a[', 'expected a dot and a key, or one of [*], [0], [name] and ["key"] (character 7)'],
    ['spec.a[]', 'expected a dot and a key, or one of [*], [0], [name] and ["key"] (character 7)'],
    ['spec.a[*]b', 'expected a dot and a key, or one of [*], [0], [name] and ["key"] (character 10)'],
    ['spec.a b', 'expected a dot and a key, or one of [*], [0], [name] and ["key"] (character 7)'],
    ['["\\x"]', 'the quoted key cannot be read (character 1)'],
    ['a'.repeat(1001), 'the path is too long (character 1001)'],
  ])('refuses %j', (text, message) => {
    expect(parseFieldPath(text)).toEqual({ ok: false, error: { message } });
  });

  it('says so when it lacks the brackets of a list', () => {
    expect(() => fields('spec.containers.image')).toThrow(
      'there is a list before image: write [*] for its items',
    );
  });

  it('is what findings print', () => {
    const key = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), (keys) => {
        expect(parseFieldPath(formatPath({}, keys))).toEqual({
          ok: true,
          value: keys.map((name) => ({ by: 'key', key: name })),
        });
      }),
    );
  });
});
