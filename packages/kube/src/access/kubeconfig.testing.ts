import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { printAccessProblem } from './access.ts';
import { accessFromKubeconfig, type KubeconfigOptions } from './kubeconfig.ts';

/** What looks like a certificate. */
export const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A kubeconfig with one of everything, in which parts can be replaced. */
export function config({
  cluster = 'server: https://api.example.com:6443',
  user = 'token: abc',
  context = 'cluster: one\n    user: me',
  rest = 'current-context: main',
} = {}): string {
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    '- name: one',
    `  cluster:\n    ${cluster.replaceAll('\n', '\n    ')}`,
    'users:',
    '- name: me',
    `  user:\n    ${user.replaceAll('\n', '\n    ')}`,
    'contexts:',
    '- name: main',
    `  context:\n    ${context}`,
    rest,
    '',
  ].join('\n');
}

/** A folder for each test, with a kubeconfig in it. */
export function kubeconfigFolder() {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulwark-kube-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const path = (...parts: readonly string[]): string => join(folder, ...parts);
  const write = (name: string, text: string): string => {
    writeFileSync(path(name), text);
    return path(name);
  };
  const read = (text: string, options: KubeconfigOptions = {}) =>
    accessFromKubeconfig({ path: write('config', text), env: {}, ...options });
  /** What is wrong with a kubeconfig, with paths from the folder on. */
  const problemsOf = (text: string, options: KubeconfigOptions = {}): string[] => {
    const result = read(text, options);
    if (result.ok) return [];
    return result.error.map((problem) => printAccessProblem(problem).replace(`${folder}/`, ''));
  };
  /** What a kubeconfig proves its user with. */
  const credentialOf = async (text: string, options: KubeconfigOptions = {}) => {
    const access = read(text, options);
    if (!access.ok) throw new Error(access.error.map(printAccessProblem).join('\n'));
    const credential = await access.value.credentials.current();
    if (!credential.ok) throw new Error(credential.error.message);
    return {
      authorization: credential.value.authorization?.reveal(),
      certificate: credential.value.certificate?.certificate,
      key: credential.value.certificate?.key.reveal(),
    };
  };
  return { path, write, read, problemsOf, credentialOf };
}
