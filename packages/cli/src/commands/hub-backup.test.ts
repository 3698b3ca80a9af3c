import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createUser } from '@bulwark/store';
import { writeTree } from '@bulwark/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HUB_WITHIN_MS, ListeningHub } from '../hub-client/hub.testing.ts';
import { bulwark } from '../run.testing.ts';

describe('hub backup', () => {
  let hub: ListeningHub;

  beforeAll(async () => {
    hub = await ListeningHub.start();
  }, HUB_WITHIN_MS);
  afterAll(() => hub?.stop(), HUB_WITHIN_MS);

  function run(file: string, folder: string) {
    return bulwark(['hub', 'backup', file, '--data-dir', folder, '--no-config'], '/');
  }

  it('saves what a running hub knows', async () => {
    const now = new Date();
    const limits = { clusters: 'all', namespaces: 'all' } as const;
    await createUser(hub.store, { name: 'ann-who-is-saved', role: 'viewer', limits, createdAt: now });
    const file = join(writeTree({ 'note.txt': '' }).root, 'hub.backup');

    expect(await run(file, hub.folder)).toEqual({ code: 0, out: `Written to ${file}\n`, err: '' });

    expect(gunzipSync(readFileSync(file)).includes('ann-who-is-saved')).toBe(true);
  });

  it('writes nothing where there is no hub, and makes no database', async () => {
    const folder = writeTree({ 'note.txt': '' }).root;
    const file = join(folder, 'hub.backup');

    const { code, err } = await run(file, folder);

    expect([code, existsSync(file), existsSync(join(folder, 'lock'))]).toEqual([2, false, false]);
    expect(err).toContain(`there is no database of a hub in ${folder}`);
  });
});
