import { describe, expect, it } from 'vitest';
import { parseKubernetesVersion } from './kubernetes-version.ts';

describe('parseKubernetesVersion', () => {
  it.each([
    ['1.34', 34],
    ['v1.34', 34],
    ['1.34.4', 34],
    ['v1.34.4+k3s1', 34],
    ['v1.29.3-eks-ae9a62a', 29],
    ['1.0', 0],
    ['latest', 37],
  ])('reads %s', (text, minor) => {
    expect(parseKubernetesVersion(text)).toEqual({ ok: true, value: { minor, text: `1.${minor}` } });
  });

  it.each(['1.38', '2.0', '0.34', '1', '', 'abc', '1.34.', '1.34.4.5', ' 1.34', 'v'])(
    'refuses %j and says why',
    (text) => {
      const parsed = parseKubernetesVersion(text);

      expect(parsed.ok).toBe(false);
      expect(parsed.ok ? '' : parsed.error.message).toMatch(/not known|not a Kubernetes version/);
    },
  );

  it('names the versions it knows, so that nobody is judged by nothing', () => {
    const parsed = parseKubernetesVersion('1.99');

    expect(parsed.ok ? '' : parsed.error.message).toContain('1.0 to 1.37');
  });
});
