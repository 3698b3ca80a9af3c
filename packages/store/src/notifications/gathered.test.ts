import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FindingRow } from '../write/rows.ts';
import { ACCEPTED, finding, shown, TestGathering } from './gathering.testing.ts';

let gathering: TestGathering;

beforeAll(async () => {
  gathering = await TestGathering.start();
}, 120_000);
beforeEach(() => gathering.reset());
afterAll(() => gathering?.stop());

describe('a message', () => {
  const cases: readonly {
    readonly what: string;
    readonly findings: readonly FindingRow[];
    readonly items: readonly string[];
    readonly told: number;
  }[] = [
    {
      what: 'one in the same container covers',
      findings: [finding('escalation'), finding('privileged')],
      items: ['privileged'],
      told: 1,
    },
    {
      what: 'one refines at the same place, of a template or of a pod',
      findings: [
        finding('node-access', { path: 'spec.containers[app].securityContext' }),
        finding('privileged'),
        finding('escalation'),
      ],
      items: ['node-access'],
      told: 2,
    },
    {
      what: 'one names as its cause',
      findings: [
        finding('takeover', { causes: ['rbac/ClusterRoleBinding||web-admin'] }),
        finding('admin-binding', {
          ...{ kind: 'rbac/ClusterRoleBinding', namespace: '', name: 'web-admin' },
          container: undefined,
        }),
      ],
      items: ['takeover'],
      told: 1,
    },
    {
      what: 'one names as its cause, which is a Namespace',
      findings: [
        finding('takeover', { causes: ['Namespace||shop'] }),
        finding('admin-binding', {
          ...{ kind: 'Namespace', apiVersion: 'v1', namespace: '', name: 'shop' },
          container: undefined,
        }),
      ],
      items: ['takeover'],
      told: 1,
    },
    {
      what: 'no finding of the same object or container says better',
      findings: [
        finding('privileged', { name: 'api' }),
        finding('privileged', { container: 'side' }),
        finding('escalation'),
        finding('node-access', { path: 'spec.elsewhere' }),
      ],
      items: ['escalation', 'node-access', 'privileged', 'privileged'],
      told: 0,
    },
  ];

  it.each(cases)('has no item for what $what, counts it, and finds it by its link', async (each) => {
    await gathering.route();
    await gathering.write(1, each.findings);
    const opened = await gathering.message(40);

    expect(opened?.items.map(({ control }) => control).toSorted()).toEqual(each.items);
    expect([opened?.opened, opened?.told]).toEqual([each.items.length, each.told]);
    expect(opened?.fingerprints.toSorted()).toEqual(
      each.findings.map(({ fingerprint }) => fingerprint).toSorted(),
    );

    await gathering.write(50, [], each.findings);
    const resolved = await gathering.message(90);

    expect(resolved?.items.map(({ control }) => control).toSorted()).toEqual(each.items);
    expect([resolved?.resolved, resolved?.told]).toEqual([each.items.length, each.told]);
  });

  it('has what others would tell that came before it: of that alone it is news', async () => {
    await gathering.write(1, [finding('privileged')]);
    await gathering.route();
    await gathering.write(2, [finding('escalation')]);

    expect(shown(await gathering.message(40))).toEqual(['opened escalation']);
  });

  it.each([
    { what: 'deferred', until: 60, items: ['opened privileged'] },
    { what: 'deferred until a moment that has come', until: 35, items: ['opened node-access'] },
  ])('leaves out what is $what by then, and what that would tell stands for itself', async (each) => {
    await gathering.route();
    const worst = finding('node-access');
    await gathering.write(1, [worst, finding('privileged')]);
    await gathering.defer(worst, each.until);

    expect(shown(await gathering.message(40))).toEqual(each.items);
  });

  it('is none where everything in it is deferred by then', async () => {
    await gathering.route();
    const only = finding('privileged');
    await gathering.write(1, [only]);
    await gathering.defer(only, 60);

    expect(await gathering.message(40)).toBeUndefined();
    expect((await gathering.store.pool.query('select from delivery')).rowCount).toBe(0);
  });

  it('names a Namespace as Kubernetes does, and goes where its namespace is asked for', async () => {
    await gathering.route({ namespaces: ['shop'] });
    const space = { kind: 'Namespace', apiVersion: 'v1', namespace: '', container: undefined };
    await gathering.write(1, [
      finding('labels', { ...space, name: 'shop' }),
      finding('labels', { ...space, name: 'pay' }),
    ]);

    expect((await gathering.message(40))?.items.map(({ namespace, name }) => [namespace, name])).toEqual([
      ['', 'shop'],
    ]);
  });

  it('tells that something deferred was resolved', async () => {
    const only = finding('privileged');
    await gathering.write(1, [only]);
    await gathering.route();
    await gathering.defer(only, 60);
    await gathering.write(3, [], [only]);

    expect(shown(await gathering.message(40))).toEqual(['resolved privileged']);
  });

  it('leaves out what is accepted by then', async () => {
    await gathering.route();
    await gathering.write(1, [finding('privileged'), finding('other')]);
    await gathering.write(2, [finding('privileged', { exception: ACCEPTED })]);

    expect(shown(await gathering.message(40))).toEqual(['opened other']);
  });

  it('leaves out what was accepted when it went', async () => {
    await gathering.route();
    const accepted = finding('privileged', { exception: ACCEPTED });
    await gathering.write(1, [finding('privileged'), finding('other')]);
    await gathering.write(2, [accepted]);
    await gathering.write(3, [], [accepted]);

    expect(shown(await gathering.message(40))).toEqual(['opened other']);
  });

  it('leaves out what is gone by then, where its route does not tell what is resolved', async () => {
    await gathering.route({ tellsResolved: false });
    await gathering.write(1, [finding('privileged'), finding('other')]);
    await gathering.write(2, [], [finding('privileged')]);

    expect(shown(await gathering.message(40))).toEqual(['opened other']);
  });
});
