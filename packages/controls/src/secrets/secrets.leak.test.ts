import { type Control, Engine, Plan, parseKubernetesVersion, toFinding, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { SECRETS_CONTROLS } from './index.ts';

/** Values of the same forms, made up of the same kinds of characters, and nothing else in common. */
const ONE = { word: 'w0nderland-4', random: 'a7Kd93mfQ0sLx82bTz5u', id: 'QWERTYUIOPASDFGH' };
const OTHER = { word: 'l00kingxglass9', random: 'Zp41xQvv7Ra0eHj63nWc', id: 'ZXCVBNMLKJHGFDSA' };

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Every place in which a secret can stand, lists whose items have no name included. */
function manifests({ word, random, id }: typeof ONE): string {
  const login = base64(`robot:${word}`);
  const key = `AKIA${id}`;
  const pod = `
        containers:
          - image: example.com/unnamed:1
            args: [--password, ${word}, --verbose]
            env: [{name: DB_PASSWORD, value: ${word}}, {value: ${key}}]
          - name: app
            image: example.com/app:1
            command: [sh, -c, "mysql -uroot -p${word}; curl -u robot:${word} https://example.com"]
            args: [--api-token, ${random}, --key=${key}, "--url=https://a:${word}@example.com"]
            env: [{name: API_TOKEN, value: ${random}}, {name: URL, value: "https://a:${word}@example.com"}]
            livenessProbe: {httpGet: {port: 80, path: "/?api_key=${random}", httpHeaders: [{name: Authorization, value: Basic ${login}}, {name: X-Api-Key, value: ${random}}]}}
            readinessProbe: {exec: {command: [redis-cli, --password, ${word}]}}
            lifecycle: {preStop: {exec: {command: [sh, -c, "redis-cli -a ${word} save"]}}}`;
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, annotations: {example.com/password: ${word}}}
spec:
  template:
    metadata: {annotations: {note: "password=${word}"}}
    spec:${pod}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: app, namespace: default}
spec:
  template:
    spec:${pod}
---
apiVersion: example.com/v1
kind: Thing
metadata: {name: thing, namespace: default}
spec: {passwords: [${word}], users: [{login: a, password: ${word}}], env: [{name: TOKEN, value: ${random}}, {args: [--password, ${word}], token: ${random}}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {password: ${word}, file: "a: b\\npassword: ${word}\\nkey: ${key}\\n"}
binaryData: {file.ini: ${base64(`[db]\npassword=${word}\n`)}}
---
apiVersion: v1
kind: Secret
metadata:
  name: plain
  annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"data":{"password":"${base64(word)}"}}'}
data: {password: ${base64(word)}, session: ${base64(random)}}
stringData: {other: ${random}, .dockerconfigjson: '{"auths":{"a":{"auth":"${login}"}}}'}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: release, namespace: default}
spec:
  values: {passwords: [${word}], users: [{user: a, password: ${word}}], env: [{name: TOKEN, value: ${random}}], text: "password=${word}"}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: application, namespace: default}
spec: {sources: [{helm: {values: "password: ${word}\\nuser: a\\n", parameters: [{name: db.password, value: ${word}}]}}]}
`;
}

/** All findings of the domain, and everything else that an outcome says. */
function told(text: string): { findings: unknown[]; controls: Set<string> } {
  const version = parseKubernetesVersion('latest');
  if (!version.ok) throw new Error('no version');
  const resources = resourcesOf(text);
  const engine = new Engine(new Plan(SECRETS_CONTROLS), version.value, World.of(resources).world);
  const findings: unknown[] = [];
  const controls = new Set<string>();
  for (const resource of resources)
    engine.evaluate(resource, (control: Control, { verdict, reason, violations }) => {
      expect(verdict).not.toBe('error');
      if (violations.length > 0) controls.add(control.id);
      // Columns follow the length of a value, not the value.
      for (const violation of violations)
        findings.push({ ...toFinding(control, resource, violation), region: undefined });
      findings.push(reason, violations);
    });
  return { findings, controls };
}

describe('what controls of secrets tell', () => {
  const one = told(manifests(ONE));

  it('holds no secret, not even in base64', () => {
    const text = JSON.stringify(one.findings);

    expect(one.findings.length).toBeGreaterThan(20);
    for (const secret of Object.values(ONE)) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(base64(secret).replaceAll('=', ''));
    }
  });

  it('is the same whatever the secret is, fingerprints included', () => {
    expect(told(manifests(OTHER)).findings).toEqual(one.findings);
  });

  it('comes from every control that looks at values', () => {
    const looking: Control[] = SECRETS_CONTROLS.filter(
      ({ params }) => params !== undefined && 'doubtful' in params,
    );

    expect(looking.length).toBeGreaterThan(5);
    expect(looking.map(({ id }) => id).filter((id) => !one.controls.has(id))).toEqual([]);
  });
});
