import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortName, withShortNames } from './short-names.ts';

const long = 'r'.repeat(6000);
const other = `${'r'.repeat(5999)}s`;

describe('a name', () => {
  it.each(['', 'web', 'r'.repeat(253)])('stays as it is up to 253 letters', (name) => {
    expect(shortName(name)).toBe(name);
  });

  it('that is longer is cut, and stays another one than those that begin alike', () => {
    expect(shortName(long)).toMatch(/^r{200}…[0-9a-f]{32}$/);
    expect(shortName(other)).not.toBe(shortName(long));
  });

  it('has no letter that a database refuses', () => {
    expect(shortName('nul\0role\ud800')).toBe('nul\ufffdrole\ufffd');
  });

  it('is short once it was made short, and is text that can be stored', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 240, maxLength: 260 }), (name) => {
        const short = shortName(name);
        expect(short.length).toBeLessThanOrEqual(253);
        expect(shortName(short)).toBe(short);
        expect(short.isWellFormed() && !short.includes('\0')).toBe(true);
      }),
    );
  });
});

describe('an object', () => {
  it('names itself and others by the same short names', () => {
    const role = { kind: 'Role', metadata: { name: long }, rules: [] };
    const binding = {
      kind: 'RoleBinding',
      metadata: { name: 'b', ownerReferences: [{ kind: long, name: other, controller: true }] },
      roleRef: { kind: 'Role', name: long },
    };

    expect(withShortNames(role)).toEqual({ ...role, metadata: { name: shortName(long) } });
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

  it('is the same object where no name is long', () => {
    const object = {
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { containers: [{ name: 'b' }], x: [null, 1] },
    };

    expect(withShortNames(object)).toBe(object);
  });
});
