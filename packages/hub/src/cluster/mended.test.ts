import { CONTROLS } from '@bulwark/controls';
import { controlsNamed, DEFAULT_OWNERSHIP, type JsonObject, toResource } from '@bulwark/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { Posture } from './posture.ts';

const CONTROL = 'memory-limit-missing';
const BAD = {};
const GOOD = { limits: { memory: '1Gi' } };
const ACCEPTED = { [`bulwark.dev/except.${CONTROL}`]: 'It is small.; until=2026-11-30' };

let day: string;
let posture: Posture;

beforeEach(() => {
  day = '2026-11-26';
  const annotations = {
    annotations: 'accept',
    otherTools: 'accept',
    controlsNamed: (name: string) => controlsNamed(name, CONTROLS).map(({ id }) => id),
  } as const;
  posture = new Posture({
    controls: CONTROLS.filter(({ id }) => id === CONTROL),
    kubernetes: { minor: 34, text: '1.34' },
    contentOf: ({ object }) => JSON.stringify(object),
    today: () => day,
    decisions: { exceptions: [], ownership: DEFAULT_OWNERSHIP, annotations },
  });
});

const controlledBy = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: name, controller: true }],
});
const spec = (resources: JsonObject) => ({ containers: [{ name: 'app', image: 'x:1', resources }] });

function deployment(resources: JsonObject, annotations: JsonObject = {}): JsonObject {
  const metadata = { name: 'web', namespace: 'shop', uid: 'web', annotations };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { template: { spec: spec(resources) } },
  };
}

/** What runs of one version of the Deployment. */
function running(name: string, resources: JsonObject): JsonObject[] {
  const metadata = { name, namespace: 'shop', uid: name, ...controlledBy('Deployment', 'web') };
  const pod = { name: `${name}-1`, namespace: 'shop', uid: `${name}-1`, ...controlledBy('ReplicaSet', name) };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata,
      spec: { replicas: 1, template: { spec: spec(resources) } },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: pod,
      spec: spec(resources),
      status: { phase: 'Running' },
    },
  ];
}

const read = (object: JsonObject) =>
  toResource(object, { kind: 'cluster', cluster: 'c', resourceVersion: '1' });

/** What is said anew once these are seen, and these are gone. */
function see(objects: readonly JsonObject[], gone: readonly JsonObject[] = []): string[] {
  posture.see({ upsert: objects.map(read), remove: gone.map((object) => read(object).id) });
  const { upserted, resolved } = posture.settle();
  return [
    ...upserted.map(({ finding }) => said(finding)),
    ...resolved.map(({ resource }) => `resolved ${resource.kind}/${resource.name}`),
  ];
}

function said({ exception, message }: { exception?: { until?: string }; message: string }): string {
  const where = message.includes('Pod/') ? 'in pods' : 'in the template';
  return `${exception === undefined ? 'open' : `accepted until ${exception.until}`} ${where}`;
}

describe('an accepted finding that is mended by a change which takes its exception away', () => {
  const old = running('web-1', BAD);

  beforeEach(() => {
    expect(see([deployment(BAD, ACCEPTED), ...old])).toEqual(['accepted until 2026-11-30 in the template']);
  });

  it('stays accepted in the pods of before, until they are gone', () => {
    expect(see([deployment(GOOD)])).toEqual(['accepted until 2026-11-30 in pods']);
    expect(see(running('web-2', GOOD))).toEqual([]);
    expect(see([], old)).toEqual(['resolved Deployment/web']);
  });

  it('is open from the day after its exception, where pods of before are there still', () => {
    see([deployment(GOOD)]);
    day = '2026-12-01';

    expect(posture.decideAnew().upserted.map(({ finding }) => said(finding))).toEqual(['open in pods']);
  });

  it('is open where the change mends nothing, and stays open when the next one mends it', () => {
    expect(see([deployment(BAD)])).toEqual(['open in the template']);
    expect(see([deployment(GOOD)])).toEqual(['open in pods']);
  });

  it('is open where it comes back without an exception', () => {
    see([deployment(GOOD)]);
    see([], old);

    expect(see([deployment(BAD)])).toEqual(['open in the template']);
  });
});
