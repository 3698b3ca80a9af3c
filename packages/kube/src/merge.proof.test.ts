import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CONTROL_PLANE } from '@bulwark/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessFromKubeconfig } from './access/kubeconfig.ts';
import { LivePlane } from './control-plane.testing.ts';

const execute = promisify(execFile);

describe.skipIf(CONTROL_PLANE === undefined)(
  'kubeconfigs, as kubectl merges them (needs shared/testbed)',
  () => {
    const live = new LivePlane();
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'bulwark-kube-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('whatever files there are, they are merged as kubectl merges them', async () => {
      const name = fc.constantFrom('a', 'b', 'c');
      const entry = (field: string, content: (serial: string) => object) =>
        fc
          .uniqueArray(name, { maxLength: 3 })
          .map(
            (names) => (serial: string) =>
              names.map((each) => ({ name: each, [field]: content(`${serial}-${each}`) })),
          );
      const context = fc.record({ cluster: name, user: name });
      const file = fc.record({
        clusters: entry('cluster', (serial) => ({ server: `https://${serial}.example.com` })),
        users: entry('user', (serial) => ({ token: serial })),
        contexts: fc.dictionary(name, context, { maxKeys: 3 }),
        current: fc.option(name, { nil: undefined }),
      });
      const files = fc.array(file, { minLength: 1, maxLength: 3 });
      let usable = 0;
      await fc.assert(
        fc.asyncProperty(files, async (given) => {
          const paths = given.map(({ clusters, users, contexts, current }, index) => {
            const path = join(folder, `merge-${index}`);
            const content = {
              clusters: clusters(`f${index}`),
              users: users(`f${index}`),
              contexts: Object.entries(contexts).map(([each, context]) => ({ name: each, context })),
              ...(current !== undefined && { 'current-context': current }),
            };
            writeFileSync(path, JSON.stringify(content));
            return path;
          });
          const env = { KUBECONFIG: [...paths, join(folder, 'missing')].join(':') };
          const args = [
            'config',
            'view',
            '--raw',
            '--minify',
            '-o',
            'jsonpath={.clusters[0].cluster.server} {.users[0].user.token}',
          ];
          const theirs = await execute(live.plane.program, args, { env }).then(
            ({ stdout }) => stdout,
            () => undefined,
          );
          const access = accessFromKubeconfig({ env });
          const credential = access.ok ? await access.value.credentials.current() : undefined;
          const token =
            credential?.ok === true ? credential.value.authorization?.reveal().slice('Bearer '.length) : '';
          const ours = access.ok ? `${access.value.server.origin} ${token}` : undefined;
          if (ours !== undefined) usable++;
          // kubectl shows contexts that lack a part, and refuses them only when they are used.
          if (ours !== undefined || (theirs !== undefined && /^https\S+ \S/.test(theirs)))
            expect(ours).toBe(theirs);
        }),
        { numRuns: 80 },
      );
      expect(usable).toBeGreaterThan(10);
    }, 120_000);
  },
);
