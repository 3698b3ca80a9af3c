import { CONTROL_PLANE } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { eventually } from './running-hub.testing.ts';
import { planePage } from './tried-page.testing.ts';

const NAME = 'a'.repeat(200);
const APP = { app: 'long' };
const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: NAME, namespace: 'default' },
  spec: {
    selector: { matchLabels: APP },
    template: {
      metadata: { labels: APP },
      spec: {
        containers: [
          { name: 'main', image: 'long.example.com/long:1', securityContext: { privileged: true } },
        ],
      },
    },
  },
};
const OVERFLOWING =
  "[...document.querySelectorAll('aside .scroll, section[aria-label=Passport]')].filter((box) => box.scrollWidth > box.clientWidth).length";

describe.skipIf(CONTROL_PLANE === undefined || !hasBrowser)(
  'names of 200 letters without a dash (needs shared/testbed and Chromium)',
  () => {
    const tried = planePage();

    it('break in the panel of a finding and in a passport, and run out of neither', async () => {
      await tried.plane.apply(DEPLOYMENT);
      const query = { q: `name:${NAME} control:privileged*` };
      const finding = await eventually(
        'it is judged',
        async () => (await tried.hub.call('listFindings', { query: query as never })).items[0],
        120_000,
      );
      const { cluster, fingerprint } = finding;
      for (const path of [
        `/findings?open=${cluster.id}.${fingerprint}`,
        `/workloads/${cluster.id}/Deployment.apps/default/${NAME}`,
      ]) {
        await tried.browser.visit(tried.hub, path);
        await tried.browser.page.getByText(NAME).first().waitFor();

        expect(await tried.browser.page.evaluate(OVERFLOWING)).toBe(0);
        expect(await tried.browser.width()).toBeLessThanOrEqual(1280);
      }
      expect(tried.browser.faults).toEqual([]);
    });
  },
);
