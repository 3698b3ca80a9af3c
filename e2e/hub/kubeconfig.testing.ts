import { writeFileSync } from 'node:fs';

/** A cluster of a kubeconfig, with a context and a user of the same name. */
export interface KubeconfigEntry {
  readonly name: string;
  /** Fields of `cluster`, the address `server` among them. */
  readonly cluster: Readonly<Record<string, unknown>>;
  readonly user?: object;
}

/** Writes a kubeconfig whose first entry is the current context, and answers its path. */
export function writeKubeconfig(
  file: string,
  ...entries: readonly [KubeconfigEntry, ...KubeconfigEntry[]]
): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': entries[0].name,
    contexts: entries.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
    clusters: entries.map(({ name, cluster }) => ({ name, cluster })),
    users: entries.map(({ name, user = {} }) => ({ name, user })),
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
