import { SAMPLE_CONTROLS, sampleFinding } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { counted, nounOf } from './noun.ts';

function nounOfKinds(id: string, kinds: readonly string[]): string {
  const control = SAMPLE_CONTROLS.find((candidate) => candidate.id === id);
  if (control === undefined) throw new Error(`there is no control ${id}`);
  const findings = kinds.map((kind, index) =>
    sampleFinding({ control, message: '', kind, name: `n${index}` }),
  );
  return nounOf({ control, findings, subjects: kinds.length });
}

describe('nounOf', () => {
  it.each([
    { kinds: ['Namespace', 'Namespace'], noun: 'namespaces' },
    { kinds: ['NetworkPolicy'], noun: 'network policies' },
    { kinds: ['Ingress'], noun: 'ingresses' },
    { kinds: ['StorageClass'], noun: 'storage classes' },
    { kinds: ['Endpoints'], noun: 'endpoints' },
    { kinds: ['CSIDriver'], noun: 'CSI drivers' },
    { kinds: ['APIService'], noun: 'API services' },
    { kinds: ['ServiceCIDR'], noun: 'service CIDRs' },
    { kinds: ['Gateway'], noun: 'gateways' },
    { kinds: ['Role', 'ClusterRole', 'Role'], noun: 'cluster roles and roles' },
    { kinds: ['Role', 'ClusterRole', 'Service'], noun: 'objects' },
  ])('calls $kinds $noun', ({ kinds, noun }) => {
    expect(nounOfKinds('sample-no-policy', kinds)).toBe(noun);
  });

  it('calls whatever has a pod template a workload', () => {
    expect(nounOfKinds('sample-host-pid', ['Deployment', 'Rollout'])).toBe('workloads');
  });
});

describe('counted', () => {
  it('minds the singular', () => {
    expect([counted(0, 'file'), counted(1, 'file'), counted(2, 'file')]).toEqual([
      '0 files',
      '1 file',
      '2 files',
    ]);
  });
});
