import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash128 } from './hash.ts';
import { sha256 } from './sha256.ts';
import { shortName, withShortNames } from './short-names.ts';
import { storableText } from './storable-text.ts';

const long = 'r'.repeat(6000);
const other = `other\0owner`;

const OUTCOME = /^.{0,180}…[0-9a-f]{64}$/s;

/** Names as somebody makes them who wants one to be taken for another: with what is altered, and what that is altered to. */
const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('a', 'r', '\0', '\ufffd', '\ud800', '\udc00', '😀', '…'), maxLength: 6 }),
  fc
    .tuple(fc.constantFrom('r', '\0', '\ufffd', '…', '😀'), fc.integer({ min: 170, max: 260 }))
    .map(([letter, times]) => letter.repeat(times)),
  fc
    .tuple(fc.constantFrom('', 'a', '\ufffd', 'r'.repeat(180)), fc.constantFrom(32, 63, 64, 65))
    .map(([begin, digits]) => `${begin}…${'0'.repeat(digits)}`),
);
/** Two names, often one as the other is kept, or the two with the same letters altered in different ways. */
const pair = fc.oneof(
  fc.tuple(odd, odd),
  odd.map((name) => [name, shortName(name)] as const),
  odd.map((name) => [name, storableText(name)] as const),
  odd.map((name) => [shortName(name), shortName(shortName(name))] as const),
  fc
    .tuple(odd, odd, fc.constantFrom('\0', '\ud800', '\udfff'))
    .map(([a, b, letter]) => [`${a}${letter}${b}`, `${a}\ufffd${b}`] as const),
  fc.tuple(odd, odd).map(([a, b]) => [`${'r'.repeat(250)}${a}`, `${'r'.repeat(250)}${b}`] as const),
);

describe('a name', () => {
  it.each(['', 'web', 'r'.repeat(253), 'a\ufffdb', 'wait…', `${'a'.repeat(200)}…${'0'.repeat(32)}`])(
    'of up to 253 letters that a database takes stays as it is: %s',
    (name) => {
      expect(shortName(name)).toBe(name);
    },
  );

  it.each([
    ['is longer', long, 'r'.repeat(180)],
    ['has U+0000', 'nul\0role', 'nul\ufffdrole'],
    ['has half a surrogate pair', 'half\ud800', 'half\ufffd'],
    ['is cut in the middle of a pair', `${'r'.repeat(179)}😀${'r'.repeat(99)}`, `${'r'.repeat(179)}\ufffd`],
    ['looks as if it had been kept short', shortName(long), 'r'.repeat(180)],
  ])('that %s is what is taken of it, and what tells it from others', (_what, name, begin) => {
    expect(shortName(name)).toBe(`${begin}…${sha256(name)}`);
  });

  it('is another one than any other is kept as', () => {
    fc.assert(
      fc.property(pair, ([one, two]) => {
        expect(shortName(one) === shortName(two)).toBe(one === two);
      }),
      { numRuns: 2000 },
    );
  });

  it('is another one than one that was made to have the same quick hash', () => {
    const [one = '', two = ''] = ['harmless-harmlesICh4MJjXsxfu12d4', 'H1cFshjKNywOpuX2OGWFvYaEpGYAe-P6'].map(
      (end) => `${'r'.repeat(224)}${end}`,
    );
    expect(hash128(one)).toBe(hash128(two));

    expect(shortName(one)).not.toBe(shortName(two));
  });

  it('is short, and is text that can be stored', () => {
    fc.assert(
      fc.property(odd, (name) => {
        const short = shortName(name);
        expect(short === name || OUTCOME.test(short)).toBe(true);
        expect(short.length).toBeLessThanOrEqual(253);
        expect(short.isWellFormed() && !short.includes('\0')).toBe(true);
      }),
    );
  });
});

describe('an object', () => {
  it('names itself and others by the same short names', () => {
    const role = { kind: 'Role', metadata: { name: long }, rules: [] };
    const granting = { rules: [{ verbs: ['bind'], resources: ['roles'], resourceNames: ['a', long, 7] }] };
    const binding = {
      kind: 'RoleBinding',
      metadata: { name: 'b', ownerReferences: [{ kind: long, name: other, controller: true }] },
      roleRef: { kind: 'Role', name: long },
    };

    expect(withShortNames(role)).toEqual({ ...role, metadata: { name: shortName(long) } });
    expect(withShortNames(granting)).toEqual({
      rules: [{ verbs: ['bind'], resources: ['roles'], resourceNames: ['a', shortName(long), 7] }],
    });
    expect(withShortNames(binding)).toEqual({
      kind: 'RoleBinding',
      metadata: {
        name: 'b',
        ownerReferences: [{ kind: shortName(long), name: shortName(other), controller: true }],
      },
      roleRef: { kind: 'Role', name: shortName(long) },
    });
  });

  it('has short names of containers and steps, wherever they stand', () => {
    expect(withShortNames({ spec: { steps: [{ name: long, image: 'x' }, { name: 'b' }] } })).toEqual({
      spec: { steps: [{ name: shortName(long), image: 'x' }, { name: 'b' }] },
    });
  });

  it('keeps what people keep under names of their choice', () => {
    const object = {
      metadata: { name: 'a', annotations: { name: long }, labels: { name: long } },
      data: { name: long, kind: long },
      spec: { description: long },
    };

    expect(withShortNames(object)).toBe(object);
  });

  it('is the same object where all names are kept', () => {
    const object = {
      kind: 'Pod',
      metadata: { name: 'a' },
      rules: [{ resourceNames: ['b'] }],
      spec: { containers: [{ name: 'b' }], x: [null, 1] },
    };

    expect(withShortNames(object)).toBe(object);
  });
});
