import { describe, expect, it } from 'vitest';
import { formatPath, semanticPath, toPath, valueAt } from './path.ts';

const pod = {
  metadata: { annotations: { 'example.com/a.b': 'x' } },
  spec: { containers: [{ name: 'app', args: ['--one'], ports: [{ containerPort: 80 }] }, { image: 'y' }] },
};
const asIs = (item: unknown): unknown => item;

describe('toPath', () => {
  it.each([
    ['', []],
    ['hostPID', ['hostPID']],
    ['securityContext.capabilities.add.0', ['securityContext', 'capabilities', 'add', 0]],
  ])('splits %j', (text, parts) => {
    expect(toPath(text)).toEqual(parts);
  });

  it('takes parts as they are, dots included', () => {
    expect(toPath(['annotations', 'example.com/a.b'])).toEqual(['annotations', 'example.com/a.b']);
  });
});

describe('valueAt', () => {
  it('never sees what is only inherited', () => {
    expect(valueAt(pod, ['spec', 'constructor'])).toBeUndefined();
    expect(valueAt(pod, ['spec', 'containers', 'length'])).toBeUndefined();
  });
});

describe('formatPath', () => {
  it.each([
    [['spec', 'containers', 0, 'args', 0], 'spec.containers[app].args[0]'],
    [['spec', 'containers', 1, 'image'], 'spec.containers[1].image'],
    [['metadata', 'annotations', 'example.com/a.b'], 'metadata.annotations["example.com/a.b"]'],
    [['spec', 'missing', 'field'], 'spec.missing.field'],
  ])('prints %j for people', (path, text) => {
    expect(formatPath(pod, path)).toBe(text);
  });
});

describe('semanticPath', () => {
  const swapped = { ...pod, spec: { containers: pod.spec.containers.toReversed() } };

  it('is the same wherever in its list an item stands', () => {
    expect(semanticPath(pod, ['spec', 'containers', 0, 'ports', 0, 'hostPort'], asIs)).toBe(
      semanticPath(swapped, ['spec', 'containers', 1, 'ports', 0, 'hostPort'], asIs),
    );
    expect(semanticPath(pod, ['spec', 'containers', 1], asIs)).toBe(
      semanticPath(swapped, ['spec', 'containers', 0], asIs),
    );
  });

  it('hashes what redaction leaves, so that a secret never reaches it', () => {
    const withSecret = (secret: string) =>
      semanticPath({ args: [`--password=${secret}`] }, ['args', 0], () => 'redacted');

    expect(withSecret('one')).toBe(withSecret('two'));
  });

  it('names an item without a name by 128 bits, so that none is made alike', () => {
    expect(semanticPath(pod, ['spec', 'containers', 1], asIs)).toMatch(/^spec\.containers\[#[0-9a-f]{32}\]$/);
  });

  it('takes no name for another path, or for the hash of an item without one', () => {
    const [, unnamed] = pod.spec.containers;
    const list = [unnamed, { name: semanticPath([unnamed], [0], asIs).slice(1, -1) }, { name: 'a].b[c' }];

    expect(semanticPath(list, [1], asIs)).not.toBe(semanticPath(list, [0], asIs));
    expect(semanticPath(list, [2], asIs)).toBe('["a].b[c"]');
  });
});
