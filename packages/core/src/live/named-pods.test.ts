import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, type JsonObject, objectAt } from '../json.ts';
import { type Resource, toResource } from '../resource.ts';
import { LiveSubjects } from './subjects.ts';

function object(kind: string, name: string, rest: JsonObject): Resource {
  const apiVersion = kind === 'Pod' ? 'v1' : 'discovery.k8s.io/v1';
  const { metadata, ...fields } = rest;
  return toResource(
    {
      apiVersion,
      kind,
      metadata: { name, namespace: 'db', ...(metadata as JsonObject | undefined) },
      ...fields,
    },
    { kind: 'cluster', cluster: 'c', resourceVersion: '1' },
  );
}

interface Spec {
  readonly isSlice: boolean;
  readonly name: string;
  readonly owner: string;
  readonly image: string;
  readonly phase: string;
  readonly address: string;
  readonly hostNetwork: boolean;
}

function made({ isSlice, name, owner, image, phase, address, hostNetwork }: Spec): Resource {
  if (isSlice)
    return object('EndpointSlice', name, {
      endpoints: [
        { addresses: [address], ...(owner !== '' && { targetRef: { kind: 'Pod', name: `${owner}-0` } }) },
      ],
    });
  const reference = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: owner, controller: true };
  return object('Pod', name, {
    metadata: owner === '' ? {} : { ownerReferences: [reference] },
    spec: { hostNetwork, containers: [{ name: 'a', image }] },
    status: { phase, podIP: address },
  });
}

const SPEC: fc.Arbitrary<Spec> = fc.record({
  isSlice: fc.boolean(),
  name: fc.constantFrom('pg-0', 'pg-1', 'other-0'),
  owner: fc.constantFrom('', 'pg'),
  image: fc.constantFrom('a', 'b'),
  phase: fc.constantFrom('Running', 'Failed'),
  address: fc.constantFrom('10.0.0.1', '10.0.0.2'),
  hostNetwork: fc.boolean(),
});
const BATCHES = fc.array(
  fc.record({ upsert: fc.array(SPEC.map(made), { maxLength: 4 }), remove: fc.array(SPEC.map(made)) }),
  { maxLength: 8 },
);
const subjects = (): LiveSubjects =>
  new LiveSubjects(({ object: pod }) => canonicalJson(objectAt(pod, 'spec') ?? {}));
const leading = (judged: Iterable<Resource>): string[] =>
  [...judged]
    .filter(({ kind }) => kind === 'EndpointSlice')
    .map(({ id, leadsTo }) => `${id} ${leadsTo?.join() ?? 'unknown'}`)
    .sort();

it('EndpointSlices lead to the pods that a look at everything at once finds, whatever came before', () => {
  fc.assert(
    fc.property(BATCHES, (batches) => {
      const live = subjects();
      const there = new Map<string, Resource>();
      const judged = new Map<string, Resource>();
      for (const { upsert, remove } of batches) {
        const gone = remove.map(({ id }) => id);
        for (const id of gone) there.delete(id);
        for (const each of upsert) there.set(each.id, each);
        const changes = live.apply({ upsert, remove: gone });
        for (const id of changes.remove ?? []) judged.delete(id);
        for (const each of changes.upsert) judged.set(each.id, each);
      }

      expect(leading(judged.values())).toEqual(
        leading(subjects().apply({ upsert: [...there.values()] }).upsert),
      );
    }),
    { numRuns: 1000 },
  );
});

it('an EndpointSlice leads to what stands for the pod at its address, and to the pod that it names', () => {
  const pods = ['pg-0', 'pg-1'].map((name, at) =>
    made({
      isSlice: false,
      name,
      owner: 'pg',
      image: name,
      phase: 'Running',
      address: `10.0.0.${at}`,
      hostNetwork: false,
    }),
  );
  const slice = object('EndpointSlice', 'leader', {
    endpoints: [{ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', name: 'pg-0' } }],
  });
  const { upsert } = subjects().apply({ upsert: [slice, ...pods] });
  const standIns = upsert.filter(({ kind }) => kind === 'Pod').map(({ id }) => id);

  expect(standIns).toHaveLength(2);
  expect(upsert.find(({ id }) => id === slice.id)?.leadsTo).toEqual(standIns.toSorted());
});
