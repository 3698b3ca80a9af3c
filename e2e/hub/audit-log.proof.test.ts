import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ChangeItem } from '@bulwark/api';
import { CONTROL_PLANE, ControlPlane } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, hasBrowser } from './browser.testing.ts';
import { dumpOf } from './dump.testing.ts';
import { writeKubeconfig } from './kubeconfig.testing.ts';
import { eventually, pause, RunningHub } from './running-hub.testing.ts';
import { TlsFront } from './tls-front.testing.ts';

const START_MS = 600_000;
/** The field managers of a request are noted to the second. */
const SECOND_MS = 1100;

/** Who acts, as kubectl is told to act as them. */
const ANN = ['--as=ann', '--as-group=developers', '--as-group=system:masters'] as const;
const BOB = ['--as=bob', '--as-group=system:masters'] as const;

/** Made of parts, so that no scanner takes it for a leak. */
const PLANTED = ['Kd8', 'planted-in-a-body', 'Vr2'].join('-');

function deployment(name: string): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            { name: 'main', image: 'registry.example/main:1', env: [{ name: 'PASSWORD', value: PLANTED }] },
          ],
        },
      },
    },
  };
}

/** A change in short: what was done, and by whom; a question mark where that is uncertain. */
function told({ verb, actor: { user, isUncertain } }: ChangeItem): string {
  return `${verb} by ${user ?? 'nobody'}${isUncertain ? '?' : ''}`;
}

describe.skipIf(CONTROL_PLANE === undefined)(
  'the audit log of a real API server (needs shared/testbed)',
  () => {
    let plane: ControlPlane;

    beforeAll(async () => {
      plane = await ControlPlane.start();
    }, START_MS);
    afterAll(async () => {
      await plane?.stop();
    }, START_MS);

    /** Runs kubectl with a manifest. */
    async function kubectlWith(object: object, ...args: readonly string[]): Promise<void> {
      const file = join(plane.folder, 'object.json');
      writeFileSync(file, JSON.stringify(object));
      await plane.kubectl(...args, '-f', file);
    }

    /** The changes of one object, the first one first, once there are so many and everybody is known. */
    function changesOf(hub: RunningHub, kind: string, name: string, count: number): Promise<ChangeItem[]> {
      return eventually(`${count} changes of ${name} have actors`, async () => {
        const found = await hub.all('listChanges', `kind:${kind} name:${name}`);
        const known = found.filter(({ actor }) => actor.user !== null);
        if (known.length !== count || found.length !== count) throw new Error(found.map(told).join(', '));
        return found.toReversed();
      });
    }

    /** Changes a Deployment in every way, each person in turn; what the hub must say of it. */
    async function story(hub: RunningHub, name: string): Promise<readonly string[]> {
      const steps: readonly { readonly said: string; readonly act: () => Promise<unknown> }[] = [
        { said: 'created by ann', act: () => kubectlWith(deployment(name), ...ANN, 'create') },
        {
          said: 'changed by bob',
          act: () =>
            plane.kubectl(...BOB, 'set', 'image', `deployment/${name}`, 'main=registry.example/main:2'),
        },
        {
          said: 'changed by ann',
          act: () => plane.kubectl(...ANN, 'scale', `deployment/${name}`, '--replicas=3'),
        },
        {
          said: 'changed by testbed-admin',
          act: () => kubectlWith(deployment(name), 'apply', '--server-side', '--force-conflicts'),
        },
        {
          said: 'deleted by bob',
          act: () => plane.kubectl(...BOB, 'delete', 'deployment', name),
        },
      ];
      for (const [index, { act }] of steps.entries()) {
        await act();
        // Two requests that are seen as one change have one actor.
        await eventually('the change is seen', async () =>
          (await hub.all('listChanges', `kind:Deployment name:${name}`)).length > index ? true : undefined,
        );
        await pause(SECOND_MS);
      }
      return steps.map(({ said }) => said);
    }

    it(
      'in a file names who made each change, over a crash of the hub, and no event is lost or counted twice',
      async () => {
        const path = join(plane.folder, 'log', 'audit.log');
        const start = { kubeconfig: plane.kubeconfig(), args: ['--audit-log', `testbed=${path}`] };
        let hub = await RunningHub.start(start);
        try {
          await hub.reaches('live');
          const expected = await story(hub, 'filed');
          const seen = await changesOf(hub, 'Deployment', 'filed', expected.length);

          expect(seen.map(told)).toEqual(expected);
          expect(seen[0]?.actor).toMatchObject({
            user: 'ann',
            impersonatedBy: 'testbed-admin',
            address: '127.0.0.1',
            managers: ['kubectl-create'],
            userAgent: expect.stringContaining('kubectl/'),
            auditId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          });
          expect(seen[0]?.actor.groups).toContain('developers');

          // What is done while the hub is away is seen when it is back, and so is who did it.
          await hub.kill();
          await plane.kubectl(...BOB, 'create', 'namespace', 'unseen');
          hub = await RunningHub.start({ ...start, folder: hub.folder });
          await hub.reaches('live');
          expect((await changesOf(hub, 'Namespace', 'unseen', 1)).map(told)).toEqual(['created by bob']);

          const cluster = await eventually('the file is read to its end', async () => {
            const before = linesOf(path);
            const [found] = (await hub.call('listClusters', {})).items;
            const [source] = found?.auditLog ?? [];
            if (source?.events !== before || linesOf(path) !== before)
              throw new Error(`${source?.events ?? 0} of ${before} events`);
            return found;
          });
          expect(cluster?.auditLog).toMatchObject([{ source: `file:${path}`, malformed: 0, fault: null }]);
          // The log of the testbed has bodies; nothing of them is kept.
          expect(readFileSync(path, 'utf8')).toContain(PLANTED);
          expect(await dumpOf(hub)).not.toContain(PLANTED);
          expect(await hub.text('/metrics')).toMatch(
            /bulwark_audit_log_events_total\{cluster="testbed",source="file:/,
          );
        } finally {
          await hub.remove();
        }
      },
      START_MS,
    );

    it(
      'at the level of deploy/audit-policy.yaml names who made each change when it is posted to the hub',
      async () => {
        const hub = await RunningHub.start({ kubeconfig: plane.kubeconfig() });
        const front = await TlsFront.start(() => hub.url);
        try {
          const cluster = await hub.reaches('live');
          expect((await hub.all('listCoverage')).map(({ code }) => code)).toContain('audit-log-missing');
          const { secret } = await hub.call('createToken', {
            body: {
              name: 'api server',
              role: 'audit-log',
              limits: { clusters: [cluster.id], namespaces: 'all' },
              days: 1,
            },
          });
          const restart = await plane.crash();
          await restart(
            ...['--audit-policy-file', resolve('deploy', 'audit-policy.yaml')],
            ...['--audit-webhook-config-file', webhookOf(plane.folder, front, `${cluster.id}`, secret)],
            ...['--audit-webhook-batch-max-wait', '1s', '--audit-webhook-initial-backoff', '1s'],
          );
          await hub.reaches('live');

          const expected = await story(hub, 'posted');
          const seen = await changesOf(hub, 'Deployment', 'posted', expected.length);

          expect(seen.map(told)).toEqual(expected);
          expect(seen[0]?.actor).toMatchObject({ user: 'ann', impersonatedBy: 'testbed-admin' });
          if (hasBrowser) await seeInPage(hub, 'posted');
          expect((await hub.all('listCoverage')).map(({ code }) => code)).not.toContain('audit-log-missing');
          expect(front.answers).not.toContain(413);
          expect(front.answers).toContain(204);
          expect(front.posted).not.toContain(PLANTED);
          expect(front.posted).not.toContain('"verb":"get"');
        } finally {
          await front.stop();
          await hub.remove();
        }
      },
      START_MS,
    );
  },
);

/** Opens by keyboard what the page says of who created a Deployment. */
async function seeInPage(hub: RunningHub, name: string): Promise<void> {
  const browser = await Browser.open(hub, { width: 1280, scheme: 'light' });
  try {
    const { page } = browser;
    await browser.visit(hub, `/changes?q=${encodeURIComponent(`kind:Deployment name:${name} verb:created`)}`);
    await page.getByRole('button', { name: 'testbed-admin as ann' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('developers').waitFor();
    expect(await browser.axe()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(browser.faults).toEqual([]);
  } finally {
    await browser.close();
  }
}

function linesOf(path: string): number {
  return readFileSync(path, 'utf8').split('\n').length - 1;
}

/** Writes what an API server is told about where to post. */
function webhookOf(folder: string, front: TlsFront, cluster: string, token: string): string {
  const to = join(folder, 'webhook');
  mkdirSync(to, { recursive: true });
  const authority = join(to, 'ca.crt');
  writeFileSync(authority, front.authority);
  const server = `${front.url}/api/v1/clusters/${cluster}/audit-log`;
  return writeKubeconfig(join(to, 'config.json'), {
    name: 'hub',
    cluster: { server, 'certificate-authority': authority },
    user: { token },
  });
}
