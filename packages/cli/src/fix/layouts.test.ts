import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ScanReport } from '@bulwark/core';
import { type FileTree, LayoutPrinter } from '@bulwark/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bulwark } from '../run.testing.ts';
import { fix, tree } from './fix.testing.ts';

const FILES = 12;
const FLAGS = ['--may-break', '--profile', 'strict'];

const SECURITY = fc.oneof(
  fc.constant(null),
  fc.record(
    {
      privileged: fc.boolean(),
      allowPrivilegeEscalation: fc.boolean(),
      runAsUser: fc.constantFrom(0, 1000),
      runAsNonRoot: fc.boolean(),
      procMount: fc.constant('Unmasked'),
      capabilities: fc.record(
        {
          add: fc.subarray(['SYS_ADMIN', 'NET_RAW', 'NET_BIND_SERVICE']),
          drop: fc.subarray(['ALL', 'KILL']),
        },
        { requiredKeys: [] },
      ),
      seccompProfile: fc.constant({ type: 'Unconfined' }),
    },
    { requiredKeys: [] },
  ),
);

const CONTAINERS = fc
  .array(
    fc.record(
      {
        image: fc.constant('example.com/app:1.2'),
        args: fc.array(fc.constantFrom('true', 'a: b', 'two\nlines\n', '# text'), { maxLength: 2 }),
        ports: fc.array(fc.record({ containerPort: fc.constant(80), hostPort: fc.constant(80) }), {
          maxLength: 2,
        }),
        securityContext: SECURITY,
        resources: fc.constant({}),
      },
      { requiredKeys: ['image'] },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((containers) => containers.map((container, index) => ({ name: `c${index}`, ...container })));

const SPECS = fc.record(
  {
    hostPID: fc.boolean(),
    hostIPC: fc.boolean(),
    shareProcessNamespace: fc.boolean(),
    automountServiceAccountToken: fc.boolean(),
    securityContext: fc.constantFrom(null, {}, { runAsUser: 0 }, { sysctls: [] }),
    containers: CONTAINERS,
    initContainers: CONTAINERS,
  },
  { requiredKeys: ['containers'] },
);

/** Pods as somebody may have written them, a file each. */
function podFiles(): Record<string, string> {
  const choices = fc.array(fc.nat(5039), { minLength: 300, maxLength: 300 });
  const samples = fc.sample(fc.tuple(SPECS, choices, fc.boolean()), { numRuns: FILES, seed: 4 });
  return Object.fromEntries(
    samples.map(([spec, numbers, isJson], index) => {
      const metadata = { name: `p${index}`, namespace: 'shop' };
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec };
      if (isJson && index % 5 === 0) return [`p${index}.json`, JSON.stringify(pod, undefined, index % 4)];
      let at = 0;
      const printer = new LayoutPrinter((most) => (numbers[at++ % numbers.length] ?? 0) % most);
      return [`p${index}.yaml`, printer.document(pod)];
    }),
  );
}

/** How many findings there are of each control in each container; an edit beside one may change its fingerprint. */
async function findingsIn({ root }: FileTree): Promise<Map<string, number>> {
  const { out } = await bulwark(['scan', root, '--profile', 'strict', '-f', 'json'], root);
  const { findings, coverage } = JSON.parse(out) as Pick<ScanReport, 'findings' | 'coverage'>;
  expect(coverage.filter(({ kind }) => kind === 'lost')).toEqual([]);
  const counts = new Map<string, number>();
  for (const { control, resource, container } of findings) {
    const key = `${control} ${resource.name} ${container ?? ''}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

it('mends files of any layout, brings nothing new, and says in its diff what it writes', async () => {
  const files = podFiles();
  const [folder, patched] = [tree(files), tree(files)];
  const before = await findingsIn(folder);

  const diff = await fix(folder, ...FLAGS);
  const written = await fix(folder, ...FLAGS, '--write');
  const applied = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
    cwd: patched.root,
    input: diff.out,
    encoding: 'utf8',
  });
  const after = await findingsIn(folder);
  const again = await fix(folder, ...FLAGS);

  expect(applied.stderr).toBe('');
  for (const name of Object.keys(files))
    expect(readFileSync(patched.path(name), 'utf8')).toBe(readFileSync(folder.path(name), 'utf8'));
  const made = Number(/^(\d+) fixes written/.exec(written.err)?.[1]);
  expect(made).toBeGreaterThan(FILES);
  expect([...after].filter(([key, count]) => count > (before.get(key) ?? 0))).toEqual([]);
  expect(sumOf(before) - sumOf(after)).toBeGreaterThanOrEqual(made);
  expect(again.out).toBe('');
});
