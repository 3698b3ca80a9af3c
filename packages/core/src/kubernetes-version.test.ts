import { describe, expect, it } from 'vitest';
import { clusterRules, parseKubernetesVersion } from './kubernetes-version.ts';

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

describe('the rules for a cluster', () => {
  it.each([
    ['v1.34.4', '1.34'],
    ['v1.34.4+k3s1', '1.34'],
    ['v1.29.3-eks-ae9a62a', '1.29'],
    ['v1.30.1~custom build', '1.30'],
    ['1.37', '1.37'],
  ])('are those of %s', (said, text) => {
    const { version, remark } = clusterRules(said);

    expect([version.text, remark]).toEqual([text, undefined]);
  });

  it.each([
    ['v1.38.0', 'Kubernetes 1.38 is not known'],
    ['v2.0.1', 'Kubernetes 2.0 is not known'],
    ['', 'Which version of Kubernetes the cluster runs cannot be read'],
    ['latest', 'Which version of Kubernetes the cluster runs cannot be read'],
    ['v1.99999', 'Which version of Kubernetes the cluster runs cannot be read'],
  ])('of version %j are the newest that are known, and that is said', (said, why) => {
    const { version, remark } = clusterRules(said);

    expect(version.text).toBe('1.37');
    expect(remark).toBe(`${why}; it is judged by the rules of 1.37, the newest that are known.`);
  });
});
