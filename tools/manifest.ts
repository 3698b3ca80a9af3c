import { writeFileSync } from 'node:fs';

/** What the package of the product takes from the workspace's `package.json`. */
export interface Workspace {
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
}

/**
 * Writes the `package.json` of the product. Everything that it needs is bundled, so it has no dependencies; it has no
 * scripts, so that nothing runs when it is installed; and it lists what is in it, so that nothing else gets in.
 */
export function writeManifest(file: string, { version, license, engines }: Workspace): void {
  const manifest = {
    name: 'bulwark',
    version,
    description: 'Finds, ranks and explains security problems in Kubernetes.',
    keywords: ['kubernetes', 'security', 'scanner', 'helm', 'kustomize', 'pod-security-standards', 'sarif'],
    license,
    type: 'module',
    engines,
    bin: { bulwark: 'bulwark.js' },
    files: ['bulwark.js', 'chunks', 'page', 'schemas', 'THIRD-PARTY.txt'],
  };
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}
