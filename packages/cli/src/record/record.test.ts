import { findBuild, scopeOf } from '@bulwark/store';
import { type FileTree, writeTree } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HUB_WITHIN_MS, ListeningHub } from '../hub-client/hub.testing.ts';
import { bulwark } from '../run.testing.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const SHA = 'c0ffee'.padEnd(40, '0');
const BUILD = { BULWARK_BUILD_REPOSITORY: 'github.com/acme/shop', BULWARK_BUILD_COMMIT: SHA };

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      hostPID: true
      containers:
        - { name: app, image: "example.com/web:1@${DIGEST}", env: [{ name: DB_PASSWORD, value: hunter2-hunter3 }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;

describe('scan --record', () => {
  let hub: ListeningHub;
  let tree: FileTree;

  beforeAll(async () => {
    hub = await ListeningHub.start();
    tree = writeTree({ 'web.yaml': DEPLOYMENT });
  }, HUB_WITHIN_MS);
  afterAll(async () => {
    await hub?.stop();
    tree?.remove();
  }, HUB_WITHIN_MS);

  async function record(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const env = { ...(await hub.variables('ci')), ...BUILD, ...more };
    return bulwark(['scan', tree.path('web.yaml'), '--record', ...args], tree.root, { env });
  }

  it('tells the hub what was judged, with what verdict, and which images', async () => {
    const ran = await record(['--image', `example.com/made@${OTHER}`, '--control', 'host-pid']);

    expect(ran.code).toBe(1);
    const [, id] = /as build (\d+):/.exec(ran.err) ?? [];
    expect(ran.err).toBe(
      `Recorded at ${hub.url} as build ${id}: 1 object that runs pods, 2 images by digest; the scan failed.\n`,
    );
    const found = await findBuild(hub.store, scopeOf({ clusters: 'all', namespaces: 'all' }), Number(id));
    expect(found?.record).toMatchObject({
      repository: 'github.com/acme/shop',
      commit: SHA,
      verdict: 'failed',
      failOn: 'high',
      controls: 1,
    });
    expect(found?.objects).toEqual([
      expect.objectContaining({ kind: 'apps/Deployment', namespace: 'shop', name: 'web' }),
    ]);
    expect([...(found?.images ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'example.com/made', digest: OTHER, made: true },
      { name: 'example.com/web', digest: DIGEST, made: false },
    ]);
  });

  it('is the same record when the same is built again, and says whether the scan passed', async () => {
    const first = await record(['--control', 'host-ipc']);
    const second = await record(['--control', 'host-ipc']);

    expect([first.code, second.code]).toEqual([0, 0]);
    expect(first.err).toContain('the scan passed.');
    expect(second.err).toMatch(/^Was recorded already at /);
  });

  it('says nothing with --quiet, and keeps no secret of a manifest', async () => {
    const { code, out, err } = await record(['--quiet', '--fail-on', 'never']);

    expect([code, out, err]).toEqual([0, '', '']);
    const { rows } = await hub.store.pool.query<{ text: string }>(
      'select content::text as text from build_manifest',
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('hunter2');
  });

  it.each([
    {
      args: [],
      env: { BULWARK_HUB: '' },
      says: 'which hub? --hub URL or the variable BULWARK_HUB names one',
    },
    { args: [], env: { BULWARK_HUB_TOKEN: '' }, says: 'BULWARK_HUB_TOKEN is not set' },
    {
      args: [],
      env: { BULWARK_HUB_TOKEN: 'bwt_a\nx: y' },
      says: 'BULWARK_HUB_TOKEN holds more than a token',
    },
    { args: ['--hub', 'hub.example.com'], env: {}, says: '--hub must be an address such as https://' },
    { args: ['--hub', 'ftp://hub.example.com'], env: {}, says: '--hub must begin with https://' },
    { args: ['--hub', 'http://hub.example.com'], env: {}, says: 'the token would be readable on its way' },
    {
      args: ['--hub', 'https://ann:hunter2@hub.example.com'],
      env: {},
      says: '--hub must hold no name and password',
    },
    {
      args: ['--hub', 'https://hub.example.com/?a=b'],
      env: {},
      says: '--hub must be the address of the hub alone',
    },
    { args: ['--ca', 'web.yaml'], env: {}, says: '--ca: web.yaml holds no certificate in PEM' },
    { args: ['--ca', 'none.pem'], env: {}, says: '--ca: none.pem' },
    { args: ['--image', 'example.com/web:1'], env: {}, says: '--image takes NAME@DIGEST' },
    {
      args: ['--write-baseline', 'b.json'],
      env: {},
      says: '--record and --write-baseline do not go together',
    },
    { args: [], env: { BULWARK_BUILD_COMMIT: '' }, says: 'BULWARK_BUILD_COMMIT must be the commit' },
  ])('is refused before the scan: $args $env', async ({ args, env, says }) => {
    const ran = await record(args, env);

    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toContain(says);
    expect(ran.err).not.toContain('hunter2');
  });

  it.each(['--hub=https://hub.example.com', '--ca=a.pem', `--image=a@${DIGEST}`])(
    'is what %s is for',
    async (arg) => {
      const ran = await bulwark(['scan', tree.path('web.yaml'), arg], tree.root);

      expect([ran.code, ran.err]).toEqual([
        2,
        expect.stringMatching(/^error: --\w+ is only for --record\n$/),
      ]);
    },
  );

  it.each([
    {
      what: 'a token that has ended',
      env: async () => ({ BULWARK_HUB_TOKEN: 'bwt_unknown' }),
      says: /^error: the hub does not know the token in BULWARK_HUB_TOKEN; .* bulwark hub token create/,
    },
    {
      what: 'a role that may only look',
      env: () => hub.variables('viewer'),
      says: /^error: the hub refuses: .* the permission record, which the roles admin, ci have; the token's role is viewer\.$/m,
    },
    {
      what: 'a token for other namespaces',
      env: () => hub.variables('ci', { clusters: 'all', namespaces: ['pay'] }),
      says: /^error: the hub refuses: The token may say nothing of the namespaces of apps\/Deployment shop\/web\./,
    },
    {
      what: 'an address where nothing listens',
      env: async () => ({ BULWARK_HUB: 'http://127.0.0.1:1' }),
      says: /^error: the hub at http:\/\/127\.0\.0\.1:1 cannot be reached: nothing listens there; is it running, and is that its address\?$/m,
    },
  ])('fails after the report with $what, and shows no token', async ({ env, says }) => {
    const variables = await env();
    const ran = await record(['--format', 'json'], variables);

    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.out)).toMatchObject({ tool: { name: 'bulwark' } });
    expect(ran.err).toMatch(says);
    expect(ran.err).not.toMatch(/bwt_/);
  });
});
