import { namesMadeAlike, resourcesOf } from '@bulwark/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineControl } from './control.ts';
import { toFinding } from './finding.ts';
import { fingerprint, formerFingerprint } from './fingerprint.ts';

const WEB = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const POD = { ...WEB, apiVersion: 'v1', kind: 'Pod' };
const PRIVILEGED = 'spec.containers[app].securityContext.privileged';

describe('a fingerprint', () => {
  /** Computed with Python: `hashlib.sha256(json.dumps([...], ensure_ascii=False, separators=(',', ':')).encode())`. */
  it.each([
    ['privileged-container', WEB, 'app', PRIVILEGED, 'a4c53349325e6467a45e1dc10dea707f'],
    ['host-pid', POD, undefined, 'spec.hostPID', '53edce950ed29da842362fc77fca170c'],
    ['odd', WEB, undefined, 'metadata.annotations["é|😀"\\"]', '5fac50e9edd700a7e8a0c635908a5043'],
  ] as const)(
    'has test vectors, because other implementations must agree: %s',
    (control, owner, container, path, print) => {
      expect(fingerprint(control, owner, container, path)).toBe(print);
    },
  );

  it('differs in every part that counts', () => {
    const part = fc.string({ maxLength: 6 });
    const parts = fc.tuple(part, part, part, part, part, part);
    const print = ([control, kind, namespace, name, container, path]: readonly string[]): string =>
      fingerprint(
        control ?? '',
        { ...POD, kind: kind ?? '', namespace: namespace ?? '', name: name ?? '' },
        container,
        path ?? '',
      );
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(print(a) === print(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('is another one where parts run into each other', () => {
    const roles = [
      fingerprint('c', { ...POD, name: 'a|' }, '', 'p'),
      fingerprint('c', { ...POD, name: 'a' }, '|', 'p'),
    ];

    expect(new Set(roles).size).toBe(2);
  });

  it('is of one of two names that were made to have one fingerprint of version 1', () => {
    const found = namesMadeAlike('1|host-pid|/Pod|shop|').map((name) => ({
      control: 'host-pid',
      resource: { ...POD, name },
      semanticPath: 'spec.hostPID',
    }));
    const [one, other] = found.map(formerFingerprint);
    expect(one).toBe(other);

    const prints = found.map(({ control, resource, semanticPath }) =>
      fingerprint(control, resource, undefined, semanticPath),
    );
    expect(new Set(prints).size).toBe(2);
  });
});

describe('a former fingerprint', () => {
  it('is what version 1 was', () => {
    const found = {
      control: 'privileged-container',
      resource: WEB,
      container: 'app',
      semanticPath: PRIVILEGED,
    };
    expect(formerFingerprint(found)).toBe('6f3adaf97295904b7c09b76239194faa');
    expect(formerFingerprint({ control: 'host-pid', resource: POD, semanticPath: 'spec.hostPID' })).toBe(
      '4723f0138a7b39658f91929f2266a905',
    );
  });

  it('is what version 1 was of an item that has no name', () => {
    const onArgs = defineControl({
      ...{
        aliases: [],
        title: 'A title',
        problem: 'do something',
        severity: 'high',
        profile: 'default',
        since: '0.1.0',
      },
      ...{
        rationale: '',
        remediation: '',
        references: [],
        attack: [],
        looks: 'object',
        reads: [],
        appliesTo: 'workloads',
      },
      id: 'on-args',
      message: 'Args.',
    } as never);
    const [pod] = resourcesOf(
      '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, args: [--x]}]}}',
    );
    const found = pod && toFinding(onArgs, pod, { path: ['spec', 'containers', 0, 'args', 0], facts: {} });

    expect(found && [found.formerPath, formerFingerprint(found)]).toEqual([
      'spec.containers[a].args[#968b872b62e0]',
      'ce342a92b0d504bc911217571e9ad0cf',
    ]);
  });
});
