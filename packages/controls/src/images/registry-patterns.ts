import type { ImageRef } from '@bulwark/core';

/** How parameters describe a list of registries. */
export const REGISTRY_RULE =
  'An entry is a registry, or a registry and the beginning of a repository, such as registry.example.com/team; Docker Hub is docker.io, its official images docker.io/library. Parts between slashes are compared whole. A leading *. stands for any names in front of a domain.';

/**
 * Whether an entry covers an image: part by part, so that `example.com/team` covers neither `example.com/team-evil` nor
 * `example.com.evil.net/team`, which plain prefixes of texts do.
 */
export function coversImage(entry: string, { registry, repository }: ImageRef): boolean {
  const [host = '', ...wanted] = entry.replace(/\/\*?$/, '').split('/');
  const parts = repository.split('/');
  return (
    coversHost(host.toLowerCase(), registry.toLowerCase()) &&
    wanted.every((part, index) => part === parts[index])
  );
}

function coversHost(host: string, registry: string): boolean {
  return host.startsWith('*.')
    ? registry.endsWith(host.slice(1)) && registry.length >= host.length
    : registry === host;
}
