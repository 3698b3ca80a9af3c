import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { frameworkReport } from '@bulwark/api';
import { applyBatch } from '@bulwark/store';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addCluster, finding, kind, NOW, resource, WEEK_AGO } from '../ask/asked-hub.testing.ts';
import { HUB_WITHIN_MS, ListeningHub } from '../hub-client/hub.testing.ts';
import { bulwark } from '../run.testing.ts';

let hub: ListeningHub;
let env: Record<string, string>;
let tree: FileTree;
const open: Server[] = [];

beforeAll(async () => {
  hub = await ListeningHub.start();
  const prod = await addCluster(hub, 'prod', 'live', { kinds: [kind('apps/Deployment', 'live')] });
  const edge = await addCluster(hub, 'edge', 'stale', { kinds: [kind('apps/Deployment', 'live')] });
  const nothing = { removed: [], resolved: [] };
  await applyBatch(hub.store, prod, {
    ...nothing,
    at: WEEK_AGO,
    resources: [resource('pay', 'ledger'), resource('shop', 'wéb')],
    findings: [finding('pay', 'ledger'), finding('shop', 'wéb')],
  });
  await applyBatch(hub.store, edge, {
    ...nothing,
    at: NOW,
    resources: [resource('pay', 'till')],
    findings: [finding('pay', 'till')],
  });
  env = await hub.variables('viewer');
}, HUB_WITHIN_MS);
afterAll(() => hub?.stop(), HUB_WITHIN_MS);

beforeEach(() => {
  tree = writeTree({ 'old.html': 'what was there' });
});
afterEach(() => {
  tree.remove();
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const ask = (args: readonly string[], more: Record<string, string> = {}) =>
  bulwark(['compliance', ...args], tree.root, { env: { ...env, ...more } });
const text = (name: string): string => readFileSync(tree.path(name), 'utf8');

/** A hub whose reports break off after their first bytes. */
async function breaking(): Promise<string> {
  const server = createServer((request, response) => {
    void fetch(`${hub.url}${request.url ?? ''}`, {
      headers: { authorization: request.headers.authorization ?? '' },
    }).then(async (answer) => {
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      const body = await answer.text();
      if (request.url?.includes('/report') !== true) response.end(body);
      else response.write(body.slice(0, 200), () => response.destroy());
    });
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the report of a framework', () => {
  it('is printed as it comes, beside what was seen', async () => {
    const { code, out, err } = await ask(['pss-baseline', '--report', 'json']);

    expect(code).toBe(0);
    expect(err).toContain('SEEN      100 % of prod');
    const { framework, clusters, findings, total } = frameworkReport.parse(JSON.parse(out));
    expect([framework.id, clusters.map(({ name }) => name), total]).toEqual([
      'pss-baseline',
      ['edge', 'prod'],
      3,
    ]);
    expect(findings.map(({ resource: { name } }) => name).sort()).toEqual(['ledger', 'till', 'wéb']);
  });

  it('is of one cluster and of a moment, in a file of its own', async () => {
    const args = ['pss-baseline', '--report', 'html', '--cluster', 'prod', '--as-of', '3d'];
    const { code, out } = await ask([...args, '--output', 'audit.html']);

    expect([code, out]).toEqual([0, 'Written to audit.html\n']);
    expect(text('audit.html')).toMatch(/^<!doctype html>/i);
    for (const part of ['prod', 'wéb', '2 findings. This is the end of the report', '</html>'])
      expect(text('audit.html')).toContain(part);
    expect(text('audit.html')).not.toContain('till');
  });

  it('takes the place of what was there, and says with --strict that not all was seen', async () => {
    const { code } = await ask(['pss-baseline', '--report', 'html', '--output', 'old.html', '--strict']);

    expect(code).toBe(3);
    expect(text('old.html')).toContain('This is the end of the report');
  });

  it('that breaks off leaves what was there, and no part of it', async () => {
    const { code, out, err } = await ask(['pss-baseline', '--report', 'html', '--output', 'old.html'], {
      BULWARK_HUB: await breaking(),
    });

    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('cannot be reached: it closed the connection');
    expect([readdirSync(tree.root), text('old.html')]).toEqual([['old.html'], 'what was there']);
  });

  it.each([
    { args: ['--report', 'html'], says: '--report is about one framework; name it' },
    { args: ['pss-baseline', '--output', 'a.html'], says: '--output is for a report: say --report html' },
    { args: ['pss-baseline', '--report', 'html', '--all'], says: 'are for the list; a report is whole' },
    { args: ['pss-baseline', '--report', 'json', '-f', 'csv'], says: 'are for the list; a report is whole' },
    { args: ['pss-baseline', '--report', 'pdf'], says: 'Allowed choices are html, json' },
    {
      args: ['pss-none', '--report', 'html', '--output', 'a.html'],
      says: 'the hub refuses: there is nothing of that name',
    },
    {
      args: ['pss-baseline', '--report', 'html', '--cluster', 'prd', '--output', 'a.html'],
      says: 'did you mean "prod"?',
    },
    { args: ['pss-baseline', '--report', 'html', '--output', 'no/a.html'], says: '--output: ' },
  ])('is not made of $args, and why is said', async ({ args, says }) => {
    const { code, err } = await ask(args);

    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
    expect(existsSync(tree.path('a.html'))).toBe(false);
  });

  it('does not take the place of what is read-only', async () => {
    chmodSync(tree.path('old.html'), 0o400);

    const { code, err } = await ask(['pss-baseline', '--report', 'html', '--output', 'old.html']);

    expect([code, err]).toEqual([2, expect.stringContaining('is read-only')]);
    expect(text('old.html')).toBe('what was there');
  });
});
