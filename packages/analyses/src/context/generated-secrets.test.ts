import { World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { generatedSecrets } from './generated-secrets.ts';

describe('generated Secrets', () => {
  const { world } = World.of(
    resourcesOf(`
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: sealed, namespace: a}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: external, namespace: a}
spec: {target: {name: named}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: by-own-name, namespace: a}
---
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata: {name: provider, namespace: b}
spec: {secretObjects: [{secretName: synced}, null]}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: b}
spec: {secretName: null}
`),
  );
  const generated = world.get(generatedSecrets);

  it('are known by the names that their makers give them', () => {
    expect(['sealed', 'named', 'by-own-name'].map((name) => generated.has('a', name))).toEqual([
      true,
      true,
      true,
    ]);
    expect(generated.has('b', 'synced')).toBe(true);
  });

  it('are known by namespace', () => {
    expect(generated.has('b', 'sealed')).toBe(false);
    expect(['a', 'b', 'c'].map((namespace) => generated.any(namespace))).toEqual([true, true, false]);
    expect(generated.has('a', 'external')).toBe(false);
  });

  it('may be anywhere where their maker names no namespace', () => {
    const makers = resourcesOf(`
apiVersion: onepassword.com/v1
kind: OnePasswordItem
metadata: {name: anywhere}
`);
    const unplaced = World.of(makers).world.get(generatedSecrets);

    expect([unplaced.has('a', 'anywhere'), unplaced.any('b')]).toEqual([true, true]);
  });
});
