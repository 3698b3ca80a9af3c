import { type FileTree, writeTree } from '@bulwark/testkit';
import { onTestFinished } from 'vitest';
import { bulwark, type Ran } from '../run.testing.ts';

/** A deployment with comments and mixed layout, and a document beside it that no fix is for. */
export const DEPLOYMENT = `# The shop's front end.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web     # do not rename
  namespace: shop
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      hostPID: true   # since 2019
      containers:
      - name: app
        image: "example.com/app:1"
        securityContext:
          privileged: true

      # a side task
      - {name: log, image: 'example.com/log:2'}
---
# Untouched.
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {a:   b}
`;

/** What is wrong with `DEPLOYMENT`, as `--control` takes it. */
export const CONTROLS = 'host-pid,privileged-container,allow-privilege-escalation';

/** A pod with a field of its choice. */
export function pod(name: string, field: string, namespace = 'shop'): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  ${field}
  containers: [{name: app, image: "example.com/app:1"}]
`;
}

/** A folder that is there until the test ends. */
export function tree(files: Readonly<Record<string, string | Uint8Array>>): FileTree {
  const made = writeTree(files);
  onTestFinished(made.remove);
  return made;
}

/** Runs `bulwark fix` on a folder, in it. */
export function fix({ root }: FileTree, ...args: string[]): Promise<Ran> {
  return bulwark(['fix', root, ...args], root);
}
