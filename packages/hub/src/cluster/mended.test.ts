import { CONTROLS } from '@bulwark/controls';
import { controlsNamed, DEFAULT_OWNERSHIP, type Exception, type JsonObject, toResource } from '@bulwark/core';
import type { FindingRow } from '@bulwark/store';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DecisionSettings } from './decisions.ts';
import { findingRowOf } from './finding-row.ts';
import { Posture, type PostureDelta } from './posture.ts';
import { goneOf, StoredRows } from './stored-rows.ts';

const CONTROL = 'memory-limit-missing';
const BAD = {};
const GOOD = { limits: { memory: '1Gi' } };
const ACCEPTED = { [`bulwark.dev/except.${CONTROL}`]: 'It is small.; until=2026-11-30' };

let day: string;
let posture: Posture;
let stored: StoredRows;

function deciding(...exceptions: readonly Exception[]): DecisionSettings {
  const annotations = {
    annotations: 'accept',
    otherTools: 'accept',
    controlsNamed: (name: string) => controlsNamed(name, CONTROLS).map(({ id }) => id),
  } as const;
  return { exceptions, ownership: DEFAULT_OWNERSHIP, annotations };
}

const postureOf = (rows: StoredRows): Posture =>
  new Posture({
    controls: CONTROLS.filter(({ id }) => id === CONTROL),
    kubernetes: { minor: 34, text: '1.34' },
    contentOf: ({ object }) => JSON.stringify(object),
    today: () => day,
    decisions: deciding(),
    accepted: (fingerprint) => rows.accepted(fingerprint),
  });

beforeEach(() => {
  day = '2026-11-26';
  stored = new StoredRows();
  posture = postureOf(stored);
});

const controlledBy = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: name, controller: true }],
});
const spec = (resources: JsonObject) => ({ containers: [{ name: 'app', image: 'x:1', resources }] });

function deployment(
  resources: JsonObject,
  annotations: JsonObject = {},
  labels: JsonObject = {},
): JsonObject {
  const metadata = { name: 'web', namespace: 'shop', uid: 'web', annotations, labels };
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
  return told(posture.settle());
}

/** What is said anew under these decisions. */
function decide(...exceptions: readonly Exception[]): string[] {
  return told(posture.decideAnew(deciding(...exceptions)));
}

function told({ upserted, resolved }: PostureDelta): string[] {
  const gone = resolved.map(({ fingerprint }) => fingerprint);
  stored.note({ resources: [], removed: [], findings: upserted.map(findingRowOf), resolved: gone });
  return [
    ...upserted.map(({ finding }) => said(finding)),
    ...resolved.map(({ resource }) => `resolved ${resource.kind}/${resource.name}`),
  ];
}

function said({ exception, message }: { exception?: { until?: string }; message: string }): string {
  const where = message.includes('Pod/') ? 'in pods' : 'in the template';
  return `${exception === undefined ? 'open' : `accepted until ${exception.until}`} ${where}`;
}

const HUB: Exception = {
  origin: 'configuration',
  source: 'hub:7',
  scope: { controls: [CONTROL] },
  reason: 'It is small.',
  until: '2026-12-31',
};
const FRONT = { tier: 'front' };
const LABELLED: Exception = { ...HUB, scope: { controls: [CONTROL], labels: FRONT } };

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

  it('comes back to what accepted it when what accepts it too is ended', () => {
    see([deployment(GOOD)]);

    expect(decide(HUB)).toEqual(['accepted until 2026-12-31 in pods']);
    expect(decide()).toEqual(['accepted until 2026-11-30 in pods']);
  });

  it('is open where it comes back without an exception', () => {
    see([deployment(GOOD)]);
    see([], old);

    expect(see([deployment(BAD)])).toEqual(['open in the template']);
  });
});

describe('a finding that the hub accepts by how its object looks', () => {
  const old = running('web-1', BAD);

  beforeEach(() => {
    decide(LABELLED);
    see([deployment(BAD, {}, FRONT), ...old]);
    expect(see([deployment(GOOD)])).toEqual(['accepted until 2026-12-31 in pods']);
  });

  it('stays accepted in the pods of before, for as long as that is not ended', () => {
    expect(decide()).toEqual(['open in pods']);
    expect(decide(LABELLED)).toEqual(['accepted until 2026-12-31 in pods']);
  });

  it.each<[string, Partial<Exception>]>([
    ['covers other objects', { scope: { controls: [CONTROL], names: ['api'] } }],
    ['is another one', { source: 'hub:8' }],
    ['needs an approval', { requestFrom: 'low' }],
  ])('is open once what accepted it %s', (_what, other) => {
    expect(decide({ ...LABELLED, ...other })).toEqual(['open in pods']);
  });
});

describe('a finding that is accepted after it was mended, while pods of before show it', () => {
  const old = running('web-1', BAD);

  beforeEach(() => {
    see([deployment(BAD), ...old]);
    expect(see([deployment(GOOD)])).toEqual(['open in pods']);
  });

  it('is open once that is taken back in its object', () => {
    expect(see([deployment(GOOD, ACCEPTED)])).toEqual(['accepted until 2026-11-30 in pods']);
    expect(see([deployment(GOOD)])).toEqual(['open in pods']);
  });

  it('is open once that is ended in the hub', () => {
    expect(decide(HUB)).toEqual(['accepted until 2026-12-31 in pods']);
    expect(decide()).toEqual(['open in pods']);
  });
});

/** What a hub sees at a moment, and what is decided in it. */
interface Moment {
  readonly isMended: boolean;
  readonly isAnnotated: boolean;
  readonly isLabelled: boolean;
  readonly hasOld: boolean;
  readonly decided: readonly Exception[];
}

const MOMENT: fc.Arbitrary<Moment> = fc.record({
  isMended: fc.boolean(),
  isAnnotated: fc.boolean(),
  isLabelled: fc.boolean(),
  hasOld: fc.boolean(),
  decided: fc.constantFrom([], [HUB], [LABELLED]),
});

/** A hub with what it has stored. */
class Hub {
  private readonly rows = new Map<string, FindingRow>();
  private stored = new StoredRows();
  private posture = postureOf(this.stored);
  private ids: readonly string[] = [];

  /** Begins anew with nothing but what is stored. */
  restart(): void {
    this.stored = new StoredRows();
    const found: readonly FindingRow[] = JSON.parse(JSON.stringify([...this.rows.values()]));
    const loaded = found.map((row) => ({
      ...row,
      exception: row.exception ?? null,
      asMade: row.asMade ?? null,
    }));
    this.stored.load([], loaded);
    this.posture = postureOf(this.stored);
    this.ids = [];
  }

  /** What it has stored once it has seen a moment. */
  see({ isMended, isAnnotated, isLabelled, hasOld, decided }: Moment): readonly unknown[] {
    const web = deployment(isMended ? GOOD : BAD, isAnnotated ? ACCEPTED : {}, isLabelled ? FRONT : {});
    const objects = [web, ...(hasOld ? running('web-1', BAD) : [])].map(read);
    const seen = objects.map(({ id }) => id);
    this.posture.see({ upsert: objects, remove: this.ids.filter((id) => !seen.includes(id)) });
    this.ids = seen;
    const delta = this.posture.judge({ risks: 'later', decisions: deciding(...decided) });
    const sight = { isKnown: () => true, isRecalled: () => false, isAwaited: () => false };
    const said = delta.upserted.map(findingRowOf);
    const { findings, resolved } = this.stored.different(said, delta.resolved.map(goneOf), sight);
    this.stored.note({ resources: [], removed: [], findings, resolved });
    for (const row of findings) this.rows.set(row.fingerprint, row);
    for (const fingerprint of resolved) this.rows.delete(fingerprint);
    return [...this.rows.values()];
  }
}

it('no start changes what is accepted, whatever happens before and after it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(MOMENT, fc.boolean()), { maxLength: 8 }), (moments) => {
      const [undisturbed, restarted] = [new Hub(), new Hub()];
      for (const [moment, isRestarted] of moments) {
        if (isRestarted) restarted.restart();
        expect(restarted.see(moment)).toEqual(undisturbed.see(moment));
      }
    }),
  );
});
