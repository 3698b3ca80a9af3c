import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser, hasBrowser } from './browser.testing.ts';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { eventually, pause, type RunningHub } from './running-hub.testing.ts';
import { type TwoClusters, twoClusters } from './two-clusters.testing.ts';

const START_MS = 300_000;
const DEFAULT = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } };
const PODS = { east: 'only-in-east', west: 'only-in-west' } as const;

describe.skipIf(!hasBrowser)('the choice of a cluster in Chromium (needs Chromium)', () => {
  let both: TwoClusters;
  let hub: RunningHub;
  let browser: Browser;

  beforeAll(async () => {
    both = await twoClusters((name) => [
      DEFAULT,
      PRIVILEGED_POD('in-both'),
      PRIVILEGED_POD(PODS[name], { 'bulwark.dev/owner': `team-${name}` }),
    ]);
    hub = both.hub;
    await eventually('both pods are judged', async () => {
      const names = new Set((await hub.all('listFindings')).map(({ resource }) => resource.name));
      return Object.values(PODS).every((name) => names.has(name)) ? true : undefined;
    });
    browser = await Browser.open(hub, { width: 1280, scheme: 'light' });
  }, START_MS);

  beforeEach(() => browser.anew());

  afterAll(async () => {
    await browser?.close();
    await both?.remove();
  }, START_MS);

  const row = (pod: string) => browser.page.locator('tbody tr[data-index]', { hasText: pod }).first();

  async function choose(name: string): Promise<void> {
    await browser.page.getByRole('combobox', { name: 'Cluster' }).click();
    await browser.page.getByRole('option', { name, exact: true }).click();
  }

  async function numberOf(name: keyof typeof PODS): Promise<number | undefined> {
    const { items } = await hub.call('listClusters', {});
    return items.find((cluster) => cluster.name === name)?.id;
  }

  it('begins with all clusters, and each line says of which it is', async () => {
    await browser.visit(hub, '/findings?q=control%3Aprivileged-container');
    await row(PODS.west).waitFor();

    expect(await browser.page.getByRole('combobox', { name: 'Cluster' }).inputValue()).toBe('All 2 clusters');
    expect(await row(PODS.east).textContent()).toContain('east');
    expect(await row(PODS.west).textContent()).toContain('west');
    expect(await browser.axe()).toEqual([]);
  });

  it('shows one alone, says so in the address, and comes back to all', async () => {
    await browser.visit(hub, '/findings?q=control%3Aprivileged-container');
    await row(PODS.east).waitFor();
    await choose('west');
    await browser.page.waitForURL(/[?&]cluster=\d+/);
    await row(PODS.east).waitFor({ state: 'detached' });
    await row(PODS.west).waitFor();
    await choose('All 2 clusters');
    await row(PODS.east).waitFor();

    expect(new URL(browser.page.url()).searchParams.has('cluster')).toBe(false);
    expect(browser.faults).toEqual([]);
  });

  it('is made with the keyboard alone, and axe finds nothing wrong with what opens', async () => {
    await browser.visit(hub, '/workloads');
    await row(PODS.east).waitFor();
    await browser.page.getByRole('combobox', { name: 'Cluster' }).focus();
    await browser.page.keyboard.press('ArrowDown');
    await browser.page.getByRole('option', { name: 'west', exact: true }).waitFor();
    expect(await browser.axe()).toEqual([]);
    while (
      (await browser.page.getByRole('option', { name: 'west' }).getAttribute('data-combobox-selected')) ===
      null
    )
      await browser.page.keyboard.press('ArrowDown');
    await browser.page.keyboard.press('Enter');

    await row(PODS.east).waitFor({ state: 'detached' });
    await row(PODS.west).waitFor();
  });

  it('leaves the passport of a workload of another cluster for the list of the chosen one', async () => {
    const [east] = await hub.all('listWorkloads', `name:${PODS.east}`);
    await browser.visit(hub, `/workloads/${east?.cluster.id}/Pod/default/${PODS.east}`);
    await browser.page.getByRole('region', { name: 'Time line' }).waitFor();
    await choose('west');
    await browser.page.waitForURL(/\/workloads\?.*cluster=/);

    await row(PODS.west).waitFor();
  });

  it('goes with every link to the findings of one thing of one cluster', async () => {
    const west = await numberOf('west');
    const links = [
      { at: `/workloads/${west}/Pod/default/in-both`, name: 'show them' },
      { at: `/objects/${west}/Namespace/-/default`, name: 'findings about it' },
      { at: '/namespaces?q=name%3Adefault', opens: 'west', name: 'findings' },
    ];
    for (const { at, opens, name } of links) {
      await browser.visit(hub, at);
      if (opens !== undefined) await row(opens).click();
      await browser.page.getByRole('main').getByRole('link', { name, exact: true }).click();
      await browser.page.waitForURL(/\/findings\?/);

      expect([at, new URL(browser.page.url()).searchParams.get('cluster')]).toEqual([at, String(west)]);
    }
  });

  it('goes with the links of time lines and of what was changed', async () => {
    const before = new Date(Date.now() - 60_000).toISOString();
    both.servers.west.upsert(PRIVILEGED_POD('late') as never);
    const change = await eventually('the new pod is judged', async () => {
      const [made] = await hub.all('listChanges', 'name:late');
      return made !== undefined && made.opened > 0 ? made : undefined;
    });
    const west = change.cluster.id;
    const pod = `${west}/Pod/default/late`;
    const links = [
      { at: `/workloads/${pod}`, within: 'Time line', name: 'created', to: /\/changes\?/ },
      { at: `/changes?open=${west}%2F${change.id}`, name: /Pod\/late/, to: /\/findings\?/ },
      {
        at: `/changes?${new URLSearchParams({ from: before, open: pod }).toString()}`,
        name: 'show',
        to: /\/changes\?(?!.*from=)/,
      },
    ];
    for (const { at, within, name, to } of links) {
      await browser.visit(hub, at);
      const { page } = browser;
      const place =
        within === undefined ? page.getByRole('complementary') : page.getByRole('region', { name: within });
      await place.getByRole('link', { name }).first().click();
      await page.waitForURL(to);

      expect([at, new URL(page.url()).searchParams.get('cluster')]).toEqual([at, String(west)]);
    }
  });

  it('drops what was to be accepted of the clusters before, and is named where something is accepted', async () => {
    const { page } = browser;
    const looks = '**/api/v1/findings/selection';
    const acceptFirst = async () => {
      await page.locator('button.queue-row').first().focus();
      await page.keyboard.press('e');
    };
    await browser.visit(hub, '/');
    let answer: () => void = () => undefined;
    const isHeld = new Promise<void>((done) => {
      answer = done;
    });
    await page.route(looks, async (route) => {
      await isHeld;
      await route.continue();
    });
    const looked = page.waitForRequest(looks);
    await acceptFirst();
    await looked;
    await choose('west');
    await page.waitForURL(/[?&]cluster=\d+/);
    const answered = page.waitForResponse(looks);
    answer();
    await (await answered).finished();
    await pause(500);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.unroute(looks);
    await browser.settled();
    await acceptFirst();

    await page
      .getByRole('dialog')
      .getByText(/ finds now in cluster west\. /)
      .waitFor();
    expect(browser.faults).toEqual([]);
  });

  it('does not keep an owner of another cluster from being found', async () => {
    const [east, west] = [await numberOf('east'), await numberOf('west')];
    await browser.visit(hub, `/workloads/${west}/Pod/default/${PODS.west}?cluster=${east}`);
    await browser.page.getByRole('main').getByRole('link', { name: 'team-west', exact: true }).click();
    await browser.page.waitForURL((url) => url.pathname === '/teams');

    await row('team-west').waitFor();
  });

  it('does not keep what an exception covers in another cluster from being found', async () => {
    const { id } = await hub.call('createException', {
      body: {
        scope: { controls: ['privileged-container'], names: ['in-both'] },
        reason: 'It is being mended.',
      },
    });
    const [east, west] = [await numberOf('east'), await numberOf('west')];
    await browser.visit(hub, `/exceptions?open=hub%3A${id}&cluster=${east}`);
    await browser.page
      .getByRole('complementary')
      .locator('li', { hasText: 'west: ' })
      .getByRole('link')
      .first()
      .click();
    await browser.page.waitForURL((url) => url.pathname === '/findings');
    await row('in-both').waitFor();

    expect(new URL(browser.page.url()).searchParams.get('cluster')).toBe(String(west));
  });

  it('does not keep what an exception was made for, nor its objects, from being shown as they are now', async () => {
    const q = `control:privileged-container name:${PODS.west} state:open,excepted`;
    const selection = { q, cluster: (await numberOf('west')) ?? 0 };
    const { matches, digest } = await hub.call('previewSelection', { body: selection });
    const { items } = await hub.call('exceptSelection', {
      body: { ...selection, matches, digest, reason: 'It is being mended.' },
    });
    const header = new URLSearchParams({
      open: `hub:${items[0]?.id}`,
      cluster: String(await numberOf('east')),
      namespace: 'kube-system',
      asOf: new Date().toISOString(),
    });
    const links = [
      { name: /cluster:west/, to: '/findings', cluster: null },
      {
        name: /^west: /,
        to: `/workloads/${selection.cluster}/Pod/default/${PODS.west}`,
        cluster: `${selection.cluster}`,
      },
    ];
    for (const { name, to, cluster } of links) {
      await browser.visit(hub, `/exceptions?${header}`);
      await browser.page.getByRole('complementary').getByRole('link', { name }).first().click();
      await browser.page.waitForURL((url) => url.pathname === to);
      const asked = new URL(browser.page.url()).searchParams;

      expect([to, ...['cluster', 'namespace', 'asOf'].map((each) => asked.get(each))]).toEqual([
        to,
        cluster,
        null,
        null,
      ]);
      if (to === '/findings') await row(PODS.west).waitFor();
    }
    expect(browser.faults).toEqual([]);
  });

  it('is told of each exception, where those of more than one can be among them', async () => {
    const west = await numberOf('west');
    const body = { reason: 'Known in west.' };
    const scope = { clusters: [west ?? 0], namespaces: ['only-there'] };
    await hub.call('createException', { body: { ...body, scope } });
    await hub.call('createException', {
      body: { ...body, reason: 'Known in both.', scope: { namespaces: ['only-there'] } },
    });
    await browser.visit(hub, '/exceptions');
    const cell = (reason: string) => row(reason).locator('td').last().textContent();
    await row('Known in west.').waitFor();
    expect(await browser.page.getByRole('columnheader', { name: 'Cluster' }).count()).toBe(1);
    expect([await cell('Known in west.'), await cell('Known in both.')]).toEqual(['west', 'all']);
    expect(await browser.axe()).toEqual([]);
    await browser.page.locator('[data-query]').fill('cluster:east');
    await browser.page.keyboard.press('Enter');
    await row('Known in west.').waitFor({ state: 'detached' });
    await browser.visit(hub, `/exceptions?cluster=${west}`);
    await row('Known in west.').waitFor();

    expect(await browser.page.getByRole('columnheader', { name: 'Cluster' }).count()).toBe(0);
    expect(browser.faults).toEqual([]);
  });

  it('cannot be of a cluster that is removed while it is watched: why stands there to be read', async () => {
    await browser.visit(hub, '/settings?by=clusters');
    await browser.page.getByRole('button', { name: /^Remove cluster west/ }).click();
    await browser.page.getByRole('button', { name: /^Really remove cluster west/ }).click();
    const why = browser.page.getByRole('alert');
    await why.waitFor();
    // A cell of the table would cut it.
    const isInTable = await browser.page.evaluate(
      "document.querySelector('[role=alert]').closest('td') !== null",
    );

    expect(isInTable).toBe(false);
    expect(await why.textContent()).toMatch(/^A hub watches this cluster .*first\.$/);
    expect(await browser.axe()).toEqual([]);
    await browser.page.keyboard.press('Escape');
    await why.waitFor({ state: 'detached' });
    await browser.page.getByRole('button', { name: /^Remove cluster west/ }).waitFor();
  });
});
